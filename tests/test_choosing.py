"""After the feedback: the same question again, the follow-up, or on; with a key, or by waiting."""

from __future__ import annotations

import time
from itertools import combinations, groupby
from pathlib import Path

import pytest
from fakes import FakeKeys, FakePlayback, FakeScreen, FakeSource, FakeSpeaker, frames
from interview_room import ANSWER, QUESTIONS, ChoosingKeys, Room

from greenroom import keys
from greenroom.coaching import Coach
from greenroom.coaching.phrasing import sentences_of
from greenroom.interview import Manner
from greenroom.prompts import SKIPPED
from greenroom.records import Clip

pytestmark = pytest.mark.usefixtures("no_echo")

A_MOMENT = 0.2  # s; how long these interviews wait for a choice


def choosing(
    tmp_path: Path,
    *presses: str | None,
    follow_ups: int = 1,
    phase: str = "choosing",
    choose: float = A_MOMENT,
    mode: str = "practice",
    **more: object,
) -> Room:
    """An interview in which these keys are pressed, after it has been held."""
    keyboard = ChoosingKeys(*presses, phase=phase)
    manner = Manner(mode=mode, follow_ups=follow_ups, choose=choose)
    room = Room(tmp_path, keyboard=keyboard, manner=manner, **more)  # type: ignore[arg-type]
    keyboard.room = room
    room.interview.run()
    return room


def test_r_asks_the_same_question_again_with_what_to_change(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.REPEAT, follow_ups=0)
    assert room.screen.told("question") == ["What did you build?"] * 2 + ["Whom did you persuade?"]
    assert room.screen.told("advice") == ["Say what changed."]
    turns = room.saved().turns
    assert [turn.number for turn in turns] == [1, 2, 3]
    assert [turn.retry_of for turn in turns] == [None, 1, None]
    assert [turn.recording for turn in turns] == ["01-answer.flac", "02-answer.flac", "03-answer.flac"]
    assert turns[1].asked == QUESTIONS[0]
    assert room.screen.told("feedback") == ["Well told."] * 3
    assert (room.folder / "02-question.wav").exists(), "it is asked aloud"


def test_an_answer_can_be_tried_as_often_as_one_wants(tmp_path: Path) -> None:
    room = choosing(tmp_path, *[keys.REPEAT] * 3, follow_ups=0, questions=QUESTIONS[:1])
    assert [turn.retry_of for turn in room.saved().turns] == [None, 1, 2, 3]


def test_a_follow_up_can_be_tried_again_and_counts_once(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.DONE, keys.REPEAT, questions=QUESTIONS[:1])
    turns = room.saved().turns
    assert [(turn.follow_up_to, turn.retry_of) for turn in turns] == [(None, None), (1, None), (1, 2)]
    assert room.screen.told("follow-up") == ["And what came of it?"] * 2


def test_a_retry_is_followed_up_itself(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.REPEAT, keys.DONE, questions=QUESTIONS[:1])
    turns = room.saved().turns
    assert [(turn.follow_up_to, turn.retry_of) for turn in turns] == [(None, None), (None, 1), (2, None)]


def test_s_skips_the_follow_up(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.SKIP, keys.SKIP)
    assert room.screen.told("follow-up") == []
    assert [turn.follow_up_to for turn in room.saved().turns] == [None, None]
    assert room.saved().unanswered == (), "nothing was asked that was left open"


def test_without_a_key_it_goes_on_after_a_while(tmp_path: Path) -> None:
    began = time.monotonic()
    room = choosing(tmp_path)
    assert time.monotonic() - began > 4 * A_MOMENT
    assert [turn.follow_up_to for turn in room.saved().turns] == [None, 1, None, 3]
    assert room.saved().finished


def test_what_comes_next_is_said(tmp_path: Path) -> None:
    told = choosing(tmp_path).screen.told("choosing")
    coming = ["follow-up", "question", "follow-up", "end"]
    steps = [f"{phase}, then {each}" for each in coming for phase in ("feedback", "choosing")]
    assert [step for step, _ in groupby(told)] == steps


@pytest.mark.parametrize(
    ("pressed", "asked"),
    [
        (keys.REPEAT, ["question", "question"]),
        (keys.DONE, ["question", "follow-up"]),
        (keys.SKIP, ["question"]),
        (keys.QUIT, ["question"]),
    ],
)
def test_a_key_chooses_while_the_feedback_is_being_said(
    tmp_path: Path, pressed: str, asked: list[str]
) -> None:
    still_speaking = FakeSpeaker(looks=500)
    sources = [FakeSource(ANSWER), FakeSource([])]
    room = choosing(
        tmp_path, pressed, phase="feedback", speaker=still_speaking, choose=5.0,
        questions=QUESTIONS[:1], sources=sources,
    )  # fmt: skip
    assert [method for method, _ in room.screen.log if method in ("question", "follow-up")] == asked
    assert room.screen.told("choosing") == ["feedback, then follow-up"], "nothing more was waited for"
    assert room.saved().finished == (pressed != keys.QUIT)


def test_f_says_the_feedback_again_and_h_gives_the_hint(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.FEEDBACK, keys.HINT, keys.DONE, follow_ups=0, questions=QUESTIONS[:1])
    phases = [each.partition(",")[0] for each, _ in groupby(room.screen.told("choosing"))]
    assert phases == ["feedback", "choosing", "feedback", "choosing", "hint", "choosing"]
    assert room.screen.told("hint") == ["Depth. Business first."]
    assert len(room.saved().turns) == 1


def test_space_holds_the_choice(tmp_path: Path) -> None:
    class Held(ChoosingKeys):
        def poll(self) -> str | None:
            pressed = super().poll()
            if pressed == keys.PAUSE:
                self._phase = "held"
            return pressed

    keyboard = Held(keys.PAUSE, *[None] * 8, keys.HINT, *[None] * 8, keys.REPEAT)
    room = Room(tmp_path, keyboard=keyboard, manner=Manner(follow_ups=0, choose=0.1), questions=QUESTIONS[:1])
    keyboard.room = room
    room.interview.run()
    assert "held, then end" in room.screen.told("choosing")
    assert [turn.retry_of for turn in room.saved().turns] == [None, 1]


@pytest.mark.parametrize("pressed", [keys.TYPE, "unknown"])
def test_a_key_that_chooses_nothing_does_nothing(tmp_path: Path, pressed: str) -> None:
    room = choosing(tmp_path, pressed, keys.REPEAT, follow_ups=0, questions=QUESTIONS[:1])
    assert [turn.retry_of for turn in room.saved().turns] == [None, 1]


def test_q_saves_and_quits(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.QUIT)
    assert len(room.saved().turns) == 1
    assert not room.saved().finished


def test_a_retry_that_is_not_answered_is_left_and_the_next_question_comes(tmp_path: Path) -> None:
    sources = [FakeSource(ANSWER), FakeSource([]), FakeSource(ANSWER)]
    room = choosing(tmp_path, keys.REPEAT, follow_ups=0, sources=sources)
    assert [entry.number for entry in room.saved().unanswered] == [2]
    assert [turn.number for turn in room.saved().turns] == [1, 3]


def test_the_closing_words_go_by_the_last_try(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.REPEAT, follow_ups=0, questions=QUESTIONS[:1])
    assert room.screen.told("said")[-1] == "That was all of 2, with 1 patterns left. What next?"


def test_feedback_on_a_retry_says_nothing_that_was_said_before(tmp_path: Path) -> None:
    answer = [*frames(0.6, voiced=False), *frames(12.0, voiced=True)]
    room = choosing(
        tmp_path, *[keys.REPEAT] * 3, coach=Coach(seed=3), questions=QUESTIONS[:1], follow_ups=0,
        sources=[FakeSource(answer) for _ in range(4)],
    )  # fmt: skip
    feedback = [set(sentences_of(said)) for said in room.screen.told("feedback")]
    assert len(feedback) == 4
    assert all(first.isdisjoint(second) for first, second in combinations(feedback, 2)), feedback


def test_nothing_is_chosen_in_real_mode(tmp_path: Path) -> None:
    room = choosing(tmp_path, keys.REPEAT, mode="real", choose=60.0)
    assert room.screen.told("choosing") == []
    assert [turn.retry_of for turn in room.saved().turns] == [None] * 4


def test_where_nobody_is_at_the_keys_nothing_is_waited_for(tmp_path: Path) -> None:
    class Nobody(FakeKeys):
        interactive = False

    room = Room(tmp_path, keyboard=Nobody(), manner=Manner(follow_ups=0, choose=60.0))
    began = time.monotonic()
    room.interview.run()
    assert time.monotonic() - began < 30
    assert len(room.saved().turns) == 2


class Unheard(FakeSpeaker):
    """Nobody hears anything, as with --quiet."""

    def play(self, clip: Clip) -> FakePlayback:
        playback = super().play(clip)
        playback.started = None
        return playback


@pytest.mark.parametrize(("speaker", "seconds"), [(FakeSpeaker(), 0.5), (Unheard(), 0.5 + 2 / 3)])
def test_who_reads_the_feedback_gets_the_time_to_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speaker: FakeSpeaker, seconds: float
) -> None:
    """Here it is two words."""
    shown: list[float | None] = []
    monkeypatch.setattr(FakeScreen, "choosing", lambda _, choice: shown.append(choice.remaining))
    typed = FakeKeys(typed="I built it.")
    manner = Manner(follow_ups=0, choose=0.5)
    Room(tmp_path, keyboard=typed, typed=True, manner=manner, speaker=speaker).interview.run()
    assert max(left for left in shown if left is not None) == pytest.approx(seconds, abs=0.1)


def test_numbers_that_come_late_are_shown_while_there_is_time_to_choose(tmp_path: Path) -> None:
    class Waiting(FakeKeys):
        def poll(self) -> str | None:
            return keys.DONE if room.screen.told("measured") else None

    manner = Manner(follow_ups=0, choose=60.0)
    room = Room(tmp_path, keyboard=Waiting(), manner=manner, questions=QUESTIONS[:1])
    began = time.monotonic()
    room.interview.run()
    assert time.monotonic() - began < 50
    assert room.screen.told("measured") == ["1: 0 fillers"]


class Words(ChoosingKeys):
    """Words in place of keys, pressed in every phase of the choice."""

    by_words = True

    def poll(self) -> str | None:
        self._phase = "resting" if "resting, then end" in self.room.screen.log[-1] else "held"
        return super().poll()


def test_by_words_a_pause_starts_no_clock_and_enter_brings_the_choice_back(tmp_path: Path) -> None:
    presses = (keys.PAUSE, *[None] * 4, keys.DONE, None, keys.PAUSE, None, keys.PAUSE, None, keys.REPEAT)
    keyboard = Words(*presses)
    manner = Manner(follow_ups=0, choose=0.05)
    room = Room(tmp_path, keyboard=keyboard, manner=manner, questions=QUESTIONS[:1])
    keyboard.room = room
    keyboard.press(keys.DONE)
    room.interview.run()
    phases = [each for each, _ in groupby(room.screen.told("choosing"))]
    first = phases[: phases.index("feedback, then end", 1)]
    assert first[1:] == ["held, then end", "resting, then end"] * 2 + ["held, then end"]
    assert [turn.retry_of for turn in room.saved().turns] == [None, 1]


def test_by_words_the_feedback_is_printed_again_and_a_skip_is_told(tmp_path: Path) -> None:
    room = Room(
        tmp_path, keyboard=(keyboard := Words(keys.FEEDBACK, keys.SKIP, keys.DONE)),
        manner=Manner(follow_ups=0, choose=0.05), questions=QUESTIONS[:1],
    )  # fmt: skip
    keyboard.room = room
    room.interview.run()
    assert room.screen.told("feedback") == ["Well told."] * 2
    assert SKIPPED not in room.screen.told("note"), "there was nothing to skip"
