"""When which nudge is due, from a listening endpointer."""

from __future__ import annotations

import math

import pytest

from greenroom.listening.endpointer import Endpointer, EndpointerSettings
from greenroom.listening.nudges import Nudges, NudgeTimes

FRAME = 0.03


def nudges_for(
    *sound: tuple[bool, float], times: NudgeTimes | None = None, **wanted: float
) -> list[tuple[str, int]]:
    """(nudge, nearest second) as they come while the sound is heard."""
    endpointer = Endpointer(EndpointerSettings(**wanted))
    nudges = Nudges(times)
    found = []
    for voiced, seconds in sound:
        for _ in range(round(seconds / FRAME)):
            state = endpointer.push(voiced)
            start = endpointer.speech[0][0] if endpointer.speech else None
            if name := nudges.due(state, start):
                found.append((name, round(endpointer.seconds)))
    return found


def test_waiting_for_the_first_word() -> None:
    assert nudges_for((False, 80)) == [("look", 8), ("lost", 12), ("encourage", 15), ("offer", 35)]


@pytest.mark.parametrize("sound", [0.21, 0.24])
def test_any_sound_begins_the_wait_anew(sound: float) -> None:
    came = nudges_for((False, 9), (True, sound), (False, 40))
    assert [name for name, _ in came] == ["look", "look", "lost", "encourage", "offer"]
    assert [second for _, second in came[1:]] == [17, 21, 24, 44]


def test_a_click_is_no_sound() -> None:
    assert nudges_for((False, 9), (True, 0.06), (False, 9)) == [("look", 8), ("lost", 12), ("encourage", 15)]


def test_a_long_answer_counted_from_its_first_word() -> None:
    sound = [(False, 10.0), *[(True, 4.0), (False, 1.0)] * 42]
    assert nudges_for(*sound) == [("look", 8), ("long", 160), ("wrap_up", 190)]


def test_only_the_hint_is_offered_once_somebody_has_spoken() -> None:
    assert nudges_for((True, 2), (False, 40), patience=60.0) == [("lost", 14)]


@pytest.mark.parametrize("patience", [6.0, 9.0, 16.0])
def test_no_hint_is_offered_where_the_silence_ends_the_answer_before_or_soon_after(patience: float) -> None:
    assert nudges_for((True, 2), (False, 40), patience=patience) == []


def test_the_hint_is_offered_once() -> None:
    again = [(True, 2), (False, 20)] * 3
    assert nudges_for((False, 13), *again, patience=60.0) == [("look", 8), ("lost", 12)]


def test_without_a_time_for_it_no_hint_is_offered() -> None:
    came = nudges_for((False, 40), times=NudgeTimes(lost=math.inf))
    assert [name for name, _ in came] == ["look", "encourage", "offer"]


def test_after_an_interruption_the_wait_begins_anew() -> None:
    endpointer, nudges = Endpointer(), Nudges()
    came = []
    for frame in range(round(30 / FRAME)):
        state = endpointer.push(False)
        if frame == round(11 / FRAME):
            nudges.begin_anew(endpointer.seconds)
        if name := nudges.due(state, None):
            came.append((name, round(endpointer.seconds)))
    assert came == [("look", 8), ("look", 19), ("lost", 23), ("encourage", 26)]


def test_who_had_the_hint_is_not_offered_it() -> None:
    endpointer, nudges = Endpointer(), Nudges()
    nudges.gave_hint()
    assert "lost" not in [nudges.due(endpointer.push(False), None) for _ in range(round(14 / FRAME))]


def test_nothing_after_the_end() -> None:
    times = NudgeTimes(long=5.0)
    assert nudges_for((True, 2), (False, 20), times=times, patience=2.5, reopen=4.0) == []
    assert nudges_for((False, 20), times=NudgeTimes(look=12.0), no_speech=10.0, reopen=4.0) == []


def test_once_in_an_answer_that_is_reopened() -> None:
    sound = [(True, 6.0), (False, 3.0), (True, 6.0), (False, 9.0)]
    assert nudges_for(*sound, times=NudgeTimes(long=5.0, wrap_up=12.0), patience=2.5, reopen=2.0) == [
        ("long", 5), ("wrap_up", 12),
    ]  # fmt: skip


def test_times_can_be_set_and_only_the_last_of_those_due_is_given() -> None:
    assert nudges_for((False, 9), times=NudgeTimes(look=2.0, encourage=2.0, offer=6.0)) == [
        ("encourage", 2), ("offer", 6),
    ]  # fmt: skip
