"""Word times that one can click on: Whisper's, moved to where the sound begins.

Whisper's times come from where its decoder looked, not from the sound: a word is given the silence and the
filled pauses before it. What it says is taken here as one opinion among others: a word does not begin in
silence, it begins where the sound changes, and it takes about as long as its letters need. The best order of
starts under these is found by dynamic programming over the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greenroom.prosody.acoustics import HOP_SECONDS, Acoustics, Floats
from greenroom.prosody.silences import sound_between
from greenroom.prosody.stretches import Hops, Stretch, Stretches, inside, joined, stretches_of
from greenroom.records import Word

Times = NDArray[np.float64]

_EARLY = 0.045
"""How early Whisper's times lie (s): the median of starts and of ends alike, where the times are known."""

_BREAK = 0.15
"""The shortest gap in the sound (s) that is surely more than the closure of a stop, usually 50 to 100 ms."""

_REACH_BACK, _REACH_ON = 0.3, 0.35  # how far from Whisper's word its start is looked for (s)
_CHANGE_HOPS = 4  # the spectrum of 40 ms before against 40 ms after
_CLEAR_CHANGE_DB = 10.0
_LETTER, _WORD = 0.055, 0.06  # time a word needs: 0.34 s for five letters, 180 words a minute (s)
_LETTERS_OF_A_DIGIT = 4
_SLOWEST, _FASTEST = 2.0, 0.5
_SHORTEST = 0.03
_FILLER_EDGE = 0.03  # what is left of a filled pause beyond its times is not the beginning of a word (s)

# What each doubt costs, in one currency: 1 is a start 0.1 s before Whisper's.
_BEFORE, _AFTER = 1 / 0.10, 1 / 0.15  # by second of sound: Whisper is early far more often than late
_OFF_END = 1 / 0.10
_OVER_SILENCE = 0.5  # what silence counts beside sound, from Whisper's end: that is seldom on the wrong side
_MOST_OFF = 6.0
_NO_CHANGE = 1.5  # a start where the sound goes on as it was
_NOT_AFTER_BREAK = 0.7
_TOO_SHORT, _TOO_LONG = 2.5, 0.8  # by the square of the natural logarithm
_MOST_TOO_LONG = 2.5
_BREAK_INSIDE = 1.0, 8.0  # for a break in the middle of a word, and by its seconds
_LEFT_OVER = 2.5  # by second of sound that belongs to no word: Whisper leaves out filled pauses
_IMPOSSIBLE = 1e6


def refined(
    words: tuple[Word, ...],
    acoustics: Acoustics,
    silences: Stretches,
    fillers: Sequence[Stretch] = (),
) -> tuple[Word, ...]:
    """The same words in the same order, without overlap, their times moved to the sound.

    Args:
        silences: (start, end) of what is silent (s); no word lies in there.
        fillers: (start, end) of filled pauses that are not among the words (s).

    Words without times come back as they are.
    """
    spans = {i: (w.start, w.end) for i, w in enumerate(words) if w.start is not None and w.end is not None}
    taken = [(start - _FILLER_EDGE, end + _FILLER_EDGE) for start, end in fillers]
    sounding = sound_between(acoustics, silences) & ~inside(taken, len(acoustics.level_db))
    if not spans or not sounding.any():
        return words
    needs = np.array([_needs(words[i].text) for i in spans])
    found = _Alignment(np.array(list(spans.values())), needs, _Sound(acoustics, sounding)).spans()
    moved = list(words)
    for i, (start, end) in zip(spans, found, strict=True):
        moved[i] = replace(words[i], start=start, end=end)
    return tuple(moved)


def _needs(text: str) -> float:
    """Seconds that a word takes at an ordinary pace."""
    letters = sum(_LETTERS_OF_A_DIGIT if char.isdigit() else char.isalpha() for char in text)
    return _WORD + _LETTER * max(letters, 1)


class _Sound:
    """Where there is sound that can be words, where it breaks off, and where it changes.

    Attributes:
        starts, ends: of its runs (s), shape (runs,), those parted by less than a break taken together.
        change: how much the spectrum changes at the beginning of each hop, 0 to 1; shape (n,).
    """

    def __init__(self, acoustics: Acoustics, sounding: Hops) -> None:
        runs = joined(stretches_of(sounding), _BREAK)
        self.starts, self.ends = np.array(runs).T
        self.change = _change(np.maximum(acoustics.spectrum, acoustics.floor_db - 10))
        self._heard = np.concatenate([[0.0], np.cumsum(inside(runs, len(sounding))) * HOP_SECONDS])

    def between(self, start: Times, end: Times) -> Times:
        """Seconds of sound from `start` to `end`; negative where the end comes first."""
        seconds: Times = self._heard[self._hop(end)] - self._heard[self._hop(start)]
        return seconds

    def candidates(self, start: float, end: float) -> tuple[Times, NDArray[np.bool_]]:
        """Times from `start` to `end` at which a word may begin, and whether each comes after a break."""
        change = self.change[self._hop(np.array(start)) : self._hop(np.array(end)) + 1]
        inner = change[1:-1]
        peaks = np.flatnonzero((inner >= change[:-2]) & (inner > change[2:])) + 1
        times = peaks * HOP_SECONDS + self._hop(np.array(start)) * HOP_SECONDS
        run = np.maximum(np.searchsorted(self.starts, times, side="right") - 1, 0)
        times = times[(times > self.starts[run] + _SHORTEST) & (times < self.ends[run] - _SHORTEST)]
        first = self.starts[(self.starts >= start) & (self.starts <= end)]
        return np.concatenate([first, times]), np.arange(len(first) + len(times)) < len(first)

    def nearest(self, time: float) -> float:
        """`time`, or where the next sound begins if there is none; the last sound's end after it."""
        run = int(np.searchsorted(self.ends, time, side="right"))
        return max(time, float(self.starts[run])) if run < len(self.ends) else float(self.ends[-1])

    def changes(self, times: Times) -> Times:
        changes: Times = self.change[np.minimum(self._hop(times), len(self.change) - 1)]
        return changes

    def _hop(self, time: Times) -> NDArray[np.int64]:
        return np.clip(np.round(time / HOP_SECONDS), 0, len(self._heard) - 1).astype(np.int64)


def _change(spectrum: Floats) -> Times:
    """Root of the mean squared change of the bands, as a share of a clear one."""
    padded = np.pad(spectrum, ((_CHANGE_HOPS, _CHANGE_HOPS), (0, 0)), mode="edge")
    sums = np.cumsum(np.concatenate([np.zeros((1, spectrum.shape[1])), padded]), axis=0)
    means = (sums[_CHANGE_HOPS:] - sums[:-_CHANGE_HOPS]) / _CHANGE_HOPS
    steps = means[_CHANGE_HOPS:-1] - means[: -_CHANGE_HOPS - 1]
    change: Times = np.minimum(np.sqrt((steps**2).mean(axis=1)) / _CLEAR_CHANGE_DB, 1.0)
    return change


@dataclass(frozen=True, slots=True)
class _Followed:
    """What it costs that a word is followed by the next, and where the word ends (s); shape (now, next)."""

    cost: Times
    end: Times


class _Alignment:
    """The words of one answer against its sound; `given` are Whisper's spans (s), shape (words, 2)."""

    def __init__(self, given: Times, needs: Times, sound: _Sound) -> None:
        self._given = given + _EARLY
        self._sound = sound
        spoken = sound.between(given[:, 0], given[:, 1]).sum()
        self._needs = needs * np.clip(spoken / needs.sum(), _FASTEST, _SLOWEST)

    def spans(self) -> list[tuple[float, float]]:
        starts, costs = zip(*map(self._starts, range(len(self._given))), strict=True)
        total, came_from, ends = costs[0], [], []
        for i in range(len(starts) - 1):
            followed = self._followed(i, starts[i], starts[i + 1])
            whole = total[:, None] + followed.cost
            came_from.append(whole.argmin(axis=0))
            ends.append(followed.end)
            total = whole.min(axis=0) + costs[i + 1]
        return _in_order(self._traced(starts, total, came_from, ends))

    def _traced(
        self, starts: Sequence[Times], total: Times, came_from: list[NDArray[np.int64]], ends: list[Times]
    ) -> list[tuple[float, float]]:
        last = len(starts) - 1
        after = self._followed(last, starts[last], np.array([np.inf]))
        at = int((total + after.cost[:, 0]).argmin())
        spans = [(float(starts[last][at]), float(after.end[at, 0]))]
        for i in range(last - 1, -1, -1):
            before = int(came_from[i][at])
            spans.append((float(starts[i][before]), float(ends[i][before, at])))
            at = before
        return spans[::-1]

    def _starts(self, i: int) -> tuple[Times, Times]:
        """Where word `i` may begin (s), and what each costs."""
        start, end = self._given[i]
        own = self._sound.nearest(start)
        times, fresh = self._sound.candidates(start - _REACH_BACK, max(end, own) + _REACH_ON)
        times, fresh = np.append(times, own), np.append(fresh, False)
        off = self._sound.between(np.full(len(times), start), times)
        cost = np.minimum(np.where(off < 0, -off * _BEFORE, off * _AFTER), _MOST_OFF)
        change = np.where(fresh, 0.0, _NOT_AFTER_BREAK + _NO_CHANGE * (1 - self._sound.changes(times)))
        return times, cost + change

    def _followed(self, i: int, now: Times, following: Times) -> _Followed:
        """The word ends where the next begins, or at the break before; it may span one break."""
        begins, after = now[:, None], following[None, :]
        run = np.clip(np.searchsorted(self._sound.ends, now, side="right"), 0, len(self._sound.ends) - 1)
        following_run = np.minimum(run + 1, len(self._sound.ends) - 1)
        stops = self._ended(i, begins, np.minimum(self._sound.ends[run][:, None], after), after)
        spans = self._ended(i, begins, np.minimum(self._sound.ends[following_run][:, None], after), after)
        silent = (self._sound.starts[following_run] - self._sound.ends[run])[:, None]
        spanned = spans.cost + _BREAK_INSIDE[0] + _BREAK_INSIDE[1] * np.maximum(silent, 0)
        cost = np.minimum(stops.cost, spanned)
        impossible = after < begins + _SHORTEST
        end = np.where(stops.cost <= spanned, stops.end, spans.end)
        return _Followed(cost + _IMPOSSIBLE * impossible, end)

    def _ended(self, i: int, start: Times, end: Times, following: Times) -> _Followed:
        """As if word `i` ended at `end`."""
        long = np.log(np.maximum(self._sound.between(start, end), _SHORTEST) / self._needs[i])
        length = np.where(long < 0, _TOO_SHORT * long**2, np.minimum(_TOO_LONG * long**2, _MOST_TOO_LONG))
        given = np.full_like(end, self._given[i, 1])
        off = np.abs(self._sound.between(given, end))
        off += (np.abs(end - given) - off) * _OVER_SILENCE
        finite = np.where(np.isfinite(following), following, end)
        left = np.maximum(self._sound.between(end, finite), 0) * _LEFT_OVER
        return _Followed(length + np.minimum(off * _OFF_END, _MOST_OFF) + left, end)


def _in_order(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Rounded; where there was no room for a word it takes none."""
    ordered, now = [], 0.0
    for start, end in spans:
        begin = max(start, now)
        now = max(end, begin)
        ordered.append((round(begin, 3), round(now, 3)))
    return ordered
