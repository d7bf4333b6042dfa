"""`greenroom plan --look-back`: the two questions about a mock interview that nobody has looked back at."""

from __future__ import annotations

import json
import sys

import msgspec

from greenroom.config import PracticeSettings
from greenroom.preparation.look_back.look_back_file import look_backs_file
from greenroom.preparation.look_back.look_backs import ask_later, session_without
from greenroom.preparation.places import default_data
from greenroom.records import Session
from greenroom.review.finding import find_session
from greenroom.session import default_recordings, load_session

NOT_KEPT = "No look back was kept."


def session_meant(given: str | None, settings: PracticeSettings) -> Session:
    """The session of that folder or name; None: the latest mock interview without a look back.

    Raises:
        UserError: there is none.
    """
    recordings = settings.recordings or default_recordings()
    if given is None:
        return session_without(settings.data or default_data(), recordings)
    return load_session(find_session(given, recordings))


def look_back_at(session: Session, settings: PracticeSettings, *, as_json: bool = False) -> None:
    """Ask about a session, and print where the answers are kept, or as JSON what they are.

    Raises:
        UserError: something keeps the questions from being asked.
    """
    data = settings.data or default_data()
    kept = ask_later(settings, session, data)
    if as_json:
        print(json.dumps(msgspec.to_builtins(kept)))
    elif kept is None:
        print(NOT_KEPT, file=sys.stderr)
    else:
        print(look_backs_file(data))
