"""scripts/evaluate patterns: labels are counted right, and the baselines and noises are what they say."""

from __future__ import annotations

import json
import math
import random
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import evaluate_patterns  # noqa: E402
from evaluate_patterns import Score  # noqa: E402
from fit_verdicts import fit  # noqa: E402
from labelled_answers import FAMILIES, LABELS, as_transcribed, read_labelled  # noqa: E402
from patterns_baselines import by_keywords, by_length, commoner  # noqa: E402

TUNING = ROOT / "tests" / "data" / "answers" / "tuning.jsonl"
NO_OUTCOME = ("patterns", "no_outcome")


def row(id: str, answer: str, *names: str, question: str = "Tell me about a time.", **more: str) -> str:
    labels = {family: {name: int(name in names) for name in ids} for family, ids in FAMILIES.items()}
    return json.dumps({"id": id, "question": question, "answer": answer, **labels, **more})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "answers.jsonl"
    rows = [
        row("a", "I usually talk to people and I would always listen.", "hypothetical", "no_outcome"),
        row("b", "We moved it. It went from 9 to 2 errors.", "action", "result"),
        row("c", "It was good. " * 30, "no_outcome"),
    ]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


def test_some_answers_are_spread_over_all(file: Path) -> None:
    answers = read_labelled(file)
    assert [each.id for each in evaluate_patterns.spread(answers * 4, 4)] == ["a", "a", "a", "a"]
    assert [each.id for each in evaluate_patterns.spread(answers, 2)] == ["a", "b"]
    assert evaluate_patterns.spread(answers, 9) == evaluate_patterns.spread(answers, None) == answers


def test_a_score_of_counts() -> None:
    score = Score(labelled=4, found=2, both=1)
    assert (score.precision, score.recall, round(score.f1, 3)) == (0.5, 0.25, 0.333)
    assert (Score(0, 0, 0).precision, Score(0, 0, 0).f1) == (0.0, 0.0)


def test_the_commoner_label_is_always_given(file: Path) -> None:
    guesses = commoner(read_labelled(file))
    assert [guesses[NO_OUTCOME](each) for each in read_labelled(file)] == [True] * 3
    assert not guesses["patterns", "hypothetical"](read_labelled(file)[0])


def test_length_is_bounded_where_it_parts_the_labels_best(file: Path) -> None:
    guesses = by_length(read_labelled(file))
    assert [guesses["parts", "action"](each) for each in read_labelled(file)] == [False, True, False] or [
        guesses["parts", "action"](each) for each in read_labelled(file)
    ] == [True, True, False]
    assert [guesses["patterns", "hypothetical"](each) for each in read_labelled(file)][2] is False


def test_keywords_are_found_as_words_or_missed(file: Path) -> None:
    guesses, answers = by_keywords(), read_labelled(file)
    assert [guesses["patterns", "hypothetical"](each) for each in answers] == [True, False, False]
    assert [guesses[NO_OUTCOME](each) for each in answers] == [True, False, True]
    assert set(guesses) == set(LABELS)


def test_noise_takes_marks_and_capitals_and_keeps_every_word() -> None:
    text = "I don't know: it cost $40, about 35% of the budget. " * 20
    noisy = as_transcribed(text, random.Random(3))
    assert noisy == noisy.lower()
    assert not set(noisy) & set(".,:;?!")
    words, plain = iter(noisy.split()), "i don't know it cost $40 about 35% of the budget"
    assert all(word in words for word in plain.split() * 20)
    assert len(noisy.split()) > len(text.split())


def test_a_fit_follows_the_labels_and_stays_near_the_scorer_without_any() -> None:
    logits = [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0] * 20
    rules = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0] * 20
    by_rule = fit([[a, b, 0.0] for a, b in zip(logits, rules, strict=True)], rules)
    assert by_rule.rule > 2
    assert by_rule.shown == 0.0
    nothing = fit([[0.0, 0.0, 0.0]] * 2, [0.0, 1.0])
    assert (nothing.offset, nothing.scale, nothing.rule) == (0.0, 1.0, 0.0)


def test_a_fit_finds_its_way_back_from_a_scorer_that_is_sure_and_wrong() -> None:
    given = [0.0] * 30 + [1.0] * 10 + [0.0] * 38 + [1.0] * 2
    weights = fit([[9.0, 0.0, 0.0]] * 40 + [[-9.0, 0.0, 0.0]] * 40, given)
    likely = [1 / (1 + math.exp(-weights.offset - weights.scale * logit)) for logit in (9.0, -9.0)]
    assert likely == pytest.approx([0.25, 0.05], abs=0.05)


def test_it_prints_figures_and_disagreements(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["evaluate", str(file)])
    evaluate_patterns.main()
    out = capsys.readouterr().out
    assert "3 answers" in out
    assert out.count("macro F1") == len(FAMILIES)
    assert "commoner" in out and "keywords" in out
    monkeypatch.setattr(sys, "argv", ["evaluate", str(file), "--json", "--noise", "asr", "--most", "2"])
    evaluate_patterns.main()
    figures = json.loads(capsys.readouterr().out)
    assert figures["answers"] == 2
    assert figures["labels"]["no_outcome"]["labelled"] == 1
    assert set(figures["baselines"]) == {"commoner", "length", "keywords"}


@pytest.mark.weights
def test_the_analyzer_reads_answers_as_well_as_was_measured() -> None:
    """A floor under docs/measurements.md, on the half that may be looked at: a fall would show here."""
    answers = read_labelled(TUNING)
    transcripts = [evaluate_patterns.transcript_of(each.answer) for each in answers]
    scores = evaluate_patterns.scores_of(evaluate_patterns.analysed(answers, transcripts))
    for family, floor in FLOORS.items():
        assert evaluate_patterns.macro(scores, family) >= floor, family


FLOORS = {"patterns": 0.90, "signals": 0.79, "parts": 0.90}
