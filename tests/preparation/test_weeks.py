"""The plan's arithmetic: every day has one step, sums are right, and less time never asks for more."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.preparation.plan.weeks import (
    STEPS,
    Targets,
    caught_up_until,
    days_between,
    end_of,
    enough,
    step_on,
    stretches,
    targets,
)

STARTED = date(2026, 11, 21)
days_left = st.integers(-30, 400)
lengths = st.integers(1, 400)
qualities = st.integers(1, 10)


def later(days: int) -> date:
    return STARTED + timedelta(days=days)


def test_four_weeks_are_a_week_for_each_step() -> None:
    calendar = stretches(STARTED, date(2026, 12, 19))
    assert [(stretch.step, stretch.days) for stretch in calendar] == [(step, 7) for step in STEPS]
    assert [str(stretch.first) for stretch in calendar] == [
        "2026-11-21",
        "2026-11-28",
        "2026-12-05",
        "2026-12-12",
    ]
    assert calendar[-1].last == date(2026, 12, 18)
    assert targets(28, 8) == Targets(collect=7, map=8, angles=4, mock=4)


@pytest.mark.parametrize(
    ("length", "days", "wanted"),
    [
        (0, (1, 0, 0, 0), Targets(1, 0, 0, 1)),  # the interview is today
        (1, (1, 0, 0, 0), Targets(1, 0, 0, 1)),
        (2, (1, 0, 0, 1), Targets(2, 0, 0, 1)),
        (3, (1, 0, 1, 1), Targets(3, 0, 1, 1)),
        (4, (1, 1, 1, 1), Targets(3, 3, 1, 1)),
        (7, (2, 1, 2, 2), Targets(4, 4, 2, 2)),
        (14, (4, 3, 3, 4), Targets(5, 5, 3, 3)),
        (27, (7, 6, 7, 7), Targets(7, 8, 4, 4)),
        (56, (14, 14, 14, 14), Targets(7, 8, 4, 4)),
    ],
)
def test_squeezed_and_stretched(length: int, days: tuple[int, ...], wanted: Targets) -> None:
    assert tuple(stretch.days for stretch in stretches(STARTED, later(length))) == days
    assert targets(length, 8) == wanted


@settings(deadline=None)  # a busy computer is no fault
@given(length=lengths)
def test_every_day_belongs_to_exactly_one_step_and_their_order_is_kept(length: int) -> None:
    calendar = stretches(STARTED, later(length))
    owners = [[stretch.step for stretch in calendar if stretch.holds(later(day))] for day in range(length)]
    assert {len(each) for each in owners} == {1}
    places = [STEPS.index(each[0]) for each in owners]
    assert places == sorted(places)
    assert [step_on(later(day), calendar) for day in range(length)] == [each[0] for each in owners]
    assert not any(stretch.holds(later(day)) for stretch in calendar for day in (-1, length))


@settings(deadline=None)  # a busy computer is no fault
@given(length=days_left)
def test_the_days_are_all_dealt_out_and_evenly(length: int) -> None:
    calendar = stretches(STARTED, later(length))
    days = [stretch.days for stretch in calendar]
    assert sum(days) == max(1, length)
    assert max(days) - min(days) <= 1
    assert [stretch.step for stretch in calendar] == list(STEPS)
    for before, after in pairwise(calendar):
        assert after.first == before.first + timedelta(days=before.days)


@settings(deadline=None)  # a busy computer is no fault
@given(length=lengths)
def test_with_one_day_more_no_step_has_fewer(length: int) -> None:
    fewer, more = stretches(STARTED, later(length)), stretches(STARTED, later(length + 1))
    assert all(after.days >= before.days for before, after in zip(fewer, more, strict=True))


@settings(deadline=None)  # a busy computer is no fault
@given(length=days_left, wanted=qualities)
def test_with_more_time_never_less_is_enough_and_never_more_than_can_be_done(
    length: int, wanted: int
) -> None:
    now, then = targets(length, wanted), targets(length + 1, wanted)
    for step in STEPS:
        assert then.of(step) >= now.of(step) >= 0
    assert 1 <= now.collect <= 7
    assert 1 <= now.mock <= 4
    assert now.map <= wanted
    assert now.angles <= now.collect
    calendar = {stretch.step: stretch.days for stretch in stretches(STARTED, later(length))}
    assert now.collect <= 3 * calendar["collect"]
    assert now.mock <= 2 * max(1, calendar["mock"])
    assert (now.map == 0) == (calendar["map"] == 0)
    assert (now.angles == 0) == (calendar["angles"] == 0)


@settings(deadline=None)  # a busy computer is no fault
@given(length=lengths, day=st.integers(-5, 420), wanted=qualities)
def test_what_is_enough_never_grows_as_days_pass_and_there_is_always_something(
    length: int, day: int, wanted: int
) -> None:
    end = later(length)
    calendar = stretches(STARTED, end)
    planned = targets(length, wanted)
    for step, stretch in zip(STEPS, calendar, strict=True):
        now = enough(step, calendar, later(day), end, wanted)
        assert now <= planned.of(step)
        assert enough(step, calendar, later(day + 1), end, wanted) <= now
        if later(day) <= stretch.last:
            assert now == planned.of(step)
        if step in ("collect", "mock"):
            assert now >= 1


@settings(deadline=None)  # a busy computer is no fault
@given(length=lengths)
def test_catching_up_takes_at_most_half_of_the_next_steps_days(length: int) -> None:
    calendar = stretches(STARTED, later(length))
    for place, step in enumerate(STEPS):
        until = caught_up_until(step, calendar)
        assert STARTED <= until <= later(length - 1)
        following = [stretch for stretch in calendar[place + 1 :] if stretch.days]
        if following:
            taken = (until - following[0].first).days + 1
            assert taken == (following[0].days + 1) // 2
        else:
            assert until == later(length - 1)


@settings(deadline=None)  # a busy computer is no fault
@given(first=st.dates(), end=st.none() | st.dates(), day=st.dates(), wanted=qualities)
def test_no_dates_break_it(first: date, end: date | None, day: date, wanted: int) -> None:
    until = end_of(first, end)
    calendar = stretches(first, until)
    assert step_on(day, calendar) in STEPS
    assert days_between(day, until) >= 0
    for step in STEPS:
        assert enough(step, calendar, day, until, wanted) >= 0
        assert isinstance(caught_up_until(step, calendar), date)
