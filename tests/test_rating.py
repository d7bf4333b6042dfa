"""How an answer went for the person: when the keys that say so count, and being asked for it with --rate."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fakes import FakeKeys, FakeSpeaker, FakeTranscriber
from interview_room import QUESTIONS, ChoosingKeys, Room

from greenroom import keys, rating
from greenroom.interview import Manner
from greenroom.prompts import HOW_IT_WENT, THANKS
from greenroom.records import Clip, Transcript
from greenroom.self_rating import said

pytestmark = pytest.mark.usefixtures("no_echo")

ASKED = "rating, then rating"


def interview(tmp_path: Path, keyboard: FakeKeys, *, rate: bool = True, **more: object) -> Room:
    """One question, after its interview has been held."""
    manner = Manner(follow_ups=0, rate=rate)
    more = {"questions": QUESTIONS[:1], "manner": manner, **more}
    room = Room(tmp_path, keyboard=keyboard, **more)  # type: ignore[arg-type]
    if isinstance(keyboard, ChoosingKeys):
        keyboard.room = room
    room.interview.run()
    return room


def test_a_key_in_mid_answer_says_how_it_went(tmp_path: Path) -> None:
    room = interview(tmp_path, FakeKeys([None] * 60 + ["3"]), rate=False)
    (turn,) = room.saved().turns
    assert (turn.ended_by, turn.self_rating) == ("key", 3)
    assert ASKED not in room.screen.told("choosing")


class Slow(FakeTranscriber):
    """Not ready when the answer ends, so that thanks are said first."""

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        time.sleep(0.3)
        return super().transcribe(clip, offset=offset)


class Thinking(FakeKeys):
    """Presses its keys only while the answer is being assessed."""

    room: Room

    def poll(self) -> str | None:
        return super().poll() if self.room.screen.log[-1] == ("state", "thinking") else None


def test_it_counts_while_the_answer_is_assessed(tmp_path: Path) -> None:
    keyboard = Thinking(["2"])
    room = keyboard.room = Room(
        tmp_path, keyboard=keyboard, questions=QUESTIONS[:1], transcriber=Slow(), in_a_hurry=False
    )
    room.interview.run()
    assert room.saved().turns[0].self_rating == 2


def test_it_counts_during_the_thanks_and_not_during_the_feedback(tmp_path: Path) -> None:
    keyboard = ChoosingKeys("4", None, "1", phase="feedback")
    room = interview(
        tmp_path, keyboard, rate=False, transcriber=Slow(), in_a_hurry=False, speaker=FakeSpeaker(looks=200)
    )
    assert room.screen.told("said")[0] in THANKS
    assert room.saved().turns[0].self_rating == 4


def test_with_rate_it_is_asked_between_the_thanks_and_the_feedback(tmp_path: Path) -> None:
    room = interview(tmp_path, ChoosingKeys("3", phase="rating"))
    (turn,) = room.saved().turns
    assert turn.self_rating == 3
    told = [text for method, text in room.screen.log if method in ("said", "choosing", "feedback")]
    assert told[0] in THANKS
    assert told[1:5] == [ASKED, said(turn), "Well told.", "feedback, then end"]
    assert HOW_IT_WENT in room.voice.rendered
    assert f"{said(turn)} Well told." in room.voice.rendered, "in one breath"
    assert turn.timing.feedback_started is not None


@pytest.mark.parametrize("pressed", [keys.DONE, None])
def test_who_does_not_rate_hears_the_feedback_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pressed: str | None
) -> None:
    monkeypatch.setattr(rating, "_SECONDS", 0.2)
    room = interview(tmp_path, ChoosingKeys(pressed, phase="rating"))
    (turn,) = room.saved().turns
    assert turn.self_rating is None
    assert "Well told." in room.voice.rendered


def test_a_key_that_is_no_rating_is_not_an_answer_to_it(tmp_path: Path) -> None:
    room = interview(tmp_path, ChoosingKeys(keys.REPEAT, keys.SKIP, "1", phase="rating"))
    (turn,) = room.saved().turns
    assert turn.self_rating == 1


def test_the_answer_is_saved_before_it_is_asked_how_it_went(tmp_path: Path) -> None:
    class Looks(ChoosingKeys):
        def poll(self) -> str | None:
            pressed = super().poll()
            if pressed:
                assert self.room is not None
                saved.append(self.room.saved().turns[0].self_rating)
            return pressed

    saved: list[int | None] = []
    interview(tmp_path, Looks("3", phase="rating"))
    assert saved == [None]


def test_q_leaves_with_the_answer_saved_and_nothing_said_about_it(tmp_path: Path) -> None:
    room = interview(tmp_path, ChoosingKeys(keys.QUIT, phase="rating"))
    assert len(room.saved().turns) == 1
    assert not room.saved().finished
    assert room.screen.told("feedback") == []


def test_who_has_said_it_by_key_is_not_asked(tmp_path: Path) -> None:
    room = interview(tmp_path, FakeKeys([None] * 60 + ["2"]))
    (turn,) = room.saved().turns
    assert turn.self_rating == 2
    assert ASKED not in room.screen.told("choosing")
    assert said(turn) in room.screen.told("said")


def test_where_answers_are_typed_it_is_asked_on_the_screen_only(tmp_path: Path) -> None:
    room = interview(tmp_path, ChoosingKeys("3", phase="rating", typed="I built it."), typed=True)
    assert room.saved().turns[0].self_rating == 3
    assert HOW_IT_WENT not in room.voice.rendered


def test_nobody_is_asked_in_real_mode(tmp_path: Path) -> None:
    room = interview(tmp_path, FakeKeys(), manner=Manner(mode="real", follow_ups=0, rate=True))
    assert room.screen.told("choosing") == []


def test_where_nobody_is_at_the_keys_nobody_is_asked(tmp_path: Path) -> None:
    class Nobody(FakeKeys):
        interactive = False

    began = time.monotonic()
    room = interview(tmp_path, Nobody())
    assert time.monotonic() - began < 5
    assert ASKED not in room.screen.told("choosing")


def test_without_rate_nothing_is_asked_and_nothing_said_of_it(tmp_path: Path) -> None:
    room = interview(tmp_path, FakeKeys([None] * 60 + ["2"]), rate=False)
    (turn,) = room.saved().turns
    assert HOW_IT_WENT not in room.voice.rendered
    assert said(turn) not in room.screen.told("said")
