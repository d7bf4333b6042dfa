"""Whether sound comes as fast as its sample rate says: a device that was switched may change its rate."""

from __future__ import annotations

_WINDOW_SECONDS = 5.0
"""Sound comes in pieces of 0.1 s, late by a few tenths on a busy machine: over 5 s that is below 6 %."""

_FARTHEST = 0.06
"""48 and 44.1 kHz lie 8 % apart; clocks of sound devices differ by less than 0.1 %."""


class Pace:
    """Counts samples against the clock.

    Args:
        rate: the sample rate that was agreed on (Hz).
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._began: tuple[float, int] | None = None
        self._before = 0.0  # how far off the last window was, as a share

    def changed(self, at: float, samples: int, *, lost: bool = False) -> bool:
        """Whether the rate is another by now: off by the same in two windows, one after the other.

        Args:
            at: when the newest sample came (s).
            samples: how many have come so far.
            lost: whether some were lost on the way, so that nothing can be told.
        """
        if lost or self._began is None:
            self._began, self._before = (at, samples), 0.0
            return False
        since, counted = self._began
        if at - since < _WINDOW_SECONDS:
            return False
        off = (samples - counted) / (at - since) / self._rate - 1.0
        same = abs(off) > _FARTHEST and abs(off - self._before) < _FARTHEST / 2
        self._began, self._before = (at, samples), off
        return same
