"""Pace: the speech rate in a rolling window, and where it was out of the usual for long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from greenroom.records import PaceDeparture, PacePoint, Pause, Word

from .bands import Bands
from .pauses import is_long

Times = NDArray[np.float64]
_KINDS = {"fast": "fast", "very slow": "slow"}  # bands of the speech rate that make a departure


class Pace:
    """The pace of one answer, from `start` to `end` (s).

    A word that a window cuts counts for the part of its time that lies inside, so the curve has no steps.
    """

    def __init__(
        self, words: Sequence[Word], pauses: Sequence[Pause], start: float, end: float, bands: Bands
    ) -> None:
        """`words`: those that count, all of them with times; bands: the profile's."""
        self._bands, self._settings = bands, bands.pace
        self._knots, self._counts = _spoken(words)
        self._long = [(p.start, p.end) for p in pauses if is_long(p, bands.pauses)]
        half = self._settings.window / 2
        last = max(end - half, start + half)
        self._centres = np.arange(start + half, last + 1e-6, self._settings.step)
        if end - start < self._settings.window:
            self._centres = self._centres[:0]

    def curve(self) -> tuple[PacePoint, ...]:
        """One point per step; () for an answer shorter than the window."""
        rates = self._rates(self._centres, talking=False)
        return tuple(
            PacePoint(round(float(t), 2), round(float(wpm), 1))
            for t, wpm in zip(self._centres, rates, strict=True)
        )

    def departures(self) -> tuple[PaceDeparture, ...]:
        """Stretches that were fast or slow for long, in order."""
        whole, talking = (self._rates(self._centres, talking=talking) for talking in (False, True))
        kinds = [self._kind(fast, slow) for fast, slow in zip(whole, talking, strict=True)]
        return tuple(self._stretches(kinds))

    def _kind(self, whole: float, talking: float) -> str:
        """Fast by all of the window; slow by what of it is no long pause: a pause for thought is not slow."""
        for rate, kind in ((whole, "fast"), (talking, "slow")):
            if not np.isnan(rate) and _KINDS.get(self._bands.name("speech_rate", rate)) == kind:
                return kind
        return ""

    def _stretches(self, kinds: Sequence[str]) -> Iterator[PaceDeparture]:
        for kind, run in groupby(range(len(kinds)), key=lambda i: kinds[i]):
            places = list(run)
            start, end = float(self._centres[places[0]]), float(self._centres[places[-1]])
            if kind and end - start >= self._settings.sustained:
                wpm = self._rate(np.array([start]), np.array([end]), talking=kind == "slow")[0]
                yield PaceDeparture(kind, round(start, 2), round(end, 2), round(float(wpm), 1))

    def _rates(self, centres: Times, *, talking: bool) -> Times:
        half = self._settings.window / 2
        return self._rate(centres - half, centres + half, talking=talking)

    def _rate(self, starts: Times, ends: Times, *, talking: bool) -> Times:
        """Words per minute from each start to its end; `talking`: of the time without long pauses."""
        said = np.interp(ends, self._knots, self._counts) - np.interp(starts, self._knots, self._counts)
        seconds = ends - starts
        for a, b in self._long if talking else ():
            seconds = seconds - np.clip(np.minimum(ends, b) - np.maximum(starts, a), 0.0, None)
        # Where a window is nearly all pause, a few words say nothing of the pace.
        return np.where(seconds >= self._settings.window / 3, 60 * said / np.maximum(seconds, 1e-9), np.nan)


def _spoken(words: Sequence[Word]) -> tuple[Times, Times]:
    """How many words were said by when: times that never fall, and counts at them."""
    times = [time or 0.0 for word in words for time in (word.start, word.end)]
    counts = [count for i in range(len(words)) for count in (i, i + 1)]
    return np.maximum.accumulate(np.array(times, dtype=np.float64)), np.array(counts, dtype=np.float64)
