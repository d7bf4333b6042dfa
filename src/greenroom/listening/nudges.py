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
        lost: of silence, before the first word or in mid-answer, the offer of a hint, to be seen only. Most
            have begun after 8 s (reference: later is flagged); before the voice says anything at 15 s it is
            there for whoever looks. It is twice the longest silence that ends an answer ("patient", in
            mid-sentence), so in mid-answer it comes only to who named a longer patience or had a hint.
        encourage: without a sound, "take your time".
        offer: without a sound, the offer to repeat the question or to skip it.
        long: of the answer, a silent sign. Platforms set 2 min as the length that suits most questions.
        wrap_up: of the answer, a gentle word. Beyond 3 min it is long for any question.
    """

    look: float = 8.0
    lost: float = 12.0
    encourage: float = 15.0
    offer: float = 35.0
    long: float = 150.0
    wrap_up: float = 180.0


WAITING = ("look", "encourage", "offer")
ANSWERING = ("long", "wrap_up")

TIME_FOR_A_HINT = 5.0
"""Nothing is offered to who has less time left (s) until the answer ends: they could not take it."""


class Nudges:
    """Nudges of one answer, each at most once in a stretch of waiting or in the answer, "lost" in both."""

    def __init__(self, times: NudgeTimes | None = None) -> None:
        self._times = times or NudgeTimes()
        self._given: set[str] = set()
        self._quiet_since = 0.0

    def due(self, listening: Listening, speech_start: float | None) -> str | None:
        """The nudge that is due now: "look", "lost", "encourage", "offer", "long", "wrap_up" or None.

        To be asked after every frame. If several are due at once, only the last of them is given.

        Args:
            listening: where the answer stands.
            speech_start: when its first word began (s); None before.
        """
        if listening.phase == "ended":
            return None
        if speech_start is not None:
            return self._newest(ANSWERING, listening.elapsed - speech_start) or self._lost(listening)
        if listening.phase == "speaking":  # a sound, if only a knock: somebody is there, the wait starts anew
            self.begin_anew(listening.elapsed)
            return None
        return self._newest(WAITING, listening.elapsed - self._quiet_since) or self._lost(listening)

    def begin_anew(self, elapsed: float) -> None:
        """The person was heard, held up, or spoken to, until now (s): their wait begins here."""
        self._quiet_since = elapsed
        self._given.difference_update(WAITING)

    def gave_hint(self) -> None:
        """Who has heard the hint is not offered it."""
        self._given.add("lost")

    def _lost(self, listening: Listening) -> str | None:
        quiet = min(listening.silence, listening.elapsed - self._quiet_since)
        ends_soon = listening.remaining is not None and listening.remaining < TIME_FOR_A_HINT
        if "lost" in self._given or quiet < self._times.lost or ends_soon:
            return None
        self._given.add("lost")
        return "lost"

    def _newest(self, names: tuple[str, ...], passed: float) -> str | None:
        due = [name for name in names if getattr(self._times, name) <= passed]
        if not due or due[-1] in self._given:
            return None
        self._given.update(due)
        return due[-1]
