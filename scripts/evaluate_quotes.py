"""Score the words that the analyzer gives as proof: do they show the signal that they are quoted for?

Reads the stretches that two readers marked (tests/data/answers/evidence.jsonl): for each signal the clauses
that show it, and the strongest moments of the answer. The answers are those of the tuning half with the same
ids. A quote counts as right where at least half of its words were marked for its signal by either reader.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluate_patterns import TUNING
from labelled_answers import Labelled, read_labelled

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.scorer import EVIDENCE, STRENGTH
from greenroom.coaching.needs import most_needed
from greenroom.coaching.praise import praised
from greenroom.coaching.quotes import quotable
from greenroom.records import bare

MARKED = TUNING.with_name("evidence.jsonl")
Quoted = Mapping[str, Sequence[Sequence[int]]]
"""Stretches of words by what they are quoted or marked for."""
_RIGHT = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=MARKED)
    parser.add_argument("--answers", type=Path, default=TUNING)
    parser.add_argument("--show", action="store_true", help="print the quotes that no reader marked")
    options = parser.parse_args()
    answers = {each.id: each for each in read_labelled(options.answers)}
    analyzer = Analyzer()
    given, right, asked, hit = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    alike, marked, proved, scored = 0, 0, 0, 0
    for line in options.file.read_text("utf-8").splitlines():
        row = json.loads(line)
        answer = answers[row["id"]]
        wanted = {name: _words(row["readers"], name) for name in EVIDENCE}
        quoted, levels = quotes_of(analyzer, answer)
        proved += sum(any(_share(span, wanted[id]) >= _RIGHT for span in spans) for id, spans in levels)
        scored += len(levels)
        for name in EVIDENCE:
            good = [quote for quote in quoted.get(name, ()) if _share(quote, wanted[name]) >= _RIGHT]
            given[name] += len(quoted.get(name, ()))
            right[name] += len(good)
            if all(reader.get(name) for reader in row["readers"]):
                asked[name] += 1
                hit[name] += bool(good)
            if options.show:
                for quote in quoted.get(name, ()):
                    if quote not in good:
                        words = answer.answer.split()
                        print(f"{row['id']} {name}: {' '.join(words[i] for i in quote)}")
        first, second = row["readers"]
        for name in EVIDENCE:
            for stretch in first.get(name, ()):
                marked += 1
                alike += _share(range(stretch[0], stretch[1] + 1), _words([second], name)) >= _RIGHT
    print(f"of {marked} stretches of the first reader the second marked {alike / max(1, marked):.2f} too\n")
    print(f"{'':<18} quotes  right       marked by both  of these with a right quote")
    signals = [name for name in EVIDENCE if name != STRENGTH]
    rows = {name: [name] for name in signals} | {"all signals": signals, STRENGTH: [STRENGTH]}
    for title, names in rows.items():
        quotes, good, both, found = (sum(c[name] for name in names) for c in (given, right, asked, hit))
        shares = good / max(1, quotes), found / max(1, both)
        print(f"{title:<18} {quotes:<6}  {good:<4} {shares[0]:.2f}   {both:<14}  {shares[1]:.2f}")
    print(f"\nof {scored} scores of 3 and 4 in the rubric {proved / max(1, scored):.2f} have a right quote")


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
    needed = most_needed(analysis, answer.question)
    first = next((quote for _, quote in praised(transcript, analysis, needed, answer.question)), None)
    if first:
        quoted[STRENGTH] = [_place(first, answer.answer)]
    levels = [
        (score.id, [range(span.first_word, span.last_word + 1) for span in score.evidence])
        for score in analysis.rubric
        if score.score >= 3 and score.id in EVIDENCE
    ]
    return quoted, levels


def _place(quote: str, answer: str) -> Sequence[int]:
    """The words of the answer that a cleaned quote was made of: the shortest stretch that yields it."""
    words, last = answer.split(), [bare(word) for word in quote.split()][-1]
    for length in range(len(quote.split()), len(quote.split()) + 12):
        for begin in range(len(words) - length + 1):
            stretch = words[begin : begin + length]
            if bare(stretch[-1]) == last and quotable(" ".join(stretch), 1000).lower() == quote.lower():
                return range(begin, begin + length)
    raise ValueError(f"“{quote}” is not in the answer")


def _words(readers: Sequence[Quoted], name: str) -> set[int]:
    return {
        word for reader in readers for first, last in reader.get(name, ()) for word in range(first, last + 1)
    }


def _share(quote: Sequence[int], wanted: set[int]) -> float:
    return sum(word in wanted for word in quote) / len(quote)


if __name__ == "__main__":
    main()
