"""Where a key leads in a session that is replayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.review.passages import Passage

STEP_SECONDS = 5.0
_GRACE_SECONDS = 2.0
"""Who goes back twice means the one before: for so long after its beginning a place still counts as that."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A moment: which passage, and where in it (s)."""

    index: int
    at: float


def back(passages: Sequence[Passage], place: Place) -> Place:
    """Some seconds earlier, across the beginning of a passage."""
    if place.at >= STEP_SECONDS or place.index == 0:
        return Place(place.index, max(0.0, place.at - STEP_SECONDS))
    before = passages[place.index - 1]
    return Place(place.index - 1, max(0.0, before.over - (STEP_SECONDS - place.at)))


def forth(passages: Sequence[Passage], place: Place) -> Place:
    """Some seconds later, but not beyond the beginning of the next passage."""
    passage = passages[place.index]
    if place.at + STEP_SECONDS < passage.over:
        return Place(place.index, place.at + STEP_SECONDS)
    if place.index + 1 < len(passages):
        return Place(place.index + 1, 0.0)
    return Place(place.index, max(place.at, passage.over))


def next_finding(passages: Sequence[Passage], place: Place) -> Place | None:
    return next((stop for stop in _stops(passages) if stop > place), None)


def previous_finding(passages: Sequence[Passage], place: Place) -> Place | None:
    earlier = Place(place.index, place.at - _GRACE_SECONDS)
    return next((stop for stop in reversed(_stops(passages)) if stop < earlier), None)


def next_turn(passages: Sequence[Passage], place: Place) -> Place | None:
    return next((start for start in _turns(passages) if start > place), None)


def previous_turn(passages: Sequence[Passage], place: Place) -> Place:
    """The beginning of this turn, or of the one before where this has just begun."""
    earlier = Place(place.index, place.at - _GRACE_SECONDS)
    return next((start for start in reversed(_turns(passages)) if start < earlier), Place(0, 0.0))


def _stops(passages: Sequence[Passage]) -> list[Place]:
    return [Place(index, stop.at) for index, passage in enumerate(passages) for stop in passage.stops]


def _turns(passages: Sequence[Passage]) -> list[Place]:
    return [Place(index, 0.0) for index, passage in enumerate(passages) if passage.kind == "question"]
