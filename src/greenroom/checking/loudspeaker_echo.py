"""Whether the microphone hears the loudspeaker, and how loudly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenroom.audio.clip import resample
from greenroom.audio.level import level_db
from greenroom.listening.echo import EchoGate
from greenroom.listening.voice_activity import frames_of
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip

_LEAST_FRAMES = 40
"""Frames that must be explained by what was played. With it, five seconds of 38 recordings were found again
50, 150 and 300 ms late in all cases 0 and 12 dB fainter and in 109 of 114 cases 24 dB fainter; of 152 other
recordings none was taken for an echo (scripts/measure_check.py). The same synthetic voice with other words
explained 24 at most: what is found by chance is given up after that many (listening/echo.py, LOST_FRAMES)."""


@dataclass(frozen=True, slots=True)
class Echo:
    """What the microphone heard of the loudspeaker.

    Attributes:
        found: whether it heard it.
        level_db: how loud that was (dBov); None where it was not found.
    """

    found: bool
    level_db: float | None = None


def echo_of(played: Clip, heard: Clip, started: float) -> Echo:
    """The echo of `played` (any rate) in `heard` (16 kHz).

    Args:
        started: when `played` began (s of `heard`), known to +-0.3 s; what `heard` holds before it tells the
            gate how noisy the room is.
    """
    gate = EchoGate()
    gate.playing(resample(played, SAMPLE_RATE_HZ).samples, started)
    explained = [
        frame
        for number, frame in enumerate(frames_of(heard))
        if gate.explains(frame, number * FRAME_SAMPLES / SAMPLE_RATE_HZ)
    ]
    if len(explained) < _LEAST_FRAMES:
        return Echo(found=False)
    return Echo(True, level_db(np.concatenate(explained)))
