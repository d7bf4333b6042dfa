"""Score where the analyzer hears situation, task, action and result, word by word, and their shares.

Reads a letter a word from two readers (tests/data/answers/clauses.jsonl); the answers are those of the
tuning half with the same ids.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from evaluate_patterns import TUNING
from labelled_answers import ROLE_LETTERS, read_labelled, read_rows

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.scorer import ROLES
from greenroom.records import PARTS, Question

CLAUSES = TUNING.with_name("clauses.jsonl")
_ASIDE = ROLE_LETTERS[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=CLAUSES)
    parser.add_argument("--answers", type=Path, default=TUNING)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    answers = {each.id: each for each in read_labelled(options.answers)}
    analyzer = Analyzer()
    first, second, heard = [], [], []
    for row in read_rows(options.file):
        answer = answers[row["id"]]
        own = letters_heard(analyzer, answer.answer, answer.question)
        counted = [i for i, letter in enumerate(row["readers"][0]) if letter != "-"]
        for kept, letters in ((first, row["readers"][0]), (second, row["readers"][1]), (heard, own)):
            kept.append("".join(letters[i] for i in counted))
    found = {"the second reader": compared(first, second), "greenroom": compared(first, heard)}
    if options.json:
        print(json.dumps(found, indent=1))
        return
    print(f"{len(first)} answers, {sum(map(len, first))} words; measured against the first reader\n")
    print(f"{'':<18} right  macro F1  " + "  ".join(f"{role:<9}" for role in ROLES) + "  shares off by")
    for name, scores in found.items():
        each = "  ".join(f"{scores[role]:<9.2f}" for role in ROLES)
        right, macro, off = (scores[key] for key in ("right", "macro_f1", "shares_off"))
        print(f"{name:<18} {right:<5.2f}  {macro:<8.2f}  {each}  {off:.2f}")


def letters_heard(analyzer: Analyzer, text: str, question: Question) -> str:
    """A letter a word: what the analysis of the answer takes it for."""
    letters = [_ASIDE] * len(text.split())
    for part in analyzer.analyze(transcript_of(text), question).parts:
        for i in range(part.first_word, part.last_word + 1):
            letters[i] = ROLE_LETTERS[ROLES.index(part.id)]
    return "".join(letters)


def compared(readers: Sequence[str], others: Sequence[str]) -> dict[str, float]:
    """Shares of words alike, F1 of each role over the words, and by how much the parts' shares differ.

    `shares_off` is half the sum of the differences of the four shares of an answer's parts, 0 to 1, the mean
    over the answers in which both found a part.
    """
    read, heard = np.array(list("".join(readers))), np.array(list("".join(others)))
    scores = {
        role: float(2 * ((read == x) & (heard == x)).sum() / max(1, (read == x).sum() + (heard == x).sum()))
        for role, x in zip(ROLES, ROLE_LETTERS, strict=True)
    }
    off = [
        float(np.abs(_shares(mine) - _shares(theirs)).sum() / 2)
        for mine, theirs in zip(readers, others, strict=True)
        if _has_part(mine) and _has_part(theirs)
    ]
    return {
        "right": float((read == heard).mean()),
        "macro_f1": float(np.mean(list(scores.values()))),
        **scores,
        "shares_off": float(np.mean(off)) if off else 0.0,
    }


def _has_part(letters: str) -> bool:
    return bool(set(letters) - {_ASIDE})


def _shares(letters: str) -> np.ndarray:
    counts = np.array([letters.count(letter) for letter in ROLE_LETTERS[: len(PARTS)]], dtype=float)
    return counts / counts.sum()


if __name__ == "__main__":
    main()
