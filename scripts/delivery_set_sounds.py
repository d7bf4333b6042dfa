"""What is heard in the made delivery set and is no speech: breaths, laughter, coughs, keys, machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from turns_sound import Samples, amplitude, faded, fan, pink, room_tone, shaped

from greenroom.records import SAMPLE_RATE_HZ

Maker = Callable[[np.random.Generator], Samples]


def breath(rng: np.random.Generator) -> Samples:
    """Air drawn in: a rush of 0.3 to 0.6 s, 15 to 22 dB below speech."""
    count = _count(rng.uniform(0.3, 0.6))
    rush = shaped(count, rng, 0.3, 500, 3500) * np.sin(np.linspace(0, np.pi, count)) ** 1.5
    return _at(rush, rng.uniform(-45, -38))


def cough(rng: np.random.Generator) -> Samples:
    """Two bursts, as loud as speech or a little louder."""
    bursts = [_burst(rng, seconds) for seconds in (0.16, 0.24)]
    gap = np.zeros(_count(rng.uniform(0.08, 0.15)), np.float32)
    return _at(np.concatenate([bursts[0], gap, bursts[1]]), rng.uniform(-26, -22))


def _burst(rng: np.random.Generator, seconds: float) -> Samples:
    count = _count(seconds)
    time = np.arange(count) / SAMPLE_RATE_HZ
    envelope = np.minimum(time / 0.008, 1) * np.exp(-time / (seconds / 4))
    return faded((shaped(count, rng, 0.8, 200, 2500) * envelope).astype(np.float32))


def laugh(rng: np.random.Generator) -> Samples:
    """Five to eight syllables of breath and voice, five a second, falling in pitch and level."""
    pitch, parts = rng.uniform(150, 260), []
    for number in range(int(rng.integers(5, 9))):
        voiced = _voiced(0.09, pitch * 0.97**number, pitch * 0.9 * 0.97**number, ((750, 120), (1250, 150)))
        air = shaped(_count(0.08), rng, 0.5, 600, 3500) * np.float32(0.25 * np.abs(voiced).max())
        parts += [faded(air, 2), faded(voiced, 1.5) * np.float32(0.9**number)]
        parts.append(np.zeros(_count(rng.uniform(0.02, 0.05)), np.float32))
    return _at(np.concatenate(parts), rng.uniform(-32, -27))


def keys(rng: np.random.Generator) -> Samples:
    """A few keys pressed, 6 to 9 a second."""
    parts = []
    for _ in range(int(rng.integers(5, 10))):
        parts.append(click(rng))
        parts.append(np.zeros(_count(rng.uniform(0.08, 0.15)), np.float32))
    return np.concatenate(parts)


def click(rng: np.random.Generator) -> Samples:
    """One key or mouse button: down and up."""
    count = _count(0.012)
    fall = np.exp(-np.arange(count) / (0.003 * SAMPLE_RATE_HZ)).astype(np.float32)
    down, up = (shaped(count, rng, 0.0, 1000, 5000) * fall * level for level in (1.0, 0.5))
    gap = np.zeros(_count(rng.uniform(0.03, 0.07)), np.float32)
    return np.concatenate([down, gap, up]) * amplitude(rng.uniform(-34, -26))


def tune(rng: np.random.Generator) -> Samples:
    """Somebody hums seven notes with closed lips. It is voiced and steady; it is no answer and no filler."""
    parts = []
    for step in (0, 2, 4, 5, 4, 2, 0):
        hz = 130 * 2 ** (step / 12)
        parts += [faded(_voiced(rng.uniform(0.6, 1.2), hz, hz, ((250, 80), (1100, 300))), 5), _gap(rng)]
    return _at(np.concatenate(parts), -30)


def mains(rng: np.random.Generator) -> Samples:
    """The hum of a badly earthed microphone: 50 Hz and its multiples."""
    time = np.arange(_count(10)) / SAMPLE_RATE_HZ
    hum = sum(np.sin(2 * np.pi * 50 * k * time + rng.uniform(0, 6)) / k for k in (1, 2, 3, 4, 6, 8))
    return _at(np.asarray(hum, np.float32), -38)


def _voiced(
    seconds: float, first_hz: float, last_hz: float, formants: tuple[tuple[float, float], ...]
) -> Samples:
    """A voice that glides: pulses of the glottis through resonances (Hz, width in Hz)."""
    count = _count(seconds)
    phase = 2 * np.pi * np.cumsum(np.linspace(first_hz, last_hz, count)) / SAMPLE_RATE_HZ
    sound = np.zeros(count)
    for harmonic in range(1, int(4000 / max(first_hz, last_hz))):
        hz = harmonic * (first_hz + last_hz) / 2
        gain = sum(1 / (1 + ((hz - centre) / width) ** 2) for centre, width in formants)
        sound += (gain + 0.01) / harmonic * np.sin(harmonic * phase)
    return sound.astype(np.float32)


def _gap(rng: np.random.Generator) -> Samples:
    return np.zeros(_count(rng.uniform(0.05, 0.3)), np.float32)


def _several(maker: Maker, count: int) -> Maker:
    def made(rng: np.random.Generator) -> Samples:
        silences = [np.zeros(_count(rng.uniform(0.5, 2.0)), np.float32) for _ in range(count)]
        return np.concatenate([part for silence in silences for part in (silence, maker(rng))])

    return made


def _count(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)


def _at(samples: Samples, dbfs: float) -> Samples:
    """At a level of its loud part."""
    loud = np.abs(samples) > 0.1 * np.abs(samples).max()
    level = np.sqrt(np.mean(np.square(samples[loud], dtype=np.float64)))
    return (samples * (amplitude(dbfs) / level)).astype(np.float32)


IN_PAUSES: Mapping[str, Maker] = MappingProxyType(
    {"breath": breath, "cough": cough, "laugh": laugh, "keys": keys, "click": click}
)

NO_SPEECH: Mapping[str, Maker] = MappingProxyType(
    {
        "room": lambda rng: room_tone(_count(10), -60, rng),
        "fan": lambda rng: fan(12, rng) * amplitude(-48),
        "hiss": lambda rng: pink(10, rng) * amplitude(-42),
        "mains": mains,
        "tune": tune,
        "keys": _several(keys, 6),
        "breaths": _several(breath, 7),
        "coughs": _several(cough, 5),
        "laughter": _several(laugh, 5),
    }
)
"""Clips without a word; room tone is laid under each."""
