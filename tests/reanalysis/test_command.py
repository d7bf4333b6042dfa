"""`greenroom reanalyze` from outside: real parser and rules, words kept; weights where they are named."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from archives import only_turn, sample_copy
from end_to_end import environment

from greenroom.session import load_session

pytestmark = pytest.mark.slow

NAME = "2026-11-21T20-00-00-two words"


def reanalyze(home: Path, *arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "greenroom", "reanalyze", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=environment(home) | env,
    )


@dataclass(frozen=True)
class Home:
    """A home with three sessions, one of them damaged, all of them read once."""

    path: Path
    first: subprocess.CompletedProcess[str]

    @property
    def recordings(self) -> Path:
        return self.path / "recordings"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    # It takes 3 s to load what reads answers, so this is done once.
    path = tmp_path_factory.mktemp("home")
    sample_copy(path / "recordings", NAME)
    sample_copy(path / "recordings", "2026-11-22T20-00-00-demo")
    (sample_copy(path / "recordings", "2026-11-23T20-00-00-demo") / "session.json").write_text("{}")
    return Home(path, reanalyze(path, "--all", "--keep-words"))


def test_one_that_is_damaged_is_named_and_the_others_are_read(home: Home) -> None:
    assert home.first.returncode == 3
    assert [line for line in home.first.stderr.splitlines() if line.startswith("error: ")] == [
        f"error: {home.recordings}/2026-11-23T20-00-00-demo/session.json is damaged: "
        "Object missing required field `id`",
        "error: 1 session of 3 could not be read again",
    ]
    assert NAME in home.first.stdout
    assert "2 sessions read again, their words kept: 6 answers" in home.first.stdout
    assert "\x1b" not in home.first.stdout + home.first.stderr
    for name in (NAME, "2026-11-22T20-00-00-demo"):
        (entry,) = load_session(home.recordings / name).reanalyses
        assert (home.recordings / name / entry.earlier).is_file()
        assert (entry.engine, entry.model) == ("", "")


def test_a_second_time_there_is_nothing_to_do_and_nothing_is_loaded(home: Home) -> None:
    again = reanalyze(home.path, NAME, home.recordings / NAME, "--keep-words")
    assert (again.returncode, again.stdout) == (
        0,
        "1 session had been read with these rules before; --again reads them all\n",
    )
    assert len(load_session(home.recordings / NAME).reanalyses) == 1


def test_json_is_alone_on_standard_output_one_line_for_each_session(home: Home) -> None:
    told = reanalyze(home.path, "--all", "--keep-words", "--json")
    lines = {line["session"]: line for line in map(json.loads, told.stdout.splitlines())}
    assert {name: line["result"] for name, line in lines.items()} == {
        NAME: "known",
        "2026-11-22T20-00-00-demo": "known",
        "2026-11-23T20-00-00-demo": "failed",
    }
    assert "damaged" in lines["2026-11-23T20-00-00-demo"]["error"]
    assert told.returncode == 3


def test_the_settings_file_names_the_model(home: Home) -> None:
    (home.path / "config.toml").write_text('model = "no-such-model"\nbank = "leadership"\n')
    told = reanalyze(home.path, "--all")
    (home.path / "config.toml").unlink()
    assert told.returncode == 5
    assert "no-such-model" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "or give --all"),
        (("--all", "x"), 2, "not both"),
        (("--all", "--jobs", "0"), 2, "--jobs"),
        (("--all", "--jobs", "2", "--cluster", "tcp://127.0.0.1:1"), 2, "--cluster"),
        (("--all", "--cluster", "nowhere"), 2, "no address"),
        (("nobody's",), 3, "there is no session"),
        (("--all", "--recordings", "nowhere"), 3, "no session in nowhere"),
        (("--all", "--model", "nothing"), 5, "nothing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_is_told_in_a_line_and_a_hint(
    home: Home, arguments: tuple[str, ...], status: int, said: str
) -> None:
    told = reanalyze(home.path, *arguments)
    assert (told.returncode, told.stdout) == (status, "")
    assert re.fullmatch(r"error: .*\n(  .*\n)*try: .*\n", told.stderr), told.stderr
    assert said in told.stderr


def test_ctrl_c_keeps_what_is_done_and_leaves_the_rest_as_it_was(tmp_path: Path) -> None:
    names = [
        sample_copy(tmp_path / "recordings", f"2026-10-{10 + i // 5}T20-00-0{i % 5}-x").name
        for i in range(80)
    ]
    program = subprocess.Popen(
        [sys.executable, "-m", "greenroom", "reanalyze", "--all", "--keep-words"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(tmp_path),
    )
    assert program.stdout is not None
    program.stdout.readline()
    program.send_signal(signal.SIGINT)
    told, complaints = program.communicate(timeout=20)
    assert program.returncode == 130
    done = [name for name in names if load_session(tmp_path / "recordings" / name).reanalyses]
    assert 1 <= len(done) < len(names)
    assert (
        complaints.rstrip().splitlines()[-1] == f"stopped, {80 - len(done)} of 80 sessions left as they were"
    )
    assert "kept in the session’s folder" in told.splitlines()[-1]
    assert not [file for file in (tmp_path / "recordings").rglob(".*") if file.is_file()]


@pytest.mark.weights
class TestInATerminal:
    def test_a_line_moves_until_all_is_told(self, tmp_path: Path) -> None:
        from review.panes import Pane

        for day in (1, 2):
            folder = sample_copy(tmp_path / "recordings", f"2026-11-2{day}T20-00-00-demo", sound=True)
            only_turn(folder, 2)
        env = environment(tmp_path) | {"LANG": "C.UTF-8"}
        arguments = ["reanalyze", "--all", "--jobs", "2", "--engine", "faster-whisper", "--model", "tiny.en"]
        with Pane(arguments, env, columns=90, lines=30) as pane:
            pane.await_("reading again, with faster-whisper tiny.en: 0 of 2 sessions")
            text = pane.await_("ended with status 0", timeout=120)
        assert "2 sessions read again with faster-whisper tiny.en: 2 answers" in text
        assert "reading again" not in text
        assert "Warning" not in text
        for folder in (tmp_path / "recordings").iterdir():
            assert load_session(folder).turns[0].transcript.model == "tiny.en"
            assert (folder / "session.json").stat().st_mode & 0o777 == 0o600
