"""A look back in the terminal: in colour on a screen, plain lines anywhere else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from .history import History, PastSession
from .overview import Overview, listed_banks
from .recurring import Example, LastSessions
from .titles import PATTERN_LABELS, PATTERN_TITLES, named
from .trend_words import (
    clock_of,
    counted,
    day_of,
    number_words,
    numbers_of,
    period,
    reservations,
    sentence,
    whole_number,
)
from .trends import LEAST_SESSIONS, Side, Trend

_ACCENT, _AMBER = "green", "yellow"
_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 5  # sessions
_WIDEST = 92  # characters; longer lines are hard to follow with the eye
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
        self.bars = width is not None and width >= _WIDEST
        self._width = min(width, _WIDEST) if width else None

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
    answers = sum(session.facts.answers for session in seen.sessions)
    banks = seen.bank or listed_banks(history.banks)
    about = [period(seen.sessions), counted(answers, "answer"), *([banks] if banks else [])]
    yield Text.assemble((counted(len(seen.sessions), "session"), f"bold {_ACCENT}"), " · ", " · ".join(about))
    if not seen.looked_at:
        yield from paint.say("None has an answer of your own yet, so there is no trend to show.", "dim", 0)
        return
    looked = f"Looking at {seen.span}: {counted(seen.answers, 'answer')}, {period(seen.looked_at)}."
    halves = " “Before” is their older half, “since” their newer half." if seen.told_by_halves else ""
    yield from paint.say(looked + halves, "dim", 0)
    if seen.told_by_halves:
        for text in reservations(seen.looked_at):
            yield from paint.say(text, "dim", 0)


def _fix_first(last: LastSessions, paint: _Painter) -> Iterator[Text]:
    first, others = last.first, last.recurring[1:] if last.first else last.recurring
    if first is None:
        yield from paint.head("Fix this first")
        yield from paint.say(f"Nothing came back in {last_words(last)}.")
    else:
        yield from paint.head("Fix this first: ", named(PATTERN_TITLES, first.pattern), _AMBER)
        yield from paint.say(
            f"It came back most: in {first.sessions} of {last_words(last)}, "
            f"in {first.answers} of {counted(last.answers, 'answer')}."
        )
    if last.example:
        yield from _example(last.example, paint)
    if others:
        labels = ", ".join(f"{named(PATTERN_LABELS, each.pattern)} ({each.answers})" for each in others)
        yield from paint.say(f"Also found, in so many of these answers: {labels}.", "dim")


def _example(example: Example, paint: _Painter) -> Iterator[Text]:
    if example.quote:
        where = ", ".join((day_of(example.session), *example.session.facts.banks, f"answer {example.turn}"))
        yield from paint.say(f"“{example.quote}” ({where})", "italic")
    yield from paint.say(example.advice)


def last_words(last: LastSessions) -> str:
    """Your last 3 sessions · your one session"""
    count = len(last.sessions)
    return f"your last {count} sessions" if count > 1 else "your one session"


def _changed(seen: Overview, paint: _Painter) -> Iterator[Text]:
    if not seen.told_by_halves:
        return
    yield from paint.head("What changed", colour=_ACCENT)
    for told in seen.changes.changed:
        yield from paint.say(sentence(told))
    if not seen.changes.changed:
        yield from paint.say("Nothing that could be told from chance.")


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
        yield from paint.say(f"It takes {LEAST_SESSIONS} sessions to tell a change from chance.", "dim")
    if changes.never:
        yield from paint.say(f"Not found once: {_names(changes.never)}.", "dim")
    if changes.not_yet:
        yield from paint.say(f"Not shown yet: {_names(changes.not_yet)}.", "dim")


def _names(trends: Sequence[Trend]) -> str:
    return ", ".join(trend.measure.name.lower() for trend in trends)


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
    values = [point.value for point in trend.points][-(_WIDEST - _TEXT) :]
    low, high = (0.0, 1.0) if trend.measure.is_share else (min(values), max(values))
    heights = [(value - low) / (high - low) if high > low else 0.5 for value in values]
    return "".join(_BARS[round(height * (len(_BARS) - 1))] for height in heights)


def _newest(sessions: Sequence[PastSession], paint: _Painter) -> Iterator[Text]:
    yield from paint.head("Newest sessions")
    for session in reversed(sessions[-_SHOWN:]):
        banks = ", ".join(session.facts.banks) or "no bank"
        when = f"  {day_of(session):<8}{clock_of(session)}  "
        yield Text.assemble(when, banks, (f"  {session.name}", "dim"))
        told = "; ".join(filter(None, (told_session(session), found_in(session))))
        yield from paint.say(told, "dim", 17)


def told_session(session: PastSession) -> str:
    """5 answers, 6 min of speech"""
    facts = session.facts
    parts = [counted(facts.answers, "answer")]
    if facts.seconds:
        parts.append(f"{max(1, round(facts.seconds / 60))} min of speech")
    if facts.retakes:
        parts.append(f"{facts.retakes} tried again")
    if facts.unanswered:
        parts.append(f"{counted(facts.unanswered, 'question')} left open")
    if facts.demo:
        parts.append("by the demo candidate, not counted")
    return ", ".join(parts)


def found_in(session: PastSession) -> str:
    """No result to count (2), general (1): the patterns of its answers, the most frequent first."""
    found = sorted(session.facts.patterns.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{named(PATTERN_LABELS, id)} ({count})" for id, count in found)
