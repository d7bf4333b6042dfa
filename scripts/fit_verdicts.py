"""Fit how rules and scorer are weighed together on labelled answers that neither learned from.

Per label a logistic regression on the scorer's logit, the rule's strength and what the clauses show, drawn
towards the scorer as it is: with some twenty positives a label nothing more would hold on other answers.
Writes verdicts.json (see analysis/verdicts.py) into the package.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
from evaluate_patterns import TUNING
from labelled_answers import LABELS, Label, Labelled, as_transcribed, read_labelled

import greenroom.analysis.verdicts
from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.patterns import matches_of
from greenroom.analysis.signals import by_rule, clause_evidence, in_all, shown_by
from greenroom.analysis.verdicts import Weights, logit

FILE = Path(greenroom.analysis.verdicts.__file__).parent / "scorer_data" / "verdicts.json"
WEIGHING = Path(__file__).parent / "scorer" / "weighing.jsonl"
# Precisions of the normal distributions around offset 0, scale 1, rule 0, shown 0 that the fit starts from
# (judgement: few positives are to move little).
PRIOR_AT = np.array([0.0, 1.0, 0.0, 0.0])
PRIOR = np.array([1.0, 8.0, 2.0, 4.0])
STEPS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", default=[TUNING, WEIGHING])
    options = parser.parse_args()
    answers = [each for file in options.files for each in read_labelled(file)]
    # Each twice, as written and as a transcriber may give it, since both come to be read.
    rng = random.Random(7)
    answers += [replace(each, answer=as_transcribed(each.answer, rng)) for each in answers]
    seen = [features(analyzer, each) for analyzer in [Analyzer()] for each in answers]
    fitted: dict[str, dict[str, Weights]] = {}
    for label in LABELS:
        inputs = np.array([each[label] for each in seen])
        given = np.array([each.labels[label] for each in answers], dtype=float)
        weights = fit(inputs, given)
        if weights.rule < 0:  # chance: no rule speaks against what it looks for
            weights = fit(inputs * [1, 0, 1], given)
        print(
            f"{label[1]:<18} offset {weights.offset:5.2f} scale {weights.scale:4.2f} "
            f"rule {weights.rule:5.2f} shown {weights.shown:5.2f}"
        )
        fitted.setdefault(label[0], {})[label[1]] = weights
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(fitted), indent=1) + b"\n")


def features(analyzer: Analyzer, answer: Labelled) -> dict[Label, tuple[float, float, float]]:
    """(the scorer's logit, the rule's strength 0 to 1, what the clauses show) of each label; see verdicts."""
    reading = analyzer.read(transcript_of(answer.answer), answer.question)
    scores = analyzer.score(reading.words, answer.question)
    matches = matches_of(reading, analyzer.patterns)
    rules = {("patterns", name): match.confidence for name, match in matches.items()}
    seen = {rule.id: by_rule(reading, rule) for rule in analyzer.signals}
    rules |= {("signals", id): its.strength / 2 for id, its in seen.items()}
    evidence = clause_evidence(reading, scores)
    shown = {("signals", id): in_all(shown_by(reading, evidence, id, its)) for id, its in seen.items()}
    parts = {clause.part for clause in reading.clauses}
    rules |= {label: float(label[1] in parts) for label in LABELS if label[0] == "parts"}
    return {label: (logit(scores.of(*label)), rules[label], shown.get(label, 0.0)) for label in LABELS}


def fit(inputs: np.ndarray, given: Sequence[float] | np.ndarray) -> Weights:
    """Penalised maximum likelihood by Newton's method; `inputs` is (answers, 3).

    No step is longer than 1: where the scorer is sure and wrong there is no curvature, and it diverges.
    """
    design = np.column_stack([np.ones(len(inputs)), inputs])
    weights = PRIOR_AT.copy()
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (np.asarray(given) - chances) - PRIOR * (weights - PRIOR_AT)
        curvature = (design * (chances * (1 - chances))[:, None]).T @ design + np.diag(PRIOR)
        weights += np.clip(np.linalg.solve(curvature, gradient), -1, 1)
    return Weights(*(round(float(weight), 3) for weight in weights))


if __name__ == "__main__":
    main()
