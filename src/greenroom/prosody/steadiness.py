"""Where the sound stays as it is: a held vowel or a hum, and not one speech sound after another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenroom.prosody.acoustics import Acoustics
from greenroom.prosody.stretches import Hops

# Over 60 ms, the spectrum's shape changes by 1.5 to 4 dB (mean over bands) in filled pauses, 4 to 9 in words.
_LAG = 3
_CHANGE_DB = 3.5
_SEMITONES = 1.2


def steady_sound(acoustics: Acoustics) -> Hops:
    """Where the spectrum keeps its shape, voiced or hoarse; shape (n,)."""
    shape = acoustics.spectrum - acoustics.spectrum.mean(axis=1, keepdims=True)
    return _over_lag(np.abs(shape[2 * _LAG :] - shape[: -2 * _LAG]).mean(axis=1), len(shape)) < _CHANGE_DB


def steady_voice(acoustics: Acoustics) -> Hops:
    """Where, besides, there is a pitch that hardly moves; shape (n,)."""
    pitch = np.where(acoustics.voiced, acoustics.pitch_hz, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.abs(12 * np.log2(pitch[2 * _LAG :] / pitch[: -2 * _LAG]))
    return steady_sound(acoustics) & (_over_lag(np.nan_to_num(moves, nan=np.inf), len(pitch)) < _SEMITONES)


def _over_lag(change: NDArray[np.floating], hops: int) -> NDArray[np.floating]:
    """`change` from `_LAG` hops before each to as many after; infinite at both ends."""
    whole = np.full(hops, np.inf)
    whole[_LAG : _LAG + len(change)] = change
    return whole
