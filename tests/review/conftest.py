from __future__ import annotations

from pathlib import Path

import pytest
from player_room import Clock
from replayed import save, session_with_everything

from greenroom.review.passages import Passage, passages_of


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time for whatever is replayed, which passes only while it waits."""
    clock = Clock()
    for module in ("deck", "player"):
        monkeypatch.setattr(f"greenroom.review.{module}.time", clock)
    return clock


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    """The folder of a session in which everything happens once."""
    return save(tmp_path / "2026-11-22T10-08-05-demo", session_with_everything())


@pytest.fixture
def passages(everything: Path) -> list[Passage]:
    return passages_of(session_with_everything(), everything)
