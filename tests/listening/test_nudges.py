"""When which nudge is due, from a listening endpointer."""

from __future__ import annotations

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
    assert nudges_for((False, 80)) == [("look", 8), ("encourage", 15), ("offer", 35)]


@pytest.mark.parametrize("sound", [0.21, 0.24])
def test_any_sound_begins_the_wait_anew(sound: float) -> None:
    came = nudges_for((False, 9), (True, sound), (False, 40))
    assert [name for name, _ in came] == ["look", "look", "encourage", "offer"]
    assert [second for _, second in came[1:]] == [17, 24, 44]


def test_a_click_is_no_sound() -> None:
    assert nudges_for((False, 9), (True, 0.06), (False, 9)) == [("look", 8), ("encourage", 15)]


def test_a_long_answer_counted_from_its_first_word() -> None:
    sound = [(False, 10.0), *[(True, 4.0), (False, 1.0)] * 42]
    assert nudges_for(*sound) == [("look", 8), ("long", 160), ("wrap_up", 190)]


def test_no_waiting_nudge_once_somebody_has_spoken() -> None:
    assert nudges_for((True, 2), (False, 40), patience=60.0) == []


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
