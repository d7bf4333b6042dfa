"""Between sent and never heard: hints, plans, and words that only the learned scorer points at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.matchers import Match
from greenroom.analysis.patterns import matches_of, patterns_found
from greenroom.analysis.reading import Reading
from greenroom.analysis.rubric import rubric
from greenroom.analysis.scorer import EVIDENCE, LABELS, ROLES, Scores
from greenroom.analysis.signals import Support, by_rule
from greenroom.analysis.verdicts import Verdicts
from greenroom.records import Delivery, Finding, Question, RubricScore, Span

ALONE = Verdicts({})
MISSED = (
    "I sent the wrong spreadsheet to our biggest client by mistake. I rang every customer the same evening."
)
QUESTION = Question("q", "Tell me about a time you let a customer down.", "behavioural", ("leadership",))


def chances(reading: Reading, **given: float) -> Scores:
    """0 for every label but those given, and no word speaks more for them than another."""
    words = np.zeros((len(reading.words), len(LABELS)), dtype=np.float32)
    roles = np.zeros((len(reading.words), len(ROLES)), dtype=np.float32)
    evidence = np.full((len(reading.words), len(EVIDENCE)), -6.0, dtype=np.float32)
    labels = {label: given.get(label[1], 0.0) for label in LABELS}
    nothing = np.zeros(0, dtype=np.float32)
    return Scores(labels, words, roles, evidence, nothing, nothing, nothing)


def read(analyzer: Analyzer, text: str) -> Reading:
    return analyzer.read(transcript_of(text), QUESTION)


def scored(reading: Reading, quality: str, support: Support, *found: Finding) -> RubricScore:
    every = dict.fromkeys((label for _, label in LABELS), Support(0.0)) | {quality: support}
    shows = dict.fromkeys(every, "it")
    scores = rubric(reading, every, shows, found, (), (), Delivery(words=20), QUESTION)
    return next(score for score in scores if score.id == quality)


@pytest.mark.parametrize(("chance", "score"), [(0.05, 1), (0.2, 2), (0.35, 3)])
def test_what_may_have_been_sent_is_not_called_missing(analyzer: Analyzer, chance: float, score: int) -> None:
    reading = read(analyzer, MISSED)
    assert scored(reading, "leadership", Support(0.0, chance, shown=0.5)).score == score


@pytest.mark.parametrize(("shown", "score"), [(0.1, 2), (0.3, 3)])
def test_no_high_score_without_words_that_prove_it(analyzer: Analyzer, shown: float, score: int) -> None:
    reading = read(analyzer, MISSED)
    assert scored(reading, "ownership", Support(0.0, 0.9, shown=shown)).score == score
    assert scored(reading, "leadership", Support(0.0, 0.9, shown=shown)).score == 3
    told = scored(
        reading, "ownership", Support(0.0, 0.9, quotes=(Span("it", None, None, 0, 0),), shown=shown)
    )
    assert len(told.evidence) == score - 2
    assert ("as a whole" in told.why) == (score == 2)


@pytest.mark.parametrize(("sure", "score"), [(0.6, 3), (0.7, 2)])
def test_a_pattern_that_is_only_asked_about_costs_no_points(
    analyzer: Analyzer, sure: float, score: int
) -> None:
    reading = read(analyzer, MISSED)
    hidden = Finding("hidden_in_team", sure, (Span("we", None, None, 0, 1),), "why", "advice")
    assert scored(reading, "ownership", Support(1.0, 0.9, shown=0.5), hidden).score == score


def test_steps_of_a_plan_count_where_a_plan_was_asked_for(analyzer: Analyzer) -> None:
    text = "First I would call the supplier. Then I would decide which orders go out and tell every customer."
    rule = next(rule for rule in analyzer.signals if rule.id == "ownership")
    plan = Question("p", "What would you do if a delivery failed?", "situational", ("ownership",))
    asked = analyzer.read(transcript_of(text), plan)
    assert asked.asks == "would"
    assert by_rule(asked, rule).strength > by_rule(read(analyzer, text), rule).strength == 0.0


def test_a_plan_that_was_asked_for_is_not_called_hypothetical(analyzer: Analyzer) -> None:
    reading = analyzer.read(
        transcript_of("I would first ask for the three plans. Then I would sit with each of the four leads."),
        Question("p", "Suppose you take over a team. What would you do?", "situational"),
    )
    sure = chances(reading, hypothetical=0.99)
    assert (
        patterns_found(reading, analyzer.patterns, matches_of(reading, analyzer.patterns), sure, ALONE) == ()
    )
    asked = read(analyzer, "I would first ask for the three plans. Then I would sit with each of the leads.")
    found = patterns_found(asked, analyzer.patterns, matches_of(asked, analyzer.patterns), sure, ALONE)
    assert [finding.id for finding in found] == ["hypothetical"]


def test_who_tells_what_they_would_do_tells_no_real_time(analyzer: Analyzer) -> None:
    asked = read(analyzer, "I would first ask for the three plans. Then I would sit with each of the leads.")
    for form, expected in (("pseudo_story", ["hypothetical"]), ("opinion", [])):
        unsure = chances(asked, hypothetical=0.2, **{form: 0.9})
        rules = [rule for rule in analyzer.patterns if rule.id == "hypothetical"]
        nothing = {rule.id: Match(0.0, ()) for rule in rules}
        found = patterns_found(asked, rules, nothing, unsure, ALONE)
        assert [finding.id for finding in found] == expected


def test_the_answer_to_a_follow_up_need_not_be_a_whole_story(analyzer: Analyzer) -> None:
    text = "Because the other way would have needed a second server, and we had one week for all of it."
    main = analyzer.analyze(transcript_of(text), QUESTION)
    again = replace(QUESTION, id="q:more", text="Tell me about a reason.", follows="q")
    after = analyzer.analyze(transcript_of(text), again)
    clarity = [next(s.score for s in each.rubric if s.id == "clarity") for each in (main, after)]
    assert clarity[0] < clarity[1]


def test_under_ten_words_nothing_is_found(analyzer: Analyzer) -> None:
    answer = analyzer.analyze(transcript_of("I cut the bill by 40 percent."), QUESTION)
    assert (answer.form, answer.patterns, answer.signals, answer.markers) == (None, (), (), ())


def test_a_quality_of_a_later_greenroom_is_passed_over(analyzer: Analyzer) -> None:
    question = Question("q", "Tell me about grit.", "behavioural", ("grit", "ownership"))
    answer = analyzer.analyze(transcript_of(MISSED), question)
    assert "grit" not in {score.id for score in answer.rubric}
