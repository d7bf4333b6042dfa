"""Nudges: what a listener does when nothing is said for long, or when the answer grows long.

All of them are for showing or saying; none ends anything. Times and their sources: reference, section 5.
"""

from __future__ import annotations

from dataclasses import dataclass

from greenroom.listening.endpointer import Listening


@dataclass(frozen=True, slots=True)
class NudgeTimes:
    """When which nudge is due (s).

    Attributes:
        look: without a sound, a sign on the screen that we listen. Thinking for 30 s and more is normal
            before an answer from memory (one-way interviews allow 2 min), so this is only something to see.
        encourage: without a sound, "take your time".
        offer: without a sound, the offer to repeat the question or to skip it.
        long: of the answer, a silent sign. Platforms set 2 min as the length that suits most questions.
        wrap_up: of the answer, a gentle word. Beyond 3 min it is long for any question.
    """

    look: float = 8.0
    encourage: float = 15.0
    offer: float = 35.0
    long: float = 150.0
    wrap_up: float = 180.0


WAITING = ("look", "encourage", "offer")
ANSWERING = ("long", "wrap_up")


class Nudges:
    """The nudges of one answer, each at most once in a stretch of waiting, or in the answer."""

    def __init__(self, times: NudgeTimes | None = None) -> None:
        self._times = times or NudgeTimes()
        self._given: set[str] = set()
        self._quiet_since = 0.0

    def due(self, listening: Listening, speech_start: float | None) -> str | None:
        """The nudge that is due now: "look", "encourage", "offer", "long", "wrap_up" or None.

        To be asked after every frame. If several are due at once, only the last of them is given.

        Args:
            listening: where the answer stands.
            speech_start: when its first word began (s); None before.
        """
        if listening.phase == "ended":
            return None
        if speech_start is not None:
            return self._newest(ANSWERING, listening.elapsed - speech_start)
        if listening.phase == "speaking":  # a sound, if only a knock: somebody is there, the wait starts anew
            self._quiet_since = listening.elapsed
            self._given.difference_update(WAITING)
            return None
        return self._newest(WAITING, listening.elapsed - self._quiet_since)

    def _newest(self, names: tuple[str, ...], passed: float) -> str | None:
        due = [name for name in names if getattr(self._times, name) <= passed]
        if not due or due[-1] in self._given:
            return None
        self._given.update(due)
        return due[-1]
