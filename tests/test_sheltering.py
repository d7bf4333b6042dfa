"""Where no disk at all takes an answer: said plainly, and never called saved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeKeys, FakeScreen, FakeSpeaker, FakeVoice
from interview_room import QUESTIONS, Room
from made_turns import made_turn, spoken

from greenroom import keys, timed_writing
from greenroom.audio import recorder as recorder_module
from greenroom.audio.clip import load_clip
from greenroom.audio.recorder import AnswerRecorder
from greenroom.errors import BadInputError
from greenroom.keys import NoKeys
from greenroom.private_files import make_private_folder
from greenroom.prompts import NOT_WRITTEN_YET, ON_NO_DISK, ONLY_IN_MEMORY
from greenroom.records import Session
from greenroom.session import start_session
from greenroom.sheltering import Shelter
from greenroom.speaking import Narrator
from greenroom.timed_writing import SilentDiskError

pytestmark = pytest.mark.usefixtures("no_echo")

SOUND = np.full(16_000, 0.25, dtype=np.float32)
FULL = BadInputError("the disk is full")
GO_ON = "Enter try again, once there is room · s go on as it is · q end it here, not saved yet"
LEAVE = "Enter try again, once there is room · q leave without it"


class Meddler(FakeKeys):
    """Presses keys; something is done before one of them."""

    def __init__(self, *presses: str | None, before: int = -1, do: Callable[[], object] = object) -> None:
        super().__init__(presses)
        self._before, self._do, self._looks = before, do, 0

    def poll(self) -> str | None:
        if self._looks == self._before:
            self._do()
        self._looks += 1
        assert self._looks < 100, "asked without an end"
        return super().poll()


class FullDisks:
    """A session's folder, and one other place, that take nothing until there is room."""

    def __init__(self, root: Path, keyboard: FakeKeys | NoKeys, name: str = "session") -> None:
        self.folder = root / name
        self.folder.touch()  # in place of the folder: whatever is written there is refused
        self.spare = root / "spare"
        if not self.spare.exists():
            self.spare.touch()
        self.screen = FakeScreen()
        narrator = Narrator(FakeVoice(), FakeSpeaker(), FakeKeys())  # type: ignore[arg-type]
        self.shelter = Shelter(narrator, keyboard, self.screen, self.folder, lambda: [self.spare])

    def answer(self, number: int = 1) -> AnswerRecorder:
        recorder = AnswerRecorder(self.folder / f"{number:02}-answer.flac")
        recorder.write(SOUND)
        return recorder

    def make_room(self) -> None:
        self.folder.unlink()
        self.folder.mkdir()

    def make_room_elsewhere(self) -> None:
        self.spare.unlink()

    @property
    def notes(self) -> list[str]:
        return self.screen.told("note")


def record() -> Session:
    return Session(id="x", started_at="", settings={}, greenroom="")


def test_quitting_is_not_called_saving_while_nothing_is_on_a_disk(tmp_path: Path) -> None:
    disks = FullDisks(tmp_path, Meddler(keys.QUIT))
    disks.shelter.take(disks.answer(), FULL)
    assert disks.shelter.quit
    assert ONLY_IN_MEMORY in disks.notes
    assert "q end it here, not saved yet" in disks.notes[-2]
    assert disks.notes[-1] == "Chosen: end it here, not saved yet."
    assert not [note for note in disks.notes if "save and quit" in note]


def test_at_the_end_what_is_on_no_disk_is_asked_for_until_it_is_written(tmp_path: Path) -> None:
    keyboard = Meddler(keys.QUIT, keys.DONE, keys.SKIP, keys.DONE, before=3)
    disks = FullDisks(tmp_path, keyboard)
    keyboard._do = disks.make_room
    disks.shelter.take(disks.answer(), FULL)
    assert not disks.shelter.take_session(record(), FULL)
    disks.shelter.tell_what_is_left()
    assert disks.screen.told("said")[-1] == ON_NO_DISK
    assert disks.notes.count(LEAVE) == 2
    assert "On no disk: 01-answer.flac and session.json." in disks.notes
    assert NOT_WRITTEN_YET in disks.notes
    assert load_clip(disks.folder / "01-answer.flac").seconds == 1.0
    assert (disks.folder / "session.json").exists()
    assert not disks.shelter.in_memory


def test_at_the_end_any_disk_will_do(tmp_path: Path) -> None:
    keyboard = Meddler(keys.QUIT, keys.DONE, before=1)
    disks = FullDisks(tmp_path, keyboard)
    keyboard._do = disks.make_room_elsewhere
    disks.shelter.take(disks.answer(), FULL)
    disks.shelter.tell_what_is_left()
    where = disks.shelter.folder
    assert where is not None
    assert load_clip(where / "01-answer.flac").seconds == 1.0
    assert f"The rest is in {where}" in disks.notes[-1]


def test_who_leaves_without_it_is_told_so_and_asked_once(tmp_path: Path) -> None:
    disks = FullDisks(tmp_path, Meddler(keys.SKIP, keys.QUIT))
    disks.shelter.take(disks.answer(), FULL)
    disks.shelter.settle()
    disks.shelter.tell_what_is_left()
    assert disks.notes.count(LEAVE) == 1
    assert disks.notes[-1] == "Not saved: 01-answer.flac."
    assert disks.shelter.in_memory == {"01-answer.flac"}


def test_where_nobody_can_be_asked_it_is_said(tmp_path: Path) -> None:
    disks = FullDisks(tmp_path, NoKeys())
    disks.shelter.take(disks.answer(), FULL)
    disks.shelter.tell_what_is_left()
    assert disks.notes[-1] == "Not saved: 01-answer.flac."


def test_who_interrupted_is_not_waited_for_without_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenroom.sheltering._LONGEST_INTERRUPTED", 0.01)
    disks = FullDisks(tmp_path, Meddler())
    disks.shelter.keep(disks.answer(), FULL)
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        disks.shelter.tell_what_is_left()
    assert disks.notes[-1] == "Not saved: 01-answer.flac."


def test_every_answer_that_is_in_memory_only_is_said_to_be(tmp_path: Path) -> None:
    disks = FullDisks(tmp_path, Meddler(keys.SKIP))
    disks.shelter.take(disks.answer(1), FULL)
    disks.shelter.take(disks.answer(2), FULL)
    assert disks.notes.count(ONLY_IN_MEMORY) == 2


def test_who_went_on_with_an_answer_elsewhere_is_asked_again_where_that_is_full_too(tmp_path: Path) -> None:
    disks = FullDisks(tmp_path, Meddler(keys.SKIP, keys.QUIT))
    disks.make_room_elsewhere()
    disks.shelter.take(disks.answer(1), FULL)
    where = disks.shelter.folder
    assert where is not None
    where.rename(tmp_path / "was")
    where.parent.rmdir()
    where.parent.touch()
    disks.shelter.take(disks.answer(2), FULL)
    assert disks.notes[-1] == "Chosen: end it here, not saved yet."


def test_what_waits_is_not_forgotten_where_answers_go_to_another_folder(tmp_path: Path) -> None:
    room = Room(tmp_path / "interview", questions=QUESTIONS[:1], keyboard=FakeKeys())
    disks = FullDisks(tmp_path, NoKeys())
    disks.shelter.keep(disks.answer(), FULL)
    disks.shelter.take_session(record(), FULL)
    questioner = room.stages.questioner
    questioner.shelter = disks.shelter
    folder, _ = start_session(tmp_path / "look-backs", "test", {})
    questioner.only_listen(folder)
    assert not questioner.shelter.in_memory
    disks.make_room()
    questioner.shelter.tell_what_is_left()
    assert {path.name for path in disks.folder.iterdir()} == {"01-answer.flac", "session.json"}


def test_a_disk_that_hangs_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disks = FullDisks(tmp_path, NoKeys())
    answers = [disks.answer(number) for number in (1, 2, 3)]
    for each in answers:
        disks.shelter.keep(each, FULL)
    disks.shelter.take_session(record(), FULL)
    tried: list[str] = []

    def hangs(recorder: AnswerRecorder) -> None:
        tried.append(recorder.path.name)
        raise SilentDiskError(recorder.path)

    with monkeypatch.context() as patch:
        patch.setattr(recorder_module.AnswerRecorder, "finish", hangs)
        patch.setattr("greenroom.sheltering.in_time", lambda *_: tried.append("session.json"))
        disks.shelter.come_home()
    assert tried == ["01-answer.flac"]
    disks.make_room()
    disks.shelter.come_home()
    assert len(list(disks.folder.glob("*.flac"))) == 3


def test_an_interrupt_while_it_comes_home_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks = FullDisks(tmp_path, NoKeys())
    for number in (1, 2):
        disks.shelter.keep(disks.answer(number), FULL)

    def interrupted(_: AnswerRecorder) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(recorder_module.AnswerRecorder, "finish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            disks.shelter.come_home()
    disks.make_room()
    disks.shelter.come_home()
    assert len(list(disks.folder.glob("*.flac"))) == 2


@pytest.mark.parametrize("refused", ["sound", "record"])
def test_no_answer_counts_as_saved_that_is_on_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    def full(*_: object) -> None:
        raise FULL

    class Leaving(FakeKeys):
        """Goes on without room, and at the end leaves without what is not saved."""

        def poll(self) -> str | None:
            method, told = room.screen.log[-1]
            return {LEAVE: keys.QUIT, GO_ON: keys.SKIP}.get(told) if method == "note" else None

    room = Room(tmp_path, keyboard=Leaving())
    monkeypatch.setattr(room.stages.questioner.shelter, "_places", list)
    if refused == "sound":
        monkeypatch.setattr(recorder_module, "write_pcm16", full)
    else:
        monkeypatch.setattr("greenroom.keeping.save_session", full)
        monkeypatch.setattr("greenroom.sheltering.save_session", full)
    assert room.interview.run().turns == ()
    assert len(room.screen.told("feedback")) == len(QUESTIONS)
    assert LEAVE in room.screen.told("note")


def test_a_place_that_hangs_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disks = FullDisks(tmp_path, NoKeys())
    hanging, free, gate = tmp_path / "hanging", tmp_path / "free", threading.Event()
    monkeypatch.setattr(disks.shelter, "_places", lambda: [hanging, free])
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 0.5)

    def made(folder: Path) -> None:
        if folder.parent == hanging:
            gate.wait(30)
        make_private_folder(folder)

    monkeypatch.setattr("greenroom.sheltering.make_private_folder", made)
    assert disks.shelter.keep(disks.answer(), FULL)
    gate.set()
    assert disks.shelter.folder is not None
    assert disks.shelter.folder.parent == free
    assert load_clip(disks.shelter.folder / "01-answer.flac").seconds == 1.0


def test_an_answer_that_never_comes_home_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks = FullDisks(tmp_path, NoKeys())
    first, second = disks.answer(1), disks.answer(2)
    for each in (first, second):
        disks.shelter.keep(each, FULL)
    finish = AnswerRecorder.finish

    def hangs(recorder: AnswerRecorder) -> object:
        if recorder is first:
            raise SilentDiskError(recorder.path)
        return finish(recorder)

    monkeypatch.setattr(AnswerRecorder, "finish", hangs)
    disks.make_room()
    disks.shelter.come_home()
    disks.shelter.come_home()
    assert [path.name for path in disks.folder.glob("*.flac")] == ["02-answer.flac"]


def test_of_several_the_one_that_hangs_is_tried_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One before it was refused, and keeps its place."""
    disks = FullDisks(tmp_path, NoKeys())
    first, second, third = answers = [disks.answer(number) for number in (1, 2, 3)]
    for each in answers:
        disks.shelter.keep(each, FULL)

    def refuses(recorder: AnswerRecorder) -> None:
        raise SilentDiskError(recorder.path) if recorder is second else FULL

    monkeypatch.setattr(AnswerRecorder, "finish", refuses)
    disks.shelter.come_home()
    assert disks.shelter._waiting == [first, third, second]


def test_what_is_left_is_told_once_however_often_the_folder_has_changed(tmp_path: Path) -> None:
    first = FullDisks(tmp_path, NoKeys(), "first")
    first.shelter.keep(first.answer(), FULL)
    second = first.shelter.followed_by(tmp_path / "second")
    second.followed_by(tmp_path / "third").tell_what_is_left()
    assert first.notes.count("Not saved: 01-answer.flac.") == 1


def test_captions_come_home_with_the_record(tmp_path: Path) -> None:
    disks = FullDisks(tmp_path, NoKeys())
    disks.shelter.take_session(replace(record(), turns=(made_turn(delivery=spoken()),)), FULL)
    disks.make_room()
    disks.shelter.tell_what_is_left()
    assert {path.name for path in disks.folder.iterdir()} == {"session.json", "01-answer.vtt"}


@pytest.mark.parametrize("record_too", [False, True])
def test_who_leaves_by_ctrl_c_has_the_answer_named_and_is_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_too: bool
) -> None:
    def full(*_: object) -> None:
        raise FULL

    class Leaving(FakeKeys):
        """Presses Ctrl-C in mid-answer, and once more where it is asked about what is on no disk."""

        def poll(self) -> str | None:
            speaking = ("listening", "speaking") in room.screen.log
            if (speaking and not interrupted) or room.screen.log[-1] == ("note", LEAVE):
                interrupted.append(True)
                raise KeyboardInterrupt
            return None

    interrupted: list[bool] = []
    room = Room(tmp_path, keyboard=Leaving(), questions=QUESTIONS[:1])
    shelter = room.stages.questioner.shelter
    monkeypatch.setattr(shelter, "_places", list)
    monkeypatch.setattr(recorder_module, "write_pcm16", full)
    if record_too:
        monkeypatch.setattr("greenroom.keeping.save_session", full)
        monkeypatch.setattr("greenroom.sheltering.save_session", full)
    with pytest.raises(KeyboardInterrupt):
        room.interview.run()
    shelter.tell_what_is_left()
    notes = room.screen.told("note")
    assert notes.count(LEAVE) == 1
    (entry,) = room.interview._keeper.session.unanswered
    assert (entry.reason, entry.recording) == ("interrupted", "01-answer.flac")
    if record_too:
        assert "On no disk: 01-answer.flac and session.json." in notes
    else:
        assert room.saved().unanswered == (entry,)
