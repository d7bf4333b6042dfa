"""The markers of senior communication: there where a signal is sent, in words that show that side of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenroom.records import SignalEvidence

from .query import found
from .quoting import quotes
from .reading import Clause, Reading
from .rules import MarkerRule
from .signals import MOST_QUOTES, Support


def showing(reading: Reading, rule: MarkerRule) -> list[Clause]:
    """The clauses that show it, in order; none where they do not weigh enough together."""
    clauses = list(found(reading, rule.evidence))
    return [clause for clause, _ in clauses] if sum(w for _, w in clauses) >= rule.threshold else []


def markers_shown(
    reading: Reading, rules: Sequence[MarkerRule], supported: Mapping[str, Support]
) -> tuple[SignalEvidence, ...]:
    shown = []
    for rule in rules:
        clauses = showing(reading, rule) if supported[rule.signal].sent else []
        if clauses:
            shown.append(
                SignalEvidence(
                    rule.id,
                    quotes(reading, clauses[:MOST_QUOTES]),
                    round(supported[rule.signal].chance, 2),
                    shown=round(supported[rule.signal].shown, 2),
                )
            )
    return tuple(shown)
