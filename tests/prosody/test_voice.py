"""The voice's measures, on sounds whose level, room, pitch and fading are known."""

from __future__ import annotations

import numpy as np
import pytest
from made_sound import at_level, hiss, in_a_room, nothing, vowel

from greenroom.prosody.acoustics import measured
from greenroom.prosody.silences import speech_sound
from greenroom.prosody.voice import voice
from greenroom.records import Clip, Voice


def of(clip: Clip, *speech: tuple[float, float]) -> Voice:
    measures = measured(clip, speech)
    return voice(measures, speech_sound(measures, speech))


@pytest.mark.parametrize(("speech_db", "room_db"), [(-25.0, -65.0), (-25.0, -45.0), (-40.0, -55.0)])
def test_level_and_distance_from_the_room(speech_db: float, room_db: float) -> None:
    found = of(in_a_room(nothing(1.0), vowel(3.0, db=speech_db), nothing(1.0), db=room_db), (1.0, 4.0))
    assert found.level_dbfs == pytest.approx(speech_db, abs=1.0)
    assert found.snr_db == pytest.approx(speech_db - room_db, abs=2.0)


def test_pauses_do_not_make_the_voice_softer() -> None:
    parts = [vowel(1.0), nothing(2.0)] * 3
    found = of(in_a_room(*parts), *[(3.0 * i, 3.0 * i + 1.0) for i in range(3)])
    assert found.level_dbfs == pytest.approx(-25.0, abs=1.0)


def test_clipping_is_a_share_of_the_speech() -> None:
    loud = np.clip(vowel(1.0, db=-3.0) * 2, -1, 1)
    found = of(in_a_room(nothing(0.6), vowel(3.0), loud), (0.6, 4.6))
    assert found.clipped is not None
    assert 0.15 < found.clipped <= 0.26
    assert of(in_a_room(vowel(2.0)), (0.0, 2.0)).clipped == 0.0


def test_pitch_that_moves_and_pitch_that_does_not() -> None:
    flat = of(in_a_room(nothing(0.6), *[vowel(0.5, 120.0)] * 10), (0.6, 5.6))
    lively = of(in_a_room(nothing(0.6), *[vowel(0.5, 90.0, end_hz=160.0)] * 10), (0.6, 5.6))
    assert flat.pitch_hz == pytest.approx(120.0, abs=1.0)
    assert flat.pitch_sd_semitones is not None
    assert flat.pitch_sd_semitones < 0.5
    assert flat.pitch_range_semitones is not None
    assert flat.pitch_range_semitones < 1.0
    assert lively.pitch_hz == pytest.approx(120.0, abs=6.0)
    # even gliding over 9.96 semitones: nine tenths of them, and their standard deviation
    assert lively.pitch_range_semitones == pytest.approx(9.0, abs=1.0)
    assert lively.pitch_sd_semitones == pytest.approx(9.96 / 12**0.5, abs=0.5)


def test_whispering_has_no_pitch() -> None:
    found = of(in_a_room(nothing(0.6), hiss(5.0, -30.0)), (0.6, 5.6))
    assert found.level_dbfs is not None
    assert (found.pitch_hz, found.pitch_range_semitones, found.pitch_sd_semitones) == (None, None, None)


@pytest.mark.parametrize("fade", [0.0, 4.0, 9.0])
def test_fading_at_the_ends_of_phrases(fade: float) -> None:
    phrase = [vowel(1.6), at_level(vowel(0.6), -25.0 - fade), nothing(0.6)]
    speech = [(2.8 * i, 2.8 * i + 2.2) for i in range(4)]
    found = of(in_a_room(*phrase * 4), *speech)
    assert found.fade_db == pytest.approx(fade, abs=1.0)


def test_two_phrases_do_not_tell_of_fading() -> None:
    phrase = [vowel(1.6), vowel(0.6, db=-35.0), nothing(0.6)]
    assert of(in_a_room(*phrase * 2), (0.0, 2.2), (2.8, 5.0)).fade_db is None


def test_too_little_sound_gives_nothing() -> None:
    assert of(in_a_room(nothing(1.0), vowel(0.5), nothing(1.0)), (1.0, 1.5)) == Voice()
    assert of(in_a_room(nothing(3.0))) == Voice()
    assert of(Clip(np.zeros(0, np.float32))) == Voice()
