"""Sessions read by processes of this computer: real ones, that do as the session is called."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from dataclasses import replace
from pathlib import Path

import pytest
from archives import SAMPLE, WORDS_KEPT
from lane_work import does_as_named

from greenroom.errors import BadInputError
from greenroom.reanalysis.jobs import Job
from greenroom.reanalysis.workers import FaultError, Processes, Turns, described, threads_for
from greenroom.session import load_session

SESSION = load_session(SAMPLE)


def job(does: str = "well", sounds: dict[int, bytes] | None = None) -> Job:
    return Job(replace(SESSION, id=does, turns=SESSION.turns[:1]), WORDS_KEPT, sounds or {})


def told(future: Future[Turns]) -> list[int | None]:
    """Its process, its threads, and the length of its sound."""
    (turn,) = future.result(30)
    return [None if part == "None" else int(part) for part in turn.transcript.text.split()]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def one() -> Iterator[Processes]:
    processes = Processes(1, does_as_named)
    yield processes
    processes.close()


def test_one_process_does_all_that_comes_and_gets_the_sound_whole(one: Processes) -> None:
    first, second = (told(one.submit(job(sounds={1: bytes(size)}))) for size in (0, 5_000_000))
    assert first[0] == second[0] != os.getpid()
    assert first[1:] == [None, 0]
    assert second[1:] == [None, 5_000_000]


@pytest.mark.slow
def test_what_goes_wrong_in_a_session_is_told_and_the_next_is_read(one: Processes) -> None:
    pid = told(one.submit(job()))[0]
    with pytest.raises(BadInputError, match="not this one") as caught:
        one.submit(job("refuses")).result(30)
    assert caught.value.hint == "another"
    with pytest.raises(FaultError, match=r"^Unsendable 1 and 2$"):
        one.submit(job("has a bug")).result(30)
    assert told(one.submit(job("prints")))[0] == pid
    with pytest.raises(FaultError, match=r"ended by signal 9.*memory"):
        one.submit(job("is killed")).result(30)
    assert told(one.submit(job()))[0] != pid


@pytest.mark.slow
def test_two_work_side_by_side_with_fewer_threads_and_are_left_at_once() -> None:
    two = Processes(2, does_as_named)
    assert two.room == 2
    long = two.submit(job("takes long"))
    pid, threads, _ = told(two.submit(job()))
    assert threads == max(1, (os.cpu_count() or 1) // 2)
    assert not long.done()
    began = time.monotonic()
    two.close()
    assert time.monotonic() - began < 2.0
    assert wait([long], timeout=5.0).done
    assert pid is not None
    assert not runs(pid)


def test_threads_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert [threads_for(processes) for processes in (1, 2, 3, 8, 20)] == [None, 4, 2, 1, 1]


def test_a_fault_is_described_in_a_line() -> None:
    assert described(ValueError("one\ntwo")) == "ValueError one"
    assert described(KeyError()) == "KeyError"
    assert described(FaultError("its process ended")) == "its process ended"
