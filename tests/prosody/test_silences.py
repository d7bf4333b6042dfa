"""Silences, on sounds whose edges are known and voice activity that pads, merges and misses."""

from __future__ import annotations

import numpy as np
import pytest
from made_sound import hiss, in_a_room, nothing, said, vowel

from greenroom.prosody.acoustics import measured
from greenroom.prosody.silences import silences
from greenroom.records import Clip, Utterance

NEAR = 0.035


def found(utterance: Utterance) -> tuple[tuple[float, float], ...]:
    return silences(measured(utterance.clip, utterance.speech), utterance)


def test_a_silence_that_voice_activity_bridged_is_found() -> None:
    clip = in_a_room(nothing(0.5), vowel(1.0), nothing(0.3), vowel(1.0), nothing(0.5))
    (silence,) = found(said(clip, (0.5, 2.8)))
    assert silence == pytest.approx((1.5, 1.8), abs=NEAR)


def test_its_edges_are_those_of_the_sound_not_of_voice_activity() -> None:
    clip = in_a_room(vowel(1.0), nothing(1.0), vowel(1.0))
    (silence,) = found(said(clip, (0.0, 0.9), (1.88, 3.0)))
    assert silence == pytest.approx((1.0, 2.0), abs=NEAR)


def test_less_than_a_quarter_of_a_second_is_none() -> None:
    assert found(said(in_a_room(vowel(1.0), nothing(0.2), vowel(1.0)), (0.0, 2.2))) == ()


def test_before_and_after_the_speech_is_no_pause() -> None:
    assert found(said(in_a_room(nothing(2.0), vowel(1.0), nothing(2.0)), (2.0, 3.0))) == ()


def test_breath_in_a_pause_does_not_break_it() -> None:
    breath = hiss(0.4, -42.0)
    clip = in_a_room(vowel(1.0), nothing(0.4), breath, nothing(0.4), vowel(1.0))
    (silence,) = found(said(clip, (0.0, 1.0), (2.2, 3.2)))
    assert silence == pytest.approx((1.0, 2.2), abs=NEAR)


def test_a_click_in_a_pause_does_not_break_it() -> None:
    click = hiss(0.015, -15.0)
    clip = in_a_room(vowel(1.0), nothing(0.5), click, nothing(0.5), vowel(1.0))
    (silence,) = found(said(clip, (0.0, 1.0), (2.015, 3.015)))
    assert silence == pytest.approx((1.0, 2.015), abs=NEAR)


def test_a_filled_pause_breaks_it_even_where_voice_activity_missed_it() -> None:
    clip = in_a_room(vowel(1.0), nothing(0.5), vowel(0.3, 110.0, db=-35.0), nothing(0.5), vowel(1.0))
    first, second = found(said(clip, (0.0, 1.0), (2.3, 3.3)))
    assert first == pytest.approx((1.0, 1.5), abs=NEAR)
    assert second == pytest.approx((1.8, 2.3), abs=NEAR)


def test_a_soft_last_consonant_is_no_silence() -> None:
    clip = in_a_room(vowel(1.0), hiss(0.12, -40.0), nothing(0.5), vowel(1.0))
    (silence,) = found(said(clip, (0.0, 1.0), (1.62, 2.62)))
    assert silence[0] == pytest.approx(1.12, abs=NEAR)


@pytest.mark.parametrize("room_db", [-85.0, -55.0, -45.0, -38.0])
def test_noise_of_the_room_moves_the_edges_little(room_db: float) -> None:
    clip = in_a_room(nothing(0.7), vowel(1.0), nothing(0.6), vowel(1.0), nothing(0.7), db=room_db)
    (silence,) = found(said(clip, (0.7, 1.7), (2.3, 3.3)))
    assert silence == pytest.approx((1.7, 2.3), abs=0.05)


def test_loudness_does_not_matter() -> None:
    clip = in_a_room(nothing(0.5), vowel(1.0), nothing(0.5), vowel(1.0), nothing(0.5))
    soft = Clip((clip.samples * 0.1).astype(np.float32))
    speech = ((0.5, 1.5), (2.0, 3.0))
    assert found(said(soft, *speech)) == found(said(clip, *speech))


def test_digital_silence_between_words_is_silence() -> None:
    clip = Clip(np.concatenate([vowel(1.0), nothing(0.6), vowel(1.0)]))
    (silence,) = found(said(clip, (0.0, 2.6)))
    assert silence == pytest.approx((1.0, 1.6), abs=NEAR)


def test_without_speech_there_is_none() -> None:
    assert found(said(in_a_room(vowel(1.0), nothing(1.0), vowel(1.0)))) == ()
    assert found(said(Clip(np.zeros(0, np.float32)))) == ()
