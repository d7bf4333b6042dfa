"""A look back in words: the sentences that the terminal and the page have in common."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.screens import counted, listed
from greenroom.screens.names import named

from .dates import day, period
from .history import History, PastSession
from .overview import Overview
from .recurring import Example, LastSessions
from .titles import PATTERN_LABELS
from .trends import LEAST_SESSIONS, Trend

NO_ANSWER_YET = "None of these sessions has an answer of your own yet. Trends begin with your next interview."
NO_CHANGE = "Nothing that could be told from chance."
_BANKS_NAMED = 3


def of_all(history: History, sessions: Sequence[PastSession], bank: str | None = None) -> str:
    """3 Nov to 28 Nov 2026 · 40 answers · behavioural and leadership"""
    answers = counted(sum(session.facts.answers for session in sessions), "answer")
    banks = bank or some_of(history.banks)
    return " · ".join(filter(None, (period_of(sessions), answers, banks)))


def some_of(names: Sequence[str]) -> str:
    """behavioural, leadership, technical and 4 more"""
    more = len(names) - _BANKS_NAMED
    return listed([*names[:_BANKS_NAMED], f"{more} more"] if more > 1 else names)


def period_of(sessions: Sequence[PastSession]) -> str:
    return period(sessions[0].began, sessions[-1].began)


def looked_at(seen: Overview) -> str:
    """What the trends are over, in sentences."""
    looked = f"Looking at {seen.span}: {counted(seen.answers, 'answer')}, {period_of(seen.looked_at)}."
    halves = " “Before” is their older half, “since” their newer half." if seen.told_by_halves else ""
    return looked + halves


def came_back(last: LastSessions) -> str:
    """How often what is to be fixed first came back; or that nothing did."""
    if last.first is None:
        return f"Nothing came back in {_of_last(last)}."
    return (
        f"It came back most: in {last.first.sessions} of {_of_last(last)}, "
        f"in {last.first.answers} of {counted(last.answers, 'answer')}."
    )


def _of_last(last: LastSessions) -> str:
    """Your last 3 sessions · your one session"""
    count = len(last.sessions)
    return f"your last {count} sessions" if count > 1 else "your one session"


def found_too(last: LastSessions) -> str:
    """The other patterns of the last sessions, "" for none."""
    others = last.recurring[1:] if last.first else last.recurring
    labels = ", ".join(f"{named(PATTERN_LABELS, each.pattern)} ({each.answers})" for each in others)
    return f"Also found, in so many of these answers: {labels}." if labels else ""


def where_heard(example: Example) -> str:
    """12 Sep, behavioural, answer 1"""
    session = example.session
    return ", ".join((day(session.began), *session.facts.banks, f"answer {example.turn}"))


def not_there(trends: Sequence[Trend]) -> str:
    """The patterns, or the signals, that no answer shows; "" for none."""
    names = ", ".join(trend.measure.name.lower() for trend in trends)
    known = "Not found once" if trends and trends[0].measure.kind == "pattern" else "Not shown yet"
    return f"{known}: {names}." if names else ""


def too_few() -> str:
    return f"It takes {LEAST_SESSIONS} sessions to tell a change from chance."


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
