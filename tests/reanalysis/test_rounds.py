"""Many sessions, one after the other: what becomes of each, and that none of them stops the others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from archives import TRANSCRIBED, WORDS_KEPT, Here, said, sample_copy, with_turn

from greenroom.errors import BadInputError, ModelError
from greenroom.reanalysis.jobs import Job
from greenroom.reanalysis.rounds import Outcome, read_again
from greenroom.reanalysis.workers import Turns
from greenroom.session import load_session


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    return [sample_copy(tmp_path, f"2026-11-2{day}T20-00-00-demo") for day in (1, 2, 3)]


def other_words(job: Job) -> Turns:
    return tuple(said(turn, "quite other words") for turn in job.session.turns)


def results(outcomes: Iterator[Outcome]) -> dict[str, str]:
    return {outcome.folder.name[8:10]: outcome.result for outcome in outcomes}


def test_each_is_read_written_and_told(folders: list[Path]) -> None:
    outcomes = list(read_again(folders, WORDS_KEPT, Here(other_words)))
    assert [outcome.folder for outcome in outcomes] == folders
    for outcome in outcomes:
        session = load_session(outcome.folder)
        assert outcome.reading == session.reanalyses[-1]
        assert {turn.transcript.text for turn in session.turns} == {"quite other words"}
        assert [answer.number for answer in outcome.answers] == [1, 2, 3]
        assert all(answer.changed for answer in outcome.answers)


def test_what_was_read_before_is_passed_over_unless_it_is_wanted_again(folders: list[Path]) -> None:
    list(read_again(folders[:1], WORDS_KEPT, Here()))
    workers = Here()
    assert results(read_again(folders, WORDS_KEPT, workers)) == {"21": "known", "22": "read", "23": "read"}
    assert len(workers.given) == 2
    assert set(results(read_again(folders, WORDS_KEPT, Here(), again=True)).values()) == {"read"}
    newer = replace(WORDS_KEPT, rules="newer rules")
    assert set(results(read_again(folders, newer, Here())).values()) == {"read"}


def test_a_session_that_has_no_sound_is_known_by_its_words(folders: list[Path]) -> None:
    for expected in ("read", "known"):
        assert set(results(read_again(folders, TRANSCRIBED, Here())).values()) == {expected}


def test_one_that_is_damaged_stops_no_other(folders: list[Path]) -> None:
    (folders[1] / "session.json").write_text("{")
    outcomes = list(read_again(folders, WORDS_KEPT, Here()))
    assert [outcome.result for outcome in outcomes] == ["read", "failed", "read"]
    assert outcomes[1].error is not None
    assert "damaged" in outcomes[1].error.message
    assert "\n" not in outcomes[1].error.message


def test_a_defect_met_in_one_is_named_and_stops_no_other(folders: list[Path]) -> None:
    def stumbles(job: Job) -> Turns:
        if job.session.turns[0].self_rating:
            raise ZeroDivisionError("by nought\nand more of it")
        return job.session.turns

    before = with_turn(folders[1], 1, lambda turn: replace(turn, self_rating=2))
    outcomes = list(read_again(folders, WORDS_KEPT, Here(stumbles)))
    assert [outcome.result for outcome in outcomes] == ["read", "failed", "read"]
    assert outcomes[1].error is not None
    assert outcomes[1].error.message.endswith("could not be read again: ZeroDivisionError by nought")
    assert load_session(folders[1]) == before


def test_without_the_model_nothing_is_gone_on_with(folders: list[Path]) -> None:
    def missing(job: Job) -> Turns:
        raise ModelError("no weights", "fetch them")

    workers = Here(missing)
    with pytest.raises(ModelError, match="no weights"):
        list(read_again(folders, WORDS_KEPT, workers))
    assert len(workers.given) == 1


def test_a_cluster_that_goes_away_is_told_in_a_line(folders: list[Path]) -> None:
    class Gone(Here):
        def submit(self, job: Job) -> Future[Turns]:
            future = super().submit(job) if not self.given else Future[Turns]()
            future.cancel()
            if future.cancelled():
                future.set_running_or_notify_cancel()
            return future

    outcomes = read_again(folders, WORDS_KEPT, Gone())
    assert next(outcomes).result == "read"
    with pytest.raises(BadInputError, match="the cluster has gone") as caught:
        next(outcomes)
    assert caught.value.hint


@pytest.mark.parametrize("room", [1, 2, 5])
def test_no_more_sessions_are_in_memory_than_there_is_room_for(tmp_path: Path, room: int) -> None:
    opened: list[int] = []
    workers = Counting(room, opened)
    folders = [sample_copy(tmp_path, f"2026-11-{day}T20-00-00-demo") for day in range(10, 17)]
    seen = [outcome.folder for outcome in read_again(iter(folders), WORDS_KEPT, workers)]
    assert sorted(seen) == folders
    assert max(opened) == room


class Counting(Here):
    """Leaves jobs open until it has no room for more, then finishes the last that came."""

    def __init__(self, room: int, opened: list[int]) -> None:
        super().__init__(room=room)
        self._left, self._opened = 7, opened
        self._open: list[tuple[Job, Future[Turns]]] = []

    def submit(self, job: Job) -> Future[Turns]:
        future = Future[Turns]()
        self._open.append((job, future))
        self._opened.append(len(self._open))
        self._left -= 1
        while self._open and (len(self._open) == self.room or not self._left):
            done, its = self._open.pop()
            its.set_result(done.session.turns)
        return future
