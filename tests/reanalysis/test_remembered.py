"""What a saved turn still tells of its sound: whose speech is in a recording, and what was heard in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from archives import SAMPLE

from greenroom.audio.clip import load_clip
from greenroom.listening.voice_activity import load_detector, speech_intervals
from greenroom.reanalysis.remembered import heard_live, own_speech, remembered, remembered_utterance
from greenroom.records import (
    Analysis,
    Delivery,
    Feedback,
    Filler,
    Question,
    Reliability,
    Silence,
    Timing,
    Transcript,
    Turn,
    Word,
    is_filled_pause,
)
from greenroom.session import load_session
from greenroom.weaving import woven

LISTENED = {"voice": Reliability("good", "heard")}
TURNS = load_session(SAMPLE).turns


def turn(*words: Word, delivery: Delivery | None = None, **more: object) -> Turn:
    told: dict[str, object] = {
        "transcript": Transcript(" ".join(word.text for word in words), words=words),
        "delivery": delivery or Delivery(len(words)),
        "feedback": Feedback(""),
        "number": 1,
        "asked": Question("q", "Why?"),
        "recording": "01-answer.flac",
        "ended_by": "silence",
        "timing": Timing(speech_end=9.0, decided=13.0),
    }
    return Turn(**(told | more))  # type: ignore[arg-type]


class TestWhoseSpeechItIs:
    """Live the person spoke from 5 to 7 s and from 8 to 9 s; the answer ended at 13 s."""

    def of(self, *speech: tuple[float, float], **more: object) -> tuple[tuple[float, float], ...]:
        told: dict[str, object] = {"silences": (Silence(7.0, 1.0, True), Silence(9.0, 4.0, False))}
        return own_speech(turn(Word("Yes.", 5.1, 7.0), **(told | more)), speech)

    def test_what_was_heard_live_is_not_touched(self) -> None:
        heard = ((4.9999999, 7.000001), (8.01, 8.99))  # a frame (30 ms) more or less is the same
        assert self.of(*heard) == heard

    def test_our_own_voice_after_the_end_is_not_the_persons(self) -> None:
        assert self.of((5.0, 7.0), (13.2, 14.9)) == ((5.0, 7.0),)

    def test_our_own_voice_in_a_pause_that_was_taken_for_the_end_is_not_theirs(self) -> None:
        assert self.of((5.0, 7.0), (7.2, 7.8), (8.0, 9.0)) == ((5.0, 7.0), (8.0, 9.0))

    def test_and_where_it_runs_into_their_speech_it_is_cut_off(self) -> None:
        first, second = self.of((5.0, 7.0), (7.2, 9.0))
        assert first == (5.0, 7.0)
        assert second == pytest.approx((8.0, 9.0), abs=0.04)

    def test_a_prompt_before_the_first_word_is_not_theirs(self) -> None:
        assert self.of((1.0, 3.0), (5.0, 7.0)) == ((5.0, 7.0),)

    def test_but_words_that_were_understood_there_are(self) -> None:
        words = (Word("So,", 1.2, 1.6), Word("yes.", 5.1, 7.0))
        known = turn(*words, silences=(Silence(7.0, 1.0, True),))
        assert own_speech(known, [(1.0, 1.8), (5.0, 7.0)]) == ((1.0, 1.8), (5.0, 7.0))

    def test_a_prompt_is_known_by_the_end_where_there_was_no_silence(self) -> None:
        assert self.of((1.0, 3.0), (5.0, 9.0), silences=()) == ((5.0, 9.0),)

    def test_a_session_that_tells_nothing_of_it_keeps_all(self) -> None:
        heard = ((1.0, 3.0), (5.0, 7.0), (20.0, 21.0))
        assert self.of(*heard, silences=(), timing=Timing()) == heard

    @pytest.mark.slow
    def test_in_a_quiet_room_it_is_all_that_is_heard_and_known_without_the_sound(self) -> None:
        saved = TURNS[1]
        clip = load_clip(SAMPLE / str(saved.recording))
        heard = speech_intervals(clip, load_detector())
        assert own_speech(saved, heard) == heard
        utterance = heard_live(saved, clip, heard)
        assert utterance.speech_end == pytest.approx(heard[-1][1], abs=0.001)
        assert (utterance.ended_by, utterance.decided) == ("silence", saved.timing.decided)
        known = remembered_utterance(saved).speech
        # But for its very beginning, which only the first word tells.
        assert sum(known, ())[1:] == pytest.approx(sum(heard, ())[1:], abs=0.001)


class TestWhatWasHeard:
    @pytest.mark.parametrize("saved", TURNS, ids=lambda turn: str(turn.number))
    def test_taken_apart_and_put_together_it_is_the_same(self, saved: Turn) -> None:
        known = remembered(saved)
        assert known.prosody is not None
        # In the first two answers Whisper had written one "Um" by itself, unsure of it.
        left = [word.probability for word in known.transcript.words if is_filled_pause(word.text)]
        assert left == pytest.approx({1: [0.248], 2: [0.199], 3: []}[saved.number], abs=0.001)
        analysis = Analysis(Delivery(0, fillers=known.prosody.fillers))
        transcript, again = woven(known.transcript, analysis, known.prosody)
        assert transcript == saved.transcript
        assert again.delivery.fillers == saved.delivery.fillers

    def test_an_um_that_whisper_wrote_by_itself_stays_a_word(self) -> None:
        words = (Word("So,", 0.5, 0.9, 0.9), Word("um.", 1.1, 1.5, 0.73), Word("Uh,", 2.0, 2.3, 0.85))
        fillers = (
            Filler("um", 1.0, 1.5, confidence=0.95, first_word=1, last_word=1),
            Filler("uh", 2.0, 2.3, confidence=0.85, first_word=2, last_word=2),
            Filler("…", 3.0, 3.4, source="audio", confidence=0.5),
        )
        known = remembered(turn(*words, delivery=Delivery(1, fillers=fillers, reliability=LISTENED)))
        assert known.transcript.words == words[:2]
        assert known.prosody is not None
        assert known.prosody.fillers == (
            fillers[0],
            replace(fillers[1], first_word=None, last_word=None),
            fillers[2],
        )
        assert known.prosody.before == (1, 2, 2)
        assert (known.prosody.start, known.prosody.end) == (0.5, 3.4)

    def test_an_answer_that_nobody_listened_to_again_has_no_prosody(self) -> None:
        known = remembered(turn(Word("Yes.", 1.0, 1.4, 0.9)))
        assert known.prosody is None
        assert known.transcript.words == (Word("Yes.", 1.0, 1.4, 0.9),)

    @pytest.mark.parametrize(
        ("why", "unsure"),
        [
            ("listened for in a second pass and in the sound", ()),
            ("a lower bound: not to be told in 25% of the speech", ((1.0, 2.0),)),
            ("a lower bound: no second pass has listened for them; 1 of 2 may be none", ((1.0, 5.0),)),
        ],
    )
    def test_where_filled_pauses_could_not_be_told_is_known_by_its_reason(
        self, why: str, unsure: tuple[tuple[float, float], ...]
    ) -> None:
        reliability = LISTENED | {"filled_pauses": Reliability("fair", why)}
        words = (Word("We", 1.0, 1.4, 0.9), Word("left.", 4.0, 5.0, 0.9))
        known = remembered(turn(*words, delivery=Delivery(2, reliability=reliability)))
        assert known.prosody is not None
        assert known.prosody.unsure == unsure
