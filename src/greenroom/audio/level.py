"""How loud sound is, in dB of full scale (dBov): a full square wave has 0 dB, a full sine -3 dB."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LOWEST_DB = -96.0
"""The level given for digital silence: the floor of 16-bit sound."""


def level_db(samples: NDArray[np.float32]) -> float:
    """The level of samples (dBov), LOWEST_DB at least."""
    return power_db(float(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else LOWEST_DB


def power_db(power: float) -> float:
    """A power (1 is full scale) as a level (dBov), LOWEST_DB at least."""
    return max(LOWEST_DB, 10 * math.log10(power)) if power > 0 else LOWEST_DB
