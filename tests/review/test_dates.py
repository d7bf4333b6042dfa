"""When something was, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from greenroom.errors import BadInputError
from greenroom.review.dates import day, day_and_hour, hour, moment, month, period

EVENING = datetime(2026, 9, 1, 20, 5, tzinfo=timezone(timedelta(hours=1)))


def test_a_moment_has_a_time_zone() -> None:
    assert moment("2026-09-01T20:05:00+01:00") == EVENING
    assert moment("2026-09-01T19:05:00Z") == EVENING
    assert moment("2026-09-01T20:05:00").tzinfo is not None


def test_what_is_no_date_is_said_so_and_shown_as_it_is() -> None:
    with pytest.raises(BadInputError, match="“some day” is no date"):
        moment("some day")
    assert day_and_hour("some day") == "some day"


def test_days_months_and_hours_in_words() -> None:
    assert day_and_hour("2026-09-01T20:05:00+01:00") == "Tuesday 1 September 2026, 20:05"
    assert (day(EVENING), day(EVENING, year=True)) == ("1 Sep", "1 Sep 2026")
    assert (month(date(2026, 9, 1)), hour(EVENING)) == ("September 2026", "20:05")


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "1 Sep 2026"), (27, "1 Sep to 28 Sep 2026"), (200, "1 Sep 2026 to 20 Mar 2027")],
)
def test_a_period(days: int, words: str) -> None:
    assert period(EVENING, EVENING + timedelta(days=days)) == words
