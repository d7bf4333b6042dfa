"""What a story shows: by made readings, and by the analyzer that reads answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from made_turns import SPAN

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.rubric import _CAPS
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_quality import (
    HIDES,
    StoryQuality,
    as_told,
    quality_id,
    quality_of,
    shows,
    sure_patterns,
    to_add,
)
from greenroom.records import ASSERTED, PATTERNS, SIGNALS, Finding, Question, RubricScore, SignalEvidence

WHOLE = Story("late", "Late", "It failed.", "I was asked.", "I moved it.", "It fell from 8 to 1.")


def made(
    *,
    signals: dict[str, float] | None = None,
    patterns: dict[str, float] | None = None,
    clarity: int | None = None,
) -> StoryQuality:
    return StoryQuality(
        "late",
        "story",
        tuple(Finding(id, sure, (SPAN,), "why", f"advice on {id}") for id, sure in (patterns or {}).items()),
        tuple(SignalEvidence(id, (SPAN,), sure) for id, sure in (signals or {}).items()),
        () if clarity is None else (RubricScore("clarity", clarity, "why"),),
    )


def test_proved_whole_and_hidden_by_nothing_is_strong() -> None:
    assert shows(made(signals={"ownership": ASSERTED}), WHOLE, "ownership") == "strong"


@pytest.mark.parametrize("part", ["situation", "task", "action", "result"])
def test_without_one_of_its_parts_it_is_weak(part: str) -> None:
    story = replace(WHOLE, **{part: " "})
    assert shows(made(signals={"ownership": 0.9}), story, "ownership") == "weak"


def test_what_is_barely_likely_is_weak() -> None:
    assert shows(made(signals={"ownership": ASSERTED - 0.01}), WHOLE, "ownership") == "weak"


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("signal", [each for each in SIGNALS if each != "clarity"])
def test_a_pattern_hides_only_what_it_stands_against(pattern: str, signal: str) -> None:
    hidden = "weak" if signal in HIDES[pattern] else "strong"
    assert shows(made(signals={signal: 0.9}, patterns={pattern: ASSERTED}), WHOLE, signal) == hidden
    assert shows(made(signals={signal: 0.9}, patterns={pattern: ASSERTED - 0.01}), WHOLE, signal) == "strong"


def test_what_caps_the_rubric_hides_the_signal() -> None:
    assert set(HIDES) == set(PATTERNS)
    assert all(quality in HIDES[pattern] for quality, patterns in _CAPS.items() for pattern in patterns)


def test_what_is_not_proved_shows_only_where_its_teller_wants_it_to() -> None:
    assert shows(made(), WHOLE, "leadership") is None
    assert shows(made(), replace(WHOLE, qualities=("Leadership",)), "leadership") == "weak"
    assert shows(made(), replace(WHOLE, qualities=("leadership",)), "Leadership") == "weak"


@pytest.mark.parametrize(("score", "told"), [(4, "strong"), (3, "weak"), (2, None), (None, None)])
def test_clarity_goes_by_the_rubric(score: int | None, told: str | None) -> None:
    assert shows(made(clarity=score), WHOLE, "clarity") == told


def test_clarity_is_hidden_by_a_late_problem() -> None:
    assert shows(made(clarity=4, patterns={"buried_problem": 0.7}), WHOLE, "clarity") == "weak"


def test_own_words_show_as_they_are_listed() -> None:
    story = replace(WHOLE, qualities=("Calm under  pressure",))
    assert shows(made(), story, "calm under pressure") == "strong"
    assert shows(made(patterns={"generality": 0.7}), story, "calm under pressure") == "weak"
    assert shows(made(patterns={"generality": 0.6}), story, "calm under pressure") == "strong"
    assert shows(made(), replace(story, task=""), "calm under pressure") == "weak"
    assert shows(made(), story, "teaching") is None


def test_a_signal_is_known_by_its_title_too() -> None:
    assert quality_id(" Business  Impact ") == "business_impact"
    assert quality_id("customer-focus") == "customer_focus"
    assert quality_id("Calm  Under pressure") == "calm under pressure"


def test_what_to_add_begins_with_what_is_missing() -> None:
    bare = replace(WHOLE, task="", result="")
    quality = made(patterns={"no_outcome": 0.9, "generality": 0.9, "reactive": 0.6})
    assert to_add(bare, quality) == (
        "The task: Who cared, and what was yours to do?",
        "The result: What changed, and by how much?",
        "advice on generality",
    ), "a result that is missing is not said twice, and what is barely likely not at all"
    assert to_add(WHOLE, made()) == ()
    assert to_add(WHOLE, quality) == ("advice on no_outcome", "advice on generality")


def test_a_result_without_a_number_is_asked_for_it() -> None:
    plain = replace(WHOLE, result="It held.")
    (wanted,) = to_add(plain, made())
    assert wanted.startswith("A number")
    assert to_add(replace(plain, numbers=("eight to one",)), made()) == ()


def test_parts_end_their_sentences_before_they_are_read() -> None:
    story = replace(WHOLE, situation="It failed ", task='She said "now!"', action="I\nmoved it?", result="")
    assert as_told(story) == 'It failed. She said "now!" I\nmoved it?'


# --- by the analyzer

GOOD = Story(
    "import",
    "The import that nobody watched",
    "Our nightly import of invoices failed about twice a week, and the billing desk found out at nine in the "
    "morning, when customers called about wrong totals",
    "Nobody owned it. I decided that we should know before the desk did",
    "I read three months of logs and saw that most failures came from one supplier's files. I wrote a check "
    "in Python that reads each file before the import, chose to hold a bad file back instead of stopping all "
    "of them, and showed Dana's team how to release one",
    "Failures went from eight a month to one. The billing desk got 90 minutes a day back, and we kept a "
    "customer who had been about to leave, worth 40,000 euros a year",
)
THIN = Story(
    "launch",
    "Launch day",
    "We had to launch a new page for everybody.",
    "We should have been faster.",
    "We worked hard and improved the performance of the page. The team shipped it.",
    "It went well and the team was happy about it.",
)
WOULD = Story(
    "would",
    "What would you do if it fails",
    "If a service fails at night",
    "I would look into it",
    "I would probably check the logs and then I would ask the team",
    "It would usually work again after that",
)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def ids(found: Sequence[Finding | SignalEvidence]) -> set[str]:
    return {each.id for each in found}


@pytest.mark.slow
def test_a_good_story_proves_and_hides_nothing(analyzer: Analyzer) -> None:
    quality = quality_of(GOOD, analyzer)
    assert quality.form == "story"
    assert quality.patterns == ()
    strong = {signal for signal in SIGNALS if shows(quality, GOOD, signal) == "strong"}
    assert {"ownership", "execution", "business_impact", "clarity"} <= strong
    assert all(span.text for signal in quality.signals for span in signal.evidence)
    assert to_add(GOOD, quality) == ()


@pytest.mark.slow
def test_a_thin_story_shows_its_patterns(analyzer: Analyzer) -> None:
    quality = quality_of(THIN, analyzer)
    assert {"hidden_in_team", "no_outcome", "generality", "no_business"} <= ids(sure_patterns(quality))
    assert all(shows(quality, THIN, signal) != "strong" for signal in SIGNALS)
    assert any("I decided" in advice for advice in to_add(THIN, quality))


@pytest.mark.slow
def test_a_title_that_asks_for_something_else_changes_nothing(analyzer: Analyzer) -> None:
    quality = quality_of(WOULD, analyzer)
    assert "hypothetical" in ids(sure_patterns(quality))
    assert "hypothetical" not in ids(analyzer.analyze(transcript_of(as_told(WOULD)), _would()).patterns)


def _would() -> Question:
    """The question that the title alone would make of it."""
    return Question("q", f"Tell me the story: {WOULD.title}")


@pytest.mark.slow
def test_what_its_teller_wants_shown_is_in_the_rubric(analyzer: Analyzer) -> None:
    quality = quality_of(replace(GOOD, qualities=("Leadership", "leadership", "patience")), analyzer)
    assert [score.id for score in quality.rubric].count("leadership") == 1
    assert "patience" not in [score.id for score in quality.rubric]


@pytest.mark.slow
def test_a_story_of_nothing_is_read_too(analyzer: Analyzer) -> None:
    quality = quality_of(Story("empty", "Empty"), analyzer)
    assert (quality.form, quality.patterns, quality.signals) == (None, (), ())
    assert [text.partition(":")[0] for text in to_add(Story("empty", "Empty"), quality)] == [
        "The situation",
        "The task",
        "The action",
        "The result",
    ]
