"""What is praised, and what readers would say back: how often it is the same stretch of words.

FILE has one answer a line: {"id": ..., "readers": [first, second]}, where each reader has {"best": [[3, 9]],
"never": []}: the stretches they would say back, the best first, and those it would be wrong to praise, each
as its first word and the one behind its last. The answers and questions are in ANSWERS, by the same ids.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from evaluate_patterns import TUNING
from labelled_answers import read_labelled, read_rows
from quoted_words import praised_words

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.moments import SAME, shared

MOMENTS = TUNING.parent / "moments.jsonl"
# Less of it is enough to be hurt by (judgement).
TOUCHED = 0.4

Stretch = tuple[int, int]
Marked = Mapping[str, Sequence[Stretch]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="scripts/evaluate moments")
    parser.add_argument("file", type=Path, nargs="?", default=MOMENTS, metavar="FILE")
    parser.add_argument("--answers", type=Path, default=TUNING, help="the answers (default: the tuning half)")
    parser.add_argument("--show", action="store_true", help="print what no reader would have said back")
    options = parser.parse_args()
    answers = {each.id: each for each in read_labelled(options.answers)}
    analyzer = Analyzer()
    praised, strongest, alike = Counter[str](), Counter[str](), Counter[str]()
    for row in read_rows(options.file):
        answer, readers = answers[row["id"]], row["readers"]
        transcript = transcript_of(answer.answer)
        analysis = analyzer.analyze(transcript, answer.question)
        said = praised_words(transcript, analysis, answer.question)
        best = [(each.span.first_word, each.span.last_word + 1) for each in analysis.highlights[:1]]
        count(praised, said, readers)
        count(strongest, best[0] if best else None, readers)
        for one, other in (readers, readers[::-1]):
            count(alike, tuple(one["best"][0]) if one["best"] else None, [other])
        if options.show and said and not any(is_among(said, each["best"]) for each in readers):
            words = answer.answer.split()
            print(f"{answer.id}: {' '.join(words[said[0] : said[1]])}")
    titles = ("praised", "the strongest moment", "one reader, by the other")
    print(f"{'':<26} answers  with one  first  among  word for word  wrong  none is right")
    for title, counts in zip(titles, (praised, strongest, alike), strict=True):
        each, given = max(1, counts["answers"]), max(1, counts["given"])
        shares = [counts[name] / given for name in ("first", "among", "exact", "never")]
        print(f"{title:<26} {each:<8} {counts['given']:<9}", *(f"{share:<6.2f}" for share in shares), end=" ")
        print(f"{counts['silent']} of {counts['empty']}")


def count(counts: Counter[str], said: Stretch | None, readers: Sequence[Marked]) -> None:
    """Add what is said back of one answer; a reader who marked nothing would say nothing."""
    for reader in readers:
        if not reader["best"]:
            counts["empty"] += 1
            counts["silent"] += said is None
            continue
        counts["answers"] += 1
        if said is None:
            continue
        counts["given"] += 1
        counts["first"] += is_among(said, reader["best"][:1])
        counts["among"] += is_among(said, reader["best"])
        counts["exact"] += list(said) in [list(each) for each in reader["best"]]
        counts["never"] += is_among(said, reader["never"], TOUCHED)


def is_among(said: Stretch, marked: Sequence[Stretch], least: float = SAME) -> bool:
    begins, ends = np.array(marked, dtype=np.int64).reshape(-1, 2).T
    return bool((shared(*said, begins, ends) >= least).any())


if __name__ == "__main__":
    main()
