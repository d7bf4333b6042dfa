"""Fit what is asked next: from what the scorer makes of an answer to what an interviewer would ask into.

Reads scripts/scorer/openings.jsonl (for each answer what was told, what would make no sense to ask, what a
reader would ask most; `end`: the word from which on only the result is told) and writes openings.json (see
analysis/openings.py) into the package. Has to be run again after export_scorer.py.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from labelled_answers import as_transcribed, read_rows

import greenroom.analysis.openings
from greenroom.analysis.scorer import Scorer
from greenroom.records import OPENINGS, ends_sentence

HERE = Path(__file__).parent / "scorer"
FILE = Path(greenroom.analysis.openings.__file__).parent / "scorer_data" / "openings.json"
FAMILIES = {"plan": "plan_", "self": "self_"}
# Of a range of 30 to 300 all chose as well on the tuning half; the largest of them moves least.
PENALTY = 300.0
# The question of a recording that is analysed by itself is often not known.
UNASKED = 0.1
AS_TRANSCRIBED = 0.5
# A story that stops at its last deed is often closed like that, and so are whole ones.
CLOSED = {True: 0.4, False: 0.15}
CLOSERS = (
    "So yeah, that's what I did.",
    "And, yeah, that was it really.",
    "So that's how I went about it.",
    "That's basically the story.",
    "And that's that.",
    "So I did all of that, yeah.",
    "I was pretty proud of that.",
    "Yeah. I think that's a good example.",
)
DIGITS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, default=HERE / "answers.jsonl")
    parser.add_argument("--marked", type=Path, default=HERE / "openings.jsonl")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    parser.add_argument("--to", type=Path, default=FILE)
    options = parser.parse_args()
    answers = {row["id"]: row for row in read_rows(options.answers)}
    marked = read_rows(options.marked)
    scorer, rng = Scorer(), random.Random(7)
    inputs, wanted, tails, unended = [], [], [], []
    for row in marked:
        answer = answers[row["id"]]
        # Each twice, as written and as a transcriber may give it, since both come to be read.
        for text in (answer["answer"], as_transcribed(answer["answer"], rng)):
            question = "" if rng.random() < UNASKED else answer["question"]
            scores = scorer.read(question, text.split())
            inputs.append(scores.pooled)
            wanted.append(targets(row))
            tails.append(np.concatenate([scores.pooled, scores.tail]))
            unended.append(is_unended(row))
        for text, is_open in cut_off(answer["answer"].split(), row["end"]) if "end" in row else ():
            told = f"{text} {rng.choice(CLOSERS)}" if rng.random() < CLOSED[is_open] else text
            told = as_transcribed(told, rng) if rng.random() < AS_TRANSCRIBED else told
            scores = scorer.read(answer["question"], told.split())
            tails.append(np.concatenate([scores.pooled, scores.tail]))
            unended.append(is_open)
    ends = np.array(unended, dtype=np.float32)[:, None]
    stored = {
        "openings": _short(*fit(np.array(inputs), np.array(wanted), options.penalty)),
        "end": _short(*fit(np.array(tails), ends, options.penalty)),
    }
    options.to.write_text(json.dumps(stored, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(marked)} answers, {options.to.stat().st_size / 1e6:.2f} MB")


def family(opening: str) -> str:
    """What it can be asked after: a "story", a "plan", or what somebody says of the "self"."""
    return next((name for name, prefix in FAMILIES.items() if opening.startswith(prefix)), "story")


def targets(row: Mapping[str, Any]) -> np.ndarray:
    """(2 * OPENINGS,) 1 where it can be asked, and 1 where the reader would ask it most."""
    closed = {*row["said"], *row["odd"]}
    askable = [family(each) == row["as"] and each not in closed for each in OPENINGS]
    return np.array([*askable, *(each in row["best"] for each in OPENINGS)], dtype=np.float32)


def cut_off(words: Sequence[str], end: int) -> Iterator[tuple[str, bool]]:
    """A story without its end, and with no more of it than one sentence; and whether its end is open."""
    yield " ".join(words[:end]), True
    closed = next((i for i in range(end, len(words)) if ends_sentence(words[i])), len(words) - 1)
    yield " ".join(words[: closed + 1]), False


def is_unended(row: Mapping[str, Any]) -> bool:
    """Whether it is a story of which nobody knows yet how it ended."""
    return row["as"] == "story" and "outcome" not in {*row["said"], *row["odd"]}


def fit(inputs: np.ndarray, given: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """(outputs, inputs) and (outputs,): penalised maximum likelihood; inputs count in their deviations."""
    mean, spread = inputs.mean(0), inputs.std(0)
    scaled, wanted = torch.tensor((inputs - mean) / spread), torch.tensor(given)
    weight = torch.zeros(given.shape[1], inputs.shape[1], requires_grad=True)
    bias = torch.zeros(given.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = scaled @ weight.T + bias
        missed = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted, reduction="sum")
        total: torch.Tensor = missed + penalty / 2 * (weight**2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    plain = weight.detach().numpy() / spread
    return plain, bias.detach().numpy() - plain @ mean


def _short(weight: np.ndarray, bias: np.ndarray) -> dict[str, list[Any]]:
    *rows, last = (
        [float(f"{value:.{DIGITS}g}") for value in row] for row in (*weight.tolist(), bias.tolist())
    )
    return {"weight": rows, "bias": last}


if __name__ == "__main__":
    main()
