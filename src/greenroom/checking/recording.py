"""A few seconds from the microphone, kept in memory only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.level import level_db
from greenroom.audio.source import AudioSource
from greenroom.errors import DeviceError
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip

Floats = NDArray[np.float32]

_FRAME_WAIT = 0.02  # s; so often keys are looked at where no frame comes
_LATE_SECONDS = 5.0
"""A microphone that is so late has stopped; its own count of starved seconds is shorter."""


class NothingArrivesError(DeviceError):
    """The microphone is open, and gives nothing at all."""


class LostError(DeviceError):
    """The microphone gave sound, and then stopped."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard: a clip at 16 kHz, and whether all of it arrived."""

    clip: Clip
    complete: bool


def hear(
    source: AudioSource,
    done: Callable[[float, Floats | None], bool],
    level: Callable[[float], None],
) -> Heard:
    """Listen to an open source until done.

    Args:
        done: asked after each look at the source with the seconds heard so far and the newest frame, None
            where none came.
        level: told the level of each frame (dBov).

    Raises:
        NothingArrivesError: not one frame came.
        LostError: the microphone was lost on the way.
    """
    frames: list[Floats] = []
    last = time.monotonic()
    while True:
        try:
            frame = source.read(_FRAME_WAIT)
        except DeviceError as error:
            raise _stopped(error, frames) from error
        now = time.monotonic()
        if frame is not None:
            frames.append(frame)
            level(level_db(frame))
            last = now
        elif now - last > _LATE_SECONDS:
            raise _stopped(DeviceError("the microphone has stopped", "plug it in again"), frames)
        if done(len(frames) * FRAME_SAMPLES / SAMPLE_RATE_HZ, frame):
            break
    samples = np.concatenate(frames) if frames else np.zeros(0, dtype=np.float32)
    return Heard(Clip(samples), complete=not source.overflowed)


def _stopped(error: DeviceError, frames: list[Floats]) -> DeviceError:
    if frames:
        return LostError(error.message, error.hint)
    return NothingArrivesError("the microphone is open, but nothing arrives from it", error.hint)
