"""From a person's pauses to the patience that suits them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.listening.pausing import (
    FEWEST_PAUSES,
    PauseStatistics,
    pause_statistics,
    suggested_patience,
)
from greenroom.records import Silence


def pauses(*seconds: float, resumed: bool = True) -> list[Silence]:
    return [Silence(10.0 * number, length, resumed) for number, length in enumerate(seconds)]


@pytest.mark.parametrize(
    ("lengths", "patience"),
    [
        ([0.8] * 40, 2.5),  # quick: never below 2.5
        ([*[1.0] * 30, *[3.0] * 10], 3.5),
        ([*[1.0] * 30, *[9.0] * 10], 6.0),  # never above 6
        ([*[1.0] * 199, 5.0], 2.5),  # one long pause in two hundred is not the rule
    ],
)
def test_suggested(lengths: list[float], patience: float) -> None:
    assert suggested_patience(pauses(*lengths)) == patience


def test_too_few_say_nothing() -> None:
    assert suggested_patience([]) is None
    assert suggested_patience(pauses(*[3.0] * (FEWEST_PAUSES - 1))) is None
    assert suggested_patience(pauses(*[3.0] * FEWEST_PAUSES)) == 3.5


def test_only_pauses_of_thought_count() -> None:
    ends, short = pauses(*[4.0] * 50, resumed=False), pauses(*[0.5] * 50)
    assert suggested_patience([*ends, *short]) is None
    assert suggested_patience([*ends, *short, *pauses(*[3.0] * 20)]) == 3.5
    assert pause_statistics([*ends, *short]) == PauseStatistics(0, 0.0, 0.0, 0.0, 0)


def test_statistics() -> None:
    found = pause_statistics(iter(pauses(0.3, 0.6, 1.0, 1.4, 3.0)), reopened=1)
    assert (found.count, found.longest, found.resumed_after_end) == (4, 3.0, 1)
    assert found.median == pytest.approx(1.2)
    assert 1.4 < found.p95 < 3.0


lengths = st.lists(st.floats(0.0, 30.0), min_size=25, max_size=60)


@given(lengths, st.floats(0.0, 5.0))
def test_longer_pauses_never_suggest_less_patience(seconds: list[float], more: float) -> None:
    quick = suggested_patience(pauses(*(length + 0.6 for length in seconds)))
    slow = suggested_patience(pauses(*(length + 0.6 + more for length in seconds)))
    assert quick is not None
    assert slow is not None
    assert 2.5 <= quick <= slow <= 6.0
