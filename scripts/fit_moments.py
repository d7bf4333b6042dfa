"""Fit which words of an answer are said back: from what the scorer makes of each word to a reader's choice.

Reads scripts/scorer/moments.jsonl (for each answer the stretches of words a reader would say back, best
first, as the first word and the one behind the last) and, for less, evidence.jsonl (the strongest clauses,
whole), and writes moments.json (see analysis/moments.py) into the package. Has to be run again after
export_scorer.py. Needs: pip install torch.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from labelled_answers import read_rows

import greenroom.analysis.moments
from greenroom.analysis.moments import (
    MOST_WORDS,
    SAME,
    flags_of,
    inputs_of,
    places_of,
    shared,
    stretches,
)
from greenroom.analysis.scorer import Scorer

HERE = Path(__file__).parent / "scorer"
FILE = Path(greenroom.analysis.moments.__file__).parent / "scorer_data" / "moments.json"
# What the second and the third choice count beside the first (judgement).
CHOICES = (0.6, 0.25, 0.15)
# How steeply a stretch loses that shares less with the chosen one.
STEEP = 3
# How much the strongest clauses teach beside the stretches (docs/measurements.md).
OF_CLAUSES = 0.2
UNASKED = 0.1
BATCH = 16
DIGITS = 4


Stretch = tuple[int, int]


class Marked(NamedTuple):
    """What a reader chose in an answer, best first; `counts` is how much it teaches."""

    id: str
    best: Sequence[Stretch]
    counts: float


class Example(NamedTuple):
    """One answer as the network takes it; `wanted` (stretches + 1,) sums to 1, the last is none of them."""

    inputs: torch.Tensor
    flags: torch.Tensor
    begins: torch.Tensor
    ends: torch.Tensor
    places: torch.Tensor
    wanted: torch.Tensor
    counts: float


class Network(torch.nn.Module):
    """What analysis.moments.Moments computes, for training."""

    def __init__(self, inputs: int, units: int, flags: int, dropout: float) -> None:
        super().__init__()
        self.hidden = torch.nn.Linear(inputs, units)
        self.dropout = torch.nn.Dropout(dropout)
        self.words = torch.nn.Linear(units + flags, 5)
        self.lengths = torch.nn.Parameter(torch.zeros(MOST_WORDS + 1))
        self.places = torch.nn.Parameter(torch.zeros(3))
        self.nothing = torch.nn.Parameter(torch.zeros(1))

    def forward(self, given: Example) -> torch.Tensor:
        """(stretches + 1,) in logits."""
        units = self.dropout(torch.relu(self.hidden(given.inputs)))
        said = self.words(torch.cat([units, given.flags], dim=1))
        inside, first, last, before, after = torch.nn.functional.pad(said, (0, 0, 1, 1)).T
        begins, ends = given.begins, given.ends
        sums = inside.cumsum(0)
        weight = (sums[ends] - sums[begins]) / (ends - begins)
        weight = weight + first[begins + 1] + last[ends] + before[begins] + after[ends + 1]
        weight = weight + self.lengths[ends - begins] + given.places @ self.places
        return torch.cat([weight, self.nothing + float(np.log(len(begins)))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=Path, default=HERE / "answers.jsonl")
    parser.add_argument("--marked", type=Path, default=HERE / "moments.jsonl")
    parser.add_argument("--clauses", type=Path, default=HERE / "evidence.jsonl")
    parser.add_argument("--units", type=int, default=32, help="of each of the networks that are averaged")
    parser.add_argument("--networks", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--decay", type=float, default=0.01)
    parser.add_argument("--to", type=Path, default=FILE)
    options = parser.parse_args()
    answers = {row["id"]: row for row in read_rows(options.answers)}
    marked = [Marked(row["id"], row["best"], 1.0) for row in read_rows(options.marked)]
    clauses = [(row["id"], clauses_of(row)) for row in read_rows(options.clauses)]
    marked += [Marked(id, best, OF_CLAUSES) for id, best in clauses if best]
    examples = read_examples(answers, marked)
    mean, spread = scale_of(examples)
    examples = [each._replace(inputs=(each.inputs - mean) / spread) for each in examples]
    trained = [train(examples, options, seed) for seed in range(options.networks)]
    options.to.write_text(json.dumps(averaged(trained, mean, spread), separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(examples)} answers, {options.to.stat().st_size / 1e6:.2f} MB")


def clauses_of(row: dict[str, Any]) -> list[Stretch]:
    """The strongest clauses that a reader marked, as far as they can be said back."""
    clauses = row["shows"].get("strength", ())
    return [(first, min(last + 1, first + MOST_WORDS)) for first, last in clauses]


def read_examples(answers: dict[str, dict[str, Any]], marked: Iterable[Marked]) -> list[Example]:
    """Each twice, as written and without marks and capitals, since both come to be read."""
    scorer, rng, examples = Scorer(), random.Random(7), []
    by_answer = defaultdict[str, list[Marked]](list)
    for each in marked:
        by_answer[each.id].append(each)
    for id, its in by_answer.items():
        answer = answers[id]
        words = answer["answer"].split()
        for said in (words, without_marks(words)):
            question = "" if rng.random() < UNASKED else answer["question"]
            begins, ends = stretches(said)
            if not len(begins):
                continue
            given = (inputs_of(scorer.read(question, said)), flags_of(said), begins, ends)
            tensors = [torch.tensor(each) for each in (*given, places_of(begins, len(said)))]
            for each in its:
                chosen = torch.tensor(wanted(each.best, begins, ends))
                examples.append(Example(*tensors, chosen, each.counts))
    return examples


def without_marks(words: Sequence[str]) -> list[str]:
    """The same words as a transcriber may give them; each stays one word."""
    return [re.sub(r"[^\w'%$€£-]", "", word.lower().replace("’", "'")) or word for word in words]


def wanted(best: Sequence[Stretch], begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """See Example.wanted: the chosen stretches, and less those that share most of their words."""
    given = np.zeros(len(begins) + 1, dtype=np.float32)
    for (begin, end), weight in zip(best, CHOICES, strict=False):
        near = np.maximum(shared(begin, end, begins, ends) - SAME, 0) ** STEEP
        if near.any():
            given[:-1] += weight * near / near.sum()
    if not given.any():
        given[-1] = 1
    return given / given.sum()


def scale_of(examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    together = torch.cat([each.inputs for each in examples])
    return together.mean(0), together.std(0) + 1e-3


def train(examples: Sequence[Example], options: argparse.Namespace, seed: int) -> Network:
    torch.manual_seed(seed)
    order = random.Random(seed)
    network = Network(examples[0].inputs.shape[1], options.units, examples[0].flags.shape[1], dropout=0.2)
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=options.decay)
    left = list(examples)
    batches = -(-len(left) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=options.epochs * batches)
    for epoch in range(options.epochs):
        order.shuffle(left)
        lost = 0.0
        for start in range(0, len(left), BATCH):
            batch = left[start : start + BATCH]
            missed = [
                -each.counts * (each.wanted * torch.log_softmax(network(each), 0)).sum() for each in batch
            ]
            loss = torch.stack(missed).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            lost += loss.item() * len(batch)
        print(f"network {seed + 1}, epoch {epoch + 1}: {lost / len(left):.3f}", flush=True)
    return network.eval()


def averaged(networks: Sequence[Network], mean: torch.Tensor, spread: torch.Tensor) -> dict[str, Any]:
    """Their mean as one network, on inputs as they are: all their units beside each other."""
    share = 1 / len(networks)
    units = networks[0].hidden.out_features
    with torch.no_grad():
        weights = [each.hidden.weight / spread for each in networks]
        biases = [each.hidden.bias - weight @ mean for each, weight in zip(networks, weights, strict=True)]
        said = [each.words.weight[:, :units] * share for each in networks]
        flags = sum(each.words.weight[:, units:] for each in networks) * share
        return {
            "hidden": _layer(torch.cat(weights), torch.cat(biases)),
            "words": _layer(torch.cat([*said, flags], dim=1), sum(e.words.bias for e in networks) * share),
            "lengths": _short(sum(each.lengths for each in networks) * share),
            "places": _short(sum(each.places for each in networks) * share),
            "nothing": float(sum(each.nothing for each in networks) * share),
        }


def _layer(weight: torch.Tensor, bias: torch.Tensor) -> dict[str, Any]:
    return {"weight": [_short(row) for row in weight], "bias": _short(bias)}


def _short(values: torch.Tensor) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values.tolist()]


if __name__ == "__main__":
    main()
