"""Pauses: the silences inside an answer, each by its length and by where in a clause it lies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import pairwise

from greenroom.records import Pause, Utterance, Word

from .bands import Bands, PauseSettings, band_of
from .words import is_word

Silences = Sequence[tuple[float, float]]


def gaps_in_speech(utterance: Utterance) -> Silences:
    """What voice activity left out: a stand-in for silences while the sound has not been listened to."""
    return tuple((end, start) for (_, end), (start, _) in pairwise(utterance.speech))


def find_pauses(
    words: Sequence[Word],
    silences: Silences,
    start: float,
    end: float,
    clause_ends: Collection[int],
    bands: Bands,
) -> tuple[Pause, ...]:
    """The silences of `least` and more that lie between `start` and `end` (s), cut off there."""
    inside = [(round(max(a, start), 3), round(min(b, end), 3)) for a, b in silences]
    long_enough = [(a, b) for a, b in inside if _length(a, b) >= bands.pauses.least]
    place = _Places(words, clause_ends)
    return tuple(
        Pause(a, b, place.inside_clause((a + b) / 2), band_of(bands.pauses.classes, _length(a, b)))
        for a, b in long_enough
    )


def is_long(pause: Pause, settings: PauseSettings) -> bool:
    return _length(pause.start, pause.end) >= settings.long


def _length(start: float, end: float) -> float:
    """To the millisecond, as the times are: 2.8 - 1.8 comes out under 1.0, and it is a second."""
    return round(end - start, 3)


def silent_seconds(pauses: Sequence[Pause]) -> float:
    return sum(pause.end - pause.start for pause in pauses)


def longest_run(pauses: Sequence[Pause], start: float, end: float) -> float:
    """The longest stretch between two pauses, or between one and either end (s)."""
    edges = [start, *(edge for pause in pauses for edge in (pause.start, pause.end)), end]
    return max(b - a for a, b in zip(edges[::2], edges[1::2], strict=True))


class _Places:
    """Where in a clause a moment lies."""

    def __init__(self, words: Sequence[Word], clause_ends: Collection[int]) -> None:
        said = [(w.start, i, w) for i, w in enumerate(words) if w.start is not None and is_word(w.text)]
        self._starts = [start for start, _, _ in said]
        self._closed = [i in clause_ends or w.text.rstrip()[-1:] in ".,;:!?" for _, i, w in said]
        self._known = bool(clause_ends)

    def inside_clause(self, time: float) -> bool | None:
        """Whether the word said before leaves its clause open; None where that is not known."""
        before = bisect_left(self._starts, time) - 1
        return None if before < 0 or not self._known else not self._closed[before]
