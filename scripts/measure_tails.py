"""How well is the end of an answer told from a pause inside it, by the last words alone?

Takes answers as people gave them (text files, one answer each; or JSON lines with a field "answer") and cuts
them:

- inside sentences, at random word boundaries, as a thinking pause does: once with nothing after the last
  word, and once with a full stop wrongly put there, as a transcriber does (the words then decide alone);
- between sentences, where most pauses are and only little tells that more will come;
- at their true ends.

Nothing of the answers is kept. Cuts before `--spoken` words are left out: those answers have hardly begun.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from greenroom.listening.tails import Reading, read_tail


def answers(paths: list[Path]) -> Iterator[str]:
    for path in paths:
        text = path.read_text("utf-8")
        if path.suffix == ".jsonl":
            yield from (json.loads(line)["answer"] for line in text.splitlines() if line.strip())
        else:
            yield text


def ends_sentence(word: str) -> bool:
    return bool(re.search(r"[.!?][\"'”’)]*$", word))


def without_mark(word: str) -> str:
    return word.rstrip(".,;:!?-–—…\"'”’)")


def show(name: str, readings: list[tuple[str, Reading]], wanted: str, listed: int) -> None:
    """One line of the table: how many are read as `wanted`, and by which rules the others or these were."""
    hits = sum(reading.state == wanted for _, reading in readings)
    by_rule = Counter(reading.why for _, reading in readings if reading.why)
    rules = ", ".join(f"{rule} {count}" for rule, count in by_rule.most_common())
    print(f"{name}: {hits} of {len(readings)} {wanted} ({hits / max(1, len(readings)):.1%})\n    {rules}")
    for tail, reading in [pair for pair in readings if pair[1].state != wanted][:listed]:
        print(f"      {reading.state} ({reading.why}): ... {tail}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--cuts", type=int, default=8, help="cuts inside sentences for each answer")
    parser.add_argument("--spoken", type=int, default=20, help="words after which an answer has begun")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N that were read wrongly")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    inside: list[list[str]] = []
    between: list[list[str]] = []
    ends: list[list[str]] = []
    for answer in answers(options.files):
        words = answer.split()
        ends.append(words)
        places = range(options.spoken, len(words))
        within = [i for i in places if not ends_sentence(words[i - 1])]
        inside += [words[:i] for i in chance.sample(within, min(options.cuts, len(within)))]
        between += [words[:i] for i in places if ends_sentence(words[i - 1])]
    tables = {
        "inside sentences, nothing written": ("unfinished", [[*w[:-1], without_mark(w[-1])] for w in inside]),
        "inside sentences, a full stop": (
            "unfinished",
            [[*w[:-1], without_mark(w[-1]) + "."] for w in inside],
        ),
        "between sentences": ("unfinished", between),
        "true ends": ("finished", ends),
    }
    began, count = time.perf_counter(), 0
    for name, (wanted, tails) in tables.items():
        readings = [(" ".join(tail[-12:]), read_tail(tail)) for tail in tails]
        count += len(readings)
        if options.show:
            chance.shuffle(readings)
        show(name, readings, wanted, options.show)
    print(f"{(time.perf_counter() - began) / max(1, count) * 1000:.3f} ms each")


if __name__ == "__main__":
    main()
