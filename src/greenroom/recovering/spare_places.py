"""Where a session goes whose own folder takes nothing, and what such a place is called.

`sheltering` writes there; `purging` finds what was left there.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import platformdirs

_ELSEWHERE = "kept-elsewhere"
_TEMPORARY = "greenroom-"
_OF_A_SESSION = re.compile(r"(.+)-\d{18,20}")


def _lasting() -> tuple[Path, ...]:
    """In the user's data folder, and in their home."""
    data = Path(platformdirs.user_data_dir("greenroom", appauthor=False))
    return data / _ELSEWHERE, Path.home() / f"greenroom-{_ELSEWHERE}"


def new_places() -> Iterator[Path]:
    """Where something may go: the user's data folder, their home, the system's temporary folder."""
    yield from _lasting()
    with suppress(OSError):
        # Others may write beside it, so its name is new.
        yield Path(tempfile.mkdtemp(prefix=_TEMPORARY))


def used_places() -> Iterator[Path]:
    """Where something may have gone."""
    yield from _lasting()
    yield from Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*")


def name_for(session: str) -> str:
    """A folder's name for what belongs to a session of that name; never that of an earlier time."""
    return f"{session}-{time.time_ns()}"


def session_of(name: str) -> str | None:
    """The name of the session of which a folder of that name holds something; None if it is none of these."""
    found = _OF_A_SESSION.fullmatch(name)
    return found[1] if found else None
