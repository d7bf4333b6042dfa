"""What is measured every 10 ms, on sounds whose level, pitch and edges are known."""

from __future__ import annotations

import time

import numpy as np
import pytest
from made_sound import hiss, in_a_room, nothing, vowel

from greenroom.prosody.acoustics import BANDS, DIGITAL_SILENCE_DB, measured
from greenroom.records import Clip


def test_there_is_one_item_for_each_hop() -> None:
    measures = measured(in_a_room(nothing(1.234)))
    assert len(measures.level_db) == 123
    assert measures.spectrum.shape == (123, BANDS)
    assert {len(a) for a in (measures.pitch_hz, measures.periodicity, measures.clipped)} == {123}
    assert measures.seconds == pytest.approx(1.234)


@pytest.mark.parametrize("samples", [0, 1, 159, 160, 700])
def test_a_clip_may_be_as_short_as_it_likes(samples: int) -> None:
    measures = measured(Clip(np.zeros(samples, np.float32)))
    assert len(measures.level_db) == samples // 160
    assert measures.floor_db == DIGITAL_SILENCE_DB
    assert not measures.voiced.any()


def test_other_rates_are_refused() -> None:
    with pytest.raises(ValueError, match="44100"):
        measured(Clip(np.zeros(100, np.float32), 44_100))


@pytest.mark.parametrize("db", [-20.0, -40.0])
def test_the_level_is_that_of_the_sound(db: float) -> None:
    level = measured(in_a_room(vowel(1.0, db=db))).level_db
    assert np.median(level) == pytest.approx(db, abs=1.0)


def test_hum_of_the_mains_is_not_heard() -> None:
    hum = 0.1 * np.sin(2 * np.pi * 50 * np.arange(16_000) / 16_000)
    assert np.median(measured(Clip(hum.astype(np.float32))).level_db) < -55


def test_an_onset_is_seen_within_two_hops() -> None:
    level = measured(in_a_room(nothing(0.5), vowel(0.5))).level_db
    assert 48 <= int(np.argmax(level > -45)) <= 51


@pytest.mark.parametrize("hz", [75.0, 110.0, 180.0, 300.0, 420.0])
def test_the_pitch_is_found_within_a_fifth_of_a_semitone(hz: float) -> None:
    measures = measured(in_a_room(vowel(1.0, hz)))
    middle = measures.pitch_hz[10:-10]
    assert (middle > 0).all()
    assert np.abs(12 * np.log2(middle / hz)).max() < 0.2
    assert measures.periodicity[10:-10].min() > 0.9


def test_a_gliding_pitch_is_followed() -> None:
    pitch = measured(in_a_room(vowel(2.0, 100.0, end_hz=200.0))).pitch_hz
    expected = 100.0 * 2 ** (np.arange(200) / 200)
    assert np.abs(12 * np.log2(pitch[20:-20] / expected[20:-20])).max() < 0.5


def test_noise_and_silence_have_no_pitch() -> None:
    measures = measured(in_a_room(hiss(1.0, -25.0), nothing(1.0)))
    assert measures.voiced.mean() < 0.02


def test_the_room_is_what_is_outside_the_speech() -> None:
    clip = in_a_room(nothing(1.0), vowel(8.0), nothing(1.0), db=-50.0)
    assert measured(clip, [(1.0, 9.0)]).floor_db == pytest.approx(-50.0, abs=1.5)
    assert measured(clip).floor_db == pytest.approx(-50.0, abs=2.0)


def test_digital_silence_is_no_room() -> None:
    clip = in_a_room(nothing(1.0), vowel(1.0), nothing(1.0), db=-50.0)
    padded = Clip(np.concatenate([nothing(3.0), clip.samples]))
    assert measured(padded, [(4.0, 5.0)]).floor_db == pytest.approx(-50.0, abs=1.5)


def test_clipping_shows_where_it_is() -> None:
    loud = np.clip(vowel(0.5, db=-3.0) * 2, -1, 1)
    clipped = measured(in_a_room(vowel(0.5), loud, vowel(0.5))).clipped
    assert not clipped[:49].any()
    assert clipped[51:99].mean() > 0.5
    assert not clipped[101:].any()


def test_hops_name_a_stretch_even_at_the_ends() -> None:
    measures = measured(in_a_room(vowel(1.0)))
    assert measures.hops(0.2, 0.5) == slice(20, 50)
    assert len(measures.level_db[measures.hops(0.5, 0.5)]) == 1
    assert len(measures.level_db[measures.hops(5.0, 6.0)]) == 1


def test_three_minutes_take_a_moment() -> None:
    clip = in_a_room(*[vowel(1.0), nothing(0.5)] * 120)
    before = time.process_time()
    measured(clip)
    assert time.process_time() - before < 2.0  # about 0.5 s; the limit leaves room for a slow machine
