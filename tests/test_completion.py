"""What the shell offers with Tab: asked as the shells ask it, and in a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from click.shell_completion import CompletionItem, ShellComplete
from click.testing import CliRunner

from greenroom.cli import cli
from greenroom.questions import shipped_banks
from greenroom.records import SIGNALS
from greenroom.session import start_session
from greenroom.transcription.weight_files import MODELS

STORY = 'title = "The late import"\n'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sessions, a story and a debrief."""
    for topic in ("behavioural", "leadership"):
        start_session(tmp_path / "recordings", topic, {})
    for name, text in (("stories/late-import.toml", STORY), ("debriefs/acme/debrief.toml", "")):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    monkeypatch.setenv("GREENROOM_RECORDINGS", str(tmp_path / "recordings"))
    monkeypatch.setenv("GREENROOM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GREENROOM_CONFIG", str(tmp_path / "config.toml"))
    return tmp_path


def items(*words: str) -> list[CompletionItem]:
    *given, typed = words
    return ShellComplete(cli, {}, "greenroom", "_GREENROOM_COMPLETE").get_completions(given, typed)


def offered(*words: str) -> list[str]:
    return [item.value for item in items(*words)]


def test_commands_not_the_options_of_those_that_begin_by_themselves() -> None:
    assert {"practice", "stories", "help"} <= set(offered(""))
    assert {"add", "tell", "map"} <= set(offered("stories", ""))
    assert {"list", "say"} <= set(offered("voices", ""))
    assert offered("pra") == ["practice"]


def test_options_by_their_beginning() -> None:
    assert offered("practice", "--pat") == ["--patience"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("practice", "--bank", ""), sorted(shipped_banks())),
        (("practice", "--bank", "lead"), ["leadership"]),
        (("questions", "show", "intro"), ["introductions"]),
        (("practice", "--focus", ""), list(SIGNALS)),
        (("practice", "--model", "base"), [name for name in MODELS if name.startswith("base")]),
        (("models", "verify", "tiny.e"), ["tiny.en"]),
        (("practice", "--voice", ""), ["auto", "piper", "pyttsx3", "silent"]),
        (("practice", "--angle", ""), ["technical", "business", "leadership"]),
        (("practice", "--level", ""), ["junior", "mid", "senior"]),
        (("practice", "--profile", "st"), ["stutter"]),
        (("practice", "--candidate", "d"), ["demo"]),
        (("help", "re"), ["reanalyze", "replay", "report", "retake"]),
        (("help", "models", ""), ["fetch", "list", "verify"]),
        (("help", "practice", ""), []),
    ],
)
def test_values_that_come_with_greenroom(words: tuple[str, ...], expected: list[str]) -> None:
    assert offered(*words) == expected


@pytest.mark.parametrize("command", ["replay", "report", "retake", "reanalyze", "purge"])
def test_sessions_by_their_names(home: Path, command: str) -> None:
    names = {path.name for path in (home / "recordings").iterdir()}
    assert set(offered(command, "")) == names
    assert len(names) == 2


def test_stories_and_debriefs_by_their_names(home: Path) -> None:
    assert offered("stories", "show", "") == ["late-import"]
    assert offered("practice", "--story", "late") == ["late-import"]
    assert offered("debrief", "show", "") == ["acme"]


def test_a_folder_that_the_command_line_or_the_settings_name(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GREENROOM_RECORDINGS")
    (home / "empty").mkdir()
    assert len(offered("replay", "--recordings", str(home / "recordings"), "2")) == 2
    (home / "config.toml").write_text(f"recordings = '{home / 'recordings'}'\n")
    assert len(offered("replay", "2")) == 2


def test_what_cannot_be_read_offers_nothing_and_says_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GREENROOM_RECORDINGS")
    (home / "config.toml").write_text("this is no TOML")
    assert offered("plan", "--look-back", "2") in ([], ["2"])
    assert capsys.readouterr() == ("", "")


def test_files_are_the_shells_own_business() -> None:
    (item,) = items("practice", "--bank", "./my-")
    assert item.type == "file"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_says_where_it_goes(shell: str) -> None:
    done = CliRunner().invoke(cli, ["completion", shell], prog_name="greenroom")
    assert done.exit_code == 0
    first, *rest = done.output.splitlines()
    assert first.startswith("# ")
    assert any("_GREENROOM_COMPLETE" in line for line in rest)


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    """`greenroom` as it is called, whether or not it is installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "greenroom"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m greenroom "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shell", "words", "expected"),
    [
        ("zsh", "greenroom practice --bank lea", "plain\nleadership\n_"),
        ("fish", "greenroom practice --bank lea", "plain,leadership"),
    ],
)
def test_what_the_other_shells_ask_is_answered(
    bin_folder: Path, shell: str, words: str, expected: str
) -> None:
    given = {"COMP_WORDS": words, "COMP_CWORD": "3" if shell == "zsh" else "lea"}
    env = {**os.environ, **given, "_GREENROOM_COMPLETE": f"{shell}_complete"}
    done = subprocess.run(
        [bin_folder / "greenroom"], env=env, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == expected
    assert done.stderr == ""


@pytest.fixture
def bash(bin_folder: Path, home: Path) -> Iterator[pexpect.spawn]:
    script = home / "complete.bash"
    source = CliRunner().invoke(cli, ["completion", "bash"], prog_name="greenroom").output
    script.write_text(source)
    env = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "TERM": "dumb", "PS1": "$ "}
    found = shutil.which("bash")
    assert found is not None
    child = pexpect.spawn(found, ["--norc", "-i"], env=env, encoding="utf-8", timeout=30)
    child.sendline("bind 'set enable-bracketed-paste off'; PS1='READY>'")
    child.expect("\nREADY>")
    child.sendline(f"source {script}")
    child.expect("\nREADY>")
    yield child
    child.close(force=True)


@pytest.mark.slow
def test_in_a_real_bash(bash: pexpect.spawn, home: Path) -> None:
    bash.send("greenroom pract\t")
    bash.expect_exact("practice ")
    bash.send("--bank leader\t")
    bash.expect_exact("leadership ")
    bash.send("--story la\t")
    bash.expect_exact("late-import ")
    bash.sendcontrol("u")
    bash.send("greenroom replay 2\t")
    begin = next(path.name for path in (home / "recordings").iterdir())[:10]
    bash.expect_exact(begin[1:])  # as much as both names have in common
    bash.send("\t\t")
    bash.expect_exact("leadership")
