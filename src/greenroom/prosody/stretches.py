"""Stretches of an answer, as (start, end) in seconds and as a mask with one item for every hop.

Lengths are compared to the half hop: in floats, 0.33 - 0.28 is less than 0.05, and 0.34 - 0.29 more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from greenroom.prosody.acoustics import HOP_SECONDS

Stretch = tuple[float, float]
Stretches = tuple[Stretch, ...]
Hops = NDArray[np.bool_]

_HALF_HOP = HOP_SECONDS / 2


class Timed(Protocol):
    """A word, or whatever else may have a time."""

    @property
    def start(self) -> float | None: ...

    @property
    def end(self) -> float | None: ...


def stretches_of(hops: Hops) -> Stretches:
    """(start, end) of every run of true items (s)."""
    return tuple((first * HOP_SECONDS, last * HOP_SECONDS) for first, last in _runs(hops))


def inside(stretches: Iterable[Stretch], hops: int) -> Hops:
    """What lies in one of the stretches (s), as items of shape (hops,)."""
    inside = np.zeros(hops, dtype=bool)
    for start, end in stretches:
        inside[max(round(start / HOP_SECONDS), 0) : max(round(end / HOP_SECONDS), 0)] = True
    return inside


def longer(hops: Hops, seconds: float) -> Hops:
    """Without the runs that are shorter."""
    kept = np.zeros(len(hops), dtype=bool)
    for first, last in _runs(hops):
        kept[first:last] = (last - first) * HOP_SECONDS >= seconds - _HALF_HOP
    return kept


def bridged(hops: Hops, seconds: float) -> Hops:
    """With the gaps filled that are not longer, those at either end too; of nothing true, nothing."""
    return ~longer(~hops, seconds + HOP_SECONDS) if hops.any() else hops


def widened(hops: Hops, seconds: float) -> Hops:
    """With so much more on both sides of every run."""
    around = np.ones(2 * round(seconds / HOP_SECONDS) + 1)
    return np.convolve(hops, around, mode="same")[: len(hops)] > 0 if len(hops) else hops


def reached(hops: Hops, seeds: Hops) -> Hops:
    """Only the runs that hold a seed."""
    kept = np.zeros(len(hops), dtype=bool)
    for first, last in _runs(hops):
        kept[first:last] = seeds[first:last].any()
    return kept


def joined(stretches: Iterable[Stretch], gap: float = 0.0) -> Stretches:
    """In order and apart: those that meet are one, and those that less than `gap` lies between (s)."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and (start <= joined[-1][1] or start - joined[-1][1] < gap - _HALF_HOP):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def meet(one: Stretch, other: Stretch) -> bool:
    """Whether they have anything in common; to touch is not enough."""
    return one[0] < other[1] and other[0] < one[1]


def length_of(stretch: Stretch) -> float:
    return stretch[1] - stretch[0]


def spans_of(words: Iterable[Timed]) -> list[Stretch]:
    """(start, end) of those that have times (s)."""
    return [(word.start, word.end) for word in words if word.start is not None and word.end is not None]


def middle_of(word: Timed) -> float:
    """0.0 for one that has no times."""
    return ((word.start or 0.0) + (word.end or 0.0)) / 2


def words_before(words: Sequence[Timed], time: float) -> int:
    """How many of the words have their middle before `time` (s)."""
    return sum(1 for word in words if middle_of(word) < time)


def _runs(hops: Hops) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], hops, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
