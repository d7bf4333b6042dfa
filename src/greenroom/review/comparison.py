"""Two answers to one question, or two readings of one answer, held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from greenroom.records import MARKERS, PARTS, PATTERNS, SIGNALS, Answer, long_pauses, spoken_seconds
from greenroom.screens import clock, filled_pauses_known


class _Found(Protocol):
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """Of one kind (patterns, parts ...) the ids that are in the later answer only, in the earlier, in both.

    Ids stand in the order of their record (records.PATTERNS ...); those of another version come last.
    """

    came: tuple[str, ...]
    went: tuple[str, ...]
    stayed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One number, before and after; None where it was not measured, or not scored."""

    id: str
    before: float | None
    after: float | None

    @property
    def by(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Attributes:
    form: how either was told (records.FORMS, or None).
    rubric: every quality that is scored in both or in one.
    shares: of each of PARTS, its share of the time (0 to 1).
    measures: "seconds" (of the answer, from its first word to its last), "speech_rate" (words a minute),
        "fillers" (a minute), "long_pauses" (of a second or more, a minute), "first_word" (s).
    """

    form: tuple[str | None, str | None]
    patterns: Exchange
    signals: Exchange
    markers: Exchange
    parts: Exchange
    rubric: tuple[Change, ...]
    shares: tuple[Change, ...]
    measures: tuple[Change, ...]


def compare(before: Answer, after: Answer) -> Comparison:
    """What the later of two answers has that the earlier has not, and the other way round."""
    return Comparison(
        form=(before.form, after.form),
        patterns=_exchange(before.patterns, after.patterns, PATTERNS),
        signals=_exchange(before.signals, after.signals, SIGNALS),
        markers=_exchange(before.markers, after.markers, MARKERS),
        parts=_exchange(before.parts, after.parts, PARTS),
        rubric=_changes(
            {each.id: float(each.score) for each in before.rubric},
            {each.id: float(each.score) for each in after.rubric},
            SIGNALS,
        ),
        shares=_changes(before.shares, after.shares, PARTS),
        measures=_changes(measures_of(before), measures_of(after)),
    )


def measures_of(answer: Answer) -> dict[str, float]:
    """The numbers of its delivery by the names of Comparison.measures; only what was measured."""
    delivery = answer.delivery
    seconds = spoken_seconds(delivery)
    count = len(long_pauses(delivery))
    measured = {
        "seconds": seconds,
        "speech_rate": delivery.speech_rate_wpm,
        "fillers": delivery.fillers_per_minute,
        # Without the sound there are no pauses, which is not the same as none.
        "long_pauses": 60 * count / seconds if seconds and delivery.silence_share is not None else None,
        "first_word": delivery.first_word_seconds,
    }
    return {name: value for name, value in measured.items() if value is not None}


def measure_words(id: str, value: float) -> str:
    """A value of Comparison.measures as precisely as it means something: 0:45, 132, 8.6."""
    if id == "seconds":
        return clock(value)
    return f"{value:.0f}" if id == "speech_rate" else f"{value:.1f}"


def fillers_compare(before: Answer, after: Answer) -> bool:
    """Whether their fillers can be held against each other: what Whisper left out would pass for a change."""
    return "written" not in (filled_pauses_known(before.delivery), filled_pauses_known(after.delivery))


def _exchange(before: Iterable[_Found], after: Iterable[_Found], order: tuple[str, ...]) -> Exchange:
    earlier, later = {each.id for each in before}, {each.id for each in after}
    return Exchange(
        came=_ordered(later - earlier, order),
        went=_ordered(earlier - later, order),
        stayed=_ordered(earlier & later, order),
    )


def _changes(
    before: Mapping[str, float], after: Mapping[str, float], order: tuple[str, ...] = ()
) -> tuple[Change, ...]:
    names = _ordered({*before, *after}, order or tuple(dict.fromkeys([*before, *after])))
    return tuple(Change(name, before.get(name), after.get(name)) for name in names)


def _ordered(ids: set[str], order: tuple[str, ...]) -> tuple[str, ...]:
    return (*(id for id in order if id in ids), *sorted(ids - set(order)))
