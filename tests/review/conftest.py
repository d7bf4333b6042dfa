from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from player_room import Clock
from replayed import save, session_with_everything, spoken_turn

from greenroom.records import PaceDeparture, PacePoint
from greenroom.review.passages import Passage, passages_of
from greenroom.review.report import write_report

if TYPE_CHECKING:  # the quick tests do without playwright
    from browser import Shown
    from playwright.sync_api import Browser


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time for whatever is replayed, which passes only while it waits."""
    clock = Clock()
    for module in ("deck", "player"):
        monkeypatch.setattr(f"greenroom.review.{module}.time", clock)
    return clock


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `everything` is copied from: to make the sound takes longer than to copy it."""
    return save(tmp_path_factory.mktemp("kept"), session_with_everything())


@pytest.fixture
def everything(tmp_path: Path, kept: Path) -> Path:
    """The folder of a session in which everything happens once."""
    return shutil.copytree(kept, tmp_path / "2026-11-22T10-08-05-demo")


@pytest.fixture
def passages(everything: Path) -> list[Passage]:
    return passages_of(session_with_everything(), everything)


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report where everything happens once, the first question having a second attempt."""
    folder = tmp_path_factory.mktemp("reports") / "2026-11-22T10-08-05-demo"
    session = session_with_everything()
    first, typed, again = session.turns
    pace = tuple(PacePoint(4.0 + i, 120.0 + 5 * i) for i in range(12))
    departures = (PaceDeparture("fast", 8.0, 14.0, 190.0),)
    first = replace(first, delivery=replace(first.delivery, pace=pace, pace_departures=departures))
    third = spoken_turn(5, asked=first.asked, question="And then?")
    return write_report(save(folder, replace(session, turns=(first, typed, again, third))))


@pytest.fixture
def report(browser: Browser, path: Path) -> Iterator[Shown]:
    """That one at the first attempt of the first question, which has the findings."""
    from browser import shown

    with shown(browser, path) as its:
        its.page.locator("#tab-1").click()
        its.page.evaluate("document.activeElement.blur()")
        yield its
