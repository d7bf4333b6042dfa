"""Trends in words: what changed and what stayed, and on how many answers that rests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.screens import counted, percent

from .history import PastSession
from .trends import CHANCE, LEAST_SESSIONS, MOST_SESSIONS, Measure, Point, Side, Trend

_WAYS = {
    "pace": ("A slower pace", "A faster pace"),
    "fillers": ("Fewer fillers", "More fillers"),
    "long_pauses": ("Fewer long pauses", "More long pauses"),
    "length": ("Shorter answers", "Longer answers"),
    "ear": ("Your own ear, nearer to the rubric", "Your own ear, further from the rubric"),
}
"""What a measure that is no share is called when it went down, and when it went up."""

RULE = (
    "The older half of the sessions is held against the newer half. A change is called one only where it is "
    "large enough to be noticed (10 words a minute, 1 filler or long pause a minute, 10 seconds, 0.3 points "
    "of your own ratings, 10 of 100 answers) and where chance would hardly make it: had the same sessions "
    f"come in any other order, fewer than {round(100 * CHANCE)} order in 100 may show a difference as large. "
    f"That takes {LEAST_SESSIONS} sessions. "
    "With twenty measures, about one look in ten can still take chance for a change."
)
COUNTED = (
    "First answers count, also to follow-ups; an answer tried again after its feedback, the demo candidate’s "
    f"and numbers that could not be told reliably do not. Trends look at the newest {MOST_SESSIONS} sessions "
    "at most."
)


@dataclass(frozen=True, slots=True)
class Told:
    """One measure in words: what it did, and its numbers."""

    trend: Trend
    head: str
    numbers: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All measures in words, by what became of them.

    Attributes:
        changed: those that did; `stayed`: those that did not, or not so that it can be told from chance, and
            among them the `doubtful`, that differ.
        never: patterns that were not found once; `not_yet`: signals that were not sent once.
        few: measures that cannot be told yet.
    """

    changed: tuple[Told, ...]
    stayed: tuple[Told, ...]
    never: tuple[Trend, ...]
    not_yet: tuple[Trend, ...]
    few: tuple[Told, ...]

    @property
    def doubtful(self) -> tuple[Told, ...]:
        return tuple(told for told in self.stayed if told.trend.verdict == "unclear")

    @property
    def steady(self) -> tuple[Told, ...]:
        return tuple(told for told in self.stayed if told.trend.verdict == "same")


def changes(trends: Sequence[Trend]) -> Changes:
    there = [trend for trend in trends if trend.whole is not None]
    absent = [trend for trend in there if trend.absent]
    told = [Told(trend, head_of(trend), numbers_of(trend)) for trend in there if not trend.absent]
    return Changes(
        changed=tuple(each for each in told if each.trend.verdict == "changed"),
        stayed=tuple(each for each in told if each.trend.verdict in ("same", "unclear")),
        never=tuple(trend for trend in absent if trend.measure.kind == "pattern"),
        not_yet=tuple(trend for trend in absent if trend.measure.kind == "signal"),
        few=tuple(each for each in told if each.trend.verdict == "few"),
    )


def head_of(trend: Trend) -> str:
    """Fewer fillers · Ownership, more often · Pace, where it did not change"""
    measure, up = trend.measure, trend.difference > 0
    if trend.verdict != "changed":
        return measure.name
    return f"{measure.name}, {'more' if up else 'less'} often" if measure.is_share else _WAYS[measure.id][up]


def numbers_of(trend: Trend) -> str:
    """The halves' values, and the answers that they rest on."""
    measure, whole, older, newer = trend.measure, trend.whole, trend.older, trend.newer
    if whole is None:
        return "not measured in these sessions"
    if trend.verdict == "few" or older is None or newer is None:
        if measure.is_share:
            return of_answers(whole)
        return f"{value_words(measure, whole.value)} ({counted(whole.answers, 'answer')})"
    doubt = ", maybe chance" if trend.verdict == "unclear" else ""
    if measure.is_share:
        since = f"{whole_number(newer.amount)} of {newer.answers} since"
        return f"{of_answers(older)} before, {since}{doubt}{_by_the_questions(trend)}"
    return (
        f"{number_words(measure, older.value)} before, {value_words(measure, newer.value)} since "
        f"({older.answers} and {counted(newer.answers, 'answer')}){doubt}"
    )


def _by_the_questions(trend: Trend) -> str:
    """Of a signal that changed: whether the questions did, too."""
    older, newer, asked = trend.older, trend.newer, trend.asked_for
    if trend.verdict != "changed" or not (older and newer and asked):
        return ""
    shift = asked[1] / newer.answers - asked[0] / older.answers
    if abs(shift) < trend.measure.least or (shift > 0) != (trend.difference > 0):
        return ""
    return f"; questions that ask for it: {asked[0]} before, {asked[1]} since, so it may be the questions"


def sentence(told: Told) -> str:
    return f"{told.head}: {told.numbers}."


def point_words(measure: Measure, point: Point) -> str:
    """What one session's point says: "4.9 a minute, 5 answers" or "2 of 5 answers"."""
    if measure.is_share:
        return f"{whole_number(point.amount)} of {counted(point.answers, 'answer')}"
    return f"{value_words(measure, point.value)}, {counted(point.answers, 'answer')}"


def of_answers(side: Side) -> str:
    return f"{whole_number(side.amount)} of {counted(side.answers, 'answer')}"


def value_words(measure: Measure, value: float) -> str:
    return f"{number_words(measure, value)} {measure.unit}" if measure.unit else number_words(measure, value)


def number_words(measure: Measure, value: float) -> str:
    """A value as precisely as it means something; shares in per cent."""
    if measure.is_share:
        return percent(value)
    return f"{value:.1f}" if measure.least < 2 else f"{value:.0f}"


def whole_number(amount: float) -> str:
    return f"{amount:.0f}"


def different_measures(sessions: Sequence[PastSession]) -> tuple[str, ...]:
    """By what these sessions were measured, if not all by the same; the oldest first."""
    measured = tuple(dict.fromkeys(session.facts.measured_by for session in sessions))
    return measured if len(measured) > 1 else ()


def different_banks(sessions: Sequence[PastSession]) -> tuple[str, str] | None:
    """The bank of most sessions of the older half and that of the newer half, where they are not the same."""
    middle = len(sessions) - len(sessions) // 2
    before, since = _bank_of_most(sessions[:middle]), _bank_of_most(sessions[middle:])
    return (before, since) if before and since and before != since else None


def _bank_of_most(sessions: Sequence[PastSession]) -> str | None:
    count = Counter(bank for session in sessions for bank in session.facts.banks)
    ((bank, its),) = count.most_common(1) or [("", 0)]
    return bank if 2 * its > len(sessions) else None


def reservations(sessions: Sequence[PastSession]) -> tuple[str, ...]:
    """What else than the person may have changed between the halves of these sessions, in sentences."""
    said = []
    if measured := different_measures(sessions):
        said.append(f"They were measured by {' and '.join(measured)}: part of a change may be the measuring.")
    if banks := different_banks(sessions):
        said.append(f"Most were {banks[0]} before, {banks[1]} since: part of a change may be the questions.")
    return tuple(said)
