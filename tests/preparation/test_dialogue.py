"""Asking what is no interview question: what is kept, and that nothing is said about it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from fakes import FakeKeys, FakeSource, FakeSpeaker, frames
from interview_room import ANSWER, QUESTIONS, Room

from greenroom import keys
from greenroom.answering import Quit
from greenroom.config import PracticeSettings
from greenroom.interview import Manner
from greenroom.preparation import dialogue as preparation_dialogue
from greenroom.preparation.dialogue import NOT_HEARD, Dialogue, continued, dialogue
from greenroom.records import SAMPLE_RATE_HZ, Unanswered
from greenroom.recovering.holding import LOCK_FILE, is_held
from greenroom.session import load_session, save_session, start_session

pytestmark = pytest.mark.usefixtures("no_echo")

QUIETLY = Manner("real", follow_ups=0)
ONE, TWO = QUESTIONS


def talk_in(room: Room) -> Dialogue:
    return Dialogue(room.stages, room.folder, room.saved())


def test_answers_are_kept_as_a_session_and_nothing_is_said_about_them(tmp_path: Path) -> None:
    room = Room(tmp_path, manner=QUIETLY)
    talk = talk_in(room)
    turns = [talk.ask(ONE, 2), talk.ask(TWO, 2, lead="And then:")]
    talk.close(finished=True)
    assert [turn.number for turn in turns if turn is not None] == [1, 2]
    saved = load_session(room.folder)
    assert saved.finished
    assert [turn.question for turn in saved.turns] == [ONE.text, TWO.text]
    assert all((room.folder / str(turn.recording)).exists() for turn in saved.turns)
    feedback = {turn.feedback.spoken for turn in saved.turns}
    assert not feedback & set(room.voice.rendered)
    assert "And then:" in room.voice.rendered


def test_silence_leaves_it_open_and_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path, [FakeSource(frames(0.5, voiced=False)), FakeSource(ANSWER)], manner=QUIETLY)
    talk = talk_in(room)
    assert talk.ask(ONE, 2) is None
    assert talk.ask(TWO, 2) is not None
    assert NOT_HEARD in room.voice.rendered
    assert [entry.reason for entry in talk.session.unanswered] == ["silence"]


def test_typed(tmp_path: Path) -> None:
    room = Room(tmp_path, typed=True, keyboard=FakeKeys(typed="We moved the queue to disk."))
    turn = talk_in(room).ask(ONE)
    assert turn is not None
    assert turn.transcript.text == "We moved the queue to disk."
    assert turn.ended_by == "typed"


def test_leaving_keeps_what_was_said(tmp_path: Path) -> None:
    room = Room(tmp_path, manner=QUIETLY, speaker=FakeSpeaker(looks=1))
    talk = talk_in(room)
    talk.ask(ONE)
    room.keyboard.press(keys.QUIT)
    with pytest.raises(Quit):
        talk.ask(TWO)
    talk.close(finished=False)
    saved = load_session(room.folder)
    assert len(saved.turns) == 1
    assert not saved.finished


@pytest.fixture
def staged_by_fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """`dialogue` and `continued` with the stages of a room of fakes."""
    room = Room(tmp_path / "room", manner=QUIETLY)
    monkeypatch.setattr(preparation_dialogue, "find_parts", lambda _: SimpleNamespace(voice=room.voice))
    monkeypatch.setattr(preparation_dialogue, "staged", lambda *_: nullcontext(room.stages))
    return room


@pytest.mark.usefixtures("staged_by_fakes")
def test_nobody_else_works_on_it_until_it_ends(tmp_path: Path) -> None:
    with dialogue(PracticeSettings(), tmp_path / "tellings", "queue") as talk:
        assert is_held(talk.folder)
    assert not (talk.folder / LOCK_FILE).exists()
    with continued(PracticeSettings(), talk.folder) as again:
        assert is_held(again.folder)
    assert not (talk.folder / LOCK_FILE).exists()


@pytest.mark.usefixtures("staged_by_fakes")
def test_who_goes_on_after_a_death_finds_it_whole(tmp_path: Path) -> None:
    folder, session = start_session(tmp_path / "debriefs", "acme", {})
    save_session(folder, replace(session, unanswered=(Unanswered(1, ONE.text, ONE, "interrupted"),)))
    (folder / LOCK_FILE).touch()
    (folder / "01-answer.pcm").write_bytes(bytes(2 * SAMPLE_RATE_HZ))
    with continued(PracticeSettings(), folder) as talk:
        assert [each.recording for each in talk.session.unanswered] == ["01-answer.flac"]
    assert {path.name for path in folder.iterdir()} == {"session.json", "01-answer.flac"}


def test_recordings_run_out(tmp_path: Path) -> None:
    talk = talk_in(Room(tmp_path, [FakeSource(ANSWER)], manner=QUIETLY))
    assert talk.ask(ONE) is not None
    assert not talk.nobody_left
    assert talk.ask(TWO) is None
    assert talk.nobody_left


def test_after_an_interview_the_same_parts_listen_and_record_elsewhere(tmp_path: Path) -> None:
    room = Room(tmp_path / "interview", questions=QUESTIONS[:1])
    room.interview.run()
    (before,) = room.saved().turns
    spoken = len(room.voice.rendered)
    folder, session = start_session(tmp_path / "look-backs", "test", {})
    room.stages.questioner.only_listen(folder)
    talk = Dialogue(room.stages, folder, session)
    turn = talk.ask(TWO)
    talk.close(finished=True)
    assert turn is not None
    assert before.feedback.spoken in room.voice.rendered[:spoken]
    assert turn.feedback.spoken not in room.voice.rendered[spoken:]
    assert (folder / "01-answer.flac").exists()
    assert [each.number for each in room.saved().turns] == [1]
