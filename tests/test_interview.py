"""The loop with fakes for every stage: what is asked, said and saved, in which order, whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeKeys, FakeSource, FakeSpeaker, FakeTranscriber, frames
from interview_room import ANSWER, NO_FOLLOW_UPS, QUESTIONS, Room

from greenroom import keys
from greenroom.audio.candidate import RecordedCandidate
from greenroom.audio.clip import load_clip
from greenroom.errors import DeviceError, ModelError
from greenroom.interview import Interview, Manner
from greenroom.prompts import HINTS, STALLED, THANKS
from greenroom.records import SAMPLE_RATE_HZ, Clip, Filler, Prosody, Transcript, Utterance, Verbatim
from greenroom.transcription.chunking import PRE_ROLL, Cuts

pytestmark = pytest.mark.usefixtures("no_echo")


def test_a_whole_interview(tmp_path: Path) -> None:
    room = Room(tmp_path)
    session = room.interview.run()
    assert room.screen.told("question") == ["What did you build?", "Whom did you persuade?"]
    assert room.screen.told("feedback") == ["Well told.", "Well told."]
    assert room.screen.told("said") == ["That was all of 2, with 2 patterns left. What next?"]
    assert session == room.saved()
    assert session.finished
    first = session.turns[0]
    assert (first.question, first.asked) == ("What did you build?", QUESTIONS[0])
    assert (first.recording, first.question_recording) == ("01-answer.flac", "01-question.wav")
    assert first.ended_by == "silence"
    assert first.timing.speech_end == pytest.approx(3.6, abs=0.06)
    assert first.timing.decided is not None
    assert first.timing.transcribed is not None
    assert first.timing.analysed is not None
    assert first.timing.feedback_started is not None
    assert first.timing.decided <= first.timing.transcribed <= first.timing.analysed
    assert first.timing.analysed <= first.timing.feedback_started
    names = {path.name for path in room.folder.iterdir()}
    assert names == {"session.json"} | {
        f"{turn}-{kind}" for turn in ("01", "02") for kind in ("question.wav", "answer.flac", "answer.vtt")
    }


def test_where_a_look_back_follows_the_goodbye_asks_nothing(tmp_path: Path) -> None:
    room = Room(tmp_path)
    Interview(
        room.stages,
        QUESTIONS,
        NO_FOLLOW_UPS,
        room.folder,
        room.saved(),
        lambda session: len(session.turns) == 2,
    ).run()
    assert room.screen.told("said") == ["That was all of 2, with 2 patterns left."]


UM = Filler("um", 0.6, 0.9)


def hears_an_um(
    transcript: Transcript, utterance: Utterance, verbatim: Sequence[Verbatim]
) -> tuple[Transcript, Prosody]:
    assert [word.text for each in verbatim for word in each.words] == ["um"]
    return transcript, Prosody(fillers=(UM,), before=(0,))


@pytest.mark.parametrize("mode", ["practice", "real"])
def test_what_is_heard_in_listening_again_is_saved_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr("greenroom.assessment.listen", hears_an_um)
    room = Room(tmp_path, manner=Manner(mode=mode, follow_ups=0))
    session = room.interview.run()
    assert session == room.saved()
    for turn in session.turns:
        assert turn.transcript.words[0].text == "Um,"
        assert [(filler.text, filler.first_word) for filler in turn.delivery.fillers] == [("um", 0)]
        assert turn.patterns[0].evidence[0].first_word == 1
        assert "Um, word" in (room.folder / f"{turn.number:02}-answer.vtt").read_text()
        assert turn.timing.feedback_started is not None or mode == "real"
    assert room.screen.told("measured") == ["1: 1 fillers", "2: 1 fillers"]


def test_numbers_are_shown_even_if_listening_again_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenroom.assessment.listen", lambda *given: 1 / 0)
    room = Room(tmp_path, questions=QUESTIONS[:1], manner=Manner(follow_ups=0))
    assert room.interview.run().finished
    assert room.screen.told("measured") == ["1: 0 fillers"]


def test_only_the_spoken_stretch_is_transcribed_with_what_leads_up_to_it(tmp_path: Path) -> None:
    silence_first = [*frames(9.0, voiced=False), *frames(3.0, voiced=True)]
    room = Room(tmp_path, [FakeSource(silence_first)], questions=QUESTIONS[:1])
    room.interview.run()
    ((seconds, offset),) = room.transcriber.given
    assert offset == pytest.approx(9.0 - PRE_ROLL - Cuts().context, abs=0.1)
    assert offset + seconds == pytest.approx(12.25, abs=0.1)


def test_follow_ups_are_asked_and_are_turns_of_their_own(tmp_path: Path) -> None:
    room = Room(tmp_path, manner=Manner(follow_ups=2), questions=QUESTIONS[:1])
    session = room.interview.run()
    assert room.screen.told("follow-up") == ["And what came of it?"] * 2
    assert [turn.follow_up_to for turn in session.turns] == [None, 1, 2]
    assert session.turns[1].asked.id == "one:no_outcome"


def test_what_a_follow_up_brought_is_not_held_against_the_answer_at_the_end(tmp_path: Path) -> None:
    room = Room(tmp_path, manner=Manner(follow_ups=1), questions=QUESTIONS[:1])
    room.interview.run()
    assert room.screen.told("said")[-1] == "That was all of 2, with 1 patterns left. What next?"


def test_no_words_of_the_person_are_kept_outside_the_session(tmp_path: Path) -> None:
    room = Room(tmp_path, manner=Manner(follow_ups=1), questions=QUESTIONS[:1])
    room.interview.run()
    assert set(room.voice.kept) <= {"What did you build?", *THANKS, STALLED}


def test_in_real_mode_feedback_waits_until_the_end(tmp_path: Path) -> None:
    room = Room(tmp_path, manner=Manner(mode="real", follow_ups=0))
    session = room.interview.run()
    order = [method for method, _ in room.screen.log if method in ("question", "feedback")]
    assert order == ["question", "question", "feedback", "feedback"]
    assert session.turns[0].timing.feedback_started is None


def test_it_ends_when_the_candidate_has_no_more_recordings(tmp_path: Path) -> None:
    room = Room(tmp_path, [FakeSource(ANSWER)])
    session = room.interview.run()
    assert len(session.turns) == 1
    assert session.finished
    assert room.screen.told("question") == ["What did you build?"]


@pytest.mark.parametrize("is_last", [False, True])
def test_nobody_is_asked_on_after_the_last_recording(tmp_path: Path, is_last: bool) -> None:
    clip = Clip(np.concatenate(ANSWER), SAMPLE_RATE_HZ)
    first = RecordedCandidate(clip, fast=True, is_last=is_last)
    room = Room(tmp_path, [first, FakeSource(ANSWER)], questions=QUESTIONS[:1], manner=Manner(follow_ups=1))
    turns = room.interview.run().turns
    assert turns[0].feedback.follow_up
    assert len(turns) == (1 if is_last else 2)


def test_a_skipped_question_is_remembered_with_its_sound(tmp_path: Path) -> None:
    room = Room(tmp_path, keyboard=FakeKeys([None] * 60 + [keys.SKIP]))
    session = room.interview.run()
    (skipped,) = session.unanswered
    assert (skipped.reason, skipped.question) == ("skipped", "What did you build?")
    assert skipped.recording == "01-answer.flac"
    assert len(session.turns) == 1


def test_silence_is_no_answer(tmp_path: Path) -> None:
    room = Room(tmp_path, [FakeSource([]), FakeSource(ANSWER)])
    session = room.interview.run()
    assert [entry.reason for entry in session.unanswered] == ["silence"]
    assert [turn.number for turn in session.turns] == [2]


def room_where_enter_is_pressed_twice(tmp_path: Path, transcriber: FakeTranscriber) -> Room:
    return Room(
        tmp_path,
        keyboard=FakeKeys([*[None] * 100, keys.DONE, *[None] * 75, keys.DONE]),
        questions=QUESTIONS[:1],
        sources=[FakeSource([])],
        transcriber=transcriber,
    )


def test_what_was_too_quiet_for_voice_activity_is_transcribed_after_two_enters(tmp_path: Path) -> None:
    room = room_where_enter_is_pressed_twice(tmp_path, FakeTranscriber())
    (turn,) = room.interview.run().turns
    assert (turn.ended_by, turn.recording) == ("key", "01-answer.flac")
    assert turn.transcript.text
    assert 5.0 < room.transcriber.given[0][0] < 6.0


class HearsNothing(FakeTranscriber):
    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        return Transcript("", engine="fake", model="fake")


def test_two_enters_without_a_word_leave_the_question_unanswered(tmp_path: Path) -> None:
    room = room_where_enter_is_pressed_twice(tmp_path, HearsNothing())
    session = room.interview.run()
    (entry,) = session.unanswered
    assert (entry.reason, entry.recording) == ("silence", "01-answer.flac")
    assert session.turns == ()
    assert 5.0 < load_clip(room.folder / "01-answer.flac").seconds < 6.0, "what was too quiet is kept"


def test_an_answer_can_be_typed_in_the_middle_of_speaking(tmp_path: Path) -> None:
    keyboard = FakeKeys([None] * 60 + [keys.TYPE], typed="I built a queue.")
    room = Room(tmp_path, keyboard=keyboard, questions=QUESTIONS[:1])
    (turn,) = room.interview.run().turns
    assert (turn.ended_by, turn.transcript.text) == ("typed", "I built a queue.")
    assert turn.recording == "01-answer.flac"
    assert (room.folder / "01-answer.flac").exists()
    assert not (room.folder / "01-answer.vtt").exists()
    assert turn.timing.decided is None


def test_an_interview_can_be_typed_throughout(tmp_path: Path) -> None:
    room = Room(tmp_path, keyboard=FakeKeys(typed="I built it."), typed=True)
    session = room.interview.run()
    assert [turn.ended_by for turn in session.turns] == ["typed", "typed"]
    assert not list(room.folder.glob("*-answer.flac"))


def test_typing_a_word_does_what_its_key_does(tmp_path: Path) -> None:
    keyboard = FakeKeys(typed=["h", "Repeat", "I built it.", "s"])
    room = Room(tmp_path, keyboard=keyboard, typed=True)
    session = room.interview.run()
    assert room.screen.told("hint") == ["Depth. Business first."]
    assert [turn.transcript.text for turn in session.turns] == ["I built it."]
    assert [(entry.number, entry.reason) for entry in session.unanswered] == [(2, "skipped")]


def test_typing_the_word_quits(tmp_path: Path) -> None:
    session = Room(tmp_path, keyboard=FakeKeys(typed="quit"), typed=True).interview.run()
    assert (session.turns, session.finished) == ((), False)


def test_who_had_the_hint_while_the_question_was_asked_is_not_offered_it(tmp_path: Path) -> None:
    keyboard = FakeKeys([keys.HINT])
    sources = [FakeSource([]), FakeSource([])]
    room = Room(tmp_path, sources, keyboard=keyboard, speaker=FakeSpeaker(looks=1))
    room.interview.run()
    assert len(room.screen.told("hint")) == 1
    assert room.screen.told("shown").count(HINTS["lost"]) == 1, "to the second question it is"


def test_quitting_while_answering_saves_that_answer_too(tmp_path: Path) -> None:
    room = Room(tmp_path, keyboard=FakeKeys([None] * 80 + [keys.QUIT]))
    session = room.interview.run()
    assert len(session.turns) == 1
    assert not session.finished
    assert session == room.saved()
    assert room.screen.told("feedback") == []


def test_quitting_while_the_question_is_asked(tmp_path: Path) -> None:
    room = Room(tmp_path, keyboard=FakeKeys([keys.QUIT]), speaker=FakeSpeaker(looks=2))
    session = room.interview.run()
    assert (len(session.turns), session.unanswered[0].reason) == (0, "skipped")


def test_repeat_and_hint_while_the_question_is_asked(tmp_path: Path) -> None:
    room = Room(
        tmp_path,
        keyboard=FakeKeys([keys.REPEAT, keys.HINT]),
        speaker=FakeSpeaker(looks=1),
        questions=QUESTIONS[:1],
    )
    session = room.interview.run()
    assert room.screen.told("hint") == ["Depth. Business first."]
    assert len(session.turns) == 1


def test_space_holds_the_voice(tmp_path: Path) -> None:
    speaker = FakeSpeaker(looks=4)
    room = Room(
        tmp_path, keyboard=FakeKeys([keys.PAUSE, keys.PAUSE]), speaker=speaker, questions=QUESTIONS[:1]
    )
    room.interview.run()
    assert speaker.played[0].log == ["pause", "resume", "stop"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), DeviceError("the microphone is gone")])
def test_whatever_interrupts_an_answer_its_sound_is_saved_and_named(
    tmp_path: Path, fault: BaseException
) -> None:
    room = Room(tmp_path, [FakeSource(ANSWER), FakeSource(frames(2.0, voiced=True), fault=fault)])
    with pytest.raises(type(fault)):
        room.interview.run()
    session = room.saved()
    assert len(session.turns) == 1
    (entry,) = session.unanswered
    assert (entry.reason, entry.recording, entry.number) == ("interrupted", "02-answer.flac", 2)
    assert (room.folder / "02-answer.flac").exists()
    assert not list(room.folder.glob("*.pcm"))


def test_an_interrupt_before_the_first_frame_leaves_no_empty_recording(tmp_path: Path) -> None:
    room = Room(tmp_path, [FakeSource([], fault=KeyboardInterrupt())])
    with pytest.raises(KeyboardInterrupt):
        room.interview.run()
    assert room.saved().unanswered[0].recording is None
    assert {path.name for path in room.folder.iterdir()} == {"session.json", "01-question.wav"}


def test_a_fault_while_transcribing_keeps_the_recording(tmp_path: Path) -> None:
    room = Room(tmp_path, transcriber=FakeTranscriber(fault=ModelError("no memory")))
    with pytest.raises(ModelError):
        room.interview.run()
    (entry,) = room.saved().unanswered
    assert entry.recording == "01-answer.flac"


def test_lost_samples_are_named(tmp_path: Path) -> None:
    source = FakeSource(ANSWER)
    source.overflowed = True
    session = Room(tmp_path, [source], questions=QUESTIONS[:1]).interview.run()
    assert session.turns[0].overflowed
