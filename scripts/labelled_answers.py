"""Files of labelled answers: reading them, and making their texts harder."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenroom.analysis import scorer
from greenroom.records import FORMS, Question

FAMILIES = {family: names for family, names in scorer.FAMILIES.items() if family != "forms"}
Label = tuple[str, str]
LABELS: tuple[Label, ...] = tuple((family, name) for family, names in FAMILIES.items() for name in names)

ROLE_LETTERS = "STARO"
"""What the files of labelled words call each of scorer.ROLES."""

FILLERS = ("um", "uh", "er", "like", "you know", "so", "i mean")
FILLER_SHARE = 0.03
REPEATED_SHARE = 0.02
"""Of all words: close to the 6 disfluencies in 100 words of real speech (Bortfeld et al. 2001)."""


@dataclass(frozen=True)
class Labelled:
    """One answer; `labels` is 1, 0 or, where readers differed, still what most of them said.

    `form` is one of records.FORMS, or None where it was not asked for.
    """

    id: str
    question: Question
    answer: str
    labels: dict[Label, bool]
    form: str | None


def read_rows(path: Path) -> list[dict[str, Any]]:
    """A file of JSON lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def read_labelled(path: Path) -> list[Labelled]:
    return [
        Labelled(
            str(row.get("id", number)),
            Question(id="", text=row.get("question") or "", kind=row.get("kind") or "behavioural"),
            row["answer"],
            {(family, name): bool(row[family][name]) for family, name in LABELS},
            row.get("form") if row.get("form") in FORMS else None,
        )
        for number, row in enumerate(read_rows(path), start=1)
    ]


def as_transcribed(text: str, rng: random.Random) -> str:
    """Without marks and capitals, fillers and repetitions put in: the worst a transcriber may give."""
    words = []
    for word in re.sub(r"[^\w\s'%$€£]", " ", text.lower().replace("’", "'")).split():
        if rng.random() < FILLER_SHARE:
            words.append(rng.choice(FILLERS))
        if rng.random() < REPEATED_SHARE:
            words.append(word)
        words.append(word)
    return " ".join(words)


def noisy(answers: list[Labelled], seed: int = 1) -> list[Labelled]:
    rng = random.Random(seed)
    return [replace(each, answer=as_transcribed(each.answer, rng)) for each in answers]
