"""Filled pauses of a person, cut out of recordings, for those of the made delivery set's voices that are near
enough in pitch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from turns_sound import SPEECH_LEVEL_DBFS, Samples, amplitude, high_passed, rms

from greenroom.audio.clip import load_clip, resample
from greenroom.records import SAMPLE_RATE_HZ, Clip

CUTS = (
    ("um", "mfa__acoustic_corpus", 8.02, 8.57),
    ("um", "mfa__acoustic_corpus", 22.88, 23.53),
    ("uh", "mfa__mfa_uhuh", 2.60, 2.80),
    ("uh", "mfa__mfa_uhuh", 3.23, 3.51),
)
"""What, in which recording (MIT, the Montreal Forced Aligner's author's own voice), from and to (s): those
with a silence beside them."""

MOST_SHIFT = 1.2
"""Changing the pitch by resampling moves the resonances too; beyond this it is another person."""


def real_fillers(audio: Path | None) -> Mapping[str, Sequence[Samples]]:
    """What of CUTS is there, by what it is, at the level of speech."""
    found: dict[str, list[Samples]] = {}
    for text, name, start, end in CUTS:
        path = (audio or Path()) / f"{name}.flac"
        if audio and path.exists():
            samples = high_passed(load_clip(path).samples)
            cut = samples[round(start * SAMPLE_RATE_HZ) : round(end * SAMPLE_RATE_HZ)]
            found.setdefault(text, []).append(cut * np.float32(amplitude(SPEECH_LEVEL_DBFS) / rms(cut)))
    return found


def matched(samples: Samples, voice: Samples) -> Samples | None:
    """`samples` at the pitch of `voice`; None where the two are too far apart."""
    ratio = pitch_hz(voice) / pitch_hz(samples)
    if not 1 / MOST_SHIFT <= ratio <= MOST_SHIFT:
        return None
    return resample(Clip(samples, round(SAMPLE_RATE_HZ * ratio)), SAMPLE_RATE_HZ).samples


def pitch_hz(samples: Samples) -> float:
    """The median pitch of the loud half of a voiced sound, by its autocorrelation."""
    size, found = 640, []
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    for frame in frames[levels >= np.median(levels)]:
        spectrum = np.abs(np.fft.rfft(frame * np.hanning(size), 2 * size)) ** 2
        likeness = np.fft.irfft(spectrum)[SAMPLE_RATE_HZ // 350 : SAMPLE_RATE_HZ // 60]
        found.append(SAMPLE_RATE_HZ / (SAMPLE_RATE_HZ // 350 + int(np.argmax(likeness))))
    return float(np.median(found))
