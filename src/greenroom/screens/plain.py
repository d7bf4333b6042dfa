"""Plain lines, one after the other: for pipes, NO_COLOR, TERM=dumb and screen readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from greenroom.records import Answer, Question, Turn
from greenroom.screens import (
    ABOUT_PRACTICE,
    ABOUT_RATING,
    KEY_LINE,
    PRACTICE_KEY_LINE,
    Choice,
    Meter,
    Opening,
    asked_as,
    counted,
    numbers,
    shares,
)
from greenroom.screens.side_by_side import SideBySide, plain
from greenroom.self_rating import compared


class PlainScreen:
    """Every change of state is a line; levels and times that move are left out."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._phase = ""
        self._hint = ""

    def _line(self, text: str = "") -> None:
        print(text, file=self._out, flush=True)

    def opening(self, opening: Opening) -> None:
        asks = counted(opening.questions, "question")
        self._line(f"greenroom: {asks} from {opening.banks}, {opening.mode} mode.")
        self._line(
            f"Microphone: {opening.microphone}. Loudspeaker: {opening.loudspeaker}. Voice: {opening.voice}."
        )
        practice = opening.mode == "practice"
        keys = PRACTICE_KEY_LINE if practice else KEY_LINE
        self._line(f"An answer ends after {opening.waits}. Keys: {keys}.")
        if practice:
            self._line(ABOUT_PRACTICE)
            self._line(ABOUT_RATING)
        self._line(f"Everything is kept in {opening.folder} and nowhere else.")

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
        self._phase = name
        if name == "thinking":
            self._line("Thinking.")

    def listening(self, meter: Meter) -> None:
        # No countdown, and no line when speech begins: a screen reader would talk over the answer.
        phase = "paused" if meter.phase == "paused" else "listening"
        if phase != self._phase:
            self._line("Paused. Space goes on." if phase == "paused" else "Listening.")
        if meter.hint and meter.hint != self._hint:
            self._line(meter.hint)
        self._phase, self._hint = phase, meter.hint

    def hint(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._line(line)

    def choosing(self, choice: Choice) -> None:
        # Once, and only when nobody speaks: a screen reader would talk over the feedback.
        if choice.phase == "choosing" and self._phase != "choosing":
            if choice.remaining is None:
                self._line(f"{choice.ways} · {choice.more}.")
            else:
                self._line(f"{choice.ways} · Space hold. It goes on in {choice.remaining:.0f} s.")
        elif choice.phase == "rating" and self._phase != "rating":
            self._line(f"How did that go? {choice.ways} · {choice.more}.")
        elif choice.phase == "held" and self._phase != "held":
            self._line("It waits for a key.")
        self._phase = choice.phase

    def transcript(self, answer: Answer) -> None:
        self._line(f"You said: {answer.transcript.text or '(nothing that could be understood)'}")

    def feedback(self, answer: Answer) -> None:
        self._line(f"Feedback: {answer.feedback.written or answer.feedback.spoken}")

    def measured(self, turn: Turn) -> None:
        self._line(f"Measured, answer {turn.number}: {numbers(turn)}.")
        if parts := shares(turn):
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

    @contextmanager
    def still(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        pass
