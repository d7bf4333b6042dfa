"""Score the words that the analyzer gives as proof: do they show the signal that they are quoted for?

Reads the stretches that two readers marked (tests/data/answers/evidence.jsonl): for each signal the clauses
that show it, and the strongest moments of the answer. The answers are those of the tuning half with the same
ids. A quote counts as right where at least half of its words were marked for its signal by either reader.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evaluate_patterns import TUNING
from labelled_answers import Labelled, read_labelled, read_rows
from quoted_words import praised_words

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.scorer import EVIDENCE, STRENGTH

MARKED = TUNING.with_name("evidence.jsonl")
Quoted = Mapping[str, Sequence[Sequence[int]]]
"""Stretches of words by what they are quoted or marked for."""
_RIGHT = 0.5


@dataclass
class Counts:
    """What was counted, by what words were quoted for.

    Attributes:
        given, right: quotes, and those of them that a reader marked.
        asked, found: answers in which both readers marked something, and those with a right quote.
        scored, proved: scores of 3 and 4 in the rubric, and those with a right quote.
        marked, alike: stretches of the first reader, and those that the second marked too.
    """

    given: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    scored: int = 0
    proved: int = 0
    marked: int = 0
    alike: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=MARKED)
    parser.add_argument("--answers", type=Path, default=TUNING)
    parser.add_argument("--show", action="store_true", help="print the quotes that no reader marked")
    options = parser.parse_args()
    answers = {each.id: each for each in read_labelled(options.answers)}
    analyzer, counts = Analyzer(), Counts()
    for row in read_rows(options.file):
        count(counts, analyzer, answers[row["id"]], row["readers"], show=options.show)
    print_table(counts)


def count(
    counts: Counts, analyzer: Analyzer, answer: Labelled, readers: Sequence[Quoted], *, show: bool
) -> None:
    """Add one answer, in which each of two readers marked stretches of words."""
    wanted = {name: _words(readers, name) for name in EVIDENCE}
    quoted, levels = quotes_of(analyzer, answer)
    counts.scored += len(levels)
    counts.proved += sum(any(_is_right(span, wanted[id]) for span in spans) for id, spans in levels)
    for name in EVIDENCE:
        its = quoted.get(name, ())
        good = [quote for quote in its if _is_right(quote, wanted[name])]
        counts.given[name] += len(its)
        counts.right[name] += len(good)
        if all(reader.get(name) for reader in readers):
            counts.asked[name] += 1
            counts.found[name] += bool(good)
        for quote in its if show else ():
            if quote not in good:
                words = answer.answer.split()
                print(f"{answer.id} {name}: {' '.join(words[i] for i in quote)}")
        first, second = readers
        for begin, end in first.get(name, ()):
            counts.marked += 1
            counts.alike += _is_right(range(begin, end + 1), _words([second], name))


def print_table(counts: Counts) -> None:
    alike = counts.alike / max(1, counts.marked)
    print(f"of {counts.marked} stretches of the first reader the second marked {alike:.2f} too\n")
    print(f"{'':<18} quotes  right       marked by both  of these with a right quote")
    signals = [name for name in EVIDENCE if name != STRENGTH]
    rows = {name: [name] for name in signals} | {"all signals": signals, STRENGTH: [STRENGTH]}
    columns = (counts.given, counts.right, counts.asked, counts.found)
    for title, names in rows.items():
        given, right, asked, found = (sum(column[name] for name in names) for column in columns)
        shares = right / max(1, given), found / max(1, asked)
        print(f"{title:<18} {given:<6}  {right:<4} {shares[0]:.2f}   {asked:<14}  {shares[1]:.2f}")
    proved = counts.proved / max(1, counts.scored)
    print(f"\nof {counts.scored} scores of 3 and 4 in the rubric {proved:.2f} have a right quote")


def quotes_of(
    analyzer: Analyzer, answer: Labelled
) -> tuple[Quoted, Sequence[tuple[str, Sequence[Sequence[int]]]]]:
    """The words quoted for each signal that is reported and those praised first; and for each high score."""
    transcript = transcript_of(answer.answer)
    analysis = analyzer.analyze(transcript, answer.question)
    quoted = {
        signal.id: [range(span.first_word, span.last_word + 1) for span in signal.evidence]
        for signal in analysis.signals
    }
    if said := praised_words(transcript, analysis, answer.question):
        quoted[STRENGTH] = [range(*said)]
    levels = [
        (score.id, [range(span.first_word, span.last_word + 1) for span in score.evidence])
        for score in analysis.rubric
        if score.score >= 3 and score.id in EVIDENCE
    ]
    return quoted, levels


def _words(readers: Sequence[Quoted], name: str) -> set[int]:
    return {
        word for reader in readers for first, last in reader.get(name, ()) for word in range(first, last + 1)
    }


def _is_right(quote: Sequence[int], wanted: set[int]) -> bool:
    return sum(word in wanted for word in quote) >= _RIGHT * len(quote)


if __name__ == "__main__":
    main()
