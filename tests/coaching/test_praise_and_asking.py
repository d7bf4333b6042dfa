"""What is praised, and what is pointed out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from made_analyses import QUESTION, TRANSCRIPT, analysis, finding, highlight, signal

from greenroom.coaching import Coach
from greenroom.coaching.feedback import MOST_OPENER_WORDS
from greenroom.coaching.needs import fault_of, most_needed
from greenroom.coaching.phrasing import MOST_SPOKEN_WORDS, load_phrases
from greenroom.coaching.quotes import begins_well
from greenroom.records import (
    PATTERNS,
    Analysis,
    Opening,
    Question,
    RubricScore,
    Span,
    StoryPart,
    Transcript,
)

SCENE = StoryPart("situation", None, None, "the export kept crashing at night", 0, 5)


def test_praise_is_withheld_where_a_pattern_speaks_against_it() -> None:
    feedback = Coach(1).feedback(
        TRANSCRIPT, analysis([finding("hidden_in_team")], [signal("ownership")]), QUESTION
    )
    assert feedback.strength is None


def test_nothing_earned_nothing_praised() -> None:
    assert Coach(1).feedback(TRANSCRIPT, analysis([finding("generality")]), QUESTION).strength is None


def test_strong_words_are_praised_for_the_signal_that_was_probed() -> None:
    strong = highlight("I decided to drop the cheaper vendor", "execution", "ownership")
    answer = analysis([], [signal("execution"), signal("ownership")], highlights=[strong])
    assert what_is_praised(answer, QUESTION) == "ownership"


def test_a_hypothetical_answer_is_asked_for_a_story_before_anything_else() -> None:
    found = [finding(id) for id in PATTERNS]
    assert [f.id for f in most_needed(analysis(found), QUESTION)] == ["hypothetical", "generality"]


def what_is_praised(answer: Analysis, question: Question | None) -> str:
    """Which of the tables of praise the strength is worded from."""
    strength = Coach(1).feedback(TRANSCRIPT, answer, question).strength or ""
    tables = load_phrases()["strength"]
    return next(
        id
        for id, ways in tables.items()
        for way in ways
        if all(half in strength for half in way.split("{quote}"))
    )


def test_strong_words_are_praised_as_a_detail_where_no_signal_is_sure() -> None:
    answer = analysis(
        [],
        [replace(signal("execution"), confidence=0.5)],
        highlights=[highlight("I took an old order pad", "execution")],
    )
    assert what_is_praised(answer, None) == "detail"


def test_the_best_words_that_can_be_said_back_come_first() -> None:
    strong = [highlight("which we"), highlight("I took an old order pad"), highlight()]
    assert "I took an old order pad" in (
        Coach(1).feedback(TRANSCRIPT, analysis(highlights=strong), QUESTION).strength or ""
    )


def test_strong_words_with_a_figure_of_the_result_are_praised_for_it() -> None:
    told = "we had nine loaves left instead of forty"
    measured = StoryPart("result", None, None, told, 0, 7)
    answer = analysis([], [signal("execution")], parts=(measured,), highlights=[highlight(told, "execution")])
    assert what_is_praised(answer, replace(QUESTION, signals=("leadership",))) == "result"
    assert what_is_praised(answer, replace(QUESTION, signals=("execution",))) == "execution"


@pytest.mark.parametrize(
    ("quote", "well"),
    [
        ("painted a ring on the lid", True),
        ("on the next rounds I asked every customer", True),
        ("nine of ten came back", True),
        ("do what she does in a morning", False),
    ],
)
def test_what_is_asked_about_begins_with_who_or_with_what_was_done(quote: str, well: bool) -> None:
    assert begins_well(quote) == well


@pytest.mark.parametrize(("last", "asked"), [("result", False), ("action", True)])
def test_an_end_in_words_answers_an_unsure_doubt_about_it(last: str, asked: bool) -> None:
    told = StoryPart(last, None, None, "since then nobody mixed them up", 90, 95)
    answer = analysis([finding("no_outcome", confidence=0.6)], parts=(told,))
    assert bool(most_needed(answer, QUESTION)) == asked


def test_a_plan_is_praised_as_one() -> None:
    plan = highlight("I would pick one reason that we can change", "ownership")
    answer = replace(analysis(highlights=[plan]), asks="would")
    feedback = Coach(1).feedback(TRANSCRIPT, answer, QUESTION)
    ways = load_phrases()["strength"]["plan"]
    assert feedback.strength in [way.replace("{quote}", f"“{plan.span.text}”") for way in ways]


def test_where_no_end_was_told_nothing_is_called_complete() -> None:
    answer = replace(analysis([], [signal("ownership")], highlights=[highlight()]), form="story")
    for question in (QUESTION, replace(QUESTION, signals=("ownership", "execution"))):
        feedback = Coach(1).feedback(TRANSCRIPT, answer, question)
        assert not any(line in feedback.spoken for line in load_phrases()["coach"]["nothing_to_change"])


@pytest.mark.parametrize(("begins", "words", "said"), [(90, 150, True), (70, 150, False), (60, 80, False)])
def test_a_first_step_after_more_than_half_of_the_story_comes_late(
    begins: int, words: int, said: bool
) -> None:
    first = StoryPart("action", None, None, "I rode along with the truck", begins, begins + 5)
    answer = replace(analysis(words=words, parts=(SCENE, first)), form="story")
    feedback = Coach(1).feedback(Transcript("word " * words), answer, QUESTION)
    assert any("I rode along with the truck" in change for change in feedback.changes) == said


def late(*found: str, question: Question = QUESTION, **changes: Any) -> bool:
    """Whether a first step that comes late is pointed out, where these patterns are found."""
    first = StoryPart("action", None, None, "I rode along with the truck", 90, 95)
    answer = replace(analysis([finding(id) for id in found], words=150, parts=(SCENE, first)), form="story")
    coach = Coach(1)
    coach.remember(QUESTION, answer)
    feedback = coach.feedback(Transcript("word " * 150), replace(answer, **changes), question)
    return any("I rode along with the truck" in change for change in feedback.changes)


def test_a_late_step_is_not_pointed_out_where_it_would_contradict_or_repeat() -> None:
    assert late()
    assert not late("hypothetical")  # another story is asked for
    assert not late("buried_problem")  # more of what was wrong is asked for
    assert not late(question=replace(QUESTION, id="more", follows=QUESTION.id))
    assert not late(form="pseudo_story")
    assert not late(highlights=(highlight("I rode along with the truck"),))


def test_the_scene_of_a_clear_story_is_no_strength() -> None:
    scene = StoryPart("situation", None, None, "the export kept crashing at night", 0, 5)
    answer = analysis(rubric=(RubricScore("clarity", 4, "."),), parts=(scene,))
    assert Coach(1).feedback(TRANSCRIPT, answer, None).strength is None


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("I rode it up the pass myself with eighty kilos of cement in the box.", True),
        (
            "I rode it up the pass myself with eighty kilos of cement in a box behind the seat I had welded.",
            False,
        ),
    ],
)
def test_strong_words_are_said_back_whole_or_not_at_all(told: str, said: bool) -> None:
    feedback = Coach(1).feedback(Transcript(f"{told} It held."), analysis(highlights=[highlight(told)]), None)
    assert (told.rstrip(".") in (feedback.strength or "")) == said
    assert (feedback.strength is not None) == said


def test_a_late_step_that_was_just_said_back_is_not_quoted_again() -> None:
    told = "I rode along with the truck"
    first = StoryPart("action", None, None, told, 90, 95)
    answer = replace(analysis(words=150, parts=(SCENE, first), highlights=[highlight(told)]), form="story")
    feedback = Coach(1).feedback(Transcript("word " * 150), answer, QUESTION)
    assert [change for change in feedback.changes if change in load_phrases()["late_step"]["bare"]]


@pytest.mark.parametrize(("scene", "said"), [(0.6, True), (0.3, False)])
def test_of_a_story_that_is_mostly_scene_the_strong_words_are_what_comes_late(
    scene: float, said: bool
) -> None:
    told = "I rode along with the truck"
    parts = (SCENE, StoryPart("action", None, None, "and there were five sites", 20, 24))
    strong = replace(highlight(told), span=Span(told, None, None, 100, 105))
    answer = replace(analysis(words=150, parts=parts, highlights=[strong]), shares={"situation": scene})
    feedback = Coach(1).feedback(Transcript("word " * 150), replace(answer, form="story"), QUESTION)
    assert any(change in load_phrases()["late_step"]["bare"] for change in feedback.changes) == said


def ending(wanted: float) -> Analysis:
    """A story with a step, a result and strong words at its beginning, whose end is open so surely."""
    parts = (
        SCENE,
        StoryPart("action", None, None, "I rode along", 10, 12),
        StoryPart("result", None, None, "it held", 30, 31),
    )
    told = replace(analysis([], [signal("ownership")], parts=parts, highlights=[highlight()]), form="story")
    return replace(told, openings=(Opening("outcome", wanted, wanted),) if wanted >= 0.5 else ())


TOLD = Transcript("word " * 60)


@pytest.mark.parametrize(
    ("wanted", "said", "complete"), [(0.9, True, False), (0.55, False, False), (0.1, False, True)]
)
def test_a_story_without_an_end_is_told_so_and_never_called_complete(
    wanted: float, said: bool, complete: bool
) -> None:
    spoken = Coach(1).feedback(TOLD, ending(wanted), QUESTION).spoken
    assert any(line in spoken for line in load_phrases()["no_end"]["say"]) == said
    assert any(line in spoken for line in load_phrases()["coach"]["nothing_to_change"]) == complete


def test_a_missing_end_is_no_third_change() -> None:
    two = (finding("hidden_in_team"), finding("buried_problem", "the export kept crashing"))
    feedback = Coach(1).feedback(TOLD, replace(ending(0.9), patterns=two), QUESTION)
    assert len(feedback.changes) == 2
    one = Coach(1).feedback(TOLD, replace(ending(0.9), patterns=two[:1]), QUESTION)
    assert any(line in one.spoken for line in load_phrases()["no_end"]["say"])


def test_a_missing_end_is_said_once() -> None:
    answer = replace(ending(0.9), patterns=(finding("no_outcome"),))
    spoken = Coach(1).feedback(TOLD, answer, replace(QUESTION, signals=("execution",))).spoken
    assert not any(line in spoken for line in load_phrases()["no_end"]["say"])


def test_whose_strongest_words_come_late_is_not_told_to_leave_it_so() -> None:
    late = replace(
        ending(0.1), highlights=(replace(highlight(), span=Span("I decided to drop it", None, None, 40, 44)),)
    )
    spoken = Coach(1).feedback(TOLD, late, QUESTION).spoken
    assert not any(line in spoken for line in load_phrases()["coach"]["nothing_to_change"])


@pytest.mark.parametrize(("open_still", "missed"), [(True, True), (False, False)])
def test_how_a_quarrel_ended_is_missed_only_where_it_was_not_told(open_still: bool, missed: bool) -> None:
    answer = replace(ending(0.9 if open_still else 0.1), patterns=(finding("no_outcome"),))
    assert bool(most_needed(answer, QUESTION)) == missed
    counted = replace(QUESTION, signals=("execution",))
    assert most_needed(answer, counted)


@pytest.mark.parametrize("told", [True, False])
def test_a_doubt_about_the_problem_is_not_voiced_where_nobody_would_ask_for_it(told: bool) -> None:
    answer = analysis([finding("buried_problem", confidence=0.6)], openings=[] if told else ["before"])
    assert bool(most_needed(answer, QUESTION)) != told


def test_a_slip_of_the_tongue_is_not_read_out() -> None:
    slip = finding("hidden_in_team", "I typed up, well I transcribed the registers")
    assert "typed up" not in Coach(1).feedback(TRANSCRIPT, analysis([slip]), QUESTION).spoken


def test_who_tells_about_themselves_is_not_asked_who_gained_by_it() -> None:
    question = replace(QUESTION, signals=("business_impact",))
    answer = replace(analysis(), form="self_description", asks="self")
    spoken = Coach(1).feedback(TRANSCRIPT, answer, question).spoken
    assert any(line in spoken for line in load_phrases()["coach"]["introduced"])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("I walked down", None),
        ("I stayed late to mend it", "I stayed late to mend it"),
        ("So I'd rather not leave them in it", "I'd rather not leave them in it"),
    ],
)
def test_strong_words_are_praised_where_they_can_be_recognised(told: str, said: str | None) -> None:
    feedback = Coach(1).feedback(Transcript(f"{told}."), analysis(highlights=[highlight(told)]), None)
    assert (f"“{said}”" in (feedback.strength or "")) if said else feedback.strength is None


def test_the_answer_to_a_follow_up_need_not_come_to_an_end_again() -> None:
    coach = Coach(1)
    coach.feedback(TOLD, ending(0.1), QUESTION)
    spoken = coach.feedback(TOLD, ending(0.9), replace(QUESTION, id="more", follows=QUESTION.id)).spoken
    assert not any(line in spoken for line in load_phrases()["no_end"]["say"])


@pytest.mark.parametrize("fault", ["no_outcome", "no_business"])
def test_of_a_plan_nothing_is_asked_that_has_come_of_it(fault: str) -> None:
    question = replace(QUESTION, signals=("business_impact",))
    plan = replace(analysis([finding(fault)]), asks="would")
    spoken = Coach(1).feedback(TRANSCRIPT, plan, question).spoken
    ways = load_phrases()["change"][f"{fault}_planned"]
    assert any(way.lower() in spoken.lower() for way in ways["say"])


@pytest.mark.parametrize("seed", range(12))
def test_two_changes_that_are_needed_are_both_said_in_time(seed: int) -> None:
    found = [finding("no_outcome"), finding("hidden_in_team")]
    feedback = Coach(seed).feedback(TRANSCRIPT, analysis(found, highlights=[highlight()]), None)
    assert len(feedback.changes) == 2
    assert len(feedback.spoken.split()) <= MOST_SPOKEN_WORDS


@pytest.mark.parametrize("seed", range(12))
def test_the_opener_has_its_room(seed: int) -> None:
    feedback = Coach(seed).feedback(
        TRANSCRIPT, analysis([finding("no_outcome"), finding("hidden_in_team")]), None
    )
    assert feedback.strength is None
    assert len(feedback.changes) == 2
    assert max(len(line.split()) for line in load_phrases()["coach"]["opener"]) == MOST_OPENER_WORDS


def test_a_general_plan_is_only_told_that_it_is_general() -> None:
    found = [finding(id) for id in ("no_outcome", "no_business", "generality")]
    plan = replace(analysis(found), asks="would")
    assert [each.id for each in most_needed(plan, QUESTION)] == ["generality"]
    assert fault_of(found[2], plan, QUESTION) == "generality_planned"
    assert [each.id for each in most_needed(analysis(found), QUESTION)] != ["generality"]
