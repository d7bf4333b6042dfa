"""Which answer is given again."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_turns import made_turn

from greenroom.errors import BadInputError, UsageError
from greenroom.records import Question, Session, Turn, Unanswered
from greenroom.retaking.subject import root_of, subject_of
from greenroom.session import save_session

EARLIER, LATEST = "2026-11-20T20-00-00-behavioural", "2026-11-21T20-00-00-leadership"


def session(recordings: Path, name: str, *turns: Turn, unanswered: tuple[Unanswered, ...] = ()) -> Path:
    folder = recordings / name
    folder.mkdir(parents=True)
    made = Session(id=name, started_at="2026-11-20T20:00:00+01:00", turns=turns, unanswered=unanswered)
    save_session(folder, made)
    return folder


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    session(tmp_path, EARLIER, made_turn(1, scores={"clarity": 3}))
    skipped = Question("two", "Whom did you persuade?")
    session(
        tmp_path,
        LATEST,
        made_turn(1, scores={"clarity": 2, "ownership": 4}),
        made_turn(3, scores={"clarity": 1, "ownership": 2}, probes=["ownership"]),
        made_turn(4, scores={"clarity": 3}, retry_of=1),
        unanswered=(Unanswered(2, skipped.text, skipped, "skipped"),),
    )
    return tmp_path


@pytest.mark.parametrize(
    ("given", "name", "number"),
    [
        ((), LATEST, 3),  # by the rubric 1.5
        (("4",), LATEST, 4),
        ((EARLIER,), EARLIER, 1),
        ((EARLIER, "1"), EARLIER, 1),
    ],
)
def test_a_session_a_turn_both_or_neither(
    recordings: Path, given: tuple[str, ...], name: str, number: int
) -> None:
    subject = subject_of(given, recordings)
    assert (subject.folder.name, subject.session.id, subject.turn.number) == (name, name, number)


def test_it_says_why_where_nobody_named_the_turn(recordings: Path) -> None:
    assert subject_of((), recordings).why == (
        "Turn 3 has the most to win. By the rubric it comes to 1.5 of 4: clarity 1 and ownership 2."
    )
    assert subject_of(("3",), recordings).why == ""


def test_an_answer_that_was_bettered_since_is_not_asked_for_again(tmp_path: Path) -> None:
    first, second = made_turn(1, scores={"clarity": 1}), made_turn(2, scores={"clarity": 3})
    session(tmp_path, LATEST, first, second, made_turn(3, scores={"clarity": 4}, retry_of=1))
    assert subject_of((), tmp_path).turn == second


def test_of_two_that_are_as_low_the_one_with_more_to_change(tmp_path: Path) -> None:
    one, two = (
        {"scores": {"clarity": 2}, "patterns": found} for found in (["reactive"], ["reactive", "generality"])
    )
    session(tmp_path, LATEST, made_turn(1, **one), made_turn(2, **two))
    assert subject_of((), tmp_path).turn.number == 2


def test_sessions_from_before_there_were_scores(tmp_path: Path) -> None:
    session(tmp_path, LATEST, made_turn(1), made_turn(2, patterns=["generality"]))
    subject = subject_of((), tmp_path)
    assert (subject.turn.number, subject.why) == (2, "Turn 2, which had the most to change.")


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (("9",), "this session has no turn 9"),
        (("0",), "this session has no turn 0"),
        (("2",), "turn 2 has no answer"),
        ((EARLIER, "first"), "a turn is a number"),
        ((EARLIER, "1", "2"), "unexpected argument: 2"),
    ],
)
def test_what_is_no_turn_is_wrong_usage(recordings: Path, given: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint) as caught:
        subject_of(given, recordings)
    assert caught.value.hint


def test_sessions_that_cannot_be_answered_again(recordings: Path, tmp_path: Path) -> None:
    session(recordings, "2026-11-22T20-00-00-empty")
    for given, complaint in (
        (("nothing of that name",), "there is no session"),
        ((), "no question was answered"),
    ):
        with pytest.raises(BadInputError, match=complaint):
            subject_of(given, recordings)


def test_the_sample_is_nobodys_own_and_is_only_added_to_by_name(tmp_path: Path) -> None:
    session(tmp_path, "sample", made_turn(1))
    with pytest.raises(BadInputError, match="no session of your own"):
        subject_of((), tmp_path)
    assert subject_of(("sample", "1"), tmp_path).turn.number == 1


def test_a_folder_that_cannot_be_added_to_is_told_before_anything_is_asked(
    recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(BadInputError, match="cannot be written"):
        subject_of((), recordings)


def test_every_attempt_leads_to_the_first() -> None:
    first, second, third = made_turn(1), made_turn(4, retry_of=1), made_turn(5, retry_of=4)
    assert root_of(third, (first, made_turn(2), second, third)) == first
