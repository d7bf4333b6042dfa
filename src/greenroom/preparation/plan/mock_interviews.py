"""Which past sessions the person held themselves, and which of them were mock interviews."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.records import Session
from greenroom.review.dates import moment
from greenroom.review.finding import session_folders
from greenroom.session import load_session

LEAST_QUESTIONS = 3
"""Answered in one session to make it a mock interview. (Judgement: fewer are an exercise.)"""


def is_mock(session: Session) -> bool:
    """Whether so many questions were answered that it was one; follow-ups and retries are none."""
    asked = (turn for turn in session.turns if turn.retry_of is None and turn.follow_up_to is None)
    return sum(1 for _ in asked) >= LEAST_QUESTIONS


def own_sessions(recordings: Path) -> Iterator[tuple[str, Session]]:
    """Folder names and sessions, the newest first, each read when it is asked for.

    Left out is what recordings answered (`--candidate`), and what cannot be read.
    """
    folders = []
    with suppress(BadInputError):  # nothing can be read there: `greenroom history` says why
        folders = session_folders(recordings)
    for folder in folders:
        with suppress(BadInputError):
            session = load_session(folder)
            if not session.settings.get("candidate"):
                yield folder.name, session


def day_of(session: Session) -> date | None:
    """The day a session was held on, by the clock of its place; None where it does not say."""
    try:
        return moment(session.started_at).date()
    except BadInputError:
        return None
