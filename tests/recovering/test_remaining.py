"""What is left of an interview that did not come to its end, and which one is meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from broken_off import FOLLOW_UP, PLAN, left_open, session_with, turn

from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError
from greenroom.records import Session, Turn, Unanswered
from greenroom.recovering.holding import hold
from greenroom.recovering.remaining import remaining, settings_of, unfinished
from greenroom.session import load_session, start_session

KEPT = replace(left_open(2, PLAN[1]), recording="02-answer.flac")


def session(*asked: Turn | Unanswered) -> Session:
    return Session(
        id="x",
        started_at="2026-11-22T20:15:03+01:00",
        plan=PLAN,
        turns=tuple(each for each in asked if isinstance(each, Turn)),
        unanswered=tuple(each for each in asked if isinstance(each, Unanswered)),
    )


@pytest.mark.parametrize(
    ("asked", "left", "begun", "used"),
    [
        ((), ["one", "two", "three"], 0, 0),
        ((turn(1, PLAN[0]),), ["two", "three"], 1, 1),
        ((turn(1, PLAN[0]), KEPT), ["two", "three"], 1, 1),
        ((turn(1, PLAN[0]), left_open(2, PLAN[1], "skipped"), turn(3, PLAN[2])), [], 3, 3),
        # Who quits in a question is asked it again.
        ((turn(1, PLAN[0]), left_open(2, PLAN[1], "skipped")), ["two", "three"], 1, 1),
        ((turn(1, PLAN[0]), left_open(2, PLAN[1], "silence")), ["three"], 2, 2),
        # Broke off, answered after --resume, and broke off once more.
        ((KEPT, turn(3, PLAN[0]), turn(4, PLAN[1])), ["three"], 2, 2),
        ((turn(1, PLAN[0]), turn(2, PLAN[1]), left_open(3, FOLLOW_UP)), ["two:no_outcome", "three"], 1, 2),
        # A retry that broke off: its question has an answer.
        ((turn(1, PLAN[0]), left_open(2, PLAN[0])), ["two", "three"], 1, 1),
    ],
)
def test_what_is_left(asked: tuple[Turn | Unanswered, ...], left: list[str], begun: int, used: int) -> None:
    found = remaining(session(*asked))
    assert [question.id for question in found.questions] == left
    assert (found.begun, found.used) == (begun, used)


def test_the_answer_that_broke_off_is_named_while_it_is_the_last() -> None:
    assert remaining(session(turn(1, PLAN[0]), KEPT)).broke_off == KEPT
    assert remaining(session(KEPT, turn(3, PLAN[1]))).broke_off is None


def test_a_sessions_own_settings_stand_and_those_given_now_over_them() -> None:
    saved = PracticeSettings(questions=3, patience="short", candidate=("a.wav",), fast=True, look_back=False)
    places = {"recordings": Path("here"), "data": None}
    kept = replace(session(), settings={**saved.as_saved(), "of a newer version": 1})
    assert settings_of(kept, {}, places) == replace(saved, recordings=Path("here"))
    given = settings_of(kept, {"patience": "3", "candidate": ("b.wav",)}, places)
    assert (given.questions, given.patience, given.candidate, given.fast) == (3, "3", ("b.wav",), False)


def test_the_latest_with_something_said_is_gone_on_with(tmp_path: Path) -> None:
    answered = session_with(tmp_path, turn(1, PLAN[0]), died=False)
    broken = session_with(tmp_path, left_open(1, PLAN[0]), died=False)
    session_with(tmp_path, turn(1, PLAN[0]), finished=True, died=False)
    assert unfinished(None, tmp_path) == answered
    assert unfinished(broken.name, tmp_path) == broken
    with hold(answered):
        assert unfinished(None, tmp_path) == broken


def test_what_cannot_be_gone_on_with_is_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no session"):
        unfinished(None, tmp_path)
    finished = session_with(tmp_path, finished=True, died=False)
    with pytest.raises(BadInputError, match="came to its end") as refused:
        unfinished(finished.name, tmp_path)
    assert "retake" in (refused.value.hint or "")
    with pytest.raises(BadInputError, match="no interview of yours is unfinished"):
        unfinished(None, tmp_path)
    old, _ = start_session(tmp_path, "old", {})
    with pytest.raises(BadInputError, match="does not tell which questions"):
        unfinished(old.name, tmp_path)
    assert load_session(old).plan == ()
