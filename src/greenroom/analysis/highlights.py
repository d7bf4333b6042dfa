"""The strongest moments of an answer: the words that an experienced coach would say back."""

from __future__ import annotations

from collections.abc import Mapping

from greenroom.records import Highlight

from .quoting import quote, whole_clauses
from .reading import Reading
from .scorer import STRENGTH
from .signals import ClauseEvidence, Support
from .verdicts import logistic

_MOST = 3
WORTH_SAYING = 0.3
"""From here on words are among the strongest: of 100 such some 50 were marked (scripts/evaluate quotes)."""
# And from here on they are praised for a signal by name, which says more than a quote in a list (judgement).
_NAMED = 0.5


def highlights(
    reading: Reading, evidence: ClauseEvidence, supported: Mapping[str, Support]
) -> tuple[Highlight, ...]:
    """At most _MOST, best first."""
    whole = whole_clauses(reading.clauses)
    best = sorted(whole, key=lambda clause: -evidence[clause.first][STRENGTH])[:_MOST]
    return tuple(
        Highlight(quote(reading, clause, best), round(worth, 2), _signals(evidence[clause.first], supported))
        for clause in best
        if (worth := logistic(evidence[clause.first][STRENGTH])) >= WORTH_SAYING
    )


def _signals(shown: Mapping[str, float], supported: Mapping[str, Support]) -> tuple[str, ...]:
    """The signals that the answer sends and these words show, the surest first."""
    sent = [id for id, support in supported.items() if support.sent and logistic(shown[id]) >= _NAMED]
    return tuple(sorted(sent, key=lambda id: -shown[id]))
