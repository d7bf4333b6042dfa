"""What an answer leaves open to be asked into."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.openings import ASKABLE, Openings
from greenroom.analysis.scorer import Linear, Scores
from greenroom.records import OPENINGS, Question

STORY = (
    "In March the tills in our shop froze every Friday evening, and people left their baskets and went. I "
    "stayed one night and found that the backup ran at seven. I moved it to three in the morning, and in the "
    "eleven weeks since then we have not lost a single sale."
)
HABIT = "I always stay calm with customers. I usually let them finish and then I would ask what they need."
PLAN = (
    "First I would call the supplier and ask what is left. Then I would decide which of the orders go out "
    "and tell every customer myself before noon."
)
BEGUN = (
    "So the ward had two lists for the night medication, one on paper and one in the computer, and they were "
    "never the same. I sat down with the pharmacist, went through them bed by bed, and made one list of two. "
    "I asked every nurse on the shift to read it to me aloud before they signed."
)
TEAM = (
    "The export crashed every night. We rewrote the importer together and we moved it to another machine, "
    "and the team tested it for a week. After that it never crashed again and saved us ten hours a week."
)


def found(
    analyzer: Analyzer, text: str, asks: str = "Tell me about a time you solved a problem."
) -> list[str]:
    return [each.id for each in analyzer.analyze(transcript_of(text), Question("q", asks)).openings]


def test_a_habit_is_asked_for_one_time(analyzer: Analyzer) -> None:
    assert found(analyzer, HABIT)[0] == "occasion"
    assert "occasion" not in found(analyzer, STORY)


def test_what_was_told_is_not_open(analyzer: Analyzer) -> None:
    told = found(analyzer, STORY)
    assert not {"before", "outcome", "amount", "steps"} & set(told)
    assert "options" in told or "hardest" in told


def test_a_plan_is_asked_into_as_one(analyzer: Analyzer) -> None:
    openings = found(analyzer, PLAN, "What would you do if a delivery failed?")
    assert openings[0].startswith("plan_")


def test_who_says_we_is_asked_for_their_part(analyzer: Analyzer) -> None:
    assert found(analyzer, TEAM)[0] == "my_part"


def test_a_few_words_open_nothing(analyzer: Analyzer) -> None:
    assert found(analyzer, "I fixed it then.") == []


def open_end(analyzer: Analyzer, text: str, asks: str = "Tell me about a time you fixed it.") -> float:
    """How surely nobody knows yet how it ended."""
    openings = analyzer.analyze(transcript_of(text), Question("q", asks)).openings
    return next((each.wanted for each in openings if each.id == "outcome"), 0.0)


def test_a_story_that_stops_with_its_deeds_has_an_open_end(analyzer: Analyzer) -> None:
    for step in ("", "Then I took the paper list down.", "So yeah, that is what I did."):
        assert open_end(analyzer, f"{BEGUN} {step}") > 0.9
    for told in ("In the first month there was not one mistake.", "Errors went from nine a month to one."):
        assert open_end(analyzer, f"{BEGUN} {told}") < 0.7
    assert open_end(analyzer, STORY) == 0.0
    assert open_end(analyzer, PLAN, "What would you do if a delivery failed?") == 0.0


def test_without_its_end_a_story_is_not_wholly_clear(analyzer: Analyzer) -> None:
    question = Question("q", "Tell me about a time you fixed it.")
    whole, cut = (analyzer.analyze(transcript_of(text), question).rubric[0] for text in (STORY, BEGUN))
    assert (whole.id, whole.score, len(whole.evidence)) == ("clarity", 4, 2)
    assert cut.score < 4 and "what came of it" in cut.why


def test_those_that_can_be_asked_come_most_wanted_first() -> None:
    weight = np.zeros((2 * len(OPENINGS), 3), dtype=np.float32)
    bias = np.full(2 * len(OPENINGS), -5.0, dtype=np.float32)
    askable, wanted = 0, len(OPENINGS)
    for name, much in (("served", 0.5), ("options", 2.0)):
        bias[askable + OPENINGS.index(name)] = 3.0
        bias[wanted + OPENINGS.index(name)] = much
    bias[wanted + OPENINGS.index("hardest")] = 4.0  # wanted, but it was told
    given = {each.name: None for each in fields(Scores)}
    scores = Scores(**given | {"pooled": np.ones(3, np.float32), "tail": np.ones(4, np.float32)})
    layer, nothing = Linear(weight, bias), np.zeros((1, 7), dtype=np.float32)
    openings = Openings(layer, Linear(nothing, np.array([-5.0], np.float32))).of(scores)
    assert [each.id for each in openings] == ["options", "served"]
    assert all(each.askable >= ASKABLE for each in openings)
    ended = Openings(layer, Linear(nothing, np.array([5.0], np.float32)))
    assert ended.of(scores)[0].id == "outcome"
