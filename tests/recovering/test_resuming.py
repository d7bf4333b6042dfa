"""What a start offers after a death, and the answer that broke off read as it is."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from broken_off import FOLLOW_UP, PLAN, left_open, raw_sound, session_with, turn
from fakes import FakeDetector
from interview_room import Room

from greenroom import begin, resuming
from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError
from greenroom.records import SAMPLE_RATE_HZ, Session
from greenroom.recovering import kept_answer
from greenroom.recovering.holding import LOCK_FILE, hold
from greenroom.recovering.kept_answer import read_kept
from greenroom.recovering.remaining import Remaining
from greenroom.resuming import LATEST, begin_or_go_on
from greenroom.session import load_session, save_session, start_session


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The interviews that were begun ("new") or gone on with: (folder, questions left, read)."""
    seen: list[Any] = []

    def go_on(
        settings: PracticeSettings, folder: Path, session: Session, left: Remaining, *, read: bool
    ) -> None:
        seen.append((folder, [question.id for question in left.questions], read))

    monkeypatch.setenv("GREENROOM_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(begin, "begin", lambda settings: seen.append("new"))
    monkeypatch.setattr(begin, "with_somebody_to_answer", lambda settings, **_: settings)
    monkeypatch.setattr(resuming, "go_on", go_on)
    return seen


def at_a_terminal(typed: str, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    return shown


@pytest.mark.parametrize(("typed", "what"), [("\n", "new"), ("x\nr\n\n", "on"), ("q\n", None), ("", None)])
def test_at_a_terminal_the_person_chooses(
    typed: str, what: str | None, tmp_path: Path, held: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with(tmp_path, turn(1, PLAN[0]), left_open(2, PLAN[1]))
    raw_sound(folder, 2, 12.0)
    shown = at_a_terminal(typed, monkeypatch)
    begin_or_go_on(PracticeSettings(recordings=tmp_path), {}, None)
    assert "broke off in question 2; 12 s of your answer were kept." in shown.getvalue()
    wanted = {"new": ["new"], "on": [(folder, ["two", "three"], False)], None: []}
    assert held == wanted[what]
    assert not (folder / ".lock").exists()


def test_what_was_kept_can_be_the_answer(
    tmp_path: Path, held: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with(tmp_path, left_open(1, PLAN[0]))
    raw_sound(folder, 1, 12.0)
    shown = at_a_terminal("a\n", monkeypatch)
    begin_or_go_on(PracticeSettings(recordings=tmp_path), {}, LATEST)
    assert held == [(folder, ["one", "two", "three"], True)]
    assert "Going on with your interview" in shown.getvalue()


def test_without_a_terminal_nothing_is_asked(
    tmp_path: Path, held: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = session_with(tmp_path, left_open(1, PLAN[0]))
    raw_sound(folder, 1, 12.0)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    begin_or_go_on(PracticeSettings(recordings=tmp_path), {}, None)
    begin_or_go_on(PracticeSettings(recordings=tmp_path), {}, folder.name)
    assert held == ["new", (folder, ["one", "two", "three"], False)]


def test_a_session_that_another_greenroom_records_is_refused(tmp_path: Path, held: list[Any]) -> None:
    folder = session_with(tmp_path, left_open(1, PLAN[0]), died=False)
    with hold(folder), pytest.raises(BadInputError, match="another greenroom"):
        begin_or_go_on(PracticeSettings(recordings=tmp_path), {}, folder.name)
    assert held == []


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("tellings", "Your telling of "),
        ("debriefs", "Your debrief of "),
        ("look-backs", "Your look back of "),
    ],
)
def test_what_was_told_elsewhere_is_made_whole_as_well(
    place: str, told: str, tmp_path: Path, held: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, session = start_session(tmp_path / "data" / place, "queue", {})
    save_session(folder, replace(session, unanswered=(left_open(1, PLAN[0]),)))
    (folder / LOCK_FILE).touch()
    raw_sound(folder, 1, 12.0)
    begin_or_go_on(PracticeSettings(recordings=tmp_path / "recordings"), {}, None)
    assert {path.name for path in folder.iterdir()} == {"session.json", "01-answer.flac"}
    said = capsys.readouterr().err
    assert said.startswith(told)
    assert "12 s of your answer were kept" in said and "practice --resume" not in said
    assert (f"debrief --resume {folder.name}" in said) == (place == "debriefs")
    assert held == ["new"]


def test_an_answer_that_broke_off_becomes_a_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answer, "load_detector", lambda _: FakeDetector())
    told = replace(turn(2, PLAN[1]), recording=None)
    entry = replace(left_open(3, FOLLOW_UP), recording="03-answer.flac")
    folder = session_with(tmp_path, told, entry, died=False)
    sound = np.full(4 * SAMPLE_RATE_HZ, 0.1, dtype=np.float32)
    soundfile.write(folder / "03-answer.flac", sound, SAMPLE_RATE_HZ)
    room = Room(folder)
    session, read = read_kept(room.stages.assessor, "webrtc", folder, load_session(folder), entry)
    assert load_session(folder) == session
    assert session.unanswered == ()
    assert session.turns[-1] == read
    assert (read.number, read.ended_by, read.follow_up_to) == (3, "interrupted", 2)
    assert read.transcript.text.startswith("word")
    assert read.seconds == pytest.approx(4.0)
    assert (folder / "03-answer.vtt").exists()
