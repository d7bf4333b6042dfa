"""docs/privacy.md is true: a life with greenroom is really led, traced, and held against it.

Everything runs in a home of its own, with an ordinary umask, where no network is.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest
from end_to_end import JFK, Terminal
from soundcard import without_sound

from greenroom.demo import demo_bank_path
from greenroom.doctoring.watching import find_means, read_kernel_log

PAGE = Path(__file__).parents[1] / "docs" / "privacy.md"
PLACES = {"RECORDINGS": "data/greenroom/recordings", "DATA": "data/greenroom", "CACHE": "cache/greenroom"} | {
    "CONFIG": "config/greenroom"
}
"""Below the home of the run; the first that fits is the one."""

STORY = (
    "The nightly import broke and nobody had noticed.\nI was asked to find out why.\n"
    "I rewrote the queue and added a checksum.\nIt has not failed once in four months.\n"
)
RETOLD = "I said that I keep the trains running on time."
IN_MEMORY = ("/dev/shm/sem.", "/dev/shm/jack_db-")
"""What Python's multiprocessing and the JACK library make there; the page names the latter."""

QUICK = ("--engine", "faster-whisper", "--model", "tiny.en")
TRACED = "execve,socket,connect,bind,sendto,sendmsg,sendmmsg,openat,creat,mkdir,mkdirat"
LONGEST = 400.0

_NEW_FILE = re.compile(r'\b(?:openat\([^"]*"|creat\("|mkdir\("|mkdirat\([^"]*")([^"]+)"(.*)')
_WORDS_TOGETHER = 4

pytestmark = [pytest.mark.slow, pytest.mark.weights]


@dataclass(frozen=True)
class Life:
    """What was done: the home it was done in, the folder for temporary files, and a trace of each command."""

    home: Path
    temporary: Path
    traces: Mapping[str, list[str]]

    @property
    def session(self) -> Path:
        (folder,) = (self.home / PLACES["RECORDINGS"]).glob("*/session.json")
        return folder.parent

    def entries(self) -> Iterator[Path]:
        """All that lies in the home, folders too."""
        yield from (path for path in sorted(self.home.rglob("*")))


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """An interview, looked at in every way; recordings, stories, a plan and a debrief."""
    means = find_means()
    if not (means.namespace and means.strace):
        pytest.skip("needs a network namespace and strace")
    root = tmp_path_factory.mktemp("life")
    for name in ("home", "temporary", "traces", "work"):
        (root / name).mkdir(mode=0o700)
    environment = surroundings(root)
    strace = [f"trace={TRACED}" if each.startswith("trace=") else each for each in means.strace]
    strace += ["-v", "-s", "4096"]  # environments, and texts as a whole
    traces = dict[str, list[str]]()

    def live(name: str, *arguments: object, typed: str = "") -> None:
        log = root / "traces" / name
        command = [*strace, "-o", log, *means.namespace, sys.executable, "-m", "greenroom", name.split()[0]]
        done = subprocess.run(
            [*map(str, command), *name.split()[1:], *map(str, arguments)],
            env=environment,
            cwd=root / "work",
            input=typed,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            umask=0o022,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"
        traces[name] = log.read_text("utf-8", errors="replace").splitlines()

    before = os.umask(0o022)
    debrief(root, environment)
    os.umask(before)
    only = ("--bank", demo_bank_path(), "--questions", 1, "--follow-ups", 0, "--no-look-back")
    live("practice", *only, "--candidate", JFK, "--fast", *QUICK)
    live("analyze", JFK, *QUICK)
    live("report --embed")
    (told,) = (root / "home" / PLACES["DATA"] / "debriefs").iterdir()
    live("report", told)
    live("history")
    live("replay")
    live("reanalyze", "--all", *QUICK)
    live("stories add", "The nightly import", typed=STORY)
    live("stories map")
    live("plan", "--interview", "2030-12-19", "--role", "backend engineer")
    live("plan", "--interview", "2030-12-20")  # so that there is something earlier
    live("config", "--write")
    yield Life(root / "home", root / "temporary", traces)


def surroundings(root: Path) -> dict[str, str]:
    """A home in which nobody has been before, without a sound device."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GREENROOM_", "XDG_"))}
    home = root / "home"
    return {
        **{name: value for name, value in kept.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")},
        **without_sound(root),
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "GREENROOM_RECORDINGS": str(home / PLACES["RECORDINGS"]),  # a checkout has a place of its own
        "TMPDIR": str(root / "temporary"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def debrief(root: Path, environment: Mapping[str, str]) -> None:
    with Terminal(["debrief", "--typed", "--quiet", "--company", "Acme"], environment, "dumb") as terminal:
        for asked, answer in (
            ("Which round was it", "The first"),
            ("What was the first question", "Tell me about yourself"),
            ("Question: Tell me about yourself.", RETOLD),
            ("What did they ask next?", "s"),
            ("How did it feel", "I liked them."),
            ("how it ended", "Not known yet."),
        ):
            terminal.await_text(asked)
            terminal.await_text("ends it")
            terminal.press(f"{answer}\r" if answer == "s" else f"{answer}\r\r")
        assert terminal.status() == 0


def described() -> list[str]:
    """The paths in the first column of the page's tables."""
    rows = re.findall(
        r"^\| `((?:RECORDINGS|DATA|CACHE|CONFIG)[^`]*)` \|", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return [pattern for row in rows for pattern in row.split("`, `")]


def in_place(path: Path, home: Path) -> str:
    """The path as the page would write it: DATA/stories/queue.toml"""
    relative = path.relative_to(home)
    for name, place in PLACES.items():
        if relative.is_relative_to(place):
            return str(Path(name) / relative.relative_to(place))
    return str(relative)


def fits(written: str, pattern: str) -> bool:
    parts, patterns = written.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatch, parts, patterns))


def test_every_file_is_described(life: Life) -> None:
    written = [in_place(path, life.home) for path in life.entries() if not path.is_dir()]
    assert len(written) > 15
    unknown = [each for each in written if not any(fits(each, pattern) for pattern in described())]
    assert unknown == []


def test_only_the_owner_can_read_it(life: Life) -> None:
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in life.entries()}
    open_ones = {
        str(path): oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)
    }
    assert open_ones == {}


def test_nothing_is_written_anywhere_else(life: Life) -> None:
    assert list(life.temporary.iterdir()) == []
    elsewhere = Counter[str]()
    for line in (line for trace in life.traces.values() for line in trace):
        if (found := _NEW_FILE.search(line)) is None or " = -1 " in line:
            continue
        path, rest = found.groups()
        made = "mkdir" in line or "creat(" in line or "O_CREAT" in rest
        if made and not path.startswith((str(life.home), "/dev/null", *IN_MEMORY)):
            elsewhere[path] += 1
    assert elsewhere == {}


def test_no_command_reaches_for_the_network(life: Life) -> None:
    """Nor for any program on this computer but a sound server."""
    assert len(life.traces) == 11
    for name, trace in life.traces.items():
        seen = read_kernel_log(trace)
        assert seen.kernel == {}, name
        expected = ("the sound server", "a port of this computer")
        nowhere = str(life.home.parent / "nowhere")  # where a sound server is looked for (without_sound)
        strangers = [who for who in seen.local if not who.startswith(expected) and nowhere not in who]
        assert strangers == [], name
        connected = [line for line in trace if re.search(r"\b(connect|send\w+)\(.*sa_family=AF_INET", line)]
        assert connected == [], name


def test_no_answer_stands_in_arguments_or_environment(life: Life) -> None:
    started = [line for trace in life.traces.values() for line in trace if re.search(r"\bexecve\(", line)]
    assert len(started) > 15, "children are started, and seen"
    shown = together(" ".join(started))
    secret = {phrase for text in said_by_anybody(life) for phrase in phrases(text)}
    assert len(secret) > 60
    assert [phrase for phrase in secret if phrase in shown] == []


def said_by_anybody(life: Life) -> Iterator[str]:
    """What was said, typed and answered in this life; a story's title is an argument from the beginning."""
    session = json.loads((life.session / "session.json").read_text())
    for turn in session["turns"]:
        yield turn["transcript"]["text"]
        yield turn["question"]
        yield turn["feedback"]["spoken"]
    yield from (STORY, RETOLD, "ask not what your country can do for you")


def phrases(text: str) -> Iterator[str]:
    words = together(text).split()
    yield from (" ".join(words[at : at + _WORDS_TOGETHER]) for at in range(len(words) - _WORDS_TOGETHER + 1))


def together(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


def test_purge_leaves_only_settings(life: Life, tmp_path: Path) -> None:
    shutil.copytree(life.home, tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", "purge", "--all", "--data", "--yes"],
        env=surroundings(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    left = [path for path in (tmp_path / "home").rglob("*") if not path.is_dir()]
    assert [path.name for path in left] == ["config.toml"]
