"""A look back: some of the sessions, their trends, what changed, what to fix first. Also as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from greenroom.errors import BadInputError
from greenroom.screens import counted

from .finding import none_yet
from .history import History, PastSession
from .recurring import LastSessions, last_sessions
from .trend_words import Changes, changes
from .trends import AVERAGES, Side, Trend, newest, tally_of, trends_over

LAST = 10
"""Sessions that are looked at where nothing is said: five against five."""

_SCHEMA = 1
_NAMED = 8  # banks


@dataclass(frozen=True, slots=True)
class Overview:
    """What is seen of some sessions.

    Attributes:
        sessions: all that were asked for, by bank and date, counted or not; from the oldest to the newest.
        looked_at: those of them that the trends are over.
    """

    bank: str | None
    sessions: tuple[PastSession, ...]
    looked_at: tuple[PastSession, ...]
    trends: tuple[Trend, ...]
    changes: Changes
    last: LastSessions

    @property
    def answers(self) -> int:
        """Those in the sessions looked at."""
        return sum(session.facts.answers for session in self.looked_at)

    @property
    def told_by_halves(self) -> bool:
        """Whether there are enough sessions to hold an older half against a newer one."""
        return any(trend.verdict != "few" for trend in self.trends)

    @property
    def span(self) -> str:
        """ "the last 10 sessions", "the one session" """
        count = len(self.looked_at)
        its = f" with {self.bank}" if self.bank else ""
        return f"the last {counted(count, 'session')}{its}" if count != 1 else f"the one session{its}"


def overview(
    history: History, bank: str | None = None, since: date | None = None, last: int | None = LAST
) -> Overview:
    """What is seen of the sessions with questions of `bank` that were begun on `since` or later.

    Args:
        last: how many of the newest the trends are over, None for as many as there is room for.

    Raises:
        BadInputError: there is no such session.
    """
    sessions = history.chosen(bank, since)
    if not sessions:
        raise _nothing(history, bank, since)
    return overview_of(sessions, newest(sessions, last), history.recordings, bank)


def overview_of(
    sessions: tuple[PastSession, ...],
    looked_at: tuple[PastSession, ...],
    recordings: Path,
    bank: str | None = None,
) -> Overview:
    """What is seen of `sessions`, those of `bank` if one is named, with trends over `looked_at`."""
    trends = trends_over(looked_at)
    return Overview(bank, sessions, looked_at, trends, changes(trends), last_sessions(looked_at, recordings))


def _nothing(history: History, bank: str | None, since: date | None) -> BadInputError:
    if not history.sessions:
        return none_yet(
            history.recordings, tuple(f"{each.name}: {each.why}" for each in history.skipped[:_NAMED])
        )
    if bank is not None and bank not in history.banks:
        known = ", ".join(history.banks[:_NAMED]) or "none"
        return BadInputError(f"no session has questions of the bank “{bank}”", f"one of these: {known}")
    named = f" with {bank}" if bank else ""
    newest_day = history.chosen(bank)[-1].began.date()
    return BadInputError(
        f"there is no session{named} since {since}", f"an earlier day; the newest is of {newest_day}"
    )


def as_data(history: History, seen: Overview, page: Path | None) -> dict[str, Any]:
    """All of it for JSON; sessions from the oldest to the newest."""
    first = seen.last.first
    return {
        "schema": _SCHEMA,
        "page": str(page) if page else None,
        "sessions": [_session_data(session) for session in seen.sessions],
        "looked_at": [session.name for session in seen.looked_at],
        "trends": [_trend_data(trend) for trend in seen.trends],
        "fix_first": {
            "pattern": first.pattern,
            "sessions": first.sessions,
            "answers": first.answers,
            "of_sessions": len(seen.last.sessions),
            "of_answers": seen.last.answers,
        }
        if first
        else None,
        "skipped": [asdict(each) for each in history.skipped],
    }


def _session_data(session: PastSession) -> dict[str, Any]:
    facts = session.facts
    tallies = {measure.id: tally_of(measure, session) for measure in AVERAGES}
    return {
        "folder": session.name,
        "id": facts.id,
        "started_at": facts.started_at,
        "banks": list(facts.banks),
        "counted": session.counted,
        "answers": facts.answers,
        "retakes": facts.retakes,
        "unanswered": facts.unanswered,
        "judged": facts.judged,
        **{id: round(tally.amount / tally.per, 2) if tally else None for id, tally in tallies.items()},
        "patterns": facts.patterns,
        "signals": facts.signals,
    }


def _trend_data(trend: Trend) -> dict[str, Any]:
    return {
        "id": trend.measure.id,
        "kind": trend.measure.kind,
        "verdict": trend.verdict,
        "chance": trend.chance,
        "older": _side_data(trend.older),
        "newer": _side_data(trend.newer),
    }


def _side_data(side: Side | None) -> dict[str, Any] | None:
    return (
        {"value": round(side.value, 4), "answers": side.answers, "sessions": side.sessions} if side else None
    )
