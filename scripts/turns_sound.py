"""Sound for the benchmark of turn-taking: levels, what is audible, room tone, and noise that is generated.

Everything is counted in ticks of 10 ms, so that what was put together is known exactly.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from greenroom.records import SAMPLE_RATE_HZ

Samples = NDArray[np.float32]
Mask = NDArray[np.bool_]

TICK_SAMPLES = 160
TICKS_PER_SECOND = SAMPLE_RATE_HZ // TICK_SAMPLES

SPEECH_LEVEL_DBFS = -23.0
"""Every speaker is brought to this level (RMS of what is audible), as broadcasters do (EBU R 128)."""

LOUDEST = 98
"""Percentile of the ticks that counts as the loudest: a knock or two are louder than the speaker."""

AUDIBLE_DB = -45.0
"""Sound this far below the loudest tick is not heard beside it; no detector is asked."""

FLOOR_MARGIN_DB = 6.0
"""In a recording with a noise of its own, only what stands this far above that noise is speech."""

QUIET_DB = -30.0
"""Between two words, the level falls at least this far below the loudest tick."""

VOICE_DB = -25.0
"""A stretch of sound that nowhere comes this near to the loudest tick is a breath or the room, not a word."""

SHORTEST_SOUND = 6
SHORTEST_WORD, ALONE = 15, 30
"""Ticks; what is audible for less, or stands alone for less than a word takes, is a click."""


def decibels(ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    return 20 * np.log10(np.maximum(ratio, 1e-6))


def amplitude(db: float) -> np.float32:
    return np.float32(10 ** (db / 20))


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0


def whole_ticks(samples: Samples) -> Samples:
    return samples[: len(samples) // TICK_SAMPLES * TICK_SAMPLES]


def high_passed(samples: Samples, hz: float = 80.0) -> Samples:
    """Without rumble: below the lowest voice, where a recording can be loud and nobody hears it."""
    size = 1 << (len(samples) - 1).bit_length()  # other lengths can take minutes
    spectrum = np.fft.rfft(samples - samples.mean(), size)
    frequencies = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    spectrum *= 1 / (1 + (hz / np.maximum(frequencies, 1e-3)) ** 8)
    return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)


def tick_levels(samples: Samples) -> NDArray[np.float64]:
    """The level (RMS, dBFS) of every tick."""
    ticks = whole_ticks(samples).reshape(-1, TICK_SAMPLES).astype(np.float64)
    return decibels(np.sqrt(np.mean(ticks**2, axis=1)))


def runs(mask: Mask) -> list[tuple[int, int]]:
    """(first, last + 1) of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def audible(samples: Samples) -> Mask:
    """Which ticks can be heard as speech: by energy alone, so that no detector is judged by its like."""
    levels = tick_levels(samples)
    loudest, floor = np.percentile(levels, LOUDEST), np.percentile(levels, 5)
    # Where hardly anything is silent, the quietest is speech too.
    low = max(loudest + AUDIBLE_DB, min(floor + FLOOR_MARGIN_DB, loudest + VOICE_DB))
    high = max(loudest + VOICE_DB, low + FLOOR_MARGIN_DB)
    mask = levels > low
    for first, last in runs(mask):
        if last - first < SHORTEST_SOUND or levels[first:last].max() < high:
            mask[first:last] = False
    return _without_clicks(mask)


def _without_clicks(mask: Mask) -> Mask:
    """Without what is shorter than a word and has a silence on both sides."""
    mask = mask.copy()
    for first, last in runs(mask):
        alone = not mask[max(0, first - ALONE) : first].any() and not mask[last : last + ALONE].any()
        if alone and last - first < SHORTEST_WORD:
            mask[first:last] = False
    return mask


def quiet_places(samples: Samples, mask: Mask, shortest: int = 5) -> list[tuple[int, int]]:
    """(tick, length in ticks) of the silences between words, however short: where a thought can stop."""
    levels = tick_levels(samples)
    smooth = decibels(np.sqrt(np.convolve(10 ** (levels / 10), np.ones(3) / 3, mode="same")))
    quiet = (smooth < np.percentile(levels, LOUDEST) + QUIET_DB) | ~mask
    return [((first + last) // 2, last - first) for first, last in runs(quiet) if last - first >= shortest]


def faded(samples: Samples, ticks: float = 0.5) -> Samples:
    """The samples with soft edges, so that no cut clicks."""
    count = min(round(ticks * TICK_SAMPLES), len(samples) // 2)
    ramp = np.linspace(0, 1, count, dtype=np.float32)
    samples = samples.copy()
    samples[:count] *= ramp
    samples[len(samples) - count :] *= ramp[::-1]
    return samples


def shaped(count: int, rng: np.random.Generator, tilt: float, low_hz: float, high_hz: float) -> Samples:
    """Noise of level 1 whose power falls as 1 / frequency ** tilt, and fast beyond `high_hz`."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    spectrum *= np.maximum(hz, low_hz) ** (-tilt / 2) / (1 + (hz / high_hz) ** 2)
    spectrum[hz < 20] = 0
    noise = np.fft.irfft(spectrum, count)
    return (noise / np.sqrt(np.mean(noise**2))).astype(np.float32)


@lru_cache(maxsize=1)
def _room() -> Samples:
    return shaped(60 * SAMPLE_RATE_HZ, np.random.default_rng(0), 1.0, 40, 4000)


def room_tone(count: int, dbfs: float, rng: np.random.Generator) -> Samples:
    """A quiet room: pink, without its lowest and highest parts."""
    room = np.roll(_room(), int(rng.integers(len(_room()))))
    return np.resize(room, count) * amplitude(dbfs)


def pink(seconds: float, rng: np.random.Generator) -> Samples:
    return shaped(round(seconds * SAMPLE_RATE_HZ), rng, 1.0, 40, 7000)


def fan(seconds: float, rng: np.random.Generator) -> Samples:
    """A computer's fan: the hum of its blades and the rush of the air, which swells a little."""
    count = round(seconds * SAMPLE_RATE_HZ)
    time = np.arange(count) / SAMPLE_RATE_HZ
    hum = sum(np.sin(2 * np.pi * 118 * k * time + rng.uniform(0, 6)) / k**1.5 for k in range(1, 7))
    air = shaped(count, rng, 1.6, 60, 2500) * (1 + 0.15 * np.sin(2 * np.pi * 0.4 * time))
    return (air + 0.6 * hum).astype(np.float32)
