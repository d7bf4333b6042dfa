"""Folders of sessions stay apart and in order, whatever happens to the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from greenroom import session as session_module
from greenroom.review.finding import session_folders
from greenroom.session import start_session

EVENING = datetime(2026, 10, 25, 2, 50, 0).astimezone()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    now = {"now": EVENING}

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return now["now"]

    monkeypatch.setattr(session_module, "datetime", Clock)
    return now


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=1), timedelta(hours=2, minutes=59)])
def test_the_last_session_is_the_latest_although_the_clock_was_set_back(
    back: timedelta, tmp_path: Path, clock: dict[str, datetime]
) -> None:
    first, _ = start_session(tmp_path, "x", {})
    clock["now"] = EVENING - back
    made = [start_session(tmp_path, "x", {}) for _ in range(3)]
    folders = [folder for folder, _ in made]
    assert session_folders(tmp_path) == [*reversed(folders), first]
    assert made[0][1].started_at == (EVENING - back).isoformat(timespec="seconds"), (
        "the time itself stays true"
    )


def test_a_wrong_clock_of_long_ago_names_no_new_session(tmp_path: Path, clock: dict[str, datetime]) -> None:
    clock["now"] = EVENING + timedelta(days=400)
    start_session(tmp_path, "x", {})
    clock["now"] = EVENING
    folder, _ = start_session(tmp_path, "x", {})
    assert folder.name.startswith("2026-10-25T02-50-00")


def test_a_clock_set_forward_needs_nothing(tmp_path: Path, clock: dict[str, datetime]) -> None:
    first, _ = start_session(tmp_path, "x", {})
    clock["now"] = EVENING + timedelta(hours=5)
    second, _ = start_session(tmp_path, "x", {})
    assert session_folders(tmp_path) == [second, first]
    assert second.name.startswith("2026-10-25T07-50-00")
