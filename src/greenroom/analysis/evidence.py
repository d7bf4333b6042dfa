"""The clauses that made the learned scorer think what it thinks."""

from __future__ import annotations

from collections.abc import Sequence

from .quoting import whole_clauses
from .reading import Clause, Reading
from .scorer import Scores


def speaking_for(
    reading: Reading, scores: Scores, family: str, id: str, most: int, among: Sequence[Clause] = ()
) -> list[Clause]:
    """At most `most` clauses, of all or of `among`, that speak most for a label, in the order of the answer.

    Clauses are weighed by the sum of their words, so a long one that says it in passing may stand before a
    short one; only clauses that speak for it at all are taken, and the first is taken in any case.
    """
    whole = whole_clauses(among or reading.clauses)
    weights = {clause.first: scores.weight(family, id, clause.words) for clause in whole}
    best = sorted(whole, key=lambda clause: -weights[clause.first])[:most]
    kept = [clause for i, clause in enumerate(best) if i == 0 or weights[clause.first] > 0]
    return sorted(kept, key=lambda clause: clause.first)
