"""From what the rules and the learned scorer make of an answer to how likely each label is.

For each label: logit = offset + scale * the scorer's logit + rule * the rule's strength (0 to 1) + shown *
how much the clauses show it, each by itself (log-sum-exp of their logits; signals only), fitted on the tuning
half of the labelled answers by scripts/fit_verdicts.py, so that of answers given 0.7 about 7 in 10 show it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from .scorer import Scores

FOUND = 0.5
"""From here on a pattern is told; what is only just likely is asked about, not asserted (coaching)."""
TOLD = 0.4
"""From here on a part is told: one too many harms nobody, and F1 is highest at half of itself (Lipton, Elkan,
Naryanaswamy 2014, arXiv 1402.1892), here about 0.8."""
SENT = 0.3
"""From here on a signal is sent: the same, with an F1 of about 0.6 on answers that others than the scorer's
teachers wrote. Praise wants more (coaching)."""
HINTED = 0.1
"""From here on a signal is hinted at: only of what is less likely it is said that it never came. The readers
heard 74 of 317 signals between this and SENT, and 65 of 2437 below it (tuning, weighing, published)."""

_LIMIT = 1e-6


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    offset: float = 0.0
    scale: float = 1.0
    rule: float = 0.0
    shown: float = 0.0


class Verdicts:
    """Weights of labels by family and name; a label without any keeps the scorer's chance."""

    def __init__(self, weights: Mapping[str, Mapping[str, Weights]]) -> None:
        self.weights = weights

    @classmethod
    def load(cls) -> Verdicts:
        """The fitted ones, from scorer_data/verdicts.json."""
        raw = (files("greenroom.analysis") / "scorer_data" / "verdicts.json").read_bytes()
        return cls(msgspec.json.decode(raw, type=dict[str, dict[str, Weights]]))

    def chance(self, family: str, id: str, scores: Scores, rule: float, shown: float = 0.0) -> float:
        """How likely the label is, 0 to 1."""
        weights = self.weights.get(family, {}).get(id, Weights())
        return logistic(
            weights.offset
            + weights.scale * logit(scores.of(family, id))
            + weights.rule * min(rule, 1.0)
            + weights.shown * shown
        )


def logit(chance: float) -> float:
    chance = min(max(chance, _LIMIT), 1 - _LIMIT)
    return math.log(chance / (1 - chance))


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
