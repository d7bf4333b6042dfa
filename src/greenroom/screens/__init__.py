"""What the person sees: a calm screen in a terminal, plain lines anywhere else.

Both go to standard error; standard output carries results alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from greenroom.records import Answer, Delivery, Question, Turn

KEY_LINE = "Enter done · Space pause · r repeat · s skip · h hint · t type · q save and quit"
MORE_KEYS = "Space hold · f feedback again · h hint · q save and quit"
"""After the feedback, beside the keys that choose."""

ABOUT_PRACTICE = "Lost? h gives a hint. After the feedback r lets you answer the same question again."

_BETWEEN = " · "


@dataclass(frozen=True, slots=True)
class Opening:
    """What is shown before the first question.

    `extended` is the patience (s) in mid-sentence, None where that is the same.
    """

    banks: str
    questions: int
    microphone: str
    loudspeaker: str
    voice: str
    mode: str
    patience: float
    folder: Path
    extended: float | None = None

    @property
    def waits(self) -> str:
        """The silence that ends an answer, as it is said: "4 s of silence (6 s in mid-sentence)"."""
        more = f" ({self.extended:g} s in mid-sentence)" if self.extended else ""
        return f"{self.patience:g} s of silence{more}"


@dataclass(frozen=True, slots=True)
class Meter:
    """What is known while listening.

    Attributes:
        seconds: length of the recording so far.
        level_db: level of the last frame (dB, 0 is full scale).
        phase: "waiting" (nobody has spoken yet), "speaking", "silence" or "paused".
        remaining: seconds of silence until the answer ends, in phase "silence".
        hint: a few words for somebody who is looking; "" for none.
    """

    seconds: float
    level_db: float
    phase: str
    remaining: float | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be done while feedback is given and after it.

    Attributes:
        comes_next: "follow-up", "question" or "end": what is gone on to.
        phase: "feedback" or "hint" (being said), "choosing", or "held" (it waits for a key).
        remaining: seconds until it goes on by itself, in phase "choosing".
    """

    comes_next: str
    phase: str
    remaining: float | None = None

    @property
    def ways(self) -> str:
        """The keys that choose, as a line of keys."""
        return {
            "follow-up": "Enter follow-up question · s skip it · r same question again",
            "question": "Enter next question · r same question again",
            "end": "Enter finish · r same question again",
        }[self.comes_next]


class Screen(Protocol):
    def opening(self, opening: Opening) -> None: ...
    def question(
        self,
        question: Question,
        number: int,
        total: int,
        *,
        follow_up: bool,
        advice: Sequence[str] | None = None,
    ) -> None:
        """A question; `advice` is what to change, where it is asked once more, and None where it is not."""

    def state(self, name: str) -> None:
        """What is going on now: "asking", "hint", "ended" (speech still takes it back), "thinking", or "" for
        nothing."""

    def hint(self, lines: Sequence[str]) -> None: ...
    def choosing(self, choice: Choice) -> None:
        """Called again and again while the person may choose; the screen decides how much of it to show."""

    def listening(self, meter: Meter) -> None:
        """Called for every frame; the screen decides how much of it to show."""

    def transcript(self, answer: Answer) -> None: ...
    def feedback(self, answer: Answer) -> None: ...
    def measured(self, turn: Turn) -> None:
        """The numbers of an answer, which may be known only after its feedback."""

    def said(self, text: str) -> None:
        """A spoken text that is neither question nor feedback."""

    def note(self, text: str) -> None: ...
    def closing(self, folder: Path, answers: int) -> None: ...
    def still(self) -> AbstractContextManager[None]:
        """Nothing moves while this is open: somebody is typing."""

    def close(self) -> None: ...


def open_screen() -> Screen:
    """The calm screen where standard error is a terminal that can show it, plain lines elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM", "") in ("dumb", ""):
        from greenroom.screens.plain import PlainScreen

        return PlainScreen(sys.stderr)
    from greenroom.screens.calm import CalmScreen

    return CalmScreen()


def numbers(answer: Answer) -> str:
    """The measured side of an answer in one line; only what was measured."""
    delivery = answer.delivery
    parts = [_count(delivery.words, "word", "words")]
    if answer.seconds is not None:
        parts.append(clock(answer.seconds))
    if delivery.speech_rate_wpm is not None:
        parts.append(f"{delivery.speech_rate_wpm:.0f} words a minute")
    if delivery.speaking_seconds is not None:
        long_pauses = sum(pause.end - pause.start >= 1.0 for pause in delivery.pauses)
        parts.append(_count(long_pauses, "pause", "pauses") + " of a second or more")
        parts.append(_fillers(delivery))
    return _BETWEEN.join(parts)


FORM_NAMES = {
    "story": "a story: something that happened",
    "pseudo_story": "what you usually do or would do, not one time it happened",
    "opinion": "a view or an explanation",
    "self_description": "a description of yourself",
}


def shares(answer: Answer) -> str:
    """How much of the story each part takes: "situation 35 % · action 50 % · result 15 %"."""
    return _BETWEEN.join(
        f"{part} {share:.0%}".replace("%", " %") for part, share in answer.shares.items() if share
    )


def _fillers(delivery: Delivery) -> str:
    """Filled pauses and filler words: "3 um or uh, 2 filler words", and what is not known of the first."""
    filled = [filler for filler in delivery.fillers if filler.kind == "filled_pause"]
    words = len(delivery.fillers) - len(filled)
    its = delivery.reliability.get("filled_pauses")
    level = its.level if its else ""
    um = f"{len(filled) or 'no'} um or uh"
    if level == "fair":
        um += ", perhaps more"
    elif level != "good" and any(filler.source == "audio" for filler in filled):
        um = f"at least {um}"
    elif level != "good":
        # Whisper leaves most of them out (docs/measurements.md), and the screen must not hide that.
        um += " written by Whisper, which omits most"
    if not words:
        return um
    return f"{um}, {_count(words, 'filler word', 'filler words')}"


def broken(head: str, line: str, width: int) -> str:
    """`head` and a line of items, broken between items to fit, with the later lines hung below the first.

    An item that is too long by itself stays whole.
    """
    lines: list[str] = []
    for item in line.split(_BETWEEN):
        longer = f"{lines[-1]}{_BETWEEN}{item}" if lines else head + item
        if lines and len(longer) > width:
            lines.append(" " * len(head) + item)
        else:
            lines[-1:] = [longer]
    return "\n".join(lines)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def questions(number: int) -> str:
    """1 question, 2 questions"""
    return _count(number, "question", "questions")


def clock(seconds: float) -> str:
    """Seconds as a person reads them: 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def listed(names: Sequence[str]) -> str:
    """a, b and c"""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
