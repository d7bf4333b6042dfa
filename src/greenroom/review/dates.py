"""When something was: moments read from a session, and said in words."""

from __future__ import annotations

from calendar import month_name
from datetime import date, datetime

from greenroom.errors import BadInputError

_MONTHS = tuple(month_name)  # asked each time, the calendar formats a date for it
_SHOWN = 40  # characters of what is no date


def moment(text: str) -> datetime:
    """An ISO 8601 text, with the time zone. BadInputError if it is none."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return found if found.tzinfo else found.astimezone()
    except (ValueError, OverflowError, OSError) as error:
        raise BadInputError(f"“{text[:_SHOWN]}” is no date") from error


def day_and_hour(text: str) -> str:
    """ "Sunday 22 November 2026, 10:08"; the text itself where it is no ISO 8601."""
    try:
        at = moment(text)
    except BadInputError:
        return text
    return f"{at:%A} {at.day} {month(at)}, {hour(at)}"


def day(at: date, *, year: bool = False) -> str:
    """21 Nov, or 21 Nov 2026"""
    return f"{at.day} {_MONTHS[at.month][:3]}{f' {at.year}' if year else ''}"


def month(at: date) -> str:
    """November 2026"""
    return f"{_MONTHS[at.month]} {at.year}"


def hour(at: datetime) -> str:
    """20:15"""
    return f"{at.hour:02}:{at.minute:02}"


def period(first: datetime, last: datetime) -> str:
    """3 Nov to 28 Nov 2026"""
    if first.date() == last.date():
        return day(last, year=True)
    return f"{day(first, year=first.year != last.year)} to {day(last, year=True)}"
