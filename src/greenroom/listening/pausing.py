"""A person's own pauses: how long they think in mid-answer, and the patience that suits them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from greenroom.records import Silence

SHORTEST_THOUGHT = 0.5
"""Shorter pauses (s) separate phrases; they say nothing about thinking (reference, section 5)."""

FEWEST_PAUSES = 20
"""With fewer, the 98th percentile is no more than the longest pause (judgement: some three answers)."""

LEAST_PATIENCE = 2.5
MOST_PATIENCE = 6.0
MARGIN = 0.5
PERCENTILE = 98
"""Suggested patience (s): the person's 98th percentile and half a second, between 2.5 and 6 s (reference,
section 6)."""


@dataclass(frozen=True, slots=True)
class PauseStatistics:
    """Pauses of more than half a second after which the person went on.

    Attributes:
        count: how many.
        median, p95, longest: of their lengths (s); 0.0 where there are none.
        resumed_after_end: how many of them were taken for the end at first.
    """

    count: int
    median: float
    p95: float
    longest: float
    resumed_after_end: int


def pause_statistics(silences: Iterable[Silence], *, reopened: int = 0) -> PauseStatistics:
    """Statistics of the silences of one or many answers, which were re-opened `reopened` times in all."""
    lengths = _thinking(silences)
    if not lengths:
        return PauseStatistics(0, 0.0, 0.0, 0.0, reopened)
    median, p95 = (float(value) for value in np.percentile(lengths, (50, 95)))
    return PauseStatistics(len(lengths), median, p95, max(lengths), reopened)


def suggested_patience(silences: Iterable[Silence]) -> float | None:
    """The patience (s) that suits who made these silences; None where there are too few to say.

    Only pauses after which they went on count: the last one of an answer is as long as the patience was.
    """
    lengths = _thinking(silences)
    if len(lengths) < FEWEST_PAUSES:
        return None
    wanted = float(np.percentile(lengths, PERCENTILE)) + MARGIN
    return round(min(MOST_PATIENCE, max(LEAST_PATIENCE, wanted)), 1)


def _thinking(silences: Iterable[Silence]) -> list[float]:
    return [silence.seconds for silence in silences if silence.resumed and silence.seconds > SHORTEST_THOUGHT]
