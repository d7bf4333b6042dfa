"""Sessions read by the workers of a Dask cluster: a real scheduler, and two workers that are processes."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archives import only_turn, sample_copy

from greenroom.errors import BadInputError, ModelError, UsageError
from greenroom.installing import install_line
from greenroom.reanalysis import cluster
from greenroom.reanalysis.cluster import Cluster
from greenroom.reanalysis.fingerprint import rules_fingerprint
from greenroom.reanalysis.jobs import Wanted, keeping_words
from greenroom.reanalysis.rounds import read_again
from greenroom.session import load_session

TODAY = Wanted("openai-whisper", "base", rules_fingerprint())


@pytest.fixture
def nobody() -> str:
    """An address at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE_SECONDS", 0.3)


def test_a_scheduler_that_does_not_answer_is_told_in_a_line(nobody: str, hurry: None) -> None:
    with pytest.raises(BadInputError, match=nobody) as caught:
        Cluster(nobody, TODAY)
    assert "dask scheduler" in (caught.value.hint or "")


@pytest.mark.parametrize("address", ["nonsense", "tcp://host:port", ""])
def test_what_is_no_address_is_told_in_a_line(address: str, hurry: None) -> None:
    with pytest.raises(UsageError, match="no address"):
        Cluster(address, TODAY)


def test_without_dask_it_says_what_brings_it(monkeypatch: pytest.MonkeyPatch, nobody: str) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="not installed") as caught:
        Cluster(nobody, TODAY)
    assert caught.value.hint == install_line("greenroom[cluster]")


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Any]:
    """With two workers of one thread each."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as local:
        yield local


@pytest.mark.weights
class TestTwoWorkers:
    def test_recordings_are_read_there_as_they_are_here(self, scheduler: Any, tmp_path: Path) -> None:
        folders = [
            only_turn(sample_copy(tmp_path, f"2026-11-2{day}T20-00-00-demo", sound=True), 2)
            for day in (1, 2, 3)
        ]
        stored = load_session(folders[0]).turns[0]
        there = Cluster(scheduler.scheduler_address, TODAY)
        assert there.room == 4
        outcomes = list(read_again(folders, TODAY, there))
        there.close()
        assert [outcome.result for outcome in outcomes] == ["read"] * 3
        for folder in folders:
            session = load_session(folder)
            assert session.reanalyses[-1].engine == "openai-whisper"
            assert session.turns[0].transcript.text == stored.transcript.text
            assert session.turns[0].delivery.speech_rate_wpm == stored.delivery.speech_rate_wpm

    def test_both_of_them_work(self, scheduler: Any, tmp_path: Path) -> None:
        folders = [sample_copy(tmp_path, f"2026-11-{day}T20-00-00-demo") for day in range(10, 20)]
        there = Cluster(scheduler.scheduler_address, keeping_words(TODAY))
        before = there._client.run(lambda dask_worker: dask_worker.state.executed_count)
        outcomes = list(read_again(folders, TODAY, there))
        after = there._client.run(lambda dask_worker: dask_worker.state.executed_count)
        there.close()
        assert {outcome.result for outcome in outcomes} == {"read"}
        assert sorted(after[worker] - before[worker] >= 2 for worker in before) == [True, True]

    def test_other_rules_there_are_told_before_anything_is_sent(self, scheduler: Any) -> None:
        with pytest.raises(ModelError, match=r"worker tcp://.*another greenroom"):
            Cluster(scheduler.scheduler_address, replace(TODAY, rules="other rules"))

    def test_weights_that_are_missing_there_are_told_before_anything_is_sent(self, scheduler: Any) -> None:
        with pytest.raises(ModelError, match=r"worker tcp://.*large-v3"):
            Cluster(scheduler.scheduler_address, replace(TODAY, model="large-v3"))

    def test_a_worker_that_is_killed_loses_no_session(self, scheduler: Any, tmp_path: Path) -> None:
        folders = [
            only_turn(sample_copy(tmp_path, f"2026-11-2{day}T20-00-00-demo", sound=True), 2)
            for day in (1, 2, 3)
        ]
        there = Cluster(scheduler.scheduler_address, TODAY)
        pids = there._client.run(os.getpid)
        outcomes = read_again(folders, TODAY, there)
        seen = [next(outcomes)]
        os.kill(next(iter(pids.values())), signal.SIGKILL)
        seen += outcomes
        there.close()
        assert [outcome.result for outcome in seen] == ["read"] * 3

    def test_a_scheduler_that_goes_away_is_told_and_what_is_done_stays(self, tmp_path: Path) -> None:
        from distributed import LocalCluster

        local = LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        )
        folders = [sample_copy(tmp_path, f"2026-11-{day}T20-00-00-demo") for day in range(10, 30)]
        there = Cluster(local.scheduler_address, keeping_words(TODAY))
        outcomes = read_again(folders, TODAY, there)
        assert next(outcomes).result == "read"
        local.close()
        began = time.monotonic()
        with pytest.raises(BadInputError, match="the cluster has gone"):
            list(outcomes)
        assert time.monotonic() - began < 60
        there.close()


def test_a_scheduler_without_workers_is_told_in_a_line(hurry: None) -> None:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as local,  # type: ignore[no-untyped-call]
        pytest.raises(BadInputError, match="no workers") as caught,
    ):
        Cluster(local.scheduler_address, TODAY)
    assert "dask worker" in (caught.value.hint or "")
