"""Words in place of keys: every key has one, and what nobody knows is answered."""

from __future__ import annotations

import io
import queue
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pexpect
import pytest

from greenroom import keys
from greenroom.checking.listening_check import KEYS as CHECK_KEYS
from greenroom.keys import KEYS, PRACTICE_KEYS, Way
from greenroom.keys.typed_answer import SKIP_IT, TAKEN, TYPING_HELP
from greenroom.keys.typed_words import (
    KEPT_LINE,
    KEPT_WORDS,
    NO_ANSWER,
    NOT_PAUSED,
    ReaderLines,
    WordKeys,
)
from greenroom.preparation.telling.reading_back import CHOICE, READING_KEYS
from greenroom.review.replay_view import ACTIONS, BACK, FORTH, WAYS
from greenroom.screens import Choice, Meter
from greenroom.screens.plain import PlainScreen
from greenroom.screens.ways import AFTER, BY_STATE, LISTENING, PRACTISING, both


class Typed:
    """Lines as somebody types them; None: nothing lies there at that look."""

    def __init__(self, *lines: str | None, ends: bool = False) -> None:
        self._lines = deque(lines)
        self._ends = ends

    @property
    def ended(self) -> bool:
        return self._ends and not self._lines

    def take(self, *, wait: bool) -> str | None:
        return self._lines.popleft() if self._lines else None


def typed(*lines: str | None, actions: object = PRACTICE_KEYS, ways: Sequence[Way] = ()) -> tuple[list, str]:
    """The actions, and what was answered."""
    out = io.StringIO()
    keyboard = WordKeys(out, actions, lambda: ways, Typed(*lines))  # type: ignore[arg-type]
    found = []
    while (action := keyboard.poll()) is not None:
        found.append(action)
    return found, out.getvalue()


@pytest.mark.parametrize("actions", [KEYS, PRACTICE_KEYS, ACTIONS, CHECK_KEYS, READING_KEYS])
def test_every_key_also_has_a_word(actions: dict[str, str]) -> None:
    by_key = {action for key, action in actions.items() if len(key) == 1}
    by_word = {action for word, action in actions.items() if len(word) > 1}
    assert by_key <= by_word


@pytest.mark.parametrize(
    "ways", [LISTENING, PRACTISING, CHOICE, *BY_STATE.values(), *(both(each) for each in AFTER.values())]
)
def test_every_way_that_is_offered_can_be_typed(ways: Sequence[Way]) -> None:
    actions = READING_KEYS if ways is CHOICE else PRACTICE_KEYS
    for way in ways:
        word, expected = ("3", "3") if way.action == keys.RATE else (way.word, way.action)
        assert typed(word, actions=actions, ways=ways) == ([expected], "")


def test_words_do_what_keys_do() -> None:
    words = ("done", "", " ", "go on", "Repeat", "again", "SKIP", "hint", "type", "quit", "3", "two", "r")
    assert typed(*words)[0] == [
        "done", "done", "pause", "pause", "repeat", "repeat", "skip", "hint", "type", "quit", "3", "2",
        "repeat",
    ]  # fmt: skip


def test_what_dictation_writes_is_understood() -> None:
    assert typed("Done.", "Go on!", "Next  finding")[0] == ["done", "done"]
    assert typed("Next finding.", "Pause", "go on", actions=ACTIONS)[0] == ["next", "hold", "hold"]


def test_go_on_goes_on_from_a_pause_and_else_ahead() -> None:
    assert typed("pause", "go on", "go on")[0] == ["pause", "pause", "done"]
    assert typed("pause", "hint", "go on")[0] == ["pause", "hint", "done"]


@pytest.mark.parametrize(("word", "near"), [("skp", "skip"), ("repaet", "repeat"), ("quti", "quit")])
def test_an_unknown_word_is_answered_in_one_line_with_the_nearest(word: str, near: str) -> None:
    found, told = typed(word)
    assert found == []
    assert told.count("\n") == 1
    assert f"Near it: {near}" in told


@pytest.mark.parametrize(
    "ways", [LISTENING, PRACTISING, *BY_STATE.values(), *(both(each) for each in AFTER.values())]
)
def test_a_first_letter_will_do_where_only_one_word_begins_with_it(ways: Sequence[Way]) -> None:
    for way in ways:
        words = [each.word for each in ways if each.word[0] == way.word[0]]
        if way.action != keys.RATE and len(words) == 1:
            assert typed(way.word[0], ways=ways) == ([way.action], ""), way.word


def test_a_first_letter_while_a_session_is_replayed() -> None:
    assert typed("b", "f", "q", actions=ACTIONS, ways=WAYS)[0] == [BACK, FORTH, keys.QUIT]
    assert typed("n", "p", "P", actions=ACTIONS, ways=WAYS)[0] == ["next", "previous", keys.UP]
    assert typed("p", "g", ways=BY_STATE["asking"])[0] == [keys.PAUSE, keys.PAUSE]


def test_what_is_kept_is_taken_with_enter() -> None:
    out = io.StringIO()
    lines = Typed("I wrote the queue myself.", "In May.", "", "", "It held.", "")
    keyboard = WordKeys(out, KEYS, lambda: LISTENING, lines)
    assert keyboard.poll() == keys.TYPE
    assert keyboard.read_lines("Type.") == "I wrote the queue myself. In May. It held."
    told = out.getvalue()
    assert KEPT_LINE in told
    assert f"“in may” is no word here. help tells the words of this moment.{KEPT_WORDS}" in told
    assert "“I wrote the queue myself. In May.”" in told
    assert TAKEN in told


def test_what_is_kept_can_be_left_and_is_forgotten_with_the_answer() -> None:
    for between, ended in (("type", "type"), ("done", "done")):
        keyboard = WordKeys(
            io.StringIO(), KEYS, lambda: LISTENING, Typed("I wrote the queue myself.", between, "No.", "")
        )
        assert keyboard.poll() == ended
        assert keyboard.read_lines("Type.") == "No."


def test_a_line_is_not_kept_where_no_answer_is_asked_for() -> None:
    told = typed("I wrote the queue myself", "", ways=both(AFTER["end"]))
    assert told == (["done"], f"{NO_ANSWER}\n")


def test_an_end_that_comes_by_itself_gives_enter_back() -> None:
    now = [LISTENING]
    lines = Typed("I wrote the queue myself.", None, None, "")
    keyboard = WordKeys(io.StringIO(), KEYS, lambda: now[0], lines)
    assert keyboard.poll() is None
    now[0] = BY_STATE["ended"]
    assert keyboard.poll() is None
    now[0] = LISTENING
    assert keyboard.poll() == keys.DONE


def test_go_on_goes_on_from_a_pause_whatever_else_it_means() -> None:
    assert typed("pause", "go on", "go on", ways=BY_STATE["asking"])[0] == ["pause", "pause", "done"]
    assert typed("pause", "g", "", ways=BY_STATE["hint"])[0] == ["pause", "pause", "done"]


def test_a_replay_stays_paused_wherever_one_goes() -> None:
    found = typed("pause", "next finding", "go on", "go on", actions=ACTIONS, ways=WAYS)
    assert found == (["hold", "next", "hold"], f"{NOT_PAUSED}\n")


def test_go_on_pauses_nothing() -> None:
    assert typed("go on", actions=ACTIONS) == ([], f"{NOT_PAUSED}\n")


def test_control_characters_are_not_echoed() -> None:
    assert "\x1b" not in typed("\x1b[A\x1b[B")[1]


@pytest.mark.parametrize("word", ["help", "?", "Help"])
def test_help_tells_the_words_of_the_moment(word: str) -> None:
    assert typed(word, ways=BY_STATE["thinking"]) == ([], "Words now: quit to save and leave.\n")


def test_help_where_the_moment_is_not_known_tells_all() -> None:
    told = typed("help", actions=CHECK_KEYS)[1]
    assert told == "Words now: done; again; nothing; quit.\n"


def test_a_word_that_makes_no_sense_now_is_told_so() -> None:
    found, told = typed("feedback", ways=LISTENING)
    assert found == ["feedback"], "whoever asks for it decides"
    assert told.startswith("“feedback” does nothing now. Words now: done or just Enter; pause;")


def test_the_end_of_what_is_typed_is_leaving() -> None:
    out = io.StringIO()
    assert WordKeys(out, KEYS, tuple, Typed(ends=True)).poll() == "quit"
    assert WordKeys(out, READING_KEYS, tuple, Typed(ends=True)).poll() == "done"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("I built it.", "Alone.", ""), "I built it. Alone."),
        (("skip",), "skip"),
        (("help", "Hint"), "Hint"),
        (("Skip.",), "Skip"),
        (("I skip", "skip", ""), "I skip skip"),
        (("Yes.", ""), "Yes."),
        (("Fine.", ""), "Fine."),
    ],
)
def test_an_answer_in_lines(lines: tuple[str, ...], text: str | None) -> None:
    out = io.StringIO()
    assert WordKeys(out, KEYS, tuple, Typed(*lines)).read_lines("Type it.") == text
    assert out.getvalue() == "Type it.\n" + f"{TYPING_HELP}\n" * (lines[0] == "help")


def test_the_plain_screen_knows_the_moment() -> None:
    screen = PlainScreen(io.StringIO(), words=True)
    assert screen.offered() == ()
    for name in ("asking", "ended", "thinking"):
        screen.state(name)
        assert screen.offered() == BY_STATE[name]
    screen.listening(Meter(0.0, -60, "waiting"))
    assert screen.offered() == LISTENING
    screen.listening(Meter(0.0, -60, "paused"))
    assert screen.offered() == BY_STATE["paused"]
    screen.choosing(Choice("end", "held"))
    assert screen.offered() == both(AFTER["end"])
    screen.state("")
    assert screen.offered() == ()


@pytest.mark.parametrize(
    ("lines", "text", "told"),
    [
        (("", ""), None, SKIP_IT),
        (("", "I built it.", ""), "I built it.", SKIP_IT),
        (("hnit", "hint"), "hint", "Near it: hint."),
        (("hnit", "hnit", ""), "hnit", "Near it: hint."),
        (("Pause.", "I did.", ""), "I did.", "“pause” does nothing while you type an answer."),
        (("go on", "go on", ""), "go on", "“go on” does nothing"),
        (("done", "", ""), None, SKIP_IT),
    ],
)
def test_a_first_line_that_is_hardly_an_answer_is_asked_about_once(
    lines: tuple[str, ...], text: str | None, told: str
) -> None:
    out = io.StringIO()
    assert WordKeys(out, KEYS, tuple, Typed(*lines)).read_lines("Type it.") == text
    assert out.getvalue().count(told) == 1


@pytest.mark.slow
def test_in_a_terminal_that_stays_as_it_is() -> None:
    program = str(Path(__file__).with_name("keys_program.py"))
    child = pexpect.spawn(sys.executable, [program, "--plain"], encoding="utf-8", timeout=20)
    child.expect("ready True True True")
    child.send("hint\nre")  # typed slowly: only a whole line counts
    child.send("peat\n\ntype\n")
    child.expect("go")
    child.send("I built\nthe queue.\n\n")
    child.expect("typed: I built the queue.")
    child.sendeof()
    child.expect("hint repeat done quit")


class Console:
    """A console that is read line by line, as on Windows; "" is Ctrl-Z."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.read = 0

    def type(self, *lines: str) -> None:
        for line in lines:
            self._lines.put(line)

    def readline(self) -> str:
        self.read += 1
        return self._lines.get()


def test_what_a_thread_reads_ends_and_goes_on() -> None:
    console = Console()
    lines = ReaderLines(console.readline)
    assert (lines.take(wait=False), lines.ended) == (None, False)
    console.type("hint\r\n", "", "quit\n", "")
    assert (lines.take(wait=True), lines.ended) == ("hint", False)
    assert (lines.take(wait=True), lines.ended) == (None, True)  # and does not wait for ever
    assert (lines.take(wait=True), lines.ended) == ("quit", False)
    assert (lines.take(wait=True), lines.ended) == (None, True)
    assert console.read <= 5  # the first take of all, and no more ahead than one


def test_a_console_that_has_gone_means_to_leave() -> None:
    def gone() -> str:
        raise OSError("the handle is invalid")

    lines = ReaderLines(gone)
    assert (lines.take(wait=True), lines.ended) == (None, True)
    for _ in range(2):  # for every keyboard that is opened
        keyboard = WordKeys(io.StringIO(), KEYS, tuple, lines)
        assert keyboard.read_lines("go") is None
        assert lines.ended
