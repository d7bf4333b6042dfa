"""The strongest moments of an answer: the words that an experienced coach would say back."""

from __future__ import annotations

from collections.abc import Mapping

from greenroom.records import Highlight

from .moments import Moment, Moments
from .reading import Reading
from .scorer import Scores
from .signals import Support
from .verdicts import logistic
from .words import span_of

_MOST = 3
BESIDE = 0.25
"""A moment that is so many times less likely to be said back than the best is not among the strongest
(judgement)."""
# From here on they are praised for a signal by name, which says more than a quote in a list (judgement).
_NAMED = 0.5


def highlights(
    reading: Reading, moments: Moments, scores: Scores, supported: Mapping[str, Support]
) -> tuple[Highlight, ...]:
    """At most _MOST, best first."""
    found = moments.of(scores, [word.text for word in reading.words], _MOST)
    return tuple(
        Highlight(
            span_of(reading.words, moment.first, moment.last),
            round(moment.worth, 2),
            _signals(moment, scores, supported),
        )
        for moment in found
        if moment.worth >= BESIDE * found[0].worth
    )


def _signals(moment: Moment, scores: Scores, supported: Mapping[str, Support]) -> tuple[str, ...]:
    """The signals that the answer sends and these words show, the surest first."""
    shown = scores.evidence_in(range(moment.first, moment.last + 1))
    sent = [id for id, support in supported.items() if support.sent and logistic(shown[id]) >= _NAMED]
    return tuple(sorted(sent, key=lambda id: -shown[id]))
