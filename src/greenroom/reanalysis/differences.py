"""What another reading of a session found that the one before did not, answer by answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from greenroom.records import Turn, Word, bare, is_filled_pause
from greenroom.review.comparison import Comparison, Exchange, compare, fillers_compare, measure_words

MEASURES = ("speech_rate", "fillers", "long_pauses")
"""Those of Comparison.measures that are told of; the others follow from the words and the sound."""


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that stood in one place before and stand there now; "" where there are none."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TurnDifference:
    """One answer before and after.

    Attributes:
        words: how many there were before, filled pauses not counted.
        changed: how many were replaced, left out or added.
        places: where, in order.
        sound: whether it was spoken and its recording was there to be heard again, as far as that was wanted.
    """

    number: int
    question: str
    words: int
    changed: int
    places: tuple[WordChange, ...]
    comparison: Comparison
    sound: bool = True

    @property
    def is_none(self) -> bool:
        """Whether nothing differs that anybody would be told of."""
        return not (self.changed or found_otherwise(self.comparison) or measured_otherwise(self.comparison))


def differences(
    before: Sequence[Turn], after: Sequence[Turn], silent: Sequence[int] = ()
) -> tuple[TurnDifference, ...]:
    """Of every turn, in order; `silent` are the numbers of those whose recording could not be heard."""
    later = {turn.number: turn for turn in after}
    return tuple(
        _difference(turn, later[turn.number], sound=turn.number not in silent)
        for turn in sorted(before, key=lambda turn: turn.number)
    )


def found_otherwise(comparison: Comparison) -> bool:
    """Whether patterns, signals, markers, parts, the form or the rubric differ."""
    return (
        any(each.came or each.went for each in exchanges(comparison).values())
        or comparison.form[0] != comparison.form[1]
        or any(change.by != 0 for change in comparison.rubric)
    )


def measured_otherwise(comparison: Comparison) -> bool:
    """Whether a number of the delivery differs by as much as is shown of it."""
    return any(before != after for before, after in shown_measures(comparison).values())


def exchanges(comparison: Comparison) -> dict[str, Exchange]:
    return {
        "patterns": comparison.patterns,
        "signals": comparison.signals,
        "markers": comparison.markers,
        "parts": comparison.parts,
    }


def shown_measures(comparison: Comparison) -> dict[str, tuple[str | None, str | None]]:
    """Of some of its measures the values as they are shown, before and after; None where there is none."""
    return {
        change.id: (_shown(change.id, change.before), _shown(change.id, change.after))
        for change in comparison.measures
        if change.id in MEASURES
    }


def _shown(id: str, value: float | None) -> str | None:
    return None if value is None else measure_words(id, value)


def _difference(before: Turn, after: Turn, *, sound: bool) -> TurnDifference:
    told, now = _spoken(before.transcript.words), _spoken(after.transcript.words)
    places, changed = list[WordChange](), 0
    for kind, i, end, j, stop in SequenceMatcher(
        None, [bare(word) for word in told], [bare(word) for word in now], autojunk=False
    ).get_opcodes():
        if kind != "equal":
            places.append(WordChange(" ".join(told[i:end]), " ".join(now[j:stop])))
            changed += max(end - i, stop - j)
    return TurnDifference(
        before.number,
        before.question or before.asked.text,
        len(told),
        changed,
        tuple(places),
        _compared(before, after),
        sound,
    )


def _compared(before: Turn, after: Turn) -> Comparison:
    comparison = compare(before, after)
    if fillers_compare(before, after):
        return comparison
    return replace(comparison, measures=tuple(each for each in comparison.measures if each.id != "fillers"))


def _spoken(words: Sequence[Word]) -> list[str]:
    """Without the filled pauses, which are counted among the fillers."""
    return [word.text for word in words if not is_filled_pause(word.text)]
