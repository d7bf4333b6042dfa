"""Sounds for these tests, made by formula: a voice that hums a vowel, hiss, a room."""

from __future__ import annotations

import numpy as np

from greenroom.records import SAMPLE_RATE_HZ, Clip, Utterance

FORMANTS = ((700, 1.0), (1_200, 0.5), (2_600, 0.2))
ROOM_DB = -65.0


def count(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)


def amplitude(db: float) -> float:
    """Root of the mean square of a sound at a level (dBFS)."""
    return float(10 ** (db / 20))


def at_level(samples: np.ndarray, db: float) -> np.ndarray:
    return (samples * amplitude(db) / np.sqrt(np.mean(samples**2))).astype(np.float32)


def vowel(
    seconds: float,
    pitch_hz: float = 120.0,
    db: float = -25.0,
    end_hz: float | None = None,
    shift: float = 1.0,
) -> np.ndarray:
    """A voiced sound, its pitch gliding to `end_hz`; `shift` moves the formants, and makes another vowel."""
    steps = np.linspace(0, 1, count(seconds), endpoint=False)
    pitch = pitch_hz * ((end_hz or pitch_hz) / pitch_hz) ** steps
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE_HZ
    sound = np.zeros(len(phase))
    for harmonic in range(1, int(4_000 / pitch_hz)):
        weights = (w * np.exp(-(((harmonic * pitch_hz - f * shift) / 250) ** 2)) for f, w in FORMANTS)
        sound += (0.02 + sum(weights)) * np.sin(harmonic * phase)
    return at_level(sound, db)


def hiss(seconds: float, db: float, seed: int = 1) -> np.ndarray:
    """White noise: breath, or /s/."""
    return at_level(np.random.default_rng(seed).normal(size=count(seconds)), db)


def nothing(seconds: float) -> np.ndarray:
    return np.zeros(count(seconds), np.float32)


def in_a_room(*parts: np.ndarray, db: float = ROOM_DB, seed: int = 7) -> Clip:
    """The parts one after the other, over the steady noise of a room."""
    samples = np.concatenate(parts)
    return Clip((samples + hiss(len(samples) / SAMPLE_RATE_HZ, db, seed)).astype(np.float32))


def said(clip: Clip, *speech: tuple[float, float]) -> Utterance:
    return Utterance(clip, speech, "silence", speech[-1][1] if speech else 0.0, clip.seconds)
