from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_analyses import QUESTION, TRANSCRIPT, analysis, deed, finding, highlight, signal

from greenroom.coaching import Coach
from greenroom.coaching.needs import lost_signals, most_needed, open_signals
from greenroom.coaching.phrasing import load_phrases, names_in
from greenroom.coaching.quotes import MOST_QUOTE_WORDS, in_first_person, quotable
from greenroom.records import (
    OPENINGS,
    PATTERNS,
    SIGNALS,
    Analysis,
    Question,
    RubricScore,
    StoryPart,
)

# 25 s at 155 words a minute.
MOST_WORDS_IN_25_SECONDS = 64
FORBIDDEN = (
    "nervous",
    "failed",
    "rejected",
    "rejection",
    "confidence score",
    "anxious",
    "hire",
    "probability",
)

texts = st.lists(
    st.sampled_from(
        "we I the moved queue, customers and because really um it would decided 40% orders.".split()  # noqa: SIM905
    ),
    min_size=1,
    max_size=40,
).map(" ".join)
analyses = st.builds(
    analysis,
    st.lists(
        st.builds(finding, st.sampled_from(PATTERNS), texts, st.floats(0.5, 0.95)),
        max_size=7,
        unique_by=lambda f: f.id,
    ),
    st.lists(st.builds(signal, st.sampled_from(SIGNALS), texts), max_size=5, unique_by=lambda s: s.id),
    words=st.integers(0, 400),
    deeds=st.lists(
        st.builds(
            deed,
            st.sampled_from(["i", "we", "team", "passive"]),
            measure=st.sampled_from(["", "errors", "time", "money", "people"]),
        ),
        max_size=2,
    ),
    bands=st.sampled_from(
        [{}, {"speech_rate": "fast"}, {"fillers": "harmful"}, {"pace": "fast stretch"}, {"hedges": "many"}]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(analyses, min_size=1, max_size=4), st.integers(0, 1000))
def test_feedback_is_bounded_and_kind(answers: list[Analysis], seed: int) -> None:
    coach = Coach(seed)
    for answer in answers:
        feedback = coach.feedback(TRANSCRIPT, answer, QUESTION)
        assert 0 < len(feedback.spoken.split()) <= MOST_WORDS_IN_25_SECONDS
        assert len(feedback.changes) <= 2
        assert not re.search(r"[{}\0]|\s,|,,|: :|\.\.|\s\s", feedback.spoken)
    closing = coach.closing(answers, [QUESTION])
    assert len(closing.split()) <= MOST_WORDS_IN_25_SECONDS
    assert closing.endswith("?")


def every_phrase(node) -> list[str]:
    if isinstance(node, str):
        return [node]
    children = node.values() if isinstance(node, dict) else node
    return [phrase for child in children for phrase in every_phrase(child)]


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_phrase_judges_the_person(word: str) -> None:
    assert not [phrase for phrase in every_phrase(load_phrases()) if word in phrase.lower()]


def test_every_pattern_and_signal_has_words_enough_to_vary() -> None:
    phrases = load_phrases()
    for pattern in PATTERNS:
        assert len(phrases["change"][pattern]["say"]) >= 8
        assert all(len(phrases["change"][pattern][kind]) >= 4 for kind in ("gap", "bare", "ask"))
        assert phrases["asks_into"][pattern]
        assert phrases["closing_fix"][pattern]
    for name in SIGNALS:
        assert name == "clarity" or len(phrases["strength"][name]) >= 4
        assert phrases["lost"][name] and phrases["names"][name]
        assert phrases["asks_into"][name] or name == "clarity"
    for opening in OPENINGS:
        assert len(phrases["follow_up"][opening]["plain"]) >= 3
    assert {opening for openings in phrases["asks_into"].values() for opening in openings} <= set(OPENINGS)


def test_every_slot_is_one_that_can_be_filled() -> None:
    phrases = load_phrases()
    tables = ("strength", "change", "lost", "lead", "follow_up")
    worded = {name: phrases[name] for name in tables}
    slots = {name for phrase in every_phrase(worded) for name in names_in(phrase)}
    assert slots == {"quote", "mine", "thing", "did", "do", "team_did", "measure"}


def test_the_same_seed_says_the_same_and_another_says_other_words() -> None:
    answer = analysis([finding("no_outcome")], [signal("ownership")])
    said = [Coach(seed).feedback(TRANSCRIPT, answer, QUESTION).spoken for seed in (1, 1, *range(2, 12))]
    assert said[0] == said[1]
    assert len(set(said)) > 5


def test_a_draft_that_nobody_heard_changes_nothing_that_is_said_later() -> None:
    found = analysis([finding("no_outcome")], [signal("ownership")])
    drafting, plain = Coach(3), Coach(3)
    memory = drafting.memory()
    for _ in range(4):
        drafting.return_to(memory)
        drafting.feedback(TRANSCRIPT, found, QUESTION)
    plain.feedback(TRANSCRIPT, found, QUESTION)
    assert drafting.feedback(TRANSCRIPT, found, QUESTION) == plain.feedback(TRANSCRIPT, found, QUESTION)


def test_no_phrasing_comes_twice_in_a_session() -> None:
    coach = Coach(7)
    feedbacks = [
        coach.feedback(
            TRANSCRIPT,
            analysis(
                [finding("no_outcome"), finding("no_business")], highlights=[highlight(f"I moved queue {n}")]
            ),
            QUESTION,
        )
        for n in range(15)
    ]
    assert len({feedback.strength for feedback in feedbacks}) == 15
    changes = [change for feedback in feedbacks for change in feedback.changes]
    assert len(changes) == len(set(changes)) >= 20


def test_a_change_names_the_words_said_and_what_to_say_in_their_place() -> None:
    coach = Coach(1)
    answer = analysis([finding("hidden_in_team", "and so we moved it to queues, and")])
    changes = [coach.feedback(TRANSCRIPT, answer, QUESTION).changes[0] for _ in range(12)]
    assert all("“we moved it to queues”" in change for change in changes)
    assert any("say “I moved it to queues”" in change for change in changes)


def test_what_is_unsure_is_asked() -> None:
    answer = analysis([finding("hidden_in_team", confidence=0.55)])
    (change,) = Coach(1).feedback(TRANSCRIPT, answer, QUESTION).changes
    assert "?" in change


def test_words_quoted_once_are_not_read_out_again() -> None:
    answer = analysis([finding("no_outcome"), finding("no_business")])
    feedback = Coach(2).feedback(TRANSCRIPT, answer, QUESTION)
    assert feedback.spoken.count("we moved it to queues") == 1
    assert all("we moved it to queues" in change for change in feedback.changes)


@pytest.mark.parametrize("words", [0, 3, 9])
def test_too_little_to_go_by_is_met_gently(words: int) -> None:
    feedback = Coach(1).feedback(TRANSCRIPT, analysis([finding("generality")], words=words), QUESTION)
    assert (feedback.strength, feedback.changes, feedback.follow_up) == (None, (), None)
    assert feedback.spoken


def test_the_measure_is_that_of_the_deed() -> None:
    coach = Coach(1)
    answers = [
        analysis([finding("no_outcome", f"the slab came out {n}")], deeds=[deed(measure="time")])
        for n in ("lovely", "clean", "fine", "dry", "well", "hard")
    ]
    said = " ".join(coach.feedback(TRANSCRIPT, answer, None).spoken for answer in answers)
    assert re.search("how long it took|how many hours|how much waiting", said)
    assert not re.search("what it cost|how often it went wrong|how many people", said)


def test_nobody_is_asked_for_a_number_that_was_said() -> None:
    part = StoryPart("result", None, None, "complaints went from forty to six a month", 3, 10)
    assert most_needed(analysis([finding("no_outcome")], parts=(part,)), None) == []


def lost(answer: Analysis, question: Question, before: Analysis | None = None) -> list[str]:
    return lost_signals(answer, open_signals(answer, question, before))


def test_lost_signals_are_those_probed_and_not_sent() -> None:
    question = replace(QUESTION, signals=("ownership", "leadership", "clarity"))
    clear = (RubricScore("clarity", 3, "."),)
    answer = analysis([], [signal("ownership")], rubric=clear)
    assert lost(answer, question) == ["leadership"]


def test_what_is_hinted_at_is_no_loss() -> None:
    question = replace(QUESTION, signals=("leadership", "accountability"))
    hinted = analysis(rubric=(RubricScore("leadership", 2, "."), RubricScore("accountability", 1, ".")))
    assert lost(hinted, question) == ["accountability"]


def test_a_result_with_a_figure_leaves_no_worth_to_ask_for() -> None:
    question = replace(QUESTION, signals=("business_impact",))
    measured = StoryPart("result", None, None, "it went down from ninety minutes to twenty", 0, 7)
    assert lost(analysis(parts=(measured,)), question) == []
    assert lost(analysis(), question) == ["business_impact"]


def test_a_plan_and_an_answer_to_a_follow_up_have_lost_nothing() -> None:
    question = replace(QUESTION, signals=("leadership",))
    assert lost(replace(analysis(), asks="would"), question) == []
    assert lost(analysis(), question, before=analysis()) == []


@pytest.mark.parametrize(("sure", "asked"), [(0.6, False), (0.7, True)])
def test_a_doubt_is_not_voiced_where_a_rule_heard_the_opposite(sure: float, asked: bool) -> None:
    proposed = signal("ownership", "I proposed it to the ministry")
    answer = analysis([finding("reactive", confidence=sure)], [proposed])
    assert ("reactive" in [each.id for each in most_needed(answer, QUESTION)]) == asked


@pytest.mark.parametrize(("sure", "told"), [(0.6, False), (0.7, True)])
def test_whom_it_served_is_not_asked_on_a_guess(sure: float, told: bool) -> None:
    answer = analysis([finding("no_business", confidence=sure)])
    assert ("no_business" in [each.id for each in most_needed(answer, QUESTION)]) == told


def test_delivery_is_only_remarked_on_outside_its_band_and_where_there_is_room() -> None:
    fast = analysis([finding("no_outcome")], bands={"speech_rate": "fast"})
    assert "210" in Coach(1).feedback(TRANSCRIPT, fast, None).changes[1]
    assert len(Coach(1).feedback(TRANSCRIPT, analysis([finding("no_outcome")]), None).changes) == 1
    full = analysis([finding("no_outcome"), finding("generality")], bands={"speech_rate": "fast"})
    assert not any("210" in change for change in Coach(1).feedback(TRANSCRIPT, full, None).changes)


def test_the_microphone_is_spoken_of_once_in_a_session() -> None:
    coach = Coach(1)
    loud = analysis(signals=[signal("ownership")], bands={"snr": "drowned"})
    first, second = (coach.feedback(TRANSCRIPT, loud, QUESTION) for _ in range(2))
    assert first.changes
    assert second.changes == ()


@pytest.mark.parametrize("seed", range(60))
def test_no_two_quotes_of_one_breath_are_led_in_alike(seed: int) -> None:
    found = [
        finding("no_outcome", "it was then used by everyone"),
        finding("generality", "we improved things"),
    ]
    feedback = Coach(seed).feedback(TRANSCRIPT, analysis(found, [signal("ownership")]), QUESTION)
    said = " ".join((feedback.strength or "", *feedback.changes)).lower()
    assert said.count("your words") <= 1
    assert said.count("you said") <= 1


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("And so, um, we moved it to queues, and", "we moved it to queues"),
        ("that the valve had been shut since noon,", "the valve had been shut since noon"),
        ("that was tricky", "that was tricky"),
        (
            "I moved the nightly export of all the orders because the finance people were waiting for it",
            "I moved the nightly export of all the orders",
        ),
        ("Um", ""),
    ],
)
def test_quotes_read_well_aloud(text: str, quote: str) -> None:
    assert quotable(text) == quote


@given(texts)
def test_quotes_are_short(text: str) -> None:
    assert len(quotable(text).split()) <= MOST_QUOTE_WORDS


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("it was, it was up again at ten", "it was up again at ten"),
        ("so we all, we decided to do a swim", "we decided to do a swim"),
        ("Task: The team had to find a way", "the team had to find a way"),
        ("Challenge… we had to go to GitHub Actions", "we had to go to GitHub Actions"),
        ("Kotlin mostly, and each one's, you know, got its own", "Kotlin mostly, and each one's got its own"),
        ('sent it back with status "done"', "sent it back with status done"),
        ("The team handled it. We got pizza", "the team handled it"),
    ],
)
def test_quotes_are_without_the_stumbles(text: str, quote: str) -> None:
    assert quotable(text) == quote


def test_we_told_as_i() -> None:
    assert in_first_person("we moved it to queues") == "I moved it to queues"
    assert in_first_person("we were late") is None
    assert in_first_person("the team moved it") is None
    assert in_first_person("we moved our stock") is None


def test_the_closing_names_what_came_across_and_what_to_fix_first() -> None:
    answers = [
        analysis([finding("no_outcome")], [signal("ownership")]),
        analysis([finding("no_outcome")], [signal("ownership")]),
    ]
    closing = Coach(1).closing(answers, [QUESTION, QUESTION])
    assert "ownership" in closing
    assert "can be counted" in closing


def test_the_closing_names_what_was_asked_for_and_never_came() -> None:
    question = replace(QUESTION, signals=("ownership", "leadership", "clarity"))
    closing = Coach(1).closing([analysis([], [signal("ownership")])], [question])
    assert closing.count("leading others") == closing.count("ownership") == 1
    assert "a clear order" not in closing


def test_the_closing_names_what_was_heard_in_half_of_the_answers_or_more() -> None:
    with_ums = analysis(bands={"fillers": "work on it"})
    for seed in range(20):
        assert "ums" in Coach(seed).closing([with_ums, analysis()], [QUESTION, QUESTION])
        assert "ums" not in Coach(seed).closing([with_ums, analysis(), analysis()], [QUESTION] * 3)


def test_the_closing_of_an_empty_interview() -> None:
    assert Coach(1).closing([], []).endswith("?")


def test_where_a_look_back_follows_the_closing_asks_nothing() -> None:
    answers = [analysis([finding("no_outcome")], [signal("ownership")])]
    asking, told = (Coach(1).closing(answers, [QUESTION], asks=asks) for asks in (True, False))
    assert asking.endswith("?")
    assert "?" not in told
    assert asking.startswith(told)


def test_a_hint_says_what_it_is_about_and_gives_three_anchors() -> None:
    hint = Coach(1).hint(QUESTION)
    assert len(hint) == 4
    assert "whether you act on your own" in hint[0]
    assert len(Coach(1).hint(Question(id="", text="Why?"))) == 3


def test_a_follow_up_need_not_say_again_what_was_told_before() -> None:
    first = analysis([finding("no_outcome")], [signal("ownership")])
    later = analysis([finding("buried_problem", "it fell by a third"), finding("no_outcome")], words=30)
    following = replace(QUESTION, id="q:no_outcome", text="What changed?", follows=QUESTION.id)
    coach = Coach(1)
    coach.feedback(TRANSCRIPT, first, QUESTION)
    assert [each.id for each in most_needed(later, following)] == ["no_outcome", "buried_problem"]
    assert [each.id for each in most_needed(later, following, first)] == ["no_outcome"]
    assert lost(later, following, first) == []
    assert coach.feedback(TRANSCRIPT, later, following).follow_up_for == "no_outcome"


def test_what_was_told_in_an_earlier_sitting_is_remembered_in_this_one() -> None:
    first = analysis([finding("no_outcome")], [signal("ownership")])
    later = analysis([finding("buried_problem", "it fell by a third")], words=30)
    following = replace(QUESTION, id="q:no_outcome", text="What changed?", follows=QUESTION.id)
    coach, forgetful = Coach(1), Coach(1)
    coach.remember(QUESTION, first)
    assert "it fell by a third" in (forgetful.feedback(TRANSCRIPT, later, following).written)
    assert "it fell by a third" not in (coach.feedback(TRANSCRIPT, later, following).written)


def test_what_is_quoted_stands_in_quotation_marks_where_it_is_read() -> None:
    answer = analysis([finding("reactive")], highlights=[highlight()])
    told = Coach(1).feedback(TRANSCRIPT, answer, QUESTION)
    assert "“" in told.written and "“" not in told.spoken
    assert all(change in told.written for change in told.changes)
    assert told.strength and told.strength in told.written


def test_who_stays_general_about_oneself_is_asked_for_proof_and_not_for_a_day() -> None:
    of_a_story = analysis([finding("generality", "I always give my best")])
    of_oneself = replace(of_a_story, form="self_description")
    for seed in range(8):
        story, oneself = (Coach(seed).feedback(TRANSCRIPT, each, None) for each in (of_a_story, of_oneself))
        about_oneself = load_phrases()["change"]["generality_of_oneself"]
        told = [phrase.lower() for phrase in about_oneself["say"]]
        assert any(phrase in oneself.changes[0].lower() for phrase in told)
        assert not any(phrase in story.changes[0].lower() for phrase in told)
        assert oneself.follow_up in load_phrases()["follow_up"]["self_example"]["plain"]


def test_who_is_asked_why_us_is_asked_about_the_place() -> None:
    question = Question("q", "Why do you want to work for us?", "intro", ("clarity",))
    answer = replace(analysis([finding("generality", "I'm a fast learner")]), form="self_description")
    about_us = load_phrases()["change"]["generality_of_motives"]
    for seed in range(8):
        feedback = Coach(seed).feedback(TRANSCRIPT, answer, question)
        assert any(phrase in feedback.changes[0].lower() for phrase in map(str.lower, about_us["say"]))
        assert feedback.follow_up in load_phrases()["follow_up"]["self_here"]["plain"]


def test_an_introduction_in_which_nothing_is_found_gets_something_to_do() -> None:
    nothing = analysis()
    assert not Coach(1).feedback(TRANSCRIPT, nothing, None).changes
    introduction = Coach(1).feedback(TRANSCRIPT, replace(nothing, form="self_description"), None)
    assert introduction.changes[0] in load_phrases()["coach"]["introduced"]
    full = replace(nothing, form="self_description", signals=(signal("ownership"),))
    assert not Coach(1).feedback(TRANSCRIPT, full, None).changes
