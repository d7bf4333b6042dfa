"""A disk that hangs is waited for once, holds up no other, and what is late undoes nothing newer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from greenroom import timed_calls, timed_writing
from greenroom.timed_writing import SilentDiskError, in_time


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What hangs ends when this is set."""
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 0.05)
    gate = threading.Event()
    yield gate
    gate.set()


def hangs(gate: threading.Event, path: Path) -> Callable[[], None]:
    def write() -> None:
        gate.wait(30)
        path.write_text("late")

    return write


def test_what_it_gives_or_raises_is_passed_on(tmp_path: Path) -> None:
    assert in_time(lambda: 7, tmp_path / "s" / "a") == 7
    with pytest.raises(FileNotFoundError):
        in_time((tmp_path / "none").read_text, tmp_path / "s" / "a")
    assert tmp_path not in timed_writing._latest


def test_a_place_that_hangs_is_waited_for_once_and_another_not_at_all(
    tmp_path: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "recordings" / "s" / "session.json"
    with pytest.raises(SilentDiskError, match=r"session\.json cannot be written"):
        in_time(hangs(gate, tmp_path / "x"), path)
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 30.0)
    began = time.monotonic()
    with pytest.raises(SilentDiskError):
        in_time(lambda: None, path.parent.parent / "another" / "session.json")
    assert in_time(lambda: 7, tmp_path / "elsewhere" / "s" / "session.json") == 7
    assert time.monotonic() - began < 5


def test_when_it_answers_again_it_is_used_again(tmp_path: Path, gate: threading.Event) -> None:
    path = tmp_path / "recordings" / "s" / "a"
    with pytest.raises(SilentDiskError):
        in_time(hangs(gate, tmp_path / "x"), path)
    late = timed_writing._latest[tmp_path / "recordings"]
    gate.set()
    assert late.done.wait(10)
    assert in_time(lambda: 7, path) == 7
    assert (tmp_path / "x").read_text() == "late"


def test_interrupted_it_goes_on_and_what_comes_next_waits_for_it(
    tmp_path: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, file = tmp_path / "recordings" / "s" / "a", tmp_path / "x"

    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(timed_calls.TimedCall, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            in_time(hangs(gate, file), path)
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 30.0)
    threading.Timer(0.1, gate.set).start()
    in_time(lambda: file.write_text("newer"), path)
    assert file.read_text() == "newer"


def test_what_nobody_waits_for_any_more_is_not_begun(tmp_path: Path, gate: threading.Event) -> None:
    path, file = tmp_path / "recordings" / "s" / "a", tmp_path / "x"
    before = timed_calls.TimedCall(hangs(gate, file))  # whose caller was interrupted
    timed_writing._latest[tmp_path / "recordings"] = before
    threading.Thread(target=before.run, daemon=True).start()
    with pytest.raises(SilentDiskError):
        in_time(lambda: file.write_text("given up"), path)
    given_up = timed_writing._latest[tmp_path / "recordings"]
    gate.set()
    assert given_up.done.wait(10)
    assert file.read_text() == "late"


def test_what_was_interrupted_before_it_began_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: threading.Thread) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "recordings" / "s" / "a"
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            in_time(lambda: None, path)
    began = time.monotonic()
    assert in_time(lambda: 7, path) == 7
    assert time.monotonic() - began < 5
