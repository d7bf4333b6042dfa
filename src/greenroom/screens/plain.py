"""Plain lines, one after the other: for pipes, NO_COLOR, TERM=dumb and screen readers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from greenroom.keys import Way, key_line, word_line
from greenroom.records import Answer, Question, Turn
from greenroom.screens import (
    ABOUT_PRACTICE,
    ABOUT_RATING,
    KEPT,
    Choice,
    Meter,
    Opening,
    asked_as,
    counted,
    numbers,
    shares,
)
from greenroom.screens.side_by_side import SideBySide, plain
from greenroom.screens.ways import AFTER, BY_STATE, LISTENING, PRACTISING, both
from greenroom.self_rating import compared

ABOUT_WORDS = (
    "Type a word and Enter; its first letter will do where no other word of the moment begins with it. "
    "help tells the words of the moment."
)
ABOUT_PRACTICE_IN_WORDS = (
    "Lost? hint gives a hint. After the feedback, again lets you answer the same question again."
)
ABOUT_RATING_IN_WORDS = "1 to 4 in place of done also says how it went: 1 not shown, 4 shown fully."
ABOUT_TYPING = "You type your answers, and an empty line ends each. help on the first line tells more."
RESTING = "Paused. go on or just Enter brings the choice back."

_STATES = {
    "ended": "Answer finished. To take that back, speak on.",
    "thinking": "One moment: your answer is being read.",
}


class PlainScreen:
    """Every change of state is a line; levels and times that move are left out.

    Args:
        words: whether words are typed in place of keys.
    """

    def __init__(self, out: TextIO, *, words: bool = False) -> None:
        self._out = out
        self._words = words
        self._phase = ""
        self._hint = ""
        self._listening = LISTENING
        self._choice: Choice | None = None
        self._offers: Sequence[Way] = ()

    def _line(self, text: str = "") -> None:
        print(text, file=self._out, flush=True)

    def _ways(self, ways: Sequence[Way]) -> str:
        return f"Words: {word_line(ways)}" if self._words else f"Keys: {key_line(ways)}"

    def opening(self, opening: Opening) -> None:
        asks = counted(opening.questions, "question")
        self._line(f"greenroom: {asks} from {opening.banks}, {opening.mode} mode.")
        self._line(
            f"Microphone: {opening.microphone}. Loudspeaker: {opening.loudspeaker}. Voice: {opening.voice}."
        )
        practice = opening.mode == "practice"
        self._listening = PRACTISING if practice else LISTENING
        if opening.typed:
            self._line(ABOUT_TYPING)
        else:
            self._line(f"An answer ends after {opening.waits}.")
            self._line(f"{self._ways(self._listening)}.")
            if self._words:
                self._line(ABOUT_WORDS)
            if practice:
                self._line(ABOUT_PRACTICE_IN_WORDS if self._words else ABOUT_PRACTICE)
                self._line(ABOUT_RATING_IN_WORDS if self._words else ABOUT_RATING)
        self._line(f"{KEPT.format(folder=opening.folder)} Nothing leaves this computer.")

    def question(
        self,
        question: Question,
        number: int,
        total: int,
        *,
        follow_up: bool,
        advice: Sequence[str] | None = None,
    ) -> None:
        name = asked_as(number, total, follow_up=follow_up, again=advice is not None)
        self._line(f"\n{name}: {question.text}")
        for change in advice or ():
            self._line(f"This time: {change}")

    def state(self, name: str) -> None:
        if name in _STATES and name != self._phase:
            self._line(_STATES[name])
        self._phase = name

    def listening(self, meter: Meter) -> None:
        # No countdown, and no line when speech begins: a screen reader would talk over the answer.
        phase = "paused" if meter.phase == "paused" else "listening"
        if phase != self._phase:
            paused = "Paused. go on listens again." if self._words else "Paused. Space goes on."
            self._line(paused if phase == "paused" else "Listening.")
        if meter.hint and meter.hint != self._hint:
            self._line(meter.hint)
        self._phase, self._hint = phase, meter.hint

    def hint(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._line(line)

    def choosing(self, choice: Choice) -> None:
        # Once, and only when nobody speaks: a screen reader would talk over the feedback.
        before, self._phase, self._choice = self._phase, choice.phase, choice
        if choice.phase == before:
            return
        ways = AFTER[choice.comes_next]
        timed = choice.remaining is not None and math.isfinite(choice.remaining)
        if choice.phase == "choosing" and timed:
            more = "" if self._words else " · Space hold"
            self._line(f"{self._ways(ways[0])}{more}. It goes on in {choice.remaining:.0f} seconds.")
        elif choice.phase == "rating":
            self._line(f"How did that go? {self._ways(both(ways))}.")
        elif choice.phase == "choosing" or (choice.phase == "held" and self._words):
            self._line(f"{self._ways(both(ways))}. It waits for you.")
        elif choice.phase == "resting":
            self._line(RESTING)
        elif choice.phase == "held":
            self._line("It waits for a key.")

    def transcript(self, answer: Answer) -> None:
        self._line(f"You said: {answer.transcript.text or '(nothing that could be understood)'}")

    def feedback(self, answer: Answer) -> None:
        self._line(f"Feedback: {answer.feedback.written or answer.feedback.spoken}")

    def measured(self, turn: Turn) -> None:
        self._line(f"Measured, answer {turn.number}: {numbers(turn, read_out=True)}.")
        if parts := shares(turn, read_out=True):
            self._line(f"Told: {parts}.")
        if ratings := compared(turn):
            self._line(ratings)

    def side_by_side(self, told: SideBySide) -> None:
        for line in plain(told):
            self._line(line)

    def said(self, text: str) -> None:
        self._line(text)

    def note(self, text: str) -> None:
        self._line(text)

    def closing(self, folder: Path, answers: int) -> None:
        self._line(f"\nSaved: {counted(answers, 'answer')} in {folder}")

    def no_ratings(self) -> None:
        self._listening = LISTENING

    def offers(self, ways: Sequence[Way]) -> None:
        self._offers = ways

    def offered(self) -> Sequence[Way]:
        if self._offers:
            return self._offers
        if self._phase == "listening":
            return self._listening
        if self._phase in BY_STATE:
            return BY_STATE[self._phase]
        return both(AFTER[self._choice.comes_next]) if self._phase and self._choice is not None else ()

    @contextmanager
    def still(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        pass
