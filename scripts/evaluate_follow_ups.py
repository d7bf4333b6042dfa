"""Score the follow-up questions: would an experienced interviewer ask that after this answer?

Reads what two readers marked (tests/data/answers/openings.jsonl): for each answer what it has told already,
what would make no sense to ask, and the one to three things that they would most want to ask into. The
answers are those of the tuning half with the same ids. Then: whether it is heard that a story stops before
its end, on answers whose words two readers marked (clauses.jsonl), whole and cut off where the result begins.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from evaluate_patterns import TUNING
from fit_openings import family
from labelled_answers import Labelled, read_labelled, read_rows

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.openings import ASKABLE
from greenroom.coaching import Coach
from greenroom.coaching.balance import stops_early
from greenroom.records import OPENINGS, Analysis

CLAUSES = TUNING.with_name("clauses.jsonl")
MARKED = TUNING.with_name("openings.jsonl")
JUDGEMENTS = ("wanted", "open", "told", "no sense")
Marks = Mapping[str, str | Sequence[str]]
"""What one reader marked: `as`, `said`, `odd`, `best`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=MARKED)
    parser.add_argument("--answers", type=Path, default=TUNING)
    parser.add_argument(
        "--show", action="store_true", help="print every question with what readers say of it"
    )
    options = parser.parse_args()
    answers = {each.id: each for each in read_labelled(options.answers)}
    analyzer = Analyzer()
    asked, first, alike = Counter[str](), Counter[str](), Counter[str]()
    open_to_both = open_to_it = 0
    for row in read_rows(options.file):
        answer, readers = answers[row["id"]], row["readers"]
        analysis = analyzer.analyze(transcript_of(answer.answer), answer.question)
        into, text = asked_of(answer, analysis)
        found = judged(into, readers) if into else "none"
        asked[found] += 1
        first[judged(analysis.openings[0].id, readers) if analysis.openings else "none"] += 1
        for one, other in (readers, readers[::-1]):
            alike[judged(one["best"][0], [other]) if one["best"] else "none"] += 1
        known = [each.id for each in analysis.openings]
        open_to_it += len(known)
        open_to_both += sum(judged(id, readers) in ("wanted", "open") for id in known)
        if options.show:
            print(f"{answer.id} {found:<9} {into or '-':<13} {text or '-'}")
    titles = {"asked after the answer": asked, "what is most wanted": first, "one reader by the other": alike}
    print(f"{'':<24} {'answers':<8} " + " ".join(f"{each:<9}" for each in (*JUDGEMENTS, "none")))
    for title, counts in titles.items():
        total = sum(counts.values())
        shares = " ".join(f"{counts[each] / total:<9.2f}" for each in (*JUDGEMENTS, "none"))
        print(f"{title:<24} {total:<8} {shares}")
    share = open_to_both / max(1, open_to_it)
    print(f"\nof {open_to_it} openings of at least {ASKABLE} both readers call {share:.2f} open")
    print_endings(analyzer, answers)


def print_endings(analyzer: Analyzer, answers: Mapping[str, Labelled]) -> None:
    """How many stories are called open whole, and how many cut off before their end."""
    cuts = {}
    for row in read_rows(CLAUSES):
        places = {where_it_ends(letters) for letters in row["readers"]}
        if len(places) == 1 and (place := places.pop()):
            cuts[row["id"]] = place
    for title, cut in (("whole", False), ("cut off before their end", True)):
        called, sure = 0, 0
        for id, place in cuts.items():
            words = answers[id].answer.split()
            text = " ".join(words[:place] if cut else words)
            analysis = analyzer.analyze(transcript_of(text), answers[id].question)
            called += any(opening.id == "outcome" for opening in analysis.openings)
            sure += stops_early(analysis)
        print(f"of {len(cuts)} stories {title} {called} are called open, {sure} surely")


def where_it_ends(letters: str) -> int:
    """The word from which on only the result is told; 0 where there is no such, or some of it before."""
    told = letters.rstrip("O-")
    begun = told.rstrip("R")
    return len(begun) if begun and begun != told and "R" not in begun else 0


def asked_of(answer: Labelled, analysis: Analysis) -> tuple[str | None, str | None]:
    """What the coach's follow-up asks into, and the question; the same every time."""
    feedback = Coach(0).feedback(transcript_of(answer.answer), analysis, answer.question)
    return feedback.follow_up_into, feedback.follow_up


def judged(into: str, readers: Sequence[Marks]) -> str:
    """What the readers say of asking into that: the harshest word counts, and then the warmest."""
    assert into in OPENINGS
    if any(into in reader["said"] for reader in readers):
        return "told"
    if any(into in reader["odd"] for reader in readers):
        return "no sense"
    if any(into in reader["best"] for reader in readers):
        return "wanted"
    return "open" if all(family(into) == reader["as"] for reader in readers) else "no sense"


if __name__ == "__main__":
    main()
