"""The echo gate in simulated rooms: a demo recording is played, another voice is the person's.

scripts/benchmark_echo.py measures with the voice that is really played, and in many more rooms.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from greenroom.audio.clip import load_clip
from greenroom.demo import demo_recordings
from greenroom.listening.echo import EchoGate
from greenroom.listening.segmenter import Segmenter, seconds_in
from greenroom.listening.voice_activity import frames_of, load_detector
from greenroom.records import SAMPLE_RATE_HZ, Clip

Samples = NDArray[np.float32]

BEGINS = 0.99  # s of room noise before anything is played
SECONDS = 3.3
JFK = Path(__file__).parents[1] / "data" / "jfk.flac"


def at_rate(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)


@cache
def speech(path: Path) -> Samples:
    """From its first word on, at a level of 0.1."""
    samples = load_clip(path).samples
    first_loud = np.flatnonzero(np.abs(samples) > 0.15 * np.max(np.abs(samples)))[0]
    spoken = samples[max(0, first_loud - at_rate(0.01)) :][: at_rate(SECONDS)]
    return (spoken * 0.1 / np.sqrt(np.mean(np.square(spoken)))).astype(np.float32)


@cache
def ours() -> Samples:
    return speech(demo_recordings()[0])


@cache
def theirs() -> Samples:
    return speech(JFK)


def room(delay: float, decay: float, direct_db: float = 3.0) -> Samples:
    times = np.arange(at_rate(decay)) / SAMPLE_RATE_HZ
    tail = np.random.default_rng(2).normal(size=len(times)) * 10 ** (-3 * times / decay) * (times > 0.002)
    tail *= 10 ** (-direct_db / 20) / np.linalg.norm(tail)
    tail[0] = 1.0
    return np.concatenate([np.zeros(at_rate(delay)), tail]).astype(np.float32)


def echo(gain_db: float, delay: float, decay: float) -> Samples:
    size = 1 << 18
    spectrum = np.fft.rfft(ours(), size) * np.fft.rfft(room(delay, decay), size)
    return (np.fft.irfft(spectrum, size) * 10 ** (gain_db / 20)).astype(np.float32)


def microphone(*parts: tuple[float, Samples], noise_db: float = -60.0) -> Clip:
    """Sounds that each begin at a time (s), and the room's noise."""
    heard = np.random.default_rng(1).normal(0, 10 ** (noise_db / 20), at_rate(SECONDS))
    for start, samples in parts:
        part = heard[at_rate(start) :][: len(samples)]
        part += samples[: len(part)]
    return Clip(np.clip(heard, -1, 1).astype(np.float32))


def explained(heard: Clip, told: float = BEGINS, stopped: float | None = None) -> list[bool]:
    gate, answers = EchoGate(), []
    for index, frame in enumerate(frames_of(heard)):
        if index == round(BEGINS / seconds_in(1)):
            gate.playing(ours(), told)
        if stopped is not None and index == round(stopped / seconds_in(1)):
            gate.stopped(stopped)
        answers.append(gate.explains(frame, seconds_in(index)))
    return answers


def voiced(heard: Clip) -> list[bool]:
    detector = load_detector("webrtc")
    return [detector.is_speech(frame) for frame in frames_of(heard)]


def noticed(flags: list[bool]) -> float | None:
    """When it is known that somebody speaks (s)."""
    segmenter = Segmenter()
    for flag in flags:
        segmenter.push(flag)
        if segmenter.speaking:
            return seconds_in(segmenter.frames)
    return None


def noticed_with_gate(heard: Clip, told: float = BEGINS, stopped: float | None = None) -> float | None:
    gate = explained(heard, told, stopped)
    return noticed([flag and not our for flag, our in zip(voiced(heard), gate, strict=True)])


ROOMS = [(-3.0, 0.01, 0.25, 0.0), (-15.0, 0.12, 0.4, 0.3), (-28.0, 0.3, 0.6, 0.6), (-10.0, 0.05, 0.5, -0.3)]
"""Gain (dB), delay and reverberation time (s), and how much later than told it begins (s)."""


@pytest.mark.parametrize(("gain_db", "delay", "decay", "late"), ROOMS)
def test_our_own_voice_does_not_count_as_the_persons(
    gain_db: float, delay: float, decay: float, late: float
) -> None:
    heard = microphone((BEGINS, echo(gain_db, delay, decay)), noise_db=gain_db - 45)
    assert noticed(voiced(heard)) is not None, "without the gate the answer would be re-opened"
    assert noticed_with_gate(heard, told=BEGINS - late) is None


@pytest.mark.parametrize("start", [BEGINS + 0.05, BEGINS + 0.7])
@pytest.mark.parametrize("gain_db", [0.0, -25.0])
def test_with_headphones_no_frame_of_the_person_is_explained(start: float, gain_db: float) -> None:
    heard = microphone((start, theirs() * np.float32(10 ** (gain_db / 20))))
    assert sum(voiced(heard)) > 30
    assert not any(explained(heard))


def test_a_person_over_the_echo_is_noticed_soon() -> None:
    for start in (BEGINS + 0.6, BEGINS + 1.2):
        heard = microphone((BEGINS, echo(-3.0, 0.05, 0.4)), (start, theirs() * np.float32(0.8)))
        found = noticed_with_gate(heard)
        assert found is not None
        assert start + 0.1 < found < start + 0.75


def test_a_person_far_louder_than_what_leaks_from_headphones_is_heard_at_once() -> None:
    start = BEGINS + 0.9
    heard = microphone((BEGINS, echo(-30.0, 0.01, 0.3)), (start, theirs()), noise_db=-75)
    alone = noticed(voiced(microphone((start, theirs()), noise_db=-75)))
    found = noticed_with_gate(heard)
    assert alone is not None and found is not None
    assert start < found <= alone + 0.1


def test_after_we_fell_silent_only_the_rooms_answer_is_explained() -> None:
    stop = BEGINS + 0.9
    response = echo(-6.0, 0.05, 0.4)[: at_rate(0.9)]
    heard = microphone((BEGINS, response), (stop + 0.5, theirs() * np.float32(0.5)))
    found = noticed_with_gate(heard, stopped=stop)
    assert found is not None
    assert stop + 0.5 < found < stop + 1.1


def test_nothing_is_explained_before_anything_is_played() -> None:
    gate = EchoGate()
    frames = list(frames_of(microphone((0.0, ours()))))
    assert not any(gate.explains(frame, seconds_in(index)) for index, frame in enumerate(frames))
    gate.stopped(1.0)
    assert not gate.explains(frames[0], seconds_in(len(frames)))


def test_frames_that_nobody_asks_about_may_be_left_out() -> None:
    heard = microphone((BEGINS, echo(-8.0, 0.05, 0.3)))
    gate, flags = EchoGate(), []
    gate.playing(ours(), BEGINS)
    for index, (frame, flag) in enumerate(zip(frames_of(heard), voiced(heard), strict=True)):
        flags.append(flag and not gate.explains(frame, seconds_in(index)))
    assert noticed(flags) is None


def test_digital_silence_is_harmless() -> None:
    with np.errstate(all="raise"):
        gate = EchoGate()
        gate.playing(np.zeros(0, dtype=np.float32), 0.0)
        silence = np.zeros(480, dtype=np.float32)
        assert not any(gate.explains(silence, seconds_in(index)) for index in range(20))
        gate.playing(ours(), 0.6)
        assert not any(gate.explains(silence, seconds_in(index)) for index in range(20, 60))


def test_it_costs_less_than_a_tenth_of_a_frame() -> None:
    heard = microphone((BEGINS, echo(-8.0, 0.05, 0.3)))
    before = time.process_time()
    answers = explained(heard)
    # 0.5 ms on the machine it was written on; a frame lasts 30 ms.
    assert (time.process_time() - before) / len(answers) < 0.003
