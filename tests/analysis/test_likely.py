"""What follows from the scorer's chances: parts, their shares, the form, and the clauses that are quoted."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.highlights import BESIDE, highlights
from greenroom.analysis.matchers import Match
from greenroom.analysis.moments import Moment, Moments
from greenroom.analysis.patterns import matches_of, patterns_found
from greenroom.analysis.reading import Reading
from greenroom.analysis.scorer import EVIDENCE, LABELS, ROLES, Scores
from greenroom.analysis.signals import Support, clause_evidence, signals_sent, supports
from greenroom.analysis.story import form_of, shares_of, story_parts, with_likely_parts
from greenroom.analysis.verdicts import Verdicts
from greenroom.records import FORMS, StoryPart

TOLD = (
    "The tills went down every Friday and people left. I rewired the back office one night, "
    "and my manager thanked me in front of everybody."
)
SCORER_ALONE = Verdicts({})
NOTHING = np.zeros(0, dtype=np.float32)


@pytest.fixture
def reading(analyzer: Analyzer) -> Reading:
    return analyzer.read(transcript_of(TOLD))


def scores(reading: Reading, word: str = "", **chances: float) -> Scores:
    """0 for every label but those given; of the words, `word` alone speaks for them, and tells their parts.

    The other words tell what the rules take them for.
    """
    words = np.zeros((len(reading.words), len(LABELS)), dtype=np.float32)
    for at, each in enumerate(reading.words):
        if word and word in each.text:
            words[at, [i for i, (_, name) in enumerate(LABELS) if name in chances]] = 1.0
    roles = np.array([[float(role == part) for role in ROLES] for part in parts_of_words(reading)])
    evidence = np.full((len(reading.words), len(EVIDENCE)), -6.0, dtype=np.float32)
    labels = {label: chances.get(label[1], 0.0) for label in LABELS}
    return Scores(labels, words, roles.astype(np.float32), evidence, NOTHING, NOTHING, NOTHING)


def showing(reading: Reading, given: Scores, name: str, *words: str) -> Scores:
    """The same, and the clauses with these words show one of EVIDENCE, the first of them most."""
    for n, word in enumerate(words):
        clause = next(c for c in reading.clauses if word in reading.span(c).text)
        given.evidence[list(clause.words), EVIDENCE.index(name)] = 2.0 - n / 10
    return given


def weighed(analyzer: Analyzer, reading: Reading, given: Scores) -> dict[str, Support]:
    return supports(reading, analyzer.signals, given, clause_evidence(reading, given), SCORER_ALONE)


def parts_of_words(reading: Reading) -> list[str]:
    by_word = {word: clause.part for clause in reading.clauses for word in clause.words}
    return [by_word.get(i, "aside") for i in range(len(reading.words))]


def telling(reading: Reading, part: str, word: str, least: float = 3.0) -> Scores:
    """All parts are likely, and `word` speaks for `part` with so many logits."""
    likely = scores(reading, situation=0.9, task=0.9, action=0.9, result=0.9)
    at = next(i for i, each in enumerate(reading.words) if word in each.text)
    likely.roles[at, ROLES.index(part)] += least * len(reading.words)
    return likely


def part_of(reading: Reading, word: str) -> str:
    at = next(i for i, each in enumerate(reading.words) if word in each.text)
    return next(clause.part for clause in reading.clauses if at in clause.words)


def test_a_part_that_no_clause_tells_most_gets_the_one_that_speaks_for_it_most(reading: Reading) -> None:
    assert "task" not in {clause.part for clause in reading.clauses}
    likely = telling(reading, "task", "left", least=0.02)
    after = with_likely_parts(reading, likely, SCORER_ALONE)
    assert part_of(after, "left") == "task"


def test_a_clause_is_what_its_words_tell(reading: Reading) -> None:
    after = with_likely_parts(reading, telling(reading, "result", "rewired"), SCORER_ALONE)
    assert part_of(reading, "rewired") == "action"
    assert part_of(after, "rewired") == "result"


def test_no_clause_is_a_part_that_the_answer_does_not_have(reading: Reading) -> None:
    likely = telling(reading, "result", "rewired")
    without = replace(likely, probabilities={**likely.probabilities, ("parts", "result"): 0.1})
    after = with_likely_parts(reading, without, SCORER_ALONE)
    assert "result" not in {part.id for part in story_parts(after)}


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ("I was asked to stop that within a month.", True),
        ("My job was to stop that.", True),
        ("The goal was to have none left by June.", True),
        ("The auditors had to come back for it.", False),
        ("I was responsible for the nightly jobs.", False),
    ],
)
def test_a_task_that_is_told_plainly_is_heard_whatever_the_scorer_says(
    analyzer: Analyzer, told: str, heard: bool
) -> None:
    reading = analyzer.read(transcript_of(f"The export kept failing. {told} I rewrote it in two weeks."))
    after = with_likely_parts(reading, scores(reading, situation=0.9, action=0.9, task=0.05), SCORER_ALONE)
    assert ("task" in {part.id for part in story_parts(after)}) == heard


def test_clauses_of_a_sentence_tell_the_same_where_little_speaks_against_it(analyzer: Analyzer) -> None:
    reading = analyzer.read(
        transcript_of("It was cold. I rewired the office because the lamps had flickered.")
    )
    unruled = reading.with_clauses(replace(clause, part="aside") for clause in reading.clauses)
    alike = replace(scores(unruled, situation=0.9, action=0.9), roles=np.zeros((len(reading.words), 5)))
    alike.roles[:3, ROLES.index("situation")] = 3.0
    alike.roles[3:7, ROLES.index("action")] = 3.0
    alike.roles[7:, ROLES.index("situation")] = 1.5
    alike.roles[7:, ROLES.index("action")] = 1.0
    assert part_of(with_likely_parts(unruled, alike, SCORER_ALONE), "lamps") == "action"
    alike.roles[7:, ROLES.index("situation")] = 3.0
    assert part_of(with_likely_parts(unruled, alike, SCORER_ALONE), "lamps") == "situation"


def test_no_part_loses_its_only_clause_to_another(analyzer: Analyzer) -> None:
    reading = analyzer.read(transcript_of("The tills went down. I rewired the back office."))
    assert [clause.part for clause in reading.clauses] == ["situation", "action"]
    likely = scores(reading, "rewired", task=0.9, action=0.9, situation=0.9)
    after = with_likely_parts(reading, likely, SCORER_ALONE)
    assert [clause.part for clause in after.clauses] == ["situation", "action"]


def test_shares_are_of_the_time_where_it_is_known_and_else_of_the_words() -> None:
    timed = [StoryPart("situation", 0.0, 3.0, "", 0, 3), StoryPart("action", 3.0, 12.0, "", 4, 7)]
    assert shares_of(timed) == {"situation": 0.25, "task": 0.0, "action": 0.75, "result": 0.0}
    typed = [StoryPart("situation", None, None, "", 0, 3), StoryPart("action", None, None, "", 4, 7)]
    assert shares_of(typed)["situation"] == 0.5
    assert set(shares_of([]).values()) == {0.0}


def test_the_form_is_the_likeliest(reading: Reading) -> None:
    for form in FORMS:
        assert form_of(scores(reading, **{form: 0.4})) == form


def test_a_pattern_that_no_rule_sees_is_quoted_where_most_speaks_for_it(
    analyzer: Analyzer, reading: Reading
) -> None:
    likely = scores(reading, "rewired", generality=0.9)
    unseen = dict.fromkeys((rule.id for rule in analyzer.patterns), Match(0.0, ()))
    (finding,) = patterns_found(reading, analyzer.patterns, unseen, likely, SCORER_ALONE)
    assert "rewired" in finding.evidence[0].text


def test_a_signal_needs_a_chance_and_is_quoted_where_it_shows(analyzer: Analyzer, reading: Reading) -> None:
    given = showing(reading, scores(reading, accountability=0.8), "accountability", "rewired")
    (sent,) = signals_sent(weighed(analyzer, reading, given))
    assert sent.id == "accountability"
    assert [span.text.startswith("I rewired") for span in sent.evidence] == [True]
    assert sent.shown == pytest.approx(0.88, abs=0.01)
    unlikely = showing(reading, scores(reading), "accountability", "rewired")
    assert signals_sent(weighed(analyzer, reading, unlikely)) == ()


def test_where_no_clause_shows_it_by_itself_the_nearest_is_quoted(
    analyzer: Analyzer, reading: Reading
) -> None:
    given = scores(reading, leadership=0.8)
    given.evidence[:, EVIDENCE.index("leadership")] += [float("thanked" in w.text) for w in reading.words]
    (sent,) = signals_sent(weighed(analyzer, reading, given))
    assert ["thanked" in span.text for span in sent.evidence] == [True]
    assert sent.shown < 0.1


def test_words_that_a_rule_knows_count_for_more(analyzer: Analyzer) -> None:
    reading = analyzer.read(
        transcript_of("We had two vendors. I decided to drop the cheaper one. I slept well.")
    )
    given = showing(reading, scores(reading, ownership=0.8), "ownership", "slept", "decided")
    (sent,) = signals_sent(weighed(analyzer, reading, given))
    assert sent.shown == pytest.approx(1 / (1 + np.exp(-2.4)), abs=0.01)


def test_the_strongest_moments_come_best_first_with_what_they_show(
    analyzer: Analyzer, reading: Reading
) -> None:
    given = showing(reading, scores(reading, ownership=0.8, leadership=0.2), "ownership", "rewired")
    given = showing(reading, given, "leadership", "thanked")  # which the answer as a whole does not send
    moments = [Moment(9, 12, 0.8), Moment(17, 20, 0.8 * BESIDE), Moment(0, 3, 0.8 * BESIDE - 0.01)]
    with patch.object(Moments, "of", return_value=moments):
        found = highlights(reading, Moments.load(), given, weighed(analyzer, reading, given))
    assert [each.span.text for each in found] == ["I rewired the back", "my manager thanked me"]
    assert [(each.signals, each.confidence) for each in found] == [(("ownership",), 0.8), ((), 0.8 * BESIDE)]


def test_a_pattern_is_told_by_its_chance_and_quoted_where_the_rule_points(
    analyzer: Analyzer, reading: Reading
) -> None:
    matches = matches_of(reading, analyzer.patterns)
    likely = scores(reading, no_outcome=0.7, reactive=0.4)
    (finding,) = patterns_found(reading, analyzer.patterns, matches, likely, SCORER_ALONE)
    assert (finding.id, finding.confidence) == ("no_outcome", 0.7)
    assert finding.evidence[0].text.startswith("my manager thanked me")


def test_of_a_few_words_nothing_is_said(analyzer: Analyzer) -> None:
    analysis = analyzer.analyze(transcript_of("We would usually do it."))
    assert (analysis.form, analysis.patterns, analysis.markers) == (None, (), ())
