"""A session belongs to one greenroom at a time, and a death leaves nothing to repair by hand."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from greenroom import timed_writing
from greenroom.errors import BadInputError
from greenroom.recovering import holding
from greenroom.recovering.holding import LOCK_FILE, died_in, hold, is_held

HOLDS = """
import sys, pathlib
from greenroom.recovering.holding import hold
with hold(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path) -> subprocess.Popen[bytes]:
    """Another process that holds the folder."""
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_an_orderly_end_leaves_nothing(tmp_path: Path) -> None:
    with hold(tmp_path):
        assert (tmp_path / LOCK_FILE).exists()
    assert list(tmp_path.iterdir()) == []
    assert not is_held(tmp_path)
    assert not died_in(tmp_path)


def test_a_lock_can_stay_so_that_the_next_start_looks_again(tmp_path: Path) -> None:
    with hold(tmp_path) as held:
        held.stays = True
    assert died_in(tmp_path)


def test_a_holder_that_ends_while_it_is_looked_at_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock goes after it was seen, and before it is opened."""
    lock, opened = tmp_path / LOCK_FILE, os.open
    lock.touch()

    def too_late(path: Path, flags: int, *more: int) -> int:
        lock.unlink(missing_ok=True)
        return opened(path, flags, *more)

    monkeypatch.setattr(os, "open", too_late)
    assert not is_held(tmp_path)
    assert not died_in(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_who_only_looks_keeps_nobody_from_holding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    handle = os.open(tmp_path / LOCK_FILE, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_SH)
    assert not is_held(tmp_path), "two who look are no holders"
    monkeypatch.setattr(holding, "_PATIENCE", 10.0)  # s; on a busy machine
    ends = threading.Timer(0.05, os.close, [handle])
    ends.start()
    with hold(tmp_path):
        pass
    ends.join()


def test_a_lock_that_a_disk_does_not_remove_in_time_keeps_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 0.1)
    monkeypatch.setattr(Path, "unlink", lambda *_: gate.wait(30))
    began = time.monotonic()
    with hold(tmp_path):
        pass
    assert time.monotonic() - began < 5
    gate.set()


@pytest.mark.slow
def test_another_greenroom_is_refused_in_one_line(tmp_path: Path, other: subprocess.Popen[bytes]) -> None:
    try:
        assert is_held(tmp_path)
        assert not died_in(tmp_path)
        with pytest.raises(BadInputError, match="another greenroom") as refused, hold(tmp_path):
            pass
        assert refused.value.hint
        assert is_held(tmp_path)
    finally:
        other.kill()
        other.communicate()


@pytest.mark.slow
def test_a_death_gives_the_session_free_and_is_seen(tmp_path: Path, other: subprocess.Popen[bytes]) -> None:
    other.kill()
    other.communicate()
    assert died_in(tmp_path)
    assert died_in(tmp_path), "looking changes nothing"
    with hold(tmp_path):
        pass
    assert not died_in(tmp_path)
