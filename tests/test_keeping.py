"""What is on the disk at every moment of a session, and a folder that is deleted under it."""

from __future__ import annotations

import _thread
import errno
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeKeys, FakeSource
from interview_room import ANSWER, NO_FOLLOW_UPS, QUESTIONS, Room
from made_turns import made_turn, spoken

from greenroom import keeping, timed_writing
from greenroom.errors import BadInputError
from greenroom.interview import Interview
from greenroom.keeping import FOLDER_GONE, Keeper
from greenroom.records import Session
from greenroom.session import load_session, save_session, start_session
from greenroom.timed_writing import SilentDiskError

pytestmark = pytest.mark.usefixtures("no_echo")


class Meddling(FakeSource):
    """Does something in the middle of the answer."""

    def __init__(self, meddle: object) -> None:
        super().__init__(ANSWER)
        self._meddle = meddle
        self._left = 50

    def read(self, timeout: float) -> np.ndarray | None:
        self._left -= 1
        if self._left == 0:
            self._meddle()  # type: ignore[operator]
        return super().read(timeout)


def refusals_of(keeper: Keeper) -> list[tuple[Session, BadInputError]]:
    refusals: list[tuple[Session, BadInputError]] = []

    def refused(session: Session, error: BadInputError) -> bool:
        refusals.append((session, error))
        return False

    keeper.refused = refused
    return refusals


def test_the_question_being_asked_is_on_the_disk(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path, "x", {}, QUESTIONS)
    assert load_session(folder).plan == QUESTIONS
    keeper = Keeper(folder, session, lambda _: None)
    keeper.begin(QUESTIONS[0])
    (entry,) = load_session(folder).unanswered
    assert (entry.number, entry.asked, entry.reason) == (1, QUESTIONS[0], "interrupted")
    keeper.leave_open("skipped", None)
    (entry,) = load_session(folder).unanswered
    assert entry.reason == "skipped"


def test_an_answer_takes_the_place_of_its_open_question(tmp_path: Path) -> None:
    seen: list[Session] = []
    room: Room
    sources = [Meddling(lambda: seen.append(room.saved())), FakeSource(ANSWER)]
    room = Room(tmp_path, sources)
    session = room.interview.run()
    assert [entry.number for entry in seen[0].unanswered] == [1]
    assert session.unanswered == ()
    assert [turn.number for turn in session.turns] == [1, 2]


def test_a_later_sitting_leaves_no_trace_of_a_question_without_a_word(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path, "x", {})
    keeper = Keeper(folder, session, lambda _: None, later=True)
    keeper.begin(QUESTIONS[0])
    keeper.rescue(None)
    assert load_session(folder) == session


def test_a_folder_deleted_in_the_middle_of_an_answer_is_made_again(tmp_path: Path) -> None:
    room: Room
    sources = [FakeSource(ANSWER), Meddling(lambda: shutil.rmtree(room.folder))]
    room = Room(tmp_path, sources)
    session = room.interview.run()
    assert session.finished
    assert room.saved() == session
    assert room.screen.told("note") == [FOLDER_GONE]
    names = {path.name for path in room.folder.iterdir()}
    assert {"session.json", "01-answer.vtt", "02-answer.vtt", "02-answer.flac"} <= names
    assert room.folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_deleted_between_two_questions_is_made_again(tmp_path: Path) -> None:
    class Deleting(FakeKeys):
        def poll(self) -> str | None:
            if room.screen.log[-1:] == [("feedback", "Well told.")] and room.folder.exists():
                shutil.rmtree(room.folder)
            return super().poll()

    room = Room(tmp_path, keyboard=Deleting())
    session = room.interview.run()
    assert session.finished
    assert room.saved() == session


def test_a_disk_that_cannot_even_be_asked_is_told_of_as_one_that_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, session = start_session(tmp_path, "x", {})
    keeper = Keeper(folder, session, lambda _: None)
    refused = refusals_of(keeper)

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", locked)
        patch.setattr(Path, "unlink", locked)
        patch.setattr("tempfile.mkstemp", locked)
        keeper.begin(QUESTIONS[0])
        keeper.rescue(None)
    assert len(refused) == 2


def test_an_interview_that_is_gone_on_with_counts_on(tmp_path: Path) -> None:
    room = Room(tmp_path)
    shown: list[tuple[int, int]] = []
    plain = room.screen.question

    def question(asked: object, number: int, total: int, **more: object) -> None:
        shown.append((number, total))
        plain(asked, number, total, **more)  # type: ignore[arg-type]

    room.screen.question = question  # type: ignore[method-assign,assignment]
    Interview(room.stages, QUESTIONS[1:], NO_FOLLOW_UPS, room.folder, room.saved(), begun=1).run()
    assert shown == [(2, 2)]


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A disk that does not answer until this is set; what is written is then written all the same."""
    answers = threading.Event()

    def late(folder: Path, session: Session) -> None:
        answers.wait(30)
        save_session(folder, session)

    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 0.05)
    monkeypatch.setattr(keeping, "save_session", late)
    yield answers
    answers.set()


def test_a_disk_that_hangs_is_one_that_refuses(
    tmp_path: Path, hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, session = start_session(tmp_path, "x", {})
    keeper = Keeper(folder, session, lambda _: None)
    refusals = refusals_of(keeper)
    keeper.begin(QUESTIONS[0])
    monkeypatch.setattr(timed_writing, "DISK_SECONDS", 30.0)
    began = time.monotonic()
    keeper.answered(made_turn())
    assert time.monotonic() - began < 5, "while it hangs nobody waits again"
    assert [session for session, _ in refusals][-1] == keeper.session
    assert keeper.on_disk == session
    for _, error in refusals:
        assert "the disk does not answer" in error.message
    late = timed_writing._latest[tmp_path]
    hanging.set()
    assert late.done.wait(10)
    assert load_session(folder).unanswered, "what was late is there, until something newer is"
    keeper.finish()
    assert load_session(folder) == keeper.session == keeper.on_disk
    assert len(refusals) == 2


def test_captions_that_hang_hold_nobody_up(
    tmp_path: Path, hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, session = start_session(tmp_path, "x", {})
    keeper = Keeper(folder, session, lambda _: None)
    refusals = refusals_of(keeper)
    monkeypatch.setattr(keeping, "save_session", save_session)
    monkeypatch.setattr(keeping, "write_private", lambda *_: hanging.wait(30))
    began = time.monotonic()
    keeper.save(made_turn(delivery=spoken()))
    assert time.monotonic() - began < 5
    assert len(refusals) == 1


@pytest.mark.parametrize("refused", ["save_session", "write_private"])
def test_captions_that_were_refused_are_written_with_the_next_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    folder, session = start_session(tmp_path, "x", {})
    keeper = Keeper(folder, session, lambda _: None)
    refusals_of(keeper)

    def full(*_: object) -> None:
        raise BadInputError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(keeping, refused, full)
        if refused == "save_session":  # of the captions there may be earlier ones
            patch.setattr(keeping, "write_private", full)
        keeper.save(made_turn(delivery=spoken()))
        keeper.begin(QUESTIONS[1])
    assert not list(folder.glob("*.vtt"))
    keeper.leave_open("skipped", None)
    assert [path.name for path in folder.glob("*.vtt")] == ["01-answer.vtt"]
    (folder / "01-answer.vtt").unlink()
    keeper.finish()
    assert not list(folder.glob("*.vtt")), "written once"


def test_where_nobody_takes_what_hangs_it_is_an_error(tmp_path: Path, hanging: threading.Event) -> None:
    folder, session = start_session(tmp_path, "x", {})
    assert not hanging.is_set()
    with pytest.raises(SilentDiskError, match=r"session\.json cannot be written \(the disk does not answer"):
        Keeper(folder, session, lambda _: None).begin(QUESTIONS[0])


def test_ctrl_c_while_a_turn_is_being_written_leaves_it_answered_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, session = start_session(tmp_path, "x", {})
    keeper = Keeper(folder, session, lambda _: None)
    keeper.begin(QUESTIONS[0])
    slow: list[Session] = []

    def interrupted(folder: Path, session: Session) -> None:
        if not slow:
            slow.append(session)
            _thread.interrupt_main()
            time.sleep(0.3)  # an old record that is late
        save_session(folder, session)

    monkeypatch.setattr(keeping, "save_session", interrupted)
    with pytest.raises(KeyboardInterrupt):
        keeper.answered(made_turn())
    keeper.rescue("01-answer.flac")
    saved = load_session(folder)
    assert saved == keeper.session
    assert [turn.number for turn in saved.turns] == [1]
    assert saved.unanswered == ()


def test_what_was_being_saved_at_ctrl_c_is_saved_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, session = start_session(tmp_path, "x", {})
    keeper = Keeper(folder, session, lambda _: None)
    keeper.begin(QUESTIONS[0])
    keeper.answered(made_turn())

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "save_session", interrupted)
        with pytest.raises(KeyboardInterrupt):
            keeper.finish()
    keeper.rescue(None)
    assert load_session(folder).finished
