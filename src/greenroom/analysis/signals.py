"""Which signals an answer sends, by evidence and never by the mere claim."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import SignalEvidence, Span

from .query import found
from .quoting import quote
from .reading import Clause, Reading
from .rules import SignalRule

# More quotes than that help nobody to find the place.
MOST_QUOTES = 3


def signals_sent(reading: Reading, rules: Sequence[SignalRule]) -> tuple[SignalEvidence, ...]:
    """The signals whose evidence reaches its threshold, each with its weightiest quotes."""
    sent = []
    for rule in rules:
        clauses = list(found(reading, rule.evidence))
        if clauses and sum(weight for _, weight in clauses) >= rule.threshold:
            sent.append(SignalEvidence(rule.id, _quotes(reading, clauses)))
    return tuple(sent)


def strength_of(reading: Reading, rule: SignalRule) -> float:
    """How far the evidence goes: 0 nothing, 1 the threshold, 2 what is called strong."""
    weight = sum(w for _, w in found(reading, rule.evidence))
    if weight < rule.threshold:
        return weight / rule.threshold
    return 1 + min(1.0, (weight - rule.threshold) / max(rule.strong - rule.threshold, 0.1))


def _quotes(reading: Reading, clauses: Sequence[tuple[Clause, float]]) -> tuple[Span, ...]:
    best = sorted(clauses, key=lambda item: (-item[1], item[0].first))[:MOST_QUOTES]
    return tuple(quote(reading, clause) for clause, _ in sorted(best, key=lambda item: item[0].first))
