"""What the person sees: a calm screen in a terminal, plain lines anywhere else.

Both go to standard error; standard output carries results alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from greenroom.keys import Way, key_line
from greenroom.plain_mode import wants_plain_lines as wants_plain_lines
from greenroom.plain_mode import wants_words
from greenroom.records import Answer, Delivery, Question, Turn, long_pauses
from greenroom.screens.ways import AFTER, LISTENING, PRACTISING

if TYPE_CHECKING:
    from greenroom.screens.side_by_side import SideBySide

KEY_LINE = key_line(LISTENING)
PRACTICE_KEY_LINE = key_line(PRACTISING)

ABOUT_PRACTICE = "Lost? h gives a hint. After the feedback r lets you answer the same question again."
ABOUT_RATING = "1 to 4 in place of Enter also says how it went: 1 not shown, 4 shown fully."
KEPT = "Kept in {folder}; look backs and stories in your data folder."
"""Where everything goes that is said."""

WIDEST = 92
"""Characters; longer lines are hard to follow with the eye."""

_BETWEEN = " · "
_LEAST_SHARE = 0.005  # less would be shown as 0 %


@dataclass(frozen=True, slots=True)
class Opening:
    """What is shown before the first question.

    `extended` is the patience (s) in mid-sentence, None where that is the same; `typed`: nobody listens.
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
    typed: bool = False

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
    """What can be done once an answer is over: before its feedback, while that is given, and after it.

    Attributes:
        comes_next: what is gone on to: "follow-up", "question" or "end"; in a retake "comparison", after
            that "retake", and "hearing" while an answer is heard; "rating" where it is asked how it went.
        phase: "rating", "feedback" or "hint" (being said), "old" or "new" (an answer being heard),
            "choosing", "held" (it waits for a key), or "resting" (held by a word, where it waits anyhow).
        remaining: seconds until it goes on by itself, in phases "rating" and "choosing"; None where it does
            not.
    """

    comes_next: str
    phase: str
    remaining: float | None = None

    @property
    def ways(self) -> str:
        """The keys that choose, as a line of keys."""
        return key_line(AFTER[self.comes_next][0])

    @property
    def more(self) -> str:
        """The other keys, as a second line."""
        return key_line(AFTER[self.comes_next][1])


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
        """One of `total` questions, 0 where it stands alone.

        `advice` is what to change, where it is asked once more, and None where it is not.
        """

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

    def side_by_side(self, told: SideBySide) -> None: ...

    def said(self, text: str) -> None:
        """A spoken text that is neither question nor feedback."""

    def note(self, text: str) -> None: ...
    def closing(self, folder: Path, answers: int) -> None: ...
    def no_ratings(self) -> None:
        """From now on nothing is said about an answer, so nobody is asked how it went."""

    def offered(self) -> Sequence[Way]:
        """What can be done at this moment; nothing where that is not known."""

    def offers(self, ways: Sequence[Way]) -> None:
        """What can be done from now on is this, whatever the state; () is what the state says again."""

    def still(self) -> AbstractContextManager[None]:
        """Nothing moves while this is open: somebody is typing."""

    def close(self) -> None: ...


def open_screen() -> Screen:
    """The calm screen where standard error is a terminal that can show it, plain lines elsewhere."""
    if wants_plain_lines(sys.stderr):
        from greenroom.screens.plain import PlainScreen

        return PlainScreen(sys.stderr, words=wants_words())
    from greenroom.screens.calm import CalmScreen

    return CalmScreen()


def numbers(answer: Answer, *, read_out: bool = False) -> str:
    """The measured side of an answer in one line; only what was measured.

    `read_out`: for the ear, each number with its unit.
    """
    delivery = answer.delivery
    parts = [counted(delivery.words, "word")]
    if answer.seconds is not None:
        parts.append(duration(answer.seconds) if read_out else clock(answer.seconds))
    if delivery.speech_rate_wpm is not None:
        parts.append(f"{delivery.speech_rate_wpm:.0f} words a minute")
    if delivery.speaking_seconds is not None:
        parts.append(f"{counted(len(long_pauses(delivery)), 'pause')} of a second or more")
        parts.append(_fillers(delivery))
    return ("; " if read_out else _BETWEEN).join(parts)


def shares(answer: Answer, *, read_out: bool = False) -> str:
    """How much of the story each part takes: "situation 35 % · action 50 % · result 15 %"."""
    return ("; " if read_out else _BETWEEN).join(
        f"{part} {percent(share)}" for part, share in answer.shares.items() if share >= _LEAST_SHARE
    )


def asked_as(number: int, total: int, *, follow_up: bool, again: bool) -> str:
    """What a question is called over its words: "Question 2 of 3, once more"."""
    name = "Follow-up" if follow_up else f"Question {number} of {total}" if total else "Question"
    return f"{name}, once more" if again else name


def filled_pauses_known(delivery: Delivery) -> str:
    """How much is known of the filled pauses: "all", "most", "some", or only those "written" by Whisper.

    It leaves most of them out (docs/measurements.md), and whoever sees their number must be told.
    """
    its = delivery.reliability.get("filled_pauses")
    level = its.level if its else ""
    if level in ("good", "fair"):
        return "all" if level == "good" else "most"
    heard = any(each.kind == "filled_pause" and each.source == "audio" for each in delivery.fillers)
    return "some" if heard else "written"


def _fillers(delivery: Delivery) -> str:
    """Filled pauses and filler words: "3 um or uh, 2 filler words", and what is not known of the first."""
    filled = sum(filler.kind == "filled_pause" for filler in delivery.fillers)
    words = len(delivery.fillers) - filled
    um = f"{filled or 'no'} um or uh"
    told = {
        "all": um,
        "most": f"{um}, perhaps more",
        "some": f"at least {um}",
        "written": f"{um} written by Whisper, which omits most",
    }[filled_pauses_known(delivery)]
    return f"{told}, {counted(words, 'filler word')}" if words else told


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


def counted(number: int, noun: str) -> str:
    """1 question, 2 questions"""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def percent(share: float) -> str:
    """35 %"""
    return f"{100 * share:.0f} %"


def clock(seconds: float) -> str:
    """Seconds as a person reads them: 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def duration(seconds: float) -> str:
    """Seconds as they are read out: 1 minute 5 seconds."""
    minutes, rest = divmod(int(seconds), 60)
    parts = [counted(minutes, "minute")] if minutes else []
    return " ".join([*parts, counted(rest, "second")] if rest or not minutes else parts)


def listed(names: Sequence[str]) -> str:
    """a, b and c"""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
