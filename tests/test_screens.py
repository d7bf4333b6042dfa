"""The two screens say the same things; the plain one without anything that moves."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from rich.console import Console

from greenroom.records import (
    Answer,
    Delivery,
    Feedback,
    Filler,
    Finding,
    Pause,
    Question,
    Reliability,
    RubricScore,
    Span,
    Timing,
    Transcript,
    Turn,
)
from greenroom.screens import (
    ABOUT_PRACTICE,
    ABOUT_RATING,
    KEY_LINE,
    PRACTICE_KEY_LINE,
    Choice,
    Meter,
    Opening,
    Screen,
    broken,
    clock,
    duration,
    listed,
    numbers,
    open_screen,
)
from greenroom.screens.calm import CalmScreen, _bar
from greenroom.screens.plain import (
    ABOUT_PRACTICE_IN_WORDS,
    ABOUT_RATING_IN_WORDS,
    ABOUT_TYPING,
    ABOUT_WORDS,
    PlainScreen,
)
from greenroom.screens.side_by_side import Group, Line, SideBySide
from greenroom.screens.summary import summary
from greenroom.screens.ways import LISTENING

QUESTION = Question("q", "Why [bold]this[/bold] one?")
ANSWER = Answer(
    question="Why?",
    source="answer.wav",
    seconds=65.2,
    transcript=Transcript("Because I [red]chose[/red] it."),
    delivery=Delivery(
        5, 150.4, 180.0, 0.5, 60.0, (Pause(1, 2.5), Pause(4, 4.4)), (Filler("um", 1.0, 1.2),), 1.0
    ),
    patterns=(Finding("no_outcome", 0.8, (Span("chose it", 61.0, 62.0, 2, 3),), "why", "Say what changed."),),
    feedback=Feedback("You named your choice.", follow_up="What came of it?"),
)
TURN = Turn(
    **{field.name: getattr(ANSWER, field.name) for field in fields(Answer)},
    number=1,
    asked=Question("q", "Why?"),
    recording="01-answer.flac",
    ended_by="silence",
    timing=Timing(),
)
BESIDE = SideBySide(
    "answer 1, 21 November",
    "answer 4, now",
    (Group("Came across", (Line("Owner[b]ship[/b]", "no", "yes", gained=True),)),),
)
OPENING = Opening(
    "behavioural", 3, "a microphone", "a loudspeaker", "pyttsx3", "practice", 4.0, Path("folder")
)


def play(screen: Screen, look: Callable[[], None] = lambda: None) -> None:
    screen.opening(OPENING)
    screen.question(QUESTION, 1, 3, follow_up=False)
    screen.state("asking")
    for meter in (
        Meter(0.0, -60, "waiting"),
        Meter(0.5, -20, "speaking"),
        Meter(0.9, -60, "waiting"),
        Meter(1.0, -20, "speaking"),
        Meter(1.5, -60, "silence", 3.6),
        Meter(2.0, -60, "silence", 3.0),
        Meter(2.1, -60, "silence", 2.9),
        Meter(2.1, -96, "paused"),
        Meter(2.2, -20, "speaking"),
    ):
        screen.listening(meter)
        look()
    screen.state("thinking")
    screen.transcript(ANSWER)
    for choice in (Choice("rating", "rating", 8.0), Choice("rating", "rating", 7.4)):
        screen.choosing(choice)
        look()
    screen.feedback(ANSWER)
    for choice in (
        Choice("follow-up", "feedback"),
        Choice("follow-up", "choosing", 5.9),
        Choice("follow-up", "choosing", 5.8),
        Choice("follow-up", "held"),
        Choice("follow-up", "hint"),
    ):
        screen.choosing(choice)
        look()
    screen.measured(replace(TURN, self_rating=3, rubric=(RubricScore("clarity", 2, "why"),)))
    with screen.still():
        pass
    screen.question(QUESTION, 1, 3, follow_up=True)
    screen.question(QUESTION, 1, 3, follow_up=False, advice=["Say what [b]changed[/b]."])
    screen.question(QUESTION, 1, 0, follow_up=False, advice=[])
    screen.side_by_side(BESIDE)
    for choice in (
        Choice("retake", "choosing"),
        Choice("retake", "choosing"),
        Choice("hearing", "old"),
        Choice("hearing", "new"),
    ):
        screen.choosing(choice)
        look()
    screen.hint(("What it is about.", "Business first."))
    screen.said("Thank you.")
    screen.note("Stopped here.")
    screen.closing(Path("folder"), 1)
    screen.close()


def test_plain_lines() -> None:
    out = io.StringIO()
    play(PlainScreen(out))
    text = out.getvalue()
    assert "\x1b" not in text
    assert text.splitlines() == [
        "greenroom: 3 questions from behavioural, practice mode.",
        "Microphone: a microphone. Loudspeaker: a loudspeaker. Voice: pyttsx3.",
        "An answer ends after 4 s of silence.",
        f"Keys: {PRACTICE_KEY_LINE}.",
        ABOUT_PRACTICE,
        ABOUT_RATING,
        "Kept in folder; look backs and stories in your data folder. Nothing leaves this computer.",
        "",
        "Question 1 of 3: Why [bold]this[/bold] one?",
        "Listening.",
        "Paused. Space goes on.",
        "Listening.",
        "One moment: your answer is being read.",
        "You said: Because I [red]chose[/red] it.",
        "How did that go? Keys: 1 not shown · 2 hinted at · 3 shown · 4 shown fully · Enter go on without · "
        "q save and quit.",
        "Feedback: You named your choice.",
        "Keys: Enter follow-up question · s skip it · r same question again · Space hold. "
        "It goes on in 6 seconds.",
        "It waits for a key.",
        f"Measured, answer 1: {numbers(ANSWER, read_out=True)}.",
        "You gave it a 3; by the rubric it comes to 2.",
        "",
        "Follow-up: Why [bold]this[/bold] one?",
        "",
        "Question 1 of 3, once more: Why [bold]this[/bold] one?",
        "This time: Say what [b]changed[/b].",
        "",
        "Question, once more: Why [bold]this[/bold] one?",
        "Side by side: answer 1, 21 November, and answer 4, now.",
        "Came across:",
        "  Owner[b]ship[/b]: no before, yes now, better",
        "Keys: 1 hear the old answer · 2 the new one · r same question again · Enter finish · "
        "f feedback again · h hint · q save and quit. It waits for you.",
        "What it is about.",
        "Business first.",
        "Thank you.",
        "Stopped here.",
        "",
        "Saved: 1 answer in folder",
    ]


def test_plain_lines_in_words() -> None:
    out = io.StringIO()
    play(PlainScreen(out, words=True))
    lines = out.getvalue().splitlines()
    assert "\x1b" not in out.getvalue()
    assert lines[3].startswith("Words: done or just Enter; 1 to 4 for done and how it went, 4 best; pause;")
    assert lines[4:7] == [ABOUT_WORDS, ABOUT_PRACTICE_IN_WORDS, ABOUT_RATING_IN_WORDS]
    assert "Paused. go on listens again." in lines
    assert not [line for line in lines if re.search(r"\bSpace\b|\bKeys\b|·|[—–<>*]", line)], "no key, no sign"
    assert any(line.endswith("It waits for you.") and "skip to leave that out" in line for line in lines)


@pytest.mark.parametrize("words", [True, False])
def test_whoever_types_is_told_how_and_not_how_long_it_listens(words: bool) -> None:
    out = io.StringIO()
    PlainScreen(out, words=words).opening(replace(OPENING, typed=True))
    assert ABOUT_TYPING in out.getvalue()
    assert "silence" not in out.getvalue()
    calm = io.StringIO()
    screen = CalmScreen(Console(file=calm, width=100))
    screen.opening(replace(OPENING, typed=True))
    screen.close()
    assert "an empty line ends each" in calm.getvalue()
    assert "silence" not in calm.getvalue()


def test_the_end_of_an_answer_is_said_once_and_taken_back_by_listening() -> None:
    out = io.StringIO()
    screen = PlainScreen(out)
    for meter in (Meter(0.0, -60, "waiting"), Meter(3.0, -60, "silence", 0.1)):
        screen.listening(meter)
    for _ in range(2):
        screen.state("ended")
    screen.listening(Meter(4.0, -20, "speaking"))
    assert out.getvalue().splitlines() == [
        "Listening.",
        "Answer finished. To take that back, speak on.",
        "Listening.",
    ]


def test_where_nothing_is_said_about_an_answer_no_rating_is_offered() -> None:
    lines = []
    for rates in (True, False):
        out = io.StringIO()
        screen = CalmScreen(Console(file=out, force_terminal=True, width=100, highlight=False))
        screen.opening(OPENING)
        if not rates:
            screen.no_ratings()
        out.truncate(0)
        screen.listening(Meter(0.0, -60, "waiting"))
        screen._live.refresh()
        screen.close()
        lines.append("1-4 done" in out.getvalue())
    plain = PlainScreen(io.StringIO())
    plain.opening(OPENING)
    plain.no_ratings()
    plain.listening(Meter(0.0, -60, "waiting"))
    assert lines == [True, False]
    assert plain.offered() == LISTENING


def test_without_colours_the_calm_screen_still_says_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=100, highlight=False)
    screen = CalmScreen(console)
    play(screen, screen._live.refresh)
    text = out.getvalue()
    assert set(re.findall(r"\x1b\[([\d;]*)m", text)) <= {"", "0", "1", "2", "3", "22"}, "bold and pale alone"
    assert "yes (better)" in text


def test_the_calm_screen_shows_everything_said_and_markup_stays_text() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=100, highlight=False)
    screen = CalmScreen(console)
    play(screen, screen._live.refresh)  # the screen looks ten times a second, the test at every frame
    text = out.getvalue()
    for expected in (
        "Why [bold]this[/bold] one?", "question 1 of 3", "follow-up", "Listening", "ends in 3 s", "Paused",
        "Because I [red]chose[/red] it.", "You named your choice.", "Thank you.", "Saved: 1 answer",
        "q save and quit", "question 1 of 3, once more", "This time: Say what [b]changed[/b].",
        "What it is about.", "Business first.", "goes on in 6 s", "r same question again", "f feedback again",
        "And now? There is time", "A hint, and nothing is recorded", ABOUT_PRACTICE, ABOUT_RATING,
        "How did that go?  goes on in 8 s", "3 shown", "You gave it a 3; by the rubric it comes to 2.",
        "question, once more", "Owner[b]ship[/b]", "21 November", "1 hear the old answer", "The old answer",
        "The new answer", "Enter stop",
    ):  # fmt: skip
        assert expected in text
    assert "ends in 4 s" not in text, "a breath is no reason for a countdown"


@pytest.mark.parametrize("make", [PlainScreen, lambda out: CalmScreen(Console(file=out, width=100))])
def test_what_practice_offers_is_not_said_in_real_mode(make: Callable[[io.StringIO], Screen]) -> None:
    out = io.StringIO()
    screen = make(out)
    screen.opening(replace(OPENING, mode="real"))
    screen.close()
    assert "3 questions" in out.getvalue()
    assert "h gives a hint" not in out.getvalue()
    assert "how it went" not in out.getvalue()


@pytest.mark.parametrize("comes_next", ["follow-up", "question", "end"])
def test_only_a_follow_up_can_be_skipped(comes_next: str) -> None:
    ways = Choice(comes_next, "choosing", 6.0).ways
    assert "r same question again" in ways
    assert ("s skip" in ways) == (comes_next == "follow-up")


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (20, ["told: one · two", "      three · four", "      five"]),
        (21, ["told: one · two", "      three · four", "      five"]),
        (80, ["told: one · two · three · four · five"]),
        (5, ["told: one", "      two", "      three", "      four", "      five"]),
    ],
)
def test_a_line_of_items_is_broken_between_them_and_hung(width: int, lines: list[str]) -> None:
    assert broken("told: ", "one · two · three · four · five", width).splitlines() == lines


@pytest.mark.parametrize("columns", [80, 92, 100])
def test_the_numbers_of_an_answer_hang_below_their_first(columns: int) -> None:
    out = io.StringIO()
    screen = CalmScreen(Console(file=out, width=columns, highlight=False))
    told = {"filled_pauses": Reliability("fair", "why")}
    delivery = replace(TURN.delivery, fillers=(UM, WORD, WORD), reliability=told)
    shares = {"situation": 0.35, "task": 0.05, "action": 0.5, "result": 0.1}
    turn = replace(TURN, number=12, delivery=delivery, shares=shares)
    screen.measured(turn)
    screen.close()
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]
    assert len(lines) == 3
    assert lines[0].startswith("  answer 12: 5 words · 1:05")
    assert lines[1].startswith(" " * len("  answer 12: ") + "1 ")
    assert max(map(len, lines)) <= columns - 2
    items = " · ".join(line.removeprefix("  answer 12:").strip() for line in lines[:2])
    assert items == numbers(turn), "nothing is broken inside an item"


@pytest.mark.parametrize(("mode", "line"), [("practice", PRACTICE_KEY_LINE), ("real", KEY_LINE)])
def test_the_keys_fit_into_eighty_columns(mode: str, line: str) -> None:
    out = io.StringIO()
    screen = CalmScreen(Console(file=out, force_terminal=True, width=80, highlight=False))
    screen.opening(replace(OPENING, mode=mode))
    screen.listening(Meter(0.0, -60, "waiting"))
    screen._live.refresh()
    screen.close()
    text = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", out.getvalue()).rpartition("leaves this computer.")[2]
    shown = [line.strip() for line in text.splitlines() if " · " in line or "q save" in line]
    assert max(map(len, text.splitlines())) <= 80
    assert " · ".join(dict.fromkeys(shown)) == line


def test_the_numbers_say_what_whisper_omits() -> None:
    assert numbers(ANSWER) == (
        "5 words · 1:05 · 150 words a minute · 1 pause of a second or more · "
        "1 um or uh written by Whisper, which omits most"
    )


WORD = Filler("like", 3.0, 3.2, kind="filler_word")
UM = Filler("um", 1.0, 1.2)
HEARD = Filler("…", 2.0, 2.3, "audio")


@pytest.mark.parametrize(
    ("level", "fillers", "says"),
    [
        ("good", (UM, HEARD, UM, WORD, WORD), "3 um or uh, 2 filler words"),
        ("good", (), "no um or uh"),
        ("good", (UM, WORD), "1 um or uh, 1 filler word"),
        ("fair", (UM, WORD), "1 um or uh, perhaps more, 1 filler word"),
        ("poor", (UM, HEARD), "at least 2 um or uh"),
        ("poor", (UM, WORD), "1 um or uh written by Whisper, which omits most, 1 filler word"),
        ("poor", (), "no um or uh written by Whisper, which omits most"),
    ],
)
def test_the_numbers_say_how_sure_the_fillers_are(level: str, fillers: tuple, says: str) -> None:
    told = {"filled_pauses": Reliability(level, "why")}
    delivery = replace(ANSWER.delivery, fillers=fillers, reliability=told)
    line = numbers(replace(ANSWER, delivery=delivery))
    assert line.endswith(f"1 pause of a second or more · {says}")


def test_a_typed_answer_has_no_measured_time() -> None:
    typed = Answer(transcript=Transcript("Yes."), delivery=Delivery(1), feedback=Feedback("Well."))
    assert numbers(typed) == "1 word"


@pytest.mark.parametrize(
    ("level", "bar"), [(-96.0, " "), (-60.0, " "), (-36.0, "▄"), (-12.0, "█"), (0.0, "█")]
)
def test_level_bars(level: float, bar: str) -> None:
    assert _bar(level) == bar


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 seconds"), (1, "1 second"), (60, "1 minute"), (125.9, "2 minutes 5 seconds")]
)
def test_a_duration_is_read_out_with_its_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (60, "1:00"), (615, "10:15")])
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_lists_in_words() -> None:
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]


@pytest.mark.parametrize(
    "environment", [{"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}, {"TERM": "xterm"}]
)
def test_plain_without_a_terminal_or_colour(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stderr", _Terminal(is_one=environment != {"TERM": "xterm"}))
    assert isinstance(open_screen(), PlainScreen)


class _Terminal(io.StringIO):
    def __init__(self, *, is_one: bool) -> None:
        super().__init__()
        self._is_one = is_one

    def isatty(self) -> bool:
        return self._is_one


def test_the_summary_of_an_analysis() -> None:
    text = summary(ANSWER)
    assert "pattern:  No result that can be counted (80 % sure): “chose it” at 1:01" in text
    assert "Say what changed." in text
    assert "follow-up: What came of it?" in text


@pytest.mark.parametrize(
    ("extended", "waits"), [(None, "4 s of silence"), (6.0, "4 s of silence (6 s in mid-sentence)")]
)
def test_the_opening_says_how_long_it_waits(extended: float | None, waits: str) -> None:
    assert replace(OPENING, extended=extended).waits == waits
