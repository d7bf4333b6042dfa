"""How well `greenroom.preparation.recognition.recognising` tells which known story an answer tells, if any.

    python scripts/measure_recognition.py [--missed]
    python scripts/measure_recognition.py --count-words

The made set (tests/data/stories_told/recognition.jsonl) holds two people of two trades: their stories, each
retold four times, and answers of the same trade that tell none of them. One person's half chose the
threshold, the other's measures it. The labelled answers for tuning (tests/data/answers/tuning.jsonl), which
tell other people's stories, are a third measure: whatever is recognised there is wrong.

--count-words prints the words of those labelled answers that many of them hold, as common_words.toml beside
greenroom.preparation.recognition lists them; --missed prints each answer that went wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenroom.preparation.recognition.recognising import THRESHOLD, Recognised, likeness, recognise_text
from greenroom.preparation.stories.stories import Story

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
HALVES = {"backend": "chose the threshold", "ward": "measured"}
OFTEN, AT_TIMES = 4, 2
"""Of the 160 labelled answers so many hold a word that counts for nothing, or that is a hint only."""


@dataclass(frozen=True, slots=True)
class Told:
    """One made answer; `story` is the name of the story that it tells, "" for none."""

    trade: str
    story: str
    way: str
    text: str


def main() -> None:
    options = _options()
    if options.count_words:
        _print_words()
        return
    stories, answers = read_set()
    print(f"threshold {THRESHOLD}")
    print("| half | answers | recognised | right | precision | recall |\n|---|---|---|---|---|---|")
    for trade, half in HALVES.items():
        own = [each for each in answers if each.trade == trade]
        _print_row(f"{trade} ({half})", stories[trade], own, missed=options.missed)
    for way in sorted({each.way for each in answers if each.story}):
        own = [each for each in answers if each.way == way and each.trade == "ward"]
        _print_row(f"ward, only {way}", stories["ward"], own, missed=False)
    labelled = [Told("", "", "other", each["answer"]) for each in _lines(DATA / "answers" / "tuning.jsonl")]
    for trade in HALVES:
        _print_row(f"labelled answers, stories of {trade}", stories[trade], labelled, missed=options.missed)
    _print_time(stories["ward"], answers)


def read_set() -> tuple[dict[str, tuple[Story, ...]], list[Told]]:
    """The made set: each person's stories by trade, and all answers."""
    lines = list(_lines(DATA / "stories_told" / "recognition.jsonl"))
    stories: dict[str, tuple[Story, ...]] = {}
    for each in lines:
        if each["kind"] == "story":
            fields = {name: _frozen(each[name]) for name in Story.__dataclass_fields__ if name in each}
            stories[each["trade"]] = (*stories.get(each["trade"], ()), Story(**fields))
    answers = [
        Told(each["trade"], each.get("story", ""), each.get("way", "other"), each["text"])
        for each in lines
        if each["kind"] != "story"
    ]
    return stories, answers


def _print_row(name: str, stories: Sequence[Story], answers: Sequence[Told], *, missed: bool) -> None:
    found = [(answer, recognise_text(answer.text, stories)) for answer in answers]
    recognised = [(answer, best) for answer, best in found if best is not None]
    right = sum(answer.story == best.story for answer, best in recognised)
    there = sum(bool(answer.story) for answer in answers)
    precision = f"{right / len(recognised):.3f}" if recognised else "-"
    recall = f"{right / there:.3f}" if there else "-"
    print(f"| {name} | {len(answers)} | {len(recognised)} | {right} | {precision} | {recall} |")
    if missed:
        for answer, best in found:
            if (best.story if best else "") != answer.story:
                near = _best(answer.text, stories)
                print(
                    f"    {answer.story or '-'} ({answer.way}): {near.story} {near.score:.2f} {near.shared}"
                )
        scores = [_best(answer.text, stories).score for answer in answers if not answer.story]
        print("    the most like of those that tell none:", sorted(scores)[-5:])


def _best(text: str, stories: Sequence[Story]) -> Recognised:
    return max(likeness(text, stories), key=lambda each: each.score)


def _print_time(stories: Sequence[Story], answers: Sequence[Told]) -> None:
    likeness(answers[0].text, stories)
    began = time.perf_counter()
    for answer in answers:
        likeness(answer.text, stories)
    print(f"{1000 * (time.perf_counter() - began) / len(answers):.2f} ms an answer, {len(stories)} stories")


def _print_words() -> None:
    counted: Counter[str] = Counter()
    for each in _lines(DATA / "answers" / "tuning.jsonl"):
        counted.update(set(re.findall(r"[a-z]{3,}", each["answer"].lower())))
    for name, least, most in (("told_often", OFTEN, len(counted)), ("told_at_times", AT_TIMES, OFTEN - 1)):
        words = sorted(word for word, count in counted.items() if least <= count <= most)
        print(f"{name} = {json.dumps(words)}")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missed", action="store_true", help="print each answer that went wrong")
    parser.add_argument("--count-words", action="store_true", help="print the words that many answers hold")
    return parser.parse_args()


if __name__ == "__main__":
    main()
