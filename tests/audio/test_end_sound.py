from __future__ import annotations

import numpy as np
import pytest

from greenroom.audio.end_sound import PEAK, SECONDS, end_sound, joined
from greenroom.records import Clip


def loudest(samples: np.ndarray) -> float:
    return float(np.max(np.abs(samples)))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_it_is_short_soft_and_the_same_at_every_rate(rate: int) -> None:
    sound = end_sound(rate)
    assert (sound.rate, sound.samples.dtype) == (rate, np.float32)
    assert sound.seconds == pytest.approx(SECONDS, abs=1 / rate)
    assert loudest(sound.samples) == pytest.approx(PEAK)
    assert np.array_equal(sound.samples, end_sound(rate).samples)
    spectrum = np.abs(np.fft.rfft(sound.samples, rate))  # bins of 1 Hz
    assert np.argmax(spectrum) == pytest.approx(820, abs=30)


def test_it_neither_begins_nor_ends_with_a_click() -> None:
    samples = end_sound(48_000).samples
    assert samples[0] == samples[-1] == 0.0
    # A click is energy far above the sound's own partials (820 and 2150 Hz).
    power = np.square(np.abs(np.fft.rfft(samples, 48_000)))
    assert power[6_000:].sum() < 1e-4 * power.sum()
    assert loudest(samples[-240:]) < 0.01 * PEAK


def test_it_has_gone_by_the_time_the_voice_begins() -> None:
    samples = end_sound().samples
    assert np.sum(np.square(samples[:480])) > 0.98 * np.sum(np.square(samples))


def test_the_voice_begins_directly_after_it() -> None:
    lead_in = np.full(2_205, 5e-4, dtype=np.float32)  # 0.1 s at -66 dB
    voice = Clip(np.concatenate([lead_in, np.full(1_000, 0.5, dtype=np.float32)]), 22_050)
    both = joined(end_sound(), voice)
    knock = round(SECONDS * 22_050)
    assert both.rate == 22_050
    assert len(both.samples) == pytest.approx(knock + 1_000, abs=1)
    assert loudest(both.samples[: knock - 1]) == pytest.approx(PEAK, rel=0.05)
    assert np.all(both.samples[-1_000:] == 0.5)


def test_a_gap_is_silence_of_its_length() -> None:
    ones = Clip(np.ones(160, dtype=np.float32))
    both = joined(ones, ones, gap=0.01).samples
    assert len(both) == 480
    assert not both[160:320].any() and both[:160].all() and both[320:].all()


def test_a_second_clip_of_silence_adds_nothing() -> None:
    sound = end_sound()
    assert np.array_equal(joined(sound, Clip(np.zeros(800, dtype=np.float32))).samples, sound.samples)
    assert np.array_equal(joined(sound, Clip(np.zeros(0, dtype=np.float32))).samples, sound.samples)
