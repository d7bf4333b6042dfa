"""What is on the disk at every moment of a session, and a folder that is deleted under it."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeKeys, FakeSource
from interview_room import ANSWER, NO_FOLLOW_UPS, QUESTIONS, Room

from greenroom.errors import BadInputError
from greenroom.interview import Interview
from greenroom.keeping import FOLDER_GONE, Keeper
from greenroom.records import Session
from greenroom.session import load_session, start_session

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
    refused: list[BadInputError] = []
    keeper.refused = lambda _, error: refused.append(error)

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
