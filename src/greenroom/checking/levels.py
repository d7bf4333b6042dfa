"""What a recording of a few seconds tells about a microphone: how loud, how noisy, cut off, narrow, or dead.

All levels are in dB of full scale (dBov): a square wave that fills the range has 0 dB, a sine -3 dB.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.level import LOWEST_DB, level_db, power_db
from greenroom.listening.voice_activity import Detector, speech_intervals
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip

Floats = NDArray[np.float32]

CLEAREST_DB = 60.0
"""No higher signal-to-noise ratio is given: where a noise gate makes silence digital it would have
no end."""

_ONE_STEP = 1 / 32_768
_DEAD_STEPS = 1.5
"""A device without sound gives one value all the time; some toggle its last bit."""

_QUIETER_FRAMES = 0.9
"""Share of a silence's frames that count: one click, cough or key does not make a noisy room. (Judgement.)"""

_PEAK_SHARE = 0.98
"""Samples so near to the highest one are at its ceiling."""
_PLATEAU_SAMPLES = 2
"""So many of them in a row are a flat top. (scripts/measure_check.py)"""
_LEAST_CEILING = 10 ** (-14 / 20)
"""A ceiling lower than this is none: half of full scale where one side of a stereo microphone is dead,
and a little to spare."""

_LOW_BAND_HZ = (300.0, 3400.0)
_HIGH_BAND_HZ = (4300.0, 7000.0)
"""What a telephone carries, and what it does not: a headset at 8 kHz ends below 4 kHz."""
_LOUDEST_FRAMES = 0.95
"""The frames whose high band counts: even a short sentence has an s or t in one of twenty."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence of the person: the room.

    Attributes:
        dead: there is no sound in it at all, not even noise.
        noise_db: level without its loudest tenth.
        spoken: how much of it is somebody's voice (s).
    """

    dead: bool
    noise_db: float
    spoken: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A recording in which the person was asked to speak.

    Attributes:
        dead: there is no sound in it at all, not even noise.
        loudest_db: level of its loudest frames (one of twenty).
        spoken: how much of it is speech (s).
        level_db: level of the speech; None where there is none.
        clipped: share of the speech's frames that have a flat top (0 to 1).
        high_db: the band above the telephone's against the telephone's own, where it is strongest (dB);
            None where there is no speech.
    """

    dead: bool
    loudest_db: float
    spoken: float
    level_db: float | None = None
    clipped: float = 0.0
    high_db: float | None = None


def hear_quiet(clip: Clip, detector: Detector) -> Quiet:
    """What is heard while nobody should speak; `clip` at 16 kHz."""
    powers = np.sort(_powers(_frames(clip)))
    kept = powers[: max(1, math.ceil(len(powers) * _QUIETER_FRAMES))]
    spoken = sum(end - start for start, end in speech_intervals(clip, detector))
    return Quiet(is_dead(clip), power_db(float(kept.mean())), spoken)


def hear_speech(clip: Clip, detector: Detector) -> Speech:
    """What is heard where somebody should speak; `clip` at 16 kHz."""
    frames = _frames(clip)
    loudest = power_db(float(np.quantile(_powers(frames), _LOUDEST_FRAMES)))
    intervals = speech_intervals(clip, detector)
    spoken = sum(end - start for start, end in intervals)
    if not intervals:
        return Speech(is_dead(clip), loudest, spoken)
    rows = _spoken_rows(frames, intervals)
    return Speech(
        is_dead(clip), loudest, spoken, level_db(rows.ravel()), clipped_share(rows), high_band_db(rows)
    )


def is_dead(clip: Clip) -> bool:
    """Whether nothing moves in it: zeros all the time, or another value."""
    return not len(clip.samples) or float(np.ptp(clip.samples)) <= _DEAD_STEPS * _ONE_STEP


def signal_to_noise_db(speech: float, noise: float) -> float:
    """How far speech stands out of the noise (dB), both given as levels (dBov) measured one after the other.

    The noise is in the speech's level, too, and is taken out of it.
    """
    if noise <= LOWEST_DB:
        return CLEAREST_DB
    clean = 10 ** (speech / 10) - 10 ** (noise / 10)
    return min(CLEAREST_DB, 10 * math.log10(clean) - noise) if clean > 0 else 0.0


def clipped_share(frames: Floats) -> float:
    """Share of the frames (rows) with a flat top at the highest value of them all (0 to 1).

    The ceiling need not be full scale: where channels are averaged it lies lower.
    """
    heights = np.abs(frames)
    ceiling = float(heights.max(initial=0.0))
    if ceiling < _LEAST_CEILING:
        return 0.0
    at_ceiling = heights >= _PEAK_SHARE * ceiling
    runs = np.lib.stride_tricks.sliding_window_view(at_ceiling, _PLATEAU_SAMPLES, axis=1).all(axis=2)
    return float(np.mean(np.max(runs, axis=1)))


def high_band_db(frames: Floats) -> float:
    """The band above a telephone's against the telephone's, where it is strongest (dB); frames are rows."""
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1]), axis=1)))
    hz = np.fft.rfftfreq(frames.shape[1], 1 / SAMPLE_RATE_HZ)
    low, high = (
        power[:, (hz >= first) & (hz < last)].sum(axis=1) for first, last in (_LOW_BAND_HZ, _HIGH_BAND_HZ)
    )
    return power_db(float(np.quantile(high, _LOUDEST_FRAMES))) - power_db(float(low.mean()))


def _frames(clip: Clip) -> Floats:
    """The clip's whole frames, a row each, without a constant that some sound cards add to all samples."""
    count = len(clip.samples) // FRAME_SAMPLES
    if not count:
        return np.zeros((1, FRAME_SAMPLES), dtype=np.float32)
    samples = clip.samples[: count * FRAME_SAMPLES]
    frames: Floats = (samples - np.median(samples)).reshape(count, -1)
    return frames


def _powers(frames: Floats) -> NDArray[np.float64]:
    powers: NDArray[np.float64] = np.square(frames, dtype=np.float64).mean(axis=1)
    return powers


def _spoken_rows(frames: Floats, intervals: tuple[tuple[float, float], ...]) -> Floats:
    """Those of a recording's frames that lie in the intervals (s)."""
    middles = (np.arange(len(frames)) + 0.5) * FRAME_SAMPLES / SAMPLE_RATE_HZ
    spoken = np.zeros(len(frames), dtype=bool)
    for start, end in intervals:
        spoken |= (middles >= start) & (middles < end)
    return frames[spoken] if spoken.any() else frames
