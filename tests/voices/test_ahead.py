"""Sound that is made before it is needed."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from greenroom.errors import ModelError
from greenroom.records import Clip
from greenroom.voices import CachedVoice

LONGEST = 20.0  # s that a thread is waited for on the busiest machine


class Held:
    """A voice that renders when it is let; `begun` is released for every text that it has begun."""

    name = "held"

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.begun = threading.Semaphore(0)
        self.let = threading.Semaphore(0)

    def render(self, text: str) -> Clip:
        self.texts.append(text)
        self.begun.release()
        assert self.let.acquire(timeout=LONGEST)
        if text == "broken":
            raise ModelError("the voice has stopped")
        return Clip(np.full(100, 0.5, dtype=np.float32), 16_000)

    def finish(self, *texts: str) -> None:
        for _ in texts:
            self.let.release()


@pytest.fixture
def voice() -> Held:
    return Held()


def test_what_was_prepared_is_not_rendered_again(voice: Held, tmp_path: Path) -> None:
    cached = CachedVoice(voice, tmp_path)
    cached.prepare("first", "second")  # returns although nothing is rendered yet
    voice.finish("first", "second")
    assert cached.render("second") is cached.render("second")
    assert cached.render("first") is not None
    assert voice.texts == ["first", "second"]


def test_whoever_needs_it_at_once_waits_only_for_that(voice: Held, tmp_path: Path) -> None:
    cached = CachedVoice(voice, tmp_path)
    voice.finish("thanks")
    thanks = cached.render("thanks")
    cached.prepare("a long question")
    assert voice.begun.acquire(timeout=LONGEST)
    assert voice.begun.acquire(timeout=LONGEST)  # the question is being rendered
    assert cached.render("thanks") is thanks
    voice.finish("a long question")
    assert cached.render("a long question") is not None
    assert voice.texts == ["thanks", "a long question"]


def test_what_fails_ahead_fails_when_it_is_said_and_stops_nothing_else(voice: Held, tmp_path: Path) -> None:
    cached = CachedVoice(voice, tmp_path)
    cached.prepare("broken", "whole")
    voice.finish("broken", "whole")
    assert cached.render("whole") is not None
    voice.finish("broken")
    with pytest.raises(ModelError, match="has stopped"):
        cached.render("broken")
    assert voice.texts == ["broken", "whole", "broken"]


def test_a_defect_stops_nothing_else_either(
    voice: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = CachedVoice(voice, tmp_path)
    failed: list[str] = []

    def render(text: str) -> Clip:
        if text == "broken":
            failed.append(text)
            raise OSError("no such file")
        return Held.render(voice, text)

    monkeypatch.setattr(voice, "render", render)
    voice.finish("whole")
    cached.prepare("broken", "whole")
    assert voice.begun.acquire(timeout=LONGEST)
    assert (failed, cached.render("whole") is not None) == (["broken"], True)
    with pytest.raises(OSError, match="no such file"):
        cached.render("broken")


def test_only_fixed_phrases_are_kept_on_the_disk(voice: Held, tmp_path: Path) -> None:
    cached = CachedVoice(voice, tmp_path / "voices")
    voice.finish("fixed", "own")
    cached.prepare("own")
    cached.prepare("fixed", keep=True)
    assert cached.render("own") is not None
    cached.render("fixed", keep=True)
    assert len(list((tmp_path / "voices").glob("*.flac"))) == 1
