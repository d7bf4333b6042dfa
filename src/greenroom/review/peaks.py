"""The shape of a recording, computed beforehand: a page opened from the disk can read no sound files."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

PEAKS = 1200
"""How many peaks a recording is drawn with, however long it is: more than a page has room for."""

_STROKES = 240
_LOUDEST = 255
_FAINTEST = 0.02  # full scale is 1; what never rises above this is not drawn as if it were speech
_HOP = 64  # samples whose loudest one is remembered while the recording is read
_BLOCK = 1024 * _HOP  # samples read at a time


@dataclass(frozen=True, slots=True)
class Peaks:
    """The loudest sample of each of up to PEAKS equal stretches, 0 to 1, the loudest of all being 1.

    `seconds` is the length of the recording.
    """

    values: tuple[float, ...]
    seconds: float

    @property
    def packed(self) -> str:
        """Base64 of one byte for each value, 255 for 1.0."""
        levels = np.rint(np.array(self.values) * _LOUDEST).astype(np.uint8)
        return base64.b64encode(levels.tobytes()).decode("ascii")

    @property
    def outline(self) -> str:
        """The same as the path of an SVG, 1000 wide and 100 high: an upright stroke for every few peaks."""
        heights = _loudest_of(np.array(self.values, dtype=np.float32), min(_STROKES, len(self.values))) * 48
        step = 1000 / len(heights)
        return "".join(
            f"M{step * (i + 0.5):.1f},{50 - height:.1f}V{50 + height:.1f}" for i, height in enumerate(heights)
        )


def peaks_of(path: Path) -> Peaks | None:
    """The peaks of a sound file; None where it is missing, empty, or cannot be read.

    Its length is that of what can be read: the header of a recording that broke off does not know it.
    """
    try:
        with soundfile.SoundFile(path) as file:
            hops, samples = _loudest_of_hops(file)
            seconds = samples / file.samplerate
    except (OSError, TypeError, soundfile.SoundFileError):  # TypeError: .raw wants its format told
        return None
    if not samples:
        return None
    loudest = _loudest_of(hops, min(PEAKS, len(hops)))
    scaled = loudest / max(float(loudest.max()), _FAINTEST)
    return Peaks(tuple(float(value) for value in scaled), seconds)


def _loudest_of_hops(file: soundfile.SoundFile) -> tuple[NDArray[np.float32], int]:
    hops, samples = [np.zeros(0, dtype=np.float32)], 0
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        loudest = np.nan_to_num(np.abs(block).max(axis=1), posinf=0.0)  # damaged: what is no number
        hops.append(np.maximum.reduceat(loudest, np.arange(0, len(loudest), _HOP)))
        samples += len(block)
    return np.concatenate(hops), samples


def _loudest_of(hops: NDArray[np.float32], stretches: int) -> NDArray[np.float32]:
    starts = np.arange(stretches) * len(hops) // stretches
    loudest: NDArray[np.float32] = np.maximum.reduceat(hops, starts)
    return loudest
