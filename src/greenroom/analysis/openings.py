"""What an interviewer could ask into next: what the answer leaves open, and what is most worth asking.

Two logistic regressions for each of OPENINGS on what the learned scorer makes of the whole answer
(scripts/fit_openings.py): whether it makes sense here and was not told, and whether an experienced
interviewer would choose it. What came of a story has one of its own, which knows the last words too: it
learned from stories that were cut off before their end.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec
import numpy as np

from greenroom.records import OPENINGS, Opening

from .scorer import Linear, Scores

ASKABLE = 0.5
"""From here on it makes sense: of 100 such 77 were called open by both of two readers, and the most wanted of
them in 93 of 100 answers (scripts/evaluate follow-ups)."""


class Openings:
    """Loading takes some hundredths of a second; make one and keep it.

    Args:
        layer: of Scores.pooled, whether each of OPENINGS can be asked, and then whether each is wanted.
        end: of Scores.pooled and Scores.tail, whether a story stops before its end.
    """

    def __init__(self, layer: Linear, end: Linear) -> None:
        self._layer, self._end = layer, end

    @classmethod
    def load(cls) -> Openings:
        """The fitted ones, from scorer_data/openings.json."""
        raw = (files("greenroom.analysis") / "scorer_data" / "openings.json").read_bytes()
        stored: dict[str, Any] = msgspec.json.decode(raw)
        return cls(Linear.stored(**stored["openings"]), Linear.stored(**stored["end"]))

    def of(self, scores: Scores) -> tuple[Opening, ...]:
        """Those that can be asked, the most wanted first."""
        askable, wanted = np.split(self._layer.chances(scores.pooled), 2)
        at = OPENINGS.index("outcome")
        askable[at] = wanted[at] = self._end.chances(np.concatenate([scores.pooled, scores.tail]))[0]
        found = [
            Opening(id, round(float(much), 3), round(float(sense), 3))
            for id, much, sense in zip(OPENINGS, wanted, askable, strict=True)
            if sense >= ASKABLE
        ]
        return tuple(sorted(found, key=lambda opening: -opening.wanted))
