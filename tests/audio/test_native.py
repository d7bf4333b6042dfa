"""Calls into a sound system that hangs: nobody waits for ever, and what comes late leaves nothing behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from greenroom.audio import native
from greenroom.audio.native import NoAnswerError, let_go, within


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A worker of this test's own; the event lets go of what hangs in it."""
    monkeypatch.setattr(native, "_worker", native._Worker())
    monkeypatch.setattr(native, "_CLOSING_SECONDS", 0.02)
    monkeypatch.setattr(native, "_STUCK_SECONDS", 0.01)
    released = threading.Event()
    yield released
    released.set()


@pytest.mark.usefixtures("worker")
def test_what_a_call_gives_or_raises_is_passed_on() -> None:
    assert within(lambda: 7) == 7
    with pytest.raises(ValueError, match="no such rate"):
        within(lambda: int("no such rate"))
    assert within(lambda: within(lambda: 8)) == 8, "a call may make another"


def test_a_call_that_hangs_is_given_up_and_what_it_opens_late_is_closed(worker: threading.Event) -> None:
    closed: list[str] = []
    late = threading.Event()

    def close(stream: str) -> None:
        closed.append(stream)
        late.set()

    with pytest.raises(NoAnswerError, match="does not answer"):
        within(lambda: worker.wait() and "stream", 0.01, close)
    assert native.is_stuck()
    worker.set()
    assert late.wait(5)
    assert closed == ["stream"]
    assert within(lambda: 7) == 7, "it answers again"
    assert not native.is_stuck()


def test_while_one_call_hangs_no_other_is_begun_but_everything_is_closed_afterwards(
    worker: threading.Event,
) -> None:
    done: list[str] = []
    let_go(lambda: worker.wait() and done.append("first"))
    began = time.monotonic()
    with pytest.raises(NoAnswerError):
        within(lambda: done.append("unwanted"))
    let_go(lambda: done.append("second"))
    assert time.monotonic() - began < 0.2
    worker.set()
    within(lambda: None)
    assert done == ["first", "second"]
