"""The private bank: each question once, valid, and the person's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.errors import BadInputError
from greenroom.preparation.debrief.asked_bank import (
    BANK_NAME,
    add_questions,
    asked_questions,
    guessed,
    is_same,
)
from greenroom.preparation.places import EARLIER, private_bank
from greenroom.question_check import read_bank
from greenroom.questions import choose, load_banks
from greenroom.records import KINDS, SIGNALS

SAME = [
    ("Tell me about a time you failed.", "Can you describe a situation in which you failed?"),
    ("Tell me about yourself.", "Please tell us something about yourself"),
    ("Tell me about a conflict with a colleague.", "Tell me about a conflict with a colleague at work."),
    ("How would you design a rate limiter?", "Design a rate limiter for me."),
    ("Why do you want to work here?", "So why do you want this job here?"),
    ("What is your biggest weakness?", "And what's your biggest weakness"),
    ("How do you prioritise your tasks?", "How did you prioritise tasks?"),
    ("Describe a deadline that you missed.", "Tell me about a time when you missed a deadline."),
]  # fmt: skip
OTHER = [
    ("Tell me about a conflict with a colleague.", "Tell me about a conflict with your manager."),
    ("Tell me about a time you failed.", "Tell me about a time you led a team."),
    ("What is your biggest weakness?", "What is your biggest strength?"),
    ("Why do you want to leave?", "Why do you want to work here?"),
    ("How would you design a rate limiter?", "How would you design a parking garage?"),
    ("How do you prioritise?", "How do you delegate?"),
    ("Tell me about a project you are proud of.", "Tell me about a project that failed."),
    ("Почему вы хотите уйти?", "Расскажите о себе."),
    ("Tell me about a decision you made with little data.", "Tell me about a decision you regret."),
]
KNOWN = {
    "Tell me about yourself.": ("intro", "clarity"),
    "Why do you want to work here?": ("intro", "business_impact"),
    "How would you design a rate limiter?": ("technical", "technical_fluency"),
    "What is the difference between a process and a thread?": ("technical", "technical_fluency"),
    "Tell me about a time you failed.": ("behavioural", "accountability"),
    "Tell me about a conflict with a colleague.": ("behavioural", "leadership"),
    "Tell me about a deadline you missed.": ("execution", "execution"),
    "How do you handle ambiguity?": ("situational", "ambiguity"),
    "Describe a difficult customer.": ("behavioural", "customer_focus"),
    "How did you convince your team of it?": ("leadership", "leadership"),
}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_question_in_other_words_is_one(one: str, other: str) -> None:
    assert is_same(one, other)
    assert is_same(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_questions_with_one_word_of_difference_that_counts_are_two(one: str, other: str) -> None:
    assert not is_same(one, other)


def test_no_two_shipped_questions_are_taken_for_one() -> None:
    texts = [question.text for bank in load_banks() for question in bank.questions]
    assert [(a, b) for i, a in enumerate(texts) for b in texts[i + 1 :] if is_same(a, b)] == []


@pytest.mark.parametrize("text", KNOWN)
def test_kind_and_signals_are_guessed_from_the_words(text: str) -> None:
    kind, signal = KNOWN[text]
    question = guessed(text)
    assert question.kind == kind
    assert signal in question.signals
    assert question.about


def test_a_shipped_question_comes_with_all_that_is_known_of_it() -> None:
    shipped = load_banks(["failure"])[0].questions[0]
    question = guessed(shipped.text.replace("Tell me about", "Describe"))
    assert (question.kind, question.signals, question.about) == (shipped.kind, shipped.signals, shipped.about)
    assert question.follow_ups == shipped.follow_ups


def test_questions_join_once_and_the_bank_can_be_practised(tmp_path: Path) -> None:
    first = add_questions(tmp_path, ["Tell me about a time you failed.", "  why do you   want this? "])
    again = add_questions(tmp_path, ["Can you describe a time when you failed?", "What is your salary?"])
    assert [question.text for question in first.questions] == [
        "Tell me about a time you failed.",
        "Why do you want this?",
    ]
    assert again.known == ("Can you describe a time when you failed?",)
    (bank,) = load_banks([str(private_bank(tmp_path))])
    assert bank.name == BANK_NAME
    assert len(bank.questions) == 3
    assert len(choose([bank], count=3)) == 3
    load_banks(["behavioural", "failure", str(private_bank(tmp_path))])  # and beside the shipped ones


def test_what_the_person_wrote_in_it_stays(tmp_path: Path) -> None:
    add_questions(tmp_path, ["Tell me about a time you failed."])
    path = private_bank(tmp_path)
    mine = path.read_text().replace('kind = "behavioural"', 'kind = "leadership"  # mine')
    path.write_text(mine)
    add_questions(tmp_path, ["What is your salary?"])
    assert path.read_text().startswith(mine.rstrip("\n"))
    (before,) = (tmp_path / EARLIER).iterdir()
    assert before.read_text() == mine
    assert path.stat().st_mode & 0o077 == 0


def test_a_bank_with_faults_is_not_touched(tmp_path: Path) -> None:
    path = private_bank(tmp_path)
    path.write_text('name = "asked-of-me"\ntitle = "x"\n[[question]]\nid = "Bad Id"\n')
    before = path.read_bytes()
    with pytest.raises(BadInputError, match="asked-of-me"):
        add_questions(tmp_path, ["What is your salary?"])
    assert path.read_bytes() == before


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    assert add_questions(tmp_path, ["", "  "]).questions == ()
    assert not private_bank(tmp_path).exists()
    assert asked_questions(tmp_path) == ()


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80), max_size=4
    )
)
def test_whatever_is_asked_the_bank_is_valid(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("data")
    added = add_questions(data, texts)
    if not added.questions:
        return
    bank, faults = read_bank(private_bank(data))
    assert faults == ()
    assert bank is not None
    assert all(each.kind in KINDS and set(each.signals) <= set(SIGNALS) for each in bank.questions)
