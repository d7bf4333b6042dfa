"""How long an answer of three minutes takes to be read, once everything is loaded.

    scripts/benchmark reading [--words N] [--answers N]

The answers are made of labelled ones (tests/data/answers/tuning.jsonl), joined until they have so many words.
"At once": nothing of it was read before. "As in an interview": all but its last words was read while the
person still spoke, as greenroom does in the pauses. Medians, fastest and slowest; use a quiet machine.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from statistics import median

from evaluate_patterns import TUNING
from labelled_answers import read_labelled

from greenroom.analysis import Analyzer, transcript_of
from greenroom.records import Question

TAIL_WORDS = 40
"""What is still new at the end: the words of some 15 s, more than lie between two pauses."""


def texts(words: int, count: int) -> Iterator[tuple[Question, str]]:
    """As many texts of so many words, none with an answer of another."""
    gathered: list[str] = []
    for each in read_labelled(TUNING):
        gathered += each.answer.split()
        if len(gathered) >= words and count:
            yield each.question, " ".join(gathered[:words])
            gathered, count = [], count - 1


def seconds(analyzer: Analyzer, text: str, question: Question) -> float:
    """How long reading and judging it took (s)."""
    transcript, begun = transcript_of(text), time.perf_counter()
    analyzer.analyze(transcript, question)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--words", type=int, default=450)
    parser.add_argument("--answers", type=int, default=12)
    options = parser.parse_args()
    analyzer = Analyzer()
    first, *given = texts(options.words, 2 * options.answers + 1)
    if len(given) < 2 * options.answers:
        parser.error(f"the labelled answers make {len(given)} such texts, and two are needed for each answer")
    seconds(analyzer, first[1], first[0])  # whatever is loaded late
    taken: dict[str, list[float]] = {"at once": [], "as in an interview": []}
    for question, text in given[: options.answers]:
        taken["at once"].append(seconds(analyzer, text, question))
    for question, text in given[options.answers :]:
        seconds(analyzer, " ".join(text.split()[:-TAIL_WORDS]), question)
        taken["as in an interview"].append(seconds(analyzer, text, question))
    print(f"| {options.words} words | median | fastest to slowest |\n| --- | --- | --- |")
    for name, each in taken.items():
        middle, fastest, slowest = (round(1000 * of(each)) for of in (median, min, max))
        print(f"| {name} | {middle} ms | {fastest} to {slowest} ms |")


if __name__ == "__main__":
    main()
