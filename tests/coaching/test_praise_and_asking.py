"""What is praised, and what is asked next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from made_analyses import QUESTION, TRANSCRIPT, analysis, deed, finding, highlight, signal

from greenroom.coaching import Coach
from greenroom.coaching.needs import most_needed
from greenroom.coaching.phrasing import load_phrases
from greenroom.records import PATTERNS, Analysis, Question, RubricScore, StoryPart, Transcript

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


def test_the_questions_own_follow_up_comes_first() -> None:
    question = replace(QUESTION, follow_ups={"no_business": "Who was waiting for it?"})
    answer = analysis([finding("no_outcome"), finding("no_business")])
    feedback = Coach(1).feedback(TRANSCRIPT, answer, question)
    assert (feedback.follow_up, feedback.follow_up_for) == ("Who was waiting for it?", "no_business")


def test_before_it_comes_one_worded_from_the_answer() -> None:
    question = replace(QUESTION, follow_ups={"no_business": "Who was waiting for it?"})
    answer = analysis([finding("no_business")], deeds=[deed()])
    feedback = Coach(1).feedback(TRANSCRIPT, answer, question)
    assert "the slab" in (feedback.follow_up or "")
    assert feedback.follow_up_for == "no_business"


def test_what_the_company_did_is_not_put_on_the_person() -> None:
    coach = Coach(1)
    for _ in range(6):
        answer = analysis([finding("no_business")], deeds=[deed("team")])
        assert "You tented" not in (coach.feedback(TRANSCRIPT, answer, None).follow_up or "")


def test_else_a_general_one_for_the_pattern_that_costs_the_question_most() -> None:
    answer = analysis([finding("no_outcome"), finding("hidden_in_team")])
    feedback = Coach(1).feedback(TRANSCRIPT, answer, QUESTION)
    assert feedback.follow_up_for == "hidden_in_team"
    assert feedback.follow_up in load_phrases()["follow_up"]["hidden_in_team"]


def test_else_one_for_a_signal_that_was_asked_for_and_not_sent() -> None:
    feedback = Coach(1).feedback(TRANSCRIPT, analysis(), QUESTION)
    assert feedback.follow_up in load_phrases()["follow_up_signal"]["ownership"]
    assert feedback.follow_up_for is None
    assert Coach(1).feedback(TRANSCRIPT, analysis([], [signal("ownership")]), QUESTION).follow_up is None


def test_who_introduced_themselves_is_not_asked_about_an_it() -> None:
    introduced = replace(analysis(), form="self_description")
    assert Coach(1).feedback(TRANSCRIPT, introduced, QUESTION).follow_up is None
    told = replace(introduced, deeds=(deed(),))
    assert "the slab" in (Coach(1).feedback(TRANSCRIPT, told, QUESTION).follow_up or "")
    assert Coach(1).feedback(TRANSCRIPT, replace(told, asks="self"), QUESTION).follow_up is None


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
    ("told", "praised"),
    [
        ("it took me three weeks on the side", False),  # what it cost
        ("we had nine loaves left instead of forty", True),
    ],
)
def test_a_figure_is_praised_where_it_says_what_changed(told: str, praised: bool) -> None:
    answer = analysis(parts=(StoryPart("result", None, None, told, 0, 7),))
    assert (Coach(1).feedback(TRANSCRIPT, answer, None).strength is not None) == praised


@pytest.mark.parametrize(
    ("quote", "well"),
    [
        ("painted a ring on the lid", True),
        ("on the next rounds I asked every customer", True),
        ("nine of ten came back", True),
        ("do what she does in a morning", False),
    ],
)
def test_what_is_said_back_begins_with_who_or_with_what_was_done(quote: str, well: bool) -> None:
    assert (
        Coach(1).feedback(TRANSCRIPT, analysis(highlights=[highlight(quote)]), None).strength is not None
    ) == well


@pytest.mark.parametrize(("last", "asked"), [("result", False), ("action", True)])
def test_an_end_in_words_answers_an_unsure_doubt_about_it(last: str, asked: bool) -> None:
    told = StoryPart(last, None, None, "since then nobody mixed them up", 90, 95)
    answer = analysis([finding("no_outcome", confidence=0.6)], parts=(told,))
    assert bool(most_needed(answer, QUESTION)) == asked


def test_a_plan_is_praised_as_one_and_asked_about_as_one() -> None:
    plan = highlight("I would pick one reason that we can change", "ownership")
    answer = replace(analysis(highlights=[plan]), asks="would")
    feedback = Coach(1).feedback(TRANSCRIPT, answer, QUESTION)
    ways = load_phrases()["strength"]["plan"]
    assert feedback.strength in [way.replace("{quote}", f"“{plan.span.text}”") for way in ways]
    assert feedback.follow_up in [line for each in plan_questions().values() for line in each["ask"]]


def plan_questions() -> dict[str, dict[str, list[str]]]:
    return load_phrases()["follow_up_plan"]


def test_a_plan_is_not_asked_for_what_it_says() -> None:
    said = Transcript(
        " ".join(words for id, each in plan_questions().items() if id != "wrong" for words in each["unless"])
    )
    answer = replace(analysis(), asks="would")
    assert Coach(1).feedback(said, answer, QUESTION).follow_up in plan_questions()["wrong"]["ask"]


def test_what_nobody_counted_is_asked_for_before_that_and_nothing_is_called_complete() -> None:
    answer = replace(analysis([], [signal("ownership")], highlights=[highlight()]), form="story")
    feedback = Coach(1).feedback(TRANSCRIPT, answer, QUESTION)
    assert feedback.follow_up in load_phrases()["follow_up"]["no_outcome_uncounted"]
    counted = Coach(1).feedback(TRANSCRIPT, answer, replace(QUESTION, signals=("ownership", "execution")))
    assert counted.follow_up in load_phrases()["follow_up_signal"]["execution"]
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


def test_what_was_only_watched_is_no_deed_to_ask_about() -> None:
    watched = deed(did="", do="", thing="the recordings")
    question = replace(QUESTION, signals=("accountability",))
    assert "recordings" not in (
        Coach(1).feedback(TRANSCRIPT, analysis(deeds=(watched,)), question).follow_up or ""
    )


def test_who_tells_no_real_time_is_led_back_to_the_question() -> None:
    question = replace(QUESTION, follow_ups={"hypothetical": "Which argument was it?"})
    answer = analysis([finding("hypothetical")], deeds=[deed()])
    assert Coach(1).feedback(TRANSCRIPT, answer, question).follow_up == "Which argument was it?"


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


def test_where_a_late_step_was_said_already_there_is_room_for_a_remark_on_the_delivery() -> None:
    told = "I rode along with the truck"
    first = StoryPart("action", None, None, told, 90, 95)
    answer = analysis(words=150, parts=(SCENE, first), bands={"fade": "fading"}, highlights=[highlight(told)])
    feedback = Coach(1).feedback(Transcript("word " * 150), replace(answer, form="story"), QUESTION)
    assert any(line in feedback.changes for line in load_phrases()["delivery"]["fade.fading"])
