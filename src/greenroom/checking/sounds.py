"""What a check plays: a tone, and the sentences that its voice says."""

from __future__ import annotations

import numpy as np

from greenroom.audio.clip import resample
from greenroom.records import SAMPLE_RATE_HZ, Clip

HELLO = "Hello, this is greenroom. If you hear this sentence, then your loudspeaker works."
BE_QUIET = "Now please be quiet for two seconds."
SPEAK = "Now say a sentence or two: what did you have for breakfast?"

_TONE_HZ = 440.0
_TONE_SECONDS = 0.7
_TONE_PEAK = 0.1  # -20 dB: as loud as a voice
_TONE_FADE_SECONDS = 0.1
_GAP_SECONDS = 0.4


def tone() -> Clip:
    """A soft tone (a'), 0.7 s long."""
    times = np.arange(round(_TONE_SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    edge = np.clip(np.minimum(times, _TONE_SECONDS - times) / _TONE_FADE_SECONDS, 0.0, 1.0)
    sine = np.sin(2 * np.pi * _TONE_HZ * times) * np.square(np.sin(np.pi / 2 * edge))
    return Clip((_TONE_PEAK * sine).astype(np.float32))


def tone_and(sentence: Clip | None) -> tuple[Clip, float]:
    """The tone and after it a sentence, if there is one; and when that begins (s)."""
    if sentence is None:
        return tone(), _TONE_SECONDS
    gap = np.zeros(round(_GAP_SECONDS * sentence.rate), dtype=np.float32)
    before = np.concatenate([resample(tone(), sentence.rate).samples, gap])
    return Clip(np.concatenate([before, sentence.samples]), sentence.rate), len(before) / sentence.rate
