"""A disk that answers too late: what it writes then goes, counts, or is named, and nobody waits."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeKeys, FakeScreen, FakeSpeaker, FakeVoice

from greenroom import sheltering, timed_writing
from greenroom.audio.recorder import AnswerRecorder
from greenroom.errors import BadInputError
from greenroom.keys import NoKeys
from greenroom.private_files import make_private_folder
from greenroom.prompts import MAY_COME_LATE
from greenroom.records import Session
from greenroom.recovering.spare_places import new_places
from greenroom.sheltering import Shelter, room_for
from greenroom.speaking import Narrator

FULL = BadInputError("the disk is full")
RECORD = Session(id="x", started_at="", settings={}, greenroom="")


class Disks:
    """A session's folder that takes nothing, one place that hangs until its gate is open, one behind it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.hanging, self.free = root / "session", root / "hanging", root / "free"
        self.folder.touch()
        self.gate = threading.Event()
        self.screen = FakeScreen()
        narrator = Narrator(FakeVoice(), FakeSpeaker(), FakeKeys())  # type: ignore[arg-type]
        self.places = [self.hanging, self.free]
        self.shelter = Shelter(narrator, NoKeys(), self.screen, self.folder, lambda: self.places)

        def made(folder: Path) -> None:
            if folder.parent == self.hanging:
                self.gate.wait(30)
            make_private_folder(folder)

        monkeypatch.setattr(sheltering, "make_private_folder", made)

    def answer(self) -> AnswerRecorder:
        recorder = AnswerRecorder(self.folder / "01-answer.flac")
        recorder.write(np.full(1600, 0.25, dtype=np.float32))
        return recorder

    def answers_again(self) -> None:
        """And what was late is written."""
        late = timed_writing._latest[self.hanging]
        self.gate.set()
        assert late.done.wait(10)

    def make_room(self) -> None:
        self.folder.unlink()
        self.folder.mkdir()


@pytest.fixture
def disks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disks]:
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 0.3)
    made = Disks(tmp_path, monkeypatch)
    yield made
    made.gate.set()


def test_a_copy_that_came_late_goes_once_the_answer_is_safe(disks: Disks) -> None:
    assert disks.shelter.keep(disks.answer(), FULL)
    disks.answers_again()
    assert list(disks.hanging.glob("*/01-answer.flac"))
    disks.shelter.tell_what_is_left()
    assert not disks.hanging.exists()
    assert len(list(disks.free.glob("*/01-answer.flac"))) == 1
    disks.make_room()
    disks.shelter.tell_what_is_left()
    assert not disks.free.exists()


def test_a_copy_that_came_late_counts_where_there_is_no_other(disks: Disks) -> None:
    disks.places.remove(disks.free)
    assert not disks.shelter.keep(disks.answer(), FULL)
    assert disks.shelter.in_memory
    disks.answers_again()
    disks.shelter.tell_what_is_left()
    assert not disks.shelter.in_memory
    (copy,) = disks.hanging.glob("*/01-answer.flac")
    assert f"The rest is in {copy.parent}" in disks.screen.told("note")[-1]
    disks.make_room()
    disks.shelter.tell_what_is_left()
    assert (disks.folder / "01-answer.flac").exists()
    assert not disks.hanging.exists()


def test_an_earlier_state_of_the_record_does_not_count(disks: Disks) -> None:
    disks.places.remove(disks.free)
    assert not disks.shelter.take_session(RECORD, FULL)
    disks.answers_again()
    disks.shelter._look_for_late()
    assert disks.shelter.in_memory == {"session.json"}


def test_where_it_may_still_come_is_named_at_the_end(disks: Disks) -> None:
    """Once, and only where something was begun: a place that hangs is not asked again."""
    recorder = disks.answer()
    assert disks.shelter.keep(recorder, FULL)
    assert disks.shelter.take_session(RECORD, FULL)
    disks.shelter.tell_what_is_left()
    (late,) = disks.shelter._late
    notes = disks.screen.told("note")
    assert notes[-1] == MAY_COME_LATE.format(where=late.parent)
    assert late.parent.parent == disks.hanging


def test_what_cannot_be_removed_in_time_is_seen_to_later(
    disks: Disks, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks.gate.set()
    disks.shelter.take_session(RECORD, FULL)
    (copy,) = disks.hanging.glob("*/session.json")
    gate, unlink = threading.Event(), Path.unlink

    def hangs(path: Path, missing_ok: bool = False) -> None:
        gate.wait(30)
        unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", hangs)
        began = time.monotonic()
        disks.shelter.session_saved()
        assert time.monotonic() - began < 5
    assert disks.shelter._late == [copy]
    late = timed_writing._latest[disks.hanging]
    gate.set()
    assert late.done.wait(10)
    disks.shelter.tell_what_is_left()
    assert not disks.hanging.exists()


def test_a_place_is_made_and_room_is_looked_for_with_a_time_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def hangs(*_: object, **__: object) -> str:
        gate.wait(30)
        raise OSError

    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 0.1)
    monkeypatch.setattr(tempfile, "mkdtemp", hangs)
    monkeypatch.setattr(tempfile, "TemporaryFile", hangs)
    began = time.monotonic()
    assert len(list(new_places())) == 2
    with pytest.raises(BadInputError, match="the disk does not answer"):
        room_for(tmp_path)
    assert time.monotonic() - began < 5
    gate.set()
