"""A look back in the terminal: in colour on a screen, plain lines anywhere else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from greenroom.screens import WIDEST, counted
from greenroom.screens.names import PATTERN_TITLES, named

from .dates import day, hour
from .history import History, PastSession
from .overview import Overview
from .overview_words import (
    NO_ANSWER_YET,
    NO_CHANGE,
    came_back,
    found_in,
    found_too,
    looked_at,
    not_there,
    of_all,
    told_session,
    too_few,
    where_heard,
)
from .recurring import Example, LastSessions
from .trend_words import number_words, numbers_of, reservations, sentence, whole_number
from .trends import Side, Trend

_ACCENT, _AMBER = "green", "yellow"
_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 5  # sessions
_NAME, _VALUE, _TEXT = 34, 10, 82  # columns: of the name, of a half, of all before the bars


def history_lines(history: History, seen: Overview, width: int | None = None) -> Iterator[Text]:
    """The summary line by line, broken to `width` (characters); None for plain lines, broken nowhere."""
    paint = _Painter(width)
    yield from _heading(history, seen, paint)
    if seen.looked_at:
        yield from _fix_first(seen.last, paint)
        yield from _changed(seen, paint)
        yield from _stayed(seen, paint)
        yield from _so_far(seen, paint)
    yield from _newest(seen.sessions, paint)
    yield Text()


class _Painter:
    """What the lines are drawn for: a screen of some width, or a file."""

    def __init__(self, width: int | None) -> None:
        self.bars = width is not None and width >= WIDEST
        self._width = min(width, WIDEST) if width else None

    def head(self, text: str, more: str = "", colour: str = "") -> Iterator[Text]:
        yield Text()
        yield Text.assemble((text, f"bold {colour}"), more)

    def say(self, text: str, style: str = "", indent: int = 2) -> Iterator[Text]:
        space = " " * indent
        if self._width is None:
            yield Text(space + text)
            return
        for line in textwrap.wrap(text, self._width, initial_indent=space, subsequent_indent=space):
            yield Text(line, style=style)


def _heading(history: History, seen: Overview, paint: _Painter) -> Iterator[Text]:
    count = counted(len(seen.sessions), "session")
    yield Text.assemble((count, f"bold {_ACCENT}"), " · ", of_all(history, seen.sessions, seen.bank))
    if not seen.looked_at:
        yield from paint.say(NO_ANSWER_YET, "dim", 0)
        return
    yield from paint.say(looked_at(seen), "dim", 0)
    if seen.told_by_halves:
        for text in reservations(seen.looked_at):
            yield from paint.say(text, "dim", 0)


def _fix_first(last: LastSessions, paint: _Painter) -> Iterator[Text]:
    if last.first is None:
        yield from paint.head("Fix this first")
    else:
        yield from paint.head("Fix this first: ", named(PATTERN_TITLES, last.first.pattern), _AMBER)
    yield from paint.say(came_back(last))
    if last.example:
        yield from _example(last.example, paint)
    if others := found_too(last):
        yield from paint.say(others, "dim")


def _example(example: Example, paint: _Painter) -> Iterator[Text]:
    if example.quote:
        yield from paint.say(f"“{example.quote}” ({where_heard(example)})", "italic")
    yield from paint.say(example.advice)


def _changed(seen: Overview, paint: _Painter) -> Iterator[Text]:
    if not seen.told_by_halves:
        return
    yield from paint.head("What changed", colour=_ACCENT)
    for told in seen.changes.changed:
        yield from paint.say(sentence(told))
    if not seen.changes.changed:
        yield from paint.say(NO_CHANGE)


def _stayed(seen: Overview, paint: _Painter) -> Iterator[Text]:
    if not seen.told_by_halves:
        return
    yield from paint.head(f"{'What stayed':<{_NAME + 2}}", f"{'before':<{_VALUE}}since (answers)")
    for told in seen.changes.stayed:
        yield _halves(told.trend, paint)
    if seen.changes.doubtful:
        yield from paint.say("(?) a difference that may be chance.", "dim")


def _so_far(seen: Overview, paint: _Painter) -> Iterator[Text]:
    changes = seen.changes
    if changes.few:
        yield from paint.head("So far")
        for told in changes.few:
            yield _row(told.trend, Text(numbers_of(told.trend)), paint)
        yield from paint.say(too_few(), "dim")
    for absent in filter(None, (not_there(changes.never), not_there(changes.not_yet))):
        yield from paint.say(absent, "dim")


def _halves(trend: Trend, paint: _Painter) -> Text:
    """One measure that stayed: its name, both halves, its sessions as bars."""
    assert trend.older is not None and trend.newer is not None  # only a measure of two halves can stay
    values = f"{_short(trend, trend.older):<{_VALUE}}{_short(trend, trend.newer)}"
    rests_on = f" {trend.measure.unit} ({trend.older.answers} and {trend.newer.answers})"
    about = " answers" if trend.measure.is_share else rests_on
    return _row(trend, Text.assemble(values, (about, "dim"), " (?)" * (trend.verdict == "unclear")), paint)


def _row(trend: Trend, values: Text, paint: _Painter) -> Text:
    line = Text.assemble(f"  {trend.measure.name:<{_NAME}}", values)
    if paint.bars and len(line) < _TEXT:
        line.append(" " * (_TEXT - len(line)))
        line.append(_bars(trend), style=_ACCENT)
    return line


def _short(trend: Trend, side: Side) -> str:
    if trend.measure.is_share:
        return f"{whole_number(side.amount)} of {side.answers}"
    return number_words(trend.measure, side.value)


def _bars(trend: Trend) -> str:
    """The newest sessions, one character each, from the lowest value to the highest; shares from 0 to 1."""
    values = [point.value for point in trend.points][-(WIDEST - _TEXT) :]
    low, high = (0.0, 1.0) if trend.measure.is_share else (min(values), max(values))
    heights = [(value - low) / (high - low) if high > low else 0.5 for value in values]
    return "".join(_BARS[round(height * (len(_BARS) - 1))] for height in heights)


def _newest(sessions: Sequence[PastSession], paint: _Painter) -> Iterator[Text]:
    yield from paint.head("Newest sessions")
    for session in reversed(sessions[-_SHOWN:]):
        banks = ", ".join(session.facts.banks) or "no bank"
        when = f"  {day(session.began):<8}{hour(session.began)}  "
        yield Text.assemble(when, banks, (f"  {session.name}", "dim"))
        told = "; ".join(filter(None, (told_session(session), found_in(session))))
        yield from paint.say(told, "dim", 17)
