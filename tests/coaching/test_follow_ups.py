"""What is asked next, and how it is worded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_analyses import QUESTION, TRANSCRIPT, analysis, deed, finding, highlight, signal

from greenroom.coaching import Coach
from greenroom.coaching.phrasing import load_phrases
from greenroom.records import Analysis, Feedback, Opening, Question, StoryPart, Transcript


def asked(answer: Analysis, question: Question | None = QUESTION, said: Transcript = TRANSCRIPT) -> Feedback:
    return Coach(1).feedback(said, answer, question)


def plain(into: str) -> list[str]:
    return load_phrases()["follow_up"][into]["plain"]


def test_the_questions_own_comes_before_a_general_one() -> None:
    question = replace(QUESTION, follow_ups={"no_business": "Who was waiting for it?"})
    feedback = asked(analysis([finding("no_business")]), question)
    assert (feedback.follow_up, feedback.follow_up_for) == ("Who was waiting for it?", "no_business")
    assert feedback.follow_up_into is None


def test_before_it_comes_one_worded_from_the_answer() -> None:
    question = replace(QUESTION, follow_ups={"no_business": "Who was waiting for it?"})
    feedback = asked(analysis([finding("no_business")], deeds=[deed()], openings=["served"]), question)
    assert "the slab" in (feedback.follow_up or "")
    assert (feedback.follow_up_for, feedback.follow_up_into) == ("no_business", "served")


def test_what_the_company_did_is_not_put_on_the_person() -> None:
    coach = Coach(1)
    for _ in range(6):
        answer = analysis([finding("no_business")], deeds=[deed("team")])
        assert "You tented" not in (coach.feedback(TRANSCRIPT, answer, None).follow_up or "")


def test_what_was_only_watched_is_no_deed_to_ask_about() -> None:
    watched = deed(did="", do="", thing="the recordings")
    answer = analysis([finding("no_business")], deeds=[watched], openings=["served"])
    assert asked(answer).follow_up in plain("served")


def test_where_nothing_is_missing_no_deed_is_asked_about() -> None:
    """It may be the one that went wrong: "You filled the tray: what nearly stopped you?"."""
    answer = analysis(deeds=[deed()], highlights=[highlight("I tented the slab")], openings=["hardest"])
    assert asked(answer).follow_up in plain("hardest")


DEEPER = replace(QUESTION, deeper={"price": "What had to wait for the slab?", "today": "How is it now?"})


def test_a_good_answer_gets_the_banks_own_before_what_is_wanted_more() -> None:
    answer = analysis(openings=["hardest", "reaction", "price"])
    assert (asked(answer, DEEPER).follow_up, asked(answer, DEEPER).follow_up_into) == (
        "What had to wait for the slab?",
        "price",
    )
    unsure = replace(answer, openings=(Opening("price", 0.5, 0.55), Opening("hardest", 0.4, 0.9)))
    assert asked(unsure, DEEPER).follow_up_into == "hardest"


def test_the_bank_is_not_asked_into_the_same_twice_while_there_is_something_else() -> None:
    coach, answer = Coach(1), analysis(openings=["price", "today"])
    into = [coach.feedback(TRANSCRIPT, answer, DEEPER).follow_up_into for _ in range(2)]
    assert into == ["price", "today"]


def test_what_is_missing_is_asked_for_though_no_pattern_was_found() -> None:
    question = replace(DEEPER, follow_ups={"no_outcome": "How long did the slab hold?"})
    answer = analysis(openings=["hardest", "outcome", "price"])
    assert asked(answer, DEEPER).follow_up_into == "price"  # it is hardly wanted
    answer = replace(answer, openings=(Opening("hardest", 0.8, 0.9), Opening("outcome", 0.7, 0.7)))
    assert asked(answer, DEEPER).follow_up in plain("outcome")
    assert (asked(answer, question).follow_up, asked(answer, question).follow_up_for) == (
        "How long did the slab hold?",
        None,
    )


def test_what_is_surely_lacking_and_not_known_to_be_open_is_asked_by_the_bank() -> None:
    question = replace(DEEPER, follow_ups={"reactive": "What did you add to it?"})
    sure, unsure = (
        analysis([finding("reactive", confidence=much)], openings=["price"]) for much in (0.9, 0.6)
    )
    assert asked(sure, question).follow_up_for == "reactive"
    assert asked(unsure, question).follow_up_into == "price"


def test_else_a_general_one_for_the_pattern_that_costs_the_question_most() -> None:
    feedback = asked(analysis([finding("no_outcome"), finding("hidden_in_team")]))
    assert feedback.follow_up_for == "hidden_in_team"
    assert feedback.follow_up in plain("my_part")


def test_of_what_a_pattern_leaves_open_the_most_wanted_is_asked() -> None:
    answer = analysis([finding("no_outcome")], openings=["proof", "amount"])
    feedback = asked(answer)
    assert (feedback.follow_up_for, feedback.follow_up_into) == ("no_outcome", "proof")


def test_a_pattern_that_the_answer_has_mended_itself_is_passed_over() -> None:
    """Its openings are told, and something else is wanted much more."""
    answer = analysis([finding("no_outcome"), finding("no_business")], openings=["hardest", "served"])
    assert asked(answer).follow_up_for == "no_business"
    none_left = analysis([finding("no_outcome")], openings=["hardest"])
    assert (asked(none_left).follow_up_for, asked(none_left).follow_up_into) == (None, "hardest")


@pytest.mark.parametrize(
    ("signals", "into"), [(("leadership",), "against"), (("accountability",), "hardest"), ((), "hardest")]
)
def test_where_nothing_is_missing_what_the_question_is_about_is_asked_into(
    signals: tuple[str, ...], into: str
) -> None:
    answer = analysis(openings=["hardest", "against"])
    assert asked(answer, replace(QUESTION, signals=signals)).follow_up_into == into


def test_a_signal_that_was_asked_for_and_not_sent_comes_first() -> None:
    answer = analysis([], [signal("leadership")], openings=["hardest", "against", "proof"])
    question = replace(QUESTION, signals=("leadership", "accountability"))
    assert asked(answer, question).follow_up_into == "proof"


def test_what_is_hardly_wanted_is_not_asked() -> None:
    answer = replace(analysis(), openings=(Opening("hardest", 0.1, 0.9),))
    assert asked(answer).follow_up is None
    assert asked(analysis()).follow_up is None


def test_the_same_is_not_asked_again_while_there_is_something_else() -> None:
    coach, answer = Coach(1), analysis(openings=["hardest", "reaction"])
    into = [coach.feedback(TRANSCRIPT, answer, None).follow_up_into for _ in range(3)]
    assert into[:2] == ["hardest", "reaction"]
    assert into[2] is not None


def test_a_long_session_repeats_no_question() -> None:
    coach, answer = Coach(1), analysis(openings=["price"])
    texts = [coach.feedback(TRANSCRIPT, answer, None).follow_up for _ in range(8)]
    told = [text for text in texts if text]
    assert len(told) == len(set(told)) == len(plain("price"))


def test_the_figure_that_was_given_is_not_asked_for() -> None:
    result = StoryPart("result", None, None, "it fell from nine a month to two", 0, 8)
    answer = analysis(parts=(result,), openings=["amount", "hardest"])
    assert asked(answer).follow_up_into == "hardest"


def test_an_answer_to_a_follow_up_is_only_asked_into_for_what_it_lacks() -> None:
    following = replace(QUESTION, id="q:more", follows="q")
    assert asked(analysis(openings=["hardest"]), following).follow_up is None
    lacking = analysis([finding("hypothetical")], openings=["occasion"])
    assert asked(lacking, following).follow_up_for == "hypothetical"


def test_who_tells_no_real_time_is_led_back_to_the_question() -> None:
    question = replace(QUESTION, follow_ups={"hypothetical": "Which argument was it?"})
    answer = analysis([finding("hypothetical")], deeds=[deed()], openings=["occasion"])
    assert asked(answer, question).follow_up == "Which argument was it?"


@pytest.mark.parametrize(
    ("claimed", "quoted"),
    [
        ("I always go the extra mile", True),
        ("I'd take a walk with them that week", False),
        ("I never send a letter first", False),
    ],
)
def test_what_only_would_be_is_not_quoted_as_what_was(claimed: str, quoted: bool) -> None:
    answer = analysis([finding("hypothetical", claimed)], openings=["occasion"])
    follow_up = asked(answer, None, Transcript(f"{claimed}.")).follow_up or ""
    assert (claimed in follow_up) == quoted


def test_who_did_as_told_is_asked_for_what_they_added() -> None:
    feedback = asked(analysis([finding("reactive")], openings=["own_idea"]))
    assert feedback.follow_up_into == "own_idea"
    assert feedback.follow_up in load_phrases()["follow_up"]["beyond"]["plain"]


def test_who_tells_about_themselves_is_asked_what_comes_next_if_nothing_else_is_open() -> None:
    question = replace(QUESTION, deeper={"self_here": "What draws you?", "self_next": "What comes next?"})
    told = replace(analysis(), asks="self")
    assert asked(told, question).follow_up == "What comes next?"
    assert (
        asked(replace(told, openings=(Opening("reaction", 0.5, 0.7),)), question).follow_up_into
        == "self_next"
    )
    assert asked(analysis(), question).follow_up is None
    assert asked(told, replace(question, follows="first")).follow_up is None


def test_a_plan_can_always_be_asked_where_it_is_weakest() -> None:
    question = replace(QUESTION, deeper={"plan_wrong": "What could spoil that?"})
    assert asked(replace(analysis(), asks="would"), question).follow_up == "What could spoil that?"
