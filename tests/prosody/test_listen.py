"""What an answer's sound tells, from end to end: words, silences, times and voice fit together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_sound import hiss, in_a_room, nothing, said, vowel

from greenroom.prosody import listen
from greenroom.records import Clip, Prosody, Transcript, Word

NEAR = 0.035
ANSWER = in_a_room(
    nothing(0.6), vowel(0.9), nothing(0.5), vowel(0.9, shift=1.4), nothing(0.3), vowel(0.9), nothing(1.0)
)
SPEECH = ((0.6, 1.5), (2.0, 4.1))
WORDS = (Word("completely", 0.3, 1.4, 0.9), Word("unexpected", 1.4, 2.8, 0.8), Word("happening.", 2.85, 4.3))
TRANSCRIPT = Transcript("completely unexpected happening.", engine="fake", model="none", words=WORDS)


def test_words_keep_their_text_and_get_the_times_of_the_sound() -> None:
    transcript, _ = listen(TRANSCRIPT, said(ANSWER, *SPEECH))
    assert replace(transcript, words=()) == replace(TRANSCRIPT, words=())
    assert [(w.text, w.probability) for w in transcript.words] == [(w.text, w.probability) for w in WORDS]
    times = [(w.start, w.end) for w in transcript.words]
    expected = [(0.6, 1.5), (2.0, 2.9), (3.2, 4.1)]
    assert np.array(times) == pytest.approx(np.array(expected), abs=NEAR)


def test_silences_lie_between_the_start_and_the_end() -> None:
    _, prosody = listen(TRANSCRIPT, said(ANSWER, *SPEECH))
    assert (prosody.start, prosody.end) == pytest.approx((0.6, 4.1), abs=NEAR)
    assert np.array(prosody.silences) == pytest.approx(np.array([(1.5, 2.0), (2.9, 3.2)]), abs=NEAR)
    assert prosody.voice is not None
    assert prosody.voice.level_dbfs == pytest.approx(-25.0, abs=1.0)


def test_noise_before_the_answer_makes_no_pause_before_it() -> None:
    clip = in_a_room(hiss(0.5, -30.0), nothing(0.6), vowel(0.9), nothing(0.5))
    transcript = Transcript("word", words=(Word("word", 1.0, 2.0),))
    words, prosody = listen(transcript, said(clip, (0.0, 0.5), (1.1, 2.0)))
    assert prosody.start == pytest.approx(1.1, abs=NEAR)
    assert words.words[0].start == prosody.start
    assert prosody.silences == ()


def test_a_voice_too_quiet_for_voice_activity_is_heard_where_its_words_are() -> None:
    transcript, prosody = listen(TRANSCRIPT, said(ANSWER))
    assert prosody.start == pytest.approx(0.6, abs=NEAR)
    assert len(prosody.silences) == 2
    assert len(transcript.words) == 3


def test_where_nobody_spoke_nothing_is_told() -> None:
    for clip in (in_a_room(nothing(2.0)), in_a_room(vowel(2.0)), Clip(np.zeros(0, np.float32))):
        transcript, prosody = listen(Transcript(""), said(clip))
        assert transcript == Transcript("")
        assert (prosody.start, prosody.end, prosody.silences, prosody.fillers) == (0.0, 0.0, (), ())
        assert prosody.unsure == ()


def test_a_typed_transcript_stays_as_it_is() -> None:
    typed = Transcript("two words", words=(Word("two"), Word("words")))
    transcript, prosody = listen(typed, said(ANSWER, *SPEECH))
    assert transcript == typed
    assert isinstance(prosody, Prosody)
