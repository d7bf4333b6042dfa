"""What plain mode says in words where the usual screen has keys, and what is checked before a microphone."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import FakeKeys, FakeSource, FakeSpeaker, FakeVoice, frames
from interview_room import ANSWER, QUESTIONS, Room

from greenroom import begin, keys
from greenroom.config import PracticeSettings
from greenroom.errors import UserError
from greenroom.practice import drawn_for
from greenroom.prompts import GOING_ON, HINTS, HINTS_IN_WORDS, PAUSED, SKIPPED
from greenroom.speaking import Narrator

pytestmark = pytest.mark.usefixtures("no_echo")


class Words(FakeKeys):
    by_words = True


def test_hints_name_words_and_no_keys() -> None:
    assert HINTS_IN_WORDS.keys() == HINTS.keys()
    for name in ("look", "lost", "offer"):
        assert HINTS_IN_WORDS[name] != HINTS[name]
        assert not {"r", "s", "h"} & set(HINTS_IN_WORDS[name].replace(",", " ").split())


def test_a_pause_of_what_is_said_is_told_by_words_alone() -> None:
    for keyboard, told in ((Words, [PAUSED, GOING_ON]), (FakeKeys, [])):
        shown: list[str] = []
        presses = keyboard([None, keys.PAUSE, None, keys.PAUSE])
        narrator = Narrator(FakeVoice(), FakeSpeaker(looks=9), presses, shown.append)  # type: ignore[arg-type]
        narrator.say("A hint.")
        assert shown == told


def test_the_word_type_before_a_question_is_heeded_when_it_comes(tmp_path: Path) -> None:
    room = Room(
        tmp_path, keyboard=Words(typed="I built it."), questions=QUESTIONS[:1], sources=[FakeSource(ANSWER)]
    )
    room.stages.questioner.types_next = True
    room.interview.run()
    turns = room.saved().turns
    assert turns[0].ended_by == "typed"
    assert room.stages.questioner.types_next is False


def test_a_skip_is_told_by_words(tmp_path: Path) -> None:
    answer = FakeSource(frames(1.0, voiced=True))
    room = Room(tmp_path, keyboard=Words([None] * 5 + [keys.SKIP]), questions=QUESTIONS[:1], sources=[answer])
    room.interview.run()
    assert SKIPPED in room.screen.told("note")


@pytest.mark.parametrize("wrong", [{"bank": ("ledership",)}, {"level": "boss"}, {"focus": "ownrship"}])
def test_a_slip_of_the_pen_is_told_before_a_microphone_is_missed(
    wrong: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(begin, "find_input", lambda _: pytest.fail("it looked for a microphone"))
    with pytest.raises(UserError, match=r"ledership|boss|ownrship"):
        begin.begin(PracticeSettings(**wrong))  # type: ignore[arg-type]


def test_fewer_questions_of_the_demo_can_be_asked_for() -> None:
    for wanted, asked in ((1, 1), (5, 2)):
        questions = drawn_for(PracticeSettings(candidate=("demo",), questions=wanted)).questions
        assert len(questions) == asked
