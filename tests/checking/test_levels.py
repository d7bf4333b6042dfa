"""What is measured in a recording: level, noise, ratio of both, flat tops, the band, and nothing at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_rooms import at_db, jfk, laid_in, narrowed, noise, ours, overdriven, theirs

from greenroom.audio.level import LOWEST_DB, level_db
from greenroom.checking.diagnosis import CLIPPED_SHARE, NARROW_DB
from greenroom.checking.levels import (
    CLEAREST_DB,
    hear_quiet,
    hear_speech,
    is_dead,
    signal_to_noise_db,
)
from greenroom.listening.voice_activity import load_detector
from greenroom.records import SAMPLE_RATE_HZ, Clip

ZEROS = np.zeros(2 * SAMPLE_RATE_HZ, dtype=np.float32)


def test_a_full_square_wave_has_0_db_a_sine_3_less() -> None:
    times = np.arange(SAMPLE_RATE_HZ, dtype=np.float32) / SAMPLE_RATE_HZ
    assert level_db(np.ones(480, dtype=np.float32)) == pytest.approx(0.0)
    assert level_db(np.sin(2 * np.pi * 440 * times)) == pytest.approx(-3.01, abs=0.01)
    assert level_db(ZEROS) == LOWEST_DB


@pytest.mark.parametrize("constant", [0.0, 0.25, -1.0])
def test_a_device_that_gives_one_value_is_dead(constant: float) -> None:
    heard = hear_speech(Clip(ZEROS + np.float32(constant)), load_detector())
    assert heard.dead
    assert heard.level_db is None
    assert heard.loudest_db == LOWEST_DB
    assert hear_quiet(Clip(ZEROS + np.float32(constant)), load_detector()).dead


def test_a_last_bit_that_toggles_is_no_sound_and_faint_noise_is_one() -> None:
    toggling = (np.arange(16_000) % 2 / 32_768).astype(np.float32)
    assert is_dead(Clip(toggling))
    assert not is_dead(Clip(noise(-80.0)))
    assert is_dead(Clip(np.zeros(0, dtype=np.float32)))


@pytest.mark.parametrize("voice", [ours, theirs])
@pytest.mark.parametrize("db", [-15.0, -26.0, -40.0])
def test_speech_is_measured_at_its_level_and_noise_does_not_move_it(voice, db: float) -> None:
    heard = hear_speech(laid_in(noise(db - 25), (0.0, at_db(voice(), db))), load_detector())
    assert heard.level_db == pytest.approx(db, abs=1.0)
    assert heard.spoken > 2.0


@pytest.mark.parametrize("snr", [5.0, 10.0, 15.0, 20.0, 30.0])
@pytest.mark.parametrize("voice", [ours, jfk])
def test_the_ratio_that_was_made_is_the_one_measured(voice, snr: float) -> None:
    detector = load_detector()
    room = hear_quiet(Clip(noise(-26.0 - snr, 2.0, seed=2)), detector)
    speech = hear_speech(laid_in(noise(-26.0 - snr), (0.0, voice())), detector)
    assert speech.level_db is not None
    assert signal_to_noise_db(speech.level_db, room.noise_db) == pytest.approx(snr, abs=2.0)


@given(st.floats(-96, 0), st.floats(-96, 0))
def test_the_ratio_is_never_without_end_and_never_below_nothing(speech: float, quiet: float) -> None:
    assert signal_to_noise_db(speech, quiet) <= CLEAREST_DB
    if max(speech, quiet) > LOWEST_DB:
        assert signal_to_noise_db(min(speech, quiet), max(speech, quiet)) == 0.0
    assert signal_to_noise_db(speech, LOWEST_DB) == CLEAREST_DB


def test_one_knock_makes_no_noisy_room() -> None:
    quiet = noise(-70.0, 2.0)
    knock = noise(-10.0, 0.05)
    calm = hear_quiet(Clip(quiet), load_detector()).noise_db
    assert hear_quiet(laid_in(quiet, (1.0, knock)), load_detector()).noise_db == pytest.approx(calm, abs=1.0)


def test_a_voice_in_the_room_is_heard() -> None:
    assert hear_quiet(laid_in(noise(-60.0, 2.0), (0.0, theirs())), load_detector()).spoken > 1.0
    assert hear_quiet(Clip(noise(-60.0, 2.0)), load_detector()).spoken == 0.0


@pytest.mark.parametrize("voice", [ours, theirs, jfk])
@pytest.mark.parametrize("ceiling", [1.0, 0.5])
def test_flat_tops_are_told_from_peaks_also_where_a_dead_side_halves_them(voice, ceiling: float) -> None:
    whole = voice() / np.abs(voice()).max() * ceiling
    assert hear_speech(Clip(whole), load_detector()).clipped < CLIPPED_SHARE / 2
    cut = hear_speech(Clip(overdriven(voice(), 9.0, ceiling)), load_detector())
    assert cut.clipped > 2 * CLIPPED_SHARE


def test_what_is_quiet_is_not_cut_off() -> None:
    assert hear_speech(Clip(overdriven(jfk(), 9.0, ceiling=0.05)), load_detector()).clipped == 0.0


@pytest.mark.parametrize("voice", [ours, theirs, jfk])
def test_a_telephones_band_is_told_from_a_whole_one(voice) -> None:
    whole = hear_speech(laid_in(noise(-80.0), (0.0, voice())), load_detector())
    narrow = hear_speech(Clip(narrowed(laid_in(noise(-80.0), (0.0, voice())).samples)), load_detector())
    assert whole.high_db is not None
    assert narrow.high_db is not None
    assert whole.high_db > NARROW_DB + 5
    assert narrow.high_db < NARROW_DB - 5
