"""Speech in rooms that are made: at a level, in noise, cut off, narrowed, and as an echo."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from greenroom.audio.clip import load_clip
from greenroom.checking.levels import hear_speech
from greenroom.demo import demo_recordings
from greenroom.listening.voice_activity import load_detector
from greenroom.records import SAMPLE_RATE_HZ, Clip

Samples = NDArray[np.float32]

JFK = Path(__file__).parents[1] / "data" / "jfk.flac"
SECONDS = 5.0


@cache
def voice(path: Path) -> Samples:
    """Five seconds of a recording, from its first word on, with its speech at -26 dBov."""
    samples = load_clip(path).samples
    first = int(np.flatnonzero(np.abs(samples) > 0.15 * np.abs(samples).max())[0])
    spoken = samples[max(0, first - 800) :][: round(SECONDS * SAMPLE_RATE_HZ)]
    return at_db(spoken, -26.0)


def ours() -> Samples:
    return voice(demo_recordings()[0])


def theirs() -> Samples:
    return voice(demo_recordings()[1])


def jfk() -> Samples:
    return voice(JFK)


def at_db(samples: Samples, db: float) -> Samples:
    """With its speech at a level (dBov)."""
    level = hear_speech(Clip(samples), load_detector()).level_db
    assert level is not None
    return (samples * 10 ** ((db - level) / 20)).astype(np.float32)


def noise(db: float, seconds: float = SECONDS, seed: int = 1) -> Samples:
    count = round(seconds * SAMPLE_RATE_HZ)
    return np.random.default_rng(seed).normal(0, 10 ** (db / 20), count).astype(np.float32)


def overdriven(samples: Samples, db: float, ceiling: float = 1.0) -> Samples:
    """With its peak so far above `ceiling`, and cut off there, at 48 kHz as a sound card does it."""
    there = soxr.resample(samples / np.abs(samples).max(), SAMPLE_RATE_HZ, 48_000) * 10 ** (db / 20)
    back = soxr.resample(np.clip(there, -1, 1), 48_000, SAMPLE_RATE_HZ)
    return (ceiling * np.clip(back, -1, 1)).astype(np.float32)


def narrowed(samples: Samples) -> Samples:
    """As a headset in its call profile gives it: through 8 kHz."""
    there = soxr.resample(samples, SAMPLE_RATE_HZ, 8_000)
    return np.asarray(soxr.resample(there, 8_000, SAMPLE_RATE_HZ), dtype=np.float32)


def laid_in(room: Samples, *parts: tuple[float, Samples]) -> Clip:
    """Sounds that each begin at a time (s) in a room's noise."""
    heard = room.copy()
    for start, samples in parts:
        place = heard[round(start * SAMPLE_RATE_HZ) :][: len(samples)]
        place += samples[: len(place)]
    return Clip(np.clip(heard, -1, 1))
