"""Plain mode in real terminals: no sequence of any kind, words in place of keys, typed answers everywhere."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from end_to_end import Terminal, environment, only_session, session_of

from greenroom import plain_mode
from greenroom.plain_mode import wants_plain_lines, wants_words

XTERM = "xterm-256color"
SAMPLE = Path(__file__).parent.parent / "recordings" / "sample"
ANSWER = (
    "In May our nightly import failed for 40 customers. I decided to write a queue in Redis that retried "
    "each order. After that we lost no order in six months."
)


class _Stream(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("wanted", "variables", "terminal", "lines", "words"),
    [
        (None, {}, True, False, False),
        (None, {}, False, True, False),
        (None, {"NO_COLOR": "1"}, True, True, False),
        (None, {"NO_COLOR": ""}, True, False, False),
        (None, {"TERM": "dumb"}, True, True, True),
        (True, {}, True, True, True),
        (False, {"NO_COLOR": "1"}, True, False, False),
        (False, {}, False, True, False),
        (False, {"TERM": "dumb"}, True, True, True),
    ],
)
def test_when_lines_are_plain_and_keys_are_words(
    wanted: bool | None,
    variables: dict[str, str],
    terminal: bool,
    lines: bool,
    words: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"TERM": XTERM, "NO_COLOR": "", **variables}.items():
        monkeypatch.setenv(name, value)
    with plain_mode.plain_mode(wanted):
        assert wants_plain_lines(_Stream(terminal=terminal)) == lines
        assert wants_words() == words


def test_it_ends_with_the_command() -> None:
    with plain_mode.plain_mode(True), plain_mode.plain_mode(False):
        assert not plain_mode._wanted
    assert plain_mode._wanted is None


def assert_linear(terminal: Terminal) -> None:
    """Nothing but lines: no sequence of a terminal, nothing that goes back, no signs for the eye."""
    shown = terminal._shown
    assert "\x1b" not in shown
    assert "\r" not in shown.replace("\r\n", "")
    assert "\b" not in shown
    assert not set(shown) & set("╭╮╰╯│─━█▁▂▃▄▅▆▇░▕▏▶‖■●◆◇")


@pytest.fixture(scope="module")
def interview(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Terminal]:
    """An interview typed from beginning to end in plain mode, with every word that it offers."""
    home = tmp_path_factory.mktemp("plain")
    command = ["practice", "--typed", "--quiet", "--questions", "1", "--look-back", "--seed", "3"]
    env = {**environment(home), "GREENROOM_PLAIN": "1"}
    with Terminal(command, env, XTERM) as terminal:
        terminal.await_text("Type your answer.")
        terminal.press("help\n")
        terminal.await_text("An empty line ends your answer.")
        terminal.press("hint\n")
        terminal.await_text("Business first")
        terminal.await_text("Type your answer.")
        terminal.press(f"{ANSWER}\n\n")
        terminal.await_text("It waits for you.")
        terminal.press("agian\n")
        terminal.await_text("Near it: again")
        terminal.press("help\n")
        terminal.await_text("Words now: go on or just Enter to the follow-up question")
        terminal.press("Feedback.\n")
        terminal.await_text("It waits for you.")
        terminal.press("again\n")
        terminal.await_text("once more:")
        terminal.await_text("Type your answer.")
        terminal.press(f"{ANSWER}\n\n")
        terminal.await_text("It waits for you.")
        terminal.press("skip\n")
        terminal.await_text("What signal did I fail to send clearly?")
        terminal.await_text("Type your answer.")
        terminal.press("Ownership: I said we all the time.\n\n")
        terminal.await_text("How do I fix that")
        terminal.await_text("Type your answer.")
        terminal.press("Say I.\n\n")
        assert terminal.status() == 0, terminal.text
    return home, terminal


@pytest.mark.slow
def test_an_interview_is_lines_and_nothing_else(interview: tuple[Path, Terminal]) -> None:
    home, terminal = interview
    assert_linear(terminal)
    turns = session_of(only_session(home))["turns"]
    assert [turn["ended_by"] for turn in turns] == ["typed", "typed"]
    assert turns[1]["retry_of"] == 1


@pytest.mark.slow
def test_each_change_is_said_once_and_what_is_kept_truly(interview: tuple[Path, Terminal]) -> None:
    home, terminal = interview
    assert terminal.text.count("One moment: your answer is being read.") == 4
    assert f"Kept in {only_session(home)}; look backs and stories in your data folder." in terminal.text
    assert "nowhere else" not in terminal.text
    assert (home / "data" / "look-backs.toml").exists() or any((home / "data").iterdir())
    assert "1 to 4" not in terminal.text.partition("What signal did I fail")[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["history"],
        ["plan"],
        ["stories"],
        ["stories", "map", "--no-page"],
        ["reanalyze", "--all", "--keep-words", "--again"],
    ],
    ids=" ".join,
)
def test_what_is_shown_is_lines_too(interview: tuple[Path, Terminal], command: Sequence[str]) -> None:
    home, _ = interview
    with Terminal([*command, "--plain"], environment(home), XTERM) as terminal:
        assert terminal.status(120) == 0, terminal.text
    assert len(terminal.text.split()) > 5
    assert "\x1b" not in terminal._shown
    assert "\r" not in terminal._shown.replace("\r\n", "")


@pytest.mark.slow
def test_a_replay_heeds_words(tmp_path: Path) -> None:
    folder = tmp_path / "recordings" / "one"
    shutil.copytree(SAMPLE, folder)
    with Terminal(["replay", folder, "--quiet", "--plain"], environment(tmp_path), XTERM) as terminal:
        terminal.await_text("Words: pause or just Enter pauses")
        terminal.await_text("Question")
        terminal.press("\n")
        terminal.await_text("Paused at")
        terminal.press("nexd finding\n")
        terminal.await_text("Near it: next finding")
        terminal.press("next finding\n")
        terminal.await_text("From 0:")
        terminal.press("go on\n")
        terminal.await_text("Going on.")
        terminal.press("Next turn.\n")
        terminal.await_text("Turn 2")
        terminal.press("quit\n")
        assert terminal.status() == 0
    assert_linear(terminal)


@pytest.mark.slow
def test_a_story_is_typed_read_back_and_kept_by_words(tmp_path: Path) -> None:
    command = ["stories", "tell", "The late import", "--typed", "--quiet", "--plain"]
    with Terminal(command, environment(tmp_path), XTERM) as terminal:
        terminal.await_text("Type your answer.")
        terminal.press(f"{ANSWER}\n\n")
        while (
            terminal.await_text("Type your answer.", "Words: keep or just Enter")
            and "Words: keep" not in terminal.text
        ):
            terminal.press("skip\n")
        terminal.press("kep\n")
        terminal.await_text("Near it: keep")
        terminal.press("keep\n")
        assert terminal.status() == 0, terminal.text
    assert_linear(terminal)
    assert len(list((tmp_path / "data" / "stories").glob("*.toml"))) == 1


@pytest.mark.slow
def test_a_debrief_is_typed_in_plain_mode(tmp_path: Path) -> None:
    command = ["debrief", "--typed", "--quiet", "--plain", "--company", "Acme", "--round", "first"]
    with Terminal(command, environment(tmp_path), XTERM) as terminal:
        for answer in ("Tell me about a failure\n", "I told them of the import.\n", "skip", "Fine.\n"):
            terminal.await_text("Type your answer.")
            terminal.press(f"{answer}\n")
        terminal.await_text("Type your answer.")
        terminal.press("Not known yet.\n\n")
        assert terminal.status() == 0, terminal.text
    assert_linear(terminal)


@pytest.mark.slow
def test_ctrl_d_saves_and_leaves_and_ctrl_c_interrupts(tmp_path: Path) -> None:
    for key, status in (("\x04", 0), ("\x03", 130)):
        home = tmp_path / str(status)
        home.mkdir()
        command = ["practice", "--typed", "--quiet", "--questions", "1", "--plain"]
        with Terminal(command, environment(home), XTERM) as terminal:
            terminal.await_text("Type your answer.")
            terminal.press(f"{ANSWER}\n\n")
            terminal.await_text("It waits for you.")
            terminal.press(key)
            assert terminal.status() == status, terminal.text
        assert len(session_of(only_session(home))["turns"]) == 1


@pytest.mark.slow
def test_the_usual_screen_without_colours(tmp_path: Path) -> None:
    env = {**environment(tmp_path), "NO_COLOR": "1"}
    command = ["practice", "--typed", "--quiet", "--questions", "1", "--no-plain"]
    with Terminal(command, env, XTERM) as terminal:
        terminal.await_text("Type your answer.")
        terminal.press("q\n")
        assert terminal.status() == 0
    assert "╭" in terminal.text, "it is the usual screen"
    for codes in re.findall(r"\x1b\[([\d;]*)m", terminal._shown):
        assert not [code for code in codes.split(";") if re.fullmatch(r"[349]\d|10\d|38|48", code)], codes
