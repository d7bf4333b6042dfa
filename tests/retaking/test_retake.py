"""A question of an earlier session asked again, with fakes for every stage: what is asked, told and kept."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeCoach, FakeKeys, FakeSource, FakeSpeaker, frames
from interview_room import ANSWER, QUESTIONS, ChoosingKeys, Room

from greenroom import keys, speaking
from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError
from greenroom.interview import Manner
from greenroom.records import Turn
from greenroom.retaking.retake import LAST_TIME, NOT_ANSWERED, NOTHING_NEW, Sitting
from greenroom.retaking.subject import Subject
from greenroom.session import load_session

pytestmark = pytest.mark.usefixtures("no_echo")


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an interview of one question and its follow-up; nothing is to change in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speaking, "_ROOM_TAIL", 0.0)
        room = Room(tmp_path_factory.mktemp("held"), manner=Manner(follow_ups=1), questions=QUESTIONS[:1])
        room.interview.run()
    return room.folder


@pytest.fixture
def earlier(held: Path, tmp_path: Path) -> Path:
    """The same folder once for each test."""
    return Path(shutil.copytree(held, tmp_path / held.name))


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


Compared = list[tuple[int, int]]


class Again(Room):
    """One sitting in which a turn of the session is answered again, after it has been held."""

    def __init__(
        self,
        folder: Path,
        *presses: str | None,
        number: int = 1,
        phase: str = "choosing, then retake",
        keyboard: FakeKeys | None = None,
        settings: PracticeSettings | None = None,
        run: bool = True,
        **more: Any,
    ) -> None:
        keyboard = keyboard or ChoosingKeys(*presses, keys.DONE, phase=phase)
        super().__init__(folder, keyboard=keyboard, **more)
        if isinstance(keyboard, ChoosingKeys):
            keyboard.room = self
        session = load_session(folder)
        turn = next(turn for turn in session.turns if turn.number == number)
        self.compared: Compared = []
        self.sitting = Sitting(
            self.stages, Subject(folder, session, turn), settings or PracticeSettings(), self._tell
        )
        if run:
            self.sit()

    def sit(self) -> None:
        try:
            self.sitting.run()
        finally:
            self.sitting.close()

    def _tell(self, before: Turn, after: Turn, compared: object) -> None:
        self.compared.append((before.number, after.number))


def test_the_new_answer_is_a_turn_of_its_own_and_nothing_else_changes(earlier: Path) -> None:
    before, session = everything_in(earlier), load_session(earlier)
    again = Again(earlier).saved()
    after = everything_in(earlier)
    assert {name for name in before if name != "session.json" and before[name] != after[name]} == set()
    assert set(after) - set(before) == {"03-question.wav", "03-answer.flac", "03-answer.vtt"}
    assert again.turns[:2] == session.turns
    (new,) = again.turns[2:]
    assert (new.number, new.retry_of, new.follow_up_to) == (3, 1, None)
    assert (new.asked, new.question) == (session.turns[0].asked, session.turns[0].question)
    assert new.answered_at >= session.started_at
    assert (again.finished, again.settings, again.unanswered) == (True, session.settings, ())


def test_what_was_advised_last_time_is_shown_and_heard_before_the_question(earlier: Path) -> None:
    room = Again(earlier)
    assert room.screen.told("advice") == ["Say what changed."]
    rendered = [text for text in room.voice.rendered if text.startswith((LAST_TIME, "What did"))]
    assert rendered == [f"{LAST_TIME} Say what changed.", "What did you build?"]


def test_after_the_feedback_both_are_shown_and_the_difference_is_said(earlier: Path) -> None:
    room = Again(earlier)
    told = [method for method, text in room.screen.log if method in ("feedback", "side by side", "measured")]
    assert told == ["feedback", "measured", "side by side"]
    (shown,) = room.screen.told("side by side")
    assert "answer 1" in shown
    assert "answer 3, now" in shown
    (difference,) = [text for text in room.screen.told("said") if "much the same" in text]
    assert difference in room.voice.rendered
    assert room.compared == [(1, 3)]
    assert room.screen.told("closing") == ["1"]
    assert f"greenroom report {earlier}" in room.screen.told("note")[-1]


class GoingOn(FakeKeys):
    """Goes on without room for the answer, goes through what follows, and at the end leaves without it."""

    room: Room

    def poll(self) -> str | None:
        method, told = self.room.screen.log[-1]
        if method == "note" and told.startswith("Enter try again"):
            return keys.QUIT if "leave without it" in told else keys.SKIP
        return keys.DONE if method == "choosing" else None


def test_what_is_on_no_disk_is_not_told_as_saved(earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise BadInputError("the disk is full")

    keyboard = GoingOn()
    keyboard.room = room = Again(earlier, keyboard=keyboard, run=False)
    monkeypatch.setattr(room.stages.questioner.shelter, "_places", list)
    monkeypatch.setattr("greenroom.audio.recorder.write_pcm16", full)
    room.sit()
    assert room.compared == [(1, 3)]
    assert room.screen.told("closing") == []
    assert not [note for note in room.screen.told("note") if "timeline" in note]


def test_r_asks_once_more_and_holds_it_against_the_one_before(earlier: Path) -> None:
    room = Again(earlier, keys.REPEAT)
    assert room.compared == [(1, 3), (3, 4)]
    assert [turn.retry_of for turn in room.saved().turns] == [None, None, 1, 1]
    assert sum(text.startswith(LAST_TIME) for text in room.voice.rendered) == 1, "it has just been heard"
    assert room.screen.told("advice") == ["Say what changed."] * 2


def test_one_and_two_let_either_answer_be_heard(earlier: Path) -> None:
    speaker = FakeSpeaker()
    longer = FakeSource([*ANSWER, *frames(2.0, voiced=True)])
    room = Again(earlier, "1", None, "2", speaker=speaker, sources=[longer])
    heard = [clip.seconds for clip in speaker.clips if clip.seconds > 1.0]
    assert heard == [pytest.approx(3.9, abs=0.4), pytest.approx(5.9, abs=0.4)]
    phases = [text for text in room.screen.told("choosing") if "old" in text or "new" in text]
    assert phases == ["old, then hearing", "new, then hearing"]


def test_what_is_heard_can_be_changed_and_stopped_by_keys(earlier: Path) -> None:
    class Pressing(ChoosingKeys):
        """1, and while that is heard 2, and while that is heard Enter, which only stops it."""

        def poll(self) -> str | None:
            assert self.room is not None
            method, told = self.room.screen.log[-1]
            by = {"choosing, then retake": "1", "old, then hearing": "2", "new, then hearing": keys.DONE}
            if method != "choosing" or told not in by:
                return None
            pressed.append(by[told])
            return keys.DONE if len(pressed) == 4 else by[told]

    pressed: list[str] = []
    speaker = FakeSpeaker(looks=1000)
    Again(earlier, keyboard=Pressing(), speaker=speaker)
    assert pressed == ["1", "2", keys.DONE, "1"]


def test_an_answer_that_was_typed_or_is_gone_is_said_to_be_so(tmp_path: Path) -> None:
    first = Room(tmp_path, keyboard=FakeKeys(typed="I built it."), typed=True, questions=QUESTIONS[:1])
    first.interview.run()
    room = Again(first.folder, "1", None, "2")
    assert "Answer 1 was typed, so there is nothing to hear." in room.screen.told("note")

    (first.folder / "02-answer.flac").unlink()
    room = Again(first.folder, "1", number=2)
    assert any("02-answer.flac" in note for note in room.screen.told("note"))


def test_f_and_h_give_the_feedback_and_the_hint_again(earlier: Path) -> None:
    room = Again(earlier, keys.FEEDBACK, None, keys.HINT)
    phases = room.screen.told("choosing")
    assert "feedback, then retake" in phases
    assert "hint, then retake" in phases
    assert room.screen.told("hint") == ["Depth. Business first."]


@pytest.mark.parametrize("pressed", [keys.QUIT, keys.REPEAT])
def test_a_key_during_the_feedback_comes_first_and_both_are_shown_all_the_same(
    earlier: Path, pressed: str
) -> None:
    room = Again(
        earlier, pressed, phase="feedback", speaker=FakeSpeaker(looks=1000), sources=[FakeSource(ANSWER)]
    )
    assert room.compared == [(1, 3)]
    assert len(room.screen.told("side by side")) == 1
    assert not [text for text in room.screen.told("said") if "much the same" in text]


def test_where_nobody_is_at_the_keys_it_ends_after_the_difference(earlier: Path) -> None:
    class Nobody(FakeKeys):
        interactive = False

    room = Again(earlier, keyboard=Nobody())
    assert len(room.saved().turns) == 3
    assert "choosing, then retake" not in room.screen.told("choosing")


def test_recordings_have_nothing_to_choose(earlier: Path) -> None:
    room = Again(earlier, settings=PracticeSettings(candidate=("answer.flac",)))
    assert "choosing, then retake" not in room.screen.told("choosing")


def test_a_follow_up_is_asked_in_the_same_words_and_follows_the_same_answer(earlier: Path) -> None:
    coach = FakeCoach()
    room = Again(earlier, number=2, coach=coach)
    new = room.saved().turns[-1]
    assert room.screen.told("follow-up") == ["And what came of it?"]
    assert (new.retry_of, new.follow_up_to, new.question) == (2, 1, "And what came of it?")
    assert coach.remembered == [QUESTIONS[0]], "it is not asked for what was told before"
    assert "And what came of it?" not in room.voice.kept, "it may quote the answer"


def test_whoever_answers_a_third_time_answers_the_first_question(earlier: Path) -> None:
    Again(earlier)
    room = Again(earlier, number=3)
    assert [turn.retry_of for turn in room.saved().turns] == [None, None, 1, 1]
    assert room.compared == [(3, 4)]


@pytest.mark.parametrize(
    ("sources", "presses"), [([FakeSource([])], ()), (None, (keys.SKIP,)), (None, (keys.QUIT,))]
)
def test_without_an_answer_the_session_is_as_it_was(
    earlier: Path, sources: list[FakeSource] | None, presses: tuple[str, ...]
) -> None:
    before = everything_in(earlier)
    looks = 0 if sources else 2
    # The first look at the keys is while the advice is heard, the rest while the question is.
    keyboard = FakeKeys([None] * 5 + list(presses))
    room = Again(earlier, keyboard=keyboard, sources=sources, speaker=FakeSpeaker(looks=3 if looks else 0))
    after = everything_in(earlier)
    assert room.screen.told("note")[-1] == NOTHING_NEW
    if sources:  # somebody listened, so what was heard is kept and named
        assert NOT_ANSWERED in room.screen.told("said")
        assert [entry.reason for entry in room.saved().unanswered] == ["silence"]
    else:
        assert after == before
    assert room.saved().turns == load_session(earlier).turns


def test_what_interrupts_it_leaves_the_session_whole_and_names_what_was_said(earlier: Path) -> None:
    turns = load_session(earlier).turns
    room = Again(
        earlier, run=False, sources=[FakeSource(frames(2.0, voiced=True), fault=KeyboardInterrupt())]
    )
    with pytest.raises(KeyboardInterrupt):
        room.sit()
    session = room.saved()
    assert session.turns == turns
    (begun,) = session.unanswered
    assert (begun.number, begun.reason, begun.recording) == (3, "interrupted", "03-answer.flac")
    assert (earlier / "03-answer.flac").exists()


def test_the_number_is_after_all_that_were_ever_used(earlier: Path) -> None:
    (earlier / "07-answer.pcm").write_bytes(b"left by a crash")
    assert Again(earlier).saved().turns[-1].number == 8
    assert (earlier / "07-answer.pcm").read_bytes() == b"left by a crash"


def test_it_asks_how_it_went_as_practice_does(earlier: Path) -> None:
    room = Again(
        earlier, "4", phase="rating", settings=PracticeSettings(rate=True, candidate=("answer.flac",)),
        manner=Manner(rate=True),
    )  # fmt: skip
    assert room.saved().turns[-1].self_rating == 4
