"""Patience: the silence that ends an answer, by what was said before it.

A fixed silence cannot be both patient and quick (reference, section 0), so it is longer while the answer
has hardly begun or its last words want more to follow, and very short once the person has said that they are
done.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from greenroom.errors import UsageError
from greenroom.listening.tails import Reading, read_tail

SHORTEST_PATIENCE = 0.5
LONGEST_PATIENCE = 60.0

SPOKEN_ENDING_SECONDS = 0.8
"""Silence that ends an answer after "that's my answer" (s; reference, section 5)."""

HARDLY_BEGUN_SECONDS = 8.0
"""Less speech than this (s) is no answer yet: "So... let me think." (Judgement: about 20 words. The reference
proposes 20 s, but follow-up questions are well answered in 10 to 15 s, and those would all wait.)"""

HARDLY_BEGUN_SHORT_SECONDS = 20.0
"""The same where the patience is short: there the reference's 20 s stand, since words alone tell too few
thinking pauses from ends (docs/measurements.md)."""

OWN_PAUSE_MARGIN = 0.5
"""Who has paused so long in this answer and gone on gets that and half a second the next time (s; the margin
is the reference's, section 6)."""

LONG_ANSWER_SECONDS = 20.0
"""After so much speech (s) "that's it" is an ending. (Judgement: before, it is mostly part of the story.)"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait in silence (s).

    Attributes:
        base: after words that may be the end.
        extended: while the answer has hardly begun, or its last words want more to follow.
        ending: after words that say that it is the end.
        hardly_begun: less speech than this is a beginning.
    """

    base: float
    extended: float
    ending: float = SPOKEN_ENDING_SECONDS
    hardly_begun: float = HARDLY_BEGUN_SECONDS

    def seconds_for(self, tail: Sequence[str], spoken: float, longest_pause: float = 0.0) -> float:
        """The silence that ends the answer.

        Args:
            tail: its last words so far, with the marks that the transcriber wrote; () if none are known.
            spoken: how long the person has spoken (s).
            longest_pause: of those in this answer after which the person went on (s).
        """
        state = self.reading(tail, spoken).state
        if state == "ended":
            return min(self.ending, self.base)
        if state == "unfinished":
            return self.extended
        return max(self.base, min(self.extended, longest_pause + OWN_PAUSE_MARGIN))

    def after(self, tail: Sequence[str], speech: Sequence[tuple[float, float]]) -> float:
        """The same, from where speech was: (start, end) of each stretch (s)."""
        spoken = sum(end - start for start, end in speech)
        longest_pause = max((start - end for (_, end), (start, _) in pairwise(speech)), default=0.0)
        return self.seconds_for(tail, spoken, longest_pause)

    def reading(self, tail: Sequence[str], spoken: float) -> Reading:
        """What tail and length together say, and by which rule."""
        read = read_tail(tail)
        if read.state == "ended" and (spoken >= LONG_ANSWER_SECONDS or not read.weak):
            return read
        if spoken < self.hardly_begun:
            return Reading("unfinished", "hardly begun")
        # Where no words are known (no transcriber, or one that is behind) nothing is known against the end.
        return Reading("finished") if read.state == "ended" or not tail else read


NAMED = {
    "short": Patience(2.5, 4.0, hardly_begun=HARDLY_BEGUN_SHORT_SECONDS),
    "patient": Patience(4.0, 6.0),
}
"""2.5 s is the 95th percentile of pauses inside a turn in call-centre talk (LiveKit); 3 s still drew
complaints of being cut off in a voice agent, and answers from memory have longer pauses. The extended ones
are those of the reference, section 5."""


def named_patience(text: str) -> Patience:
    """The patience that `text` names: "short", "patient" or a number of seconds.

    Who names seconds gets these and no more: only the named ones are extended.

    Raises:
        UsageError: it is neither, or a number outside 0.5 to 60 s.
    """
    name = text.strip().lower()
    return NAMED[name] if name in NAMED else Patience(seconds := _seconds(text), seconds)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not SHORTEST_PATIENCE <= seconds <= LONGEST_PATIENCE:
        raise UsageError(
            f"patience {text!r} is neither short, patient nor a number of seconds from"
            f" {SHORTEST_PATIENCE:g} to {LONGEST_PATIENCE:g}",
            "--patience patient",
        )
    return seconds
