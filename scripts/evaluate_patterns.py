"""Score the analyzer on labelled answers: precision, recall and F1 of each pattern, signal and part."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from greenroom.analysis import Analyzer, transcript_of
from greenroom.records import PARTS, PATTERNS, SIGNALS, Analysis, Question

FAMILIES = {"patterns": PATTERNS, "signals": SIGNALS[1:], "parts": PARTS}


def found(analysis: Analysis) -> dict[str, set[str]]:
    return {family: {item.id for item in getattr(analysis, family)} for family in FAMILIES}


def score(pairs: list[tuple[bool, bool]]) -> tuple[int, float, float, float]:
    """(positives, precision, recall, F1) of (label, found) pairs; a measure without cases is 0."""
    hits = sum(label and got for label, got in pairs)
    labelled, got = sum(label for label, _ in pairs), sum(got for _, got in pairs)
    precision, recall = hits / got if got else 0.0, hits / labelled if labelled else 0.0
    return labelled, precision, recall, 2 * hits / (labelled + got) if labelled + got else 0.0


def stripped(text: str) -> str:
    """The text without punctuation and capitals, as a hard case of what a transcriber may give."""
    return "".join(c for c in text.lower().replace("-", " ") if c.isalnum() or c in " '%$.").replace(
        ". ", " "
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "file", type=Path, help="one JSON object a line: answer, question, kind, and the labels"
    )
    parser.add_argument("--half", choices=["even", "odd"], help="only every second answer")
    parser.add_argument("--strip", action="store_true", help="take punctuation and capitals away first")
    parser.add_argument("--show", metavar="ID", help="print the disagreements on one pattern, signal or part")
    options = parser.parse_args()
    answers = [json.loads(line) for line in options.file.read_text("utf-8").splitlines() if line.strip()]
    if options.half:
        answers = answers[options.half == "odd" :: 2]
    analyzer, seconds, pairs = Analyzer(), 0.0, dict[tuple[str, str], list[tuple[bool, bool]]]()
    for answer in answers:
        text = stripped(answer["answer"]) if options.strip else answer["answer"]
        question = Question(
            id="", text=answer.get("question") or "", kind=answer.get("kind") or "behavioural"
        )
        before = time.perf_counter()
        got = found(analyzer.analyze(transcript_of(text), question))
        seconds += time.perf_counter() - before
        _compare(answer, got, pairs, options.show)
    print(f"{len(answers)} answers, {1000 * seconds / len(answers):.0f} ms each")
    _print(pairs)


def _compare(
    answer: dict[str, Any], got: dict[str, set[str]], pairs: dict[Any, Any], show: str | None
) -> None:
    for family, ids in FAMILIES.items():
        for name in ids:
            label = bool(answer.get(family, {}).get(name))
            pairs.setdefault((family, name), []).append((label, name in got[family]))
            if name == show and label != (name in got[family]):
                kind = "missed" if label else "false "
                print(f"{kind} {answer.get('id')}: {answer.get('question')}\n    {answer['answer']}\n")


def _print(pairs: dict[tuple[str, str], list[tuple[bool, bool]]]) -> None:
    for family, ids in FAMILIES.items():
        print(f"\n{family:<18} labelled  precision  recall    F1")
        f1 = []
        for name in ids:
            labelled, precision, recall, value = score(pairs[family, name])
            f1.append(value)
            print(f"{name:<18} {labelled:8d} {precision:10.2f} {recall:7.2f} {value:5.2f}")
        print(f"{'macro F1':<18} {sum(f1) / len(f1):33.2f}")


if __name__ == "__main__":
    main()
