"""Score the analyzer on labelled answers: precision, recall and F1 of each pattern, signal and part."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from labelled_answers import FAMILIES, LABELS, Label, Labelled, noisy, read_labelled
from patterns_baselines import by_keywords, by_length, commoner

from greenroom.analysis import Analyzer, transcript_of
from greenroom.records import FORMS, Analysis, Transcript

ROOT = Path(__file__).resolve().parent.parent
TUNING = ROOT / "tests" / "data" / "answers" / "tuning.jsonl"


@dataclass(frozen=True)
class Score:
    """Of one label: in how many answers it was given, found, and both; measures of nothing are 0."""

    labelled: int
    found: int
    both: int

    @property
    def precision(self) -> float:
        return self.both / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.both / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        total = self.labelled + self.found
        return 2 * self.both / total if total else 0.0


@dataclass(frozen=True)
class Result:
    answer: Labelled
    found: frozenset[Label]
    form: str | None
    seconds: float


def main() -> None:
    options = _options()
    answers = spread(read_labelled(options.file), options.most)
    if options.noise == "spoken":
        from patterns_spoken import transcribed

        pairs = transcribed(answers)
        answers, transcripts = [each for each, _ in pairs], [transcript for _, transcript in pairs]
    else:
        answers = noisy(answers) if options.noise == "asr" else answers
        transcripts = [transcript_of(each.answer) for each in answers]
    results = analysed(answers, transcripts)
    scores = scores_of(results)
    fitted_to = read_labelled(options.fit)
    baselines = {"commoner": commoner(fitted_to), "length": by_length(fitted_to), "keywords": by_keywords()}
    beside = {
        name: {label: _score(answers, label, [guess[label](each) for each in answers]) for label in LABELS}
        for name, guess in baselines.items()
    }
    if options.json:
        print(json.dumps(_as_json(results, scores, beside), indent=1))
        return
    _print(results, scores, beside)
    if not options.brief:
        _print_disagreements(results, options.show)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="one JSON object a line: answer, question, kind, and labels")
    parser.add_argument(
        "--noise",
        choices=["asr", "spoken"],
        help="asr: no marks or capitals, fillers put in; spoken: said by a voice, transcribed by Whisper",
    )
    parser.add_argument("--most", type=int, metavar="N", help="only N answers, evenly spread")
    parser.add_argument("--fit", type=Path, default=TUNING, help="answers that the baselines are fitted to")
    parser.add_argument("--show", metavar="ID", help="disagreements on this pattern, signal or part only")
    parser.add_argument("--brief", action="store_true", help="no disagreements")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    return parser.parse_args()


def spread(answers: list[Labelled], most: int | None) -> list[Labelled]:
    """`most` of them from beginning to end; all where that is None or more than there are."""
    if most is None or most >= len(answers):
        return answers
    return [answers[i * len(answers) // most] for i in range(most)]


def analysed(answers: Sequence[Labelled], transcripts: Sequence[Transcript]) -> list[Result]:
    analyzer, results = Analyzer(), []
    for answer, transcript in zip(answers, transcripts, strict=True):
        before = time.perf_counter()
        analysis = analyzer.analyze(transcript, answer.question)
        results.append(Result(answer, _found(analysis), analysis.form, time.perf_counter() - before))
    return results


def _found(analysis: Analysis) -> frozenset[Label]:
    return frozenset((family, item.id) for family in FAMILIES for item in getattr(analysis, family))


def scores_of(results: Sequence[Result]) -> dict[Label, Score]:
    answers = [result.answer for result in results]
    return {label: _score(answers, label, [label in result.found for result in results]) for label in LABELS}


def _score(answers: Sequence[Labelled], label: Label, got: Sequence[bool]) -> Score:
    both = sum(each.labels[label] and found for each, found in zip(answers, got, strict=True))
    return Score(sum(each.labels[label] for each in answers), sum(got), both)


def macro(scores: Mapping[Label, Score], family: str) -> float:
    return statistics.mean(scores[family, name].f1 for name in FAMILIES[family])


def _forms(results: Sequence[Result]) -> tuple[int, int]:
    """(answers of known form, of these told rightly)."""
    known = [result for result in results if result.answer.form]
    return len(known), sum(result.form == result.answer.form for result in known)


def _print(
    results: Sequence[Result], scores: Mapping[Label, Score], beside: Mapping[str, Mapping[Label, Score]]
) -> None:
    count = len(results)
    middle = statistics.median(result.seconds for result in results)
    print(f"{count} answers, {1000 * middle:.0f} ms each (median)")
    for family, names in FAMILIES.items():
        print(
            f"\n{family:<18} prevalence  precision  recall    F1" + "".join(f"{name:>10}" for name in beside)
        )
        for name in names:
            s = scores[family, name]
            line = f"{name:<18} {s.labelled / count:10.2f} {s.precision:10.2f} {s.recall:7.2f} {s.f1:5.2f}"
            print(line + "".join(f"{each[family, name].f1:10.2f}" for each in beside.values()))
        line = f"{'macro F1':<18} {macro(scores, family):34.2f}"
        print(line + "".join(f"{macro(each, family):10.2f}" for each in beside.values()))
    known, right = _forms(results)
    if known:
        print(f"\nform ({', '.join(FORMS)}): {right} of {known} as labelled")


def _print_disagreements(results: Sequence[Result], show: str | None) -> None:
    for result in results:
        wrong = [
            f"{'missed' if given else 'false'} {name}"
            for (family, name), given in result.answer.labels.items()
            if given != ((family, name) in result.found) and show in (None, name)
        ]
        if wrong:
            question = result.answer.question.text
            print(f"\n{result.answer.id}: {', '.join(wrong)}\n    {question}\n    {result.answer.answer}")


def _as_json(
    results: Sequence[Result], scores: Mapping[Label, Score], beside: Mapping[str, Mapping[Label, Score]]
) -> dict[str, object]:
    known, right = _forms(results)
    return {
        "answers": len(results),
        "seconds_each": statistics.median(result.seconds for result in results),
        "macro_f1": {family: macro(scores, family) for family in FAMILIES},
        "baselines": {name: {f: macro(each, f) for f in FAMILIES} for name, each in beside.items()},
        "labels": {
            name: asdict(s) | {"precision": s.precision, "recall": s.recall, "f1": s.f1}
            for (_, name), s in scores.items()
        },
        "forms": {"known": known, "right": right},
    }


if __name__ == "__main__":
    main()
