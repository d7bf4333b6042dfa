"""What an interviewer could ask into next: what the answer leaves open, and what is most worth asking.

Two logistic regressions for each of OPENINGS on what the learned scorer makes of the whole answer
(scripts/fit_openings.py): whether it makes sense here and was not told, and whether an experienced
interviewer would choose it. What came of a story has one of its own, which knows the last words too: it
learned from stories that were cut off before their end.
"""

from __future__ import annotations

from importlib.resources import files

import msgspec
import numpy as np

from greenroom.records import OPENINGS, Opening

from .scorer import Floats, Scores
from .verdicts import logistic

ASKABLE = 0.5
"""From here on it makes sense: of 100 such 77 were called open by both of two readers, and the most wanted of
them in 93 of 100 answers (scripts/evaluate follow-ups)."""


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    weight: list[list[float]]
    bias: list[float]
    end_weight: list[float]
    end_bias: float


class Openings:
    """Loading takes some hundredths of a second; make one and keep it.

    Args:
        weight: (2 * OPENINGS, width of Scores.pooled) first whether each can be asked, then whether it is
            wanted.
        bias: (2 * OPENINGS,)
        end_weight: (width of Scores.pooled and Scores.tail,) whether a story stops before its end.
        end_bias: the same.
    """

    def __init__(self, weight: Floats, bias: Floats, end_weight: Floats, end_bias: float) -> None:
        self._weight, self._bias = weight, bias
        self._end_weight, self._end_bias = end_weight, end_bias

    @classmethod
    def load(cls) -> Openings:
        """The fitted ones, from scorer_data/openings.json."""
        raw = (files("greenroom.analysis") / "scorer_data" / "openings.json").read_bytes()
        stored = msgspec.json.decode(raw, type=_Stored)
        weight, bias, end_weight = (
            np.array(each, np.float32) for each in (stored.weight, stored.bias, stored.end_weight)
        )
        return cls(weight, bias, end_weight, stored.end_bias)

    def of(self, scores: Scores) -> tuple[Opening, ...]:
        """Those that can be asked, the most wanted first."""
        chances = 1 / (1 + np.exp(-(self._weight @ scores.pooled + self._bias)))
        askable, wanted = np.split(chances, 2)
        whole = np.concatenate([scores.pooled, scores.tail])
        at = OPENINGS.index("outcome")
        askable[at] = wanted[at] = logistic(float(self._end_weight @ whole) + self._end_bias)
        found = [
            Opening(id, round(float(much), 3), round(float(sense), 3))
            for id, much, sense in zip(OPENINGS, wanted, askable, strict=True)
            if sense >= ASKABLE
        ]
        return tuple(sorted(found, key=lambda opening: -opening.wanted))
