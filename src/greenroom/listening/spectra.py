"""Short spectra of sound, and sound of spectra: what the echo gate compares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ

Floats = NDArray[np.float32]

HOP = FRAME_SAMPLES // 2
"""Spectra are taken every 15 ms over 30 ms: two for each frame."""

_WHITE_BINS = 121
"""Bins up to 4 kHz: turned back into sound they give 8 kHz, enough to find an echo and half the work."""
WHITE_HOP = HOP // 2
WHITE_RATE_HZ = SAMPLE_RATE_HZ // 2
_LOWEST_BIN = 5
"""170 Hz: below it small loudspeakers give nothing, and rooms hum."""

TINY = 1e-12
_WINDOW = np.sqrt(np.hanning(2 * HOP + 1)[:-1]).astype(np.float32)
_WHITE_WINDOW = np.sqrt(np.hanning(2 * WHITE_HOP + 1)[:-1]).astype(np.float32)
"""Square roots of Hann windows: laid over each other twice they add up to one."""


def spectra_of(samples: Floats) -> NDArray[np.complex64]:
    """Spectra over two hops each, shape (hops - 1, HOP + 1)."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, 2 * HOP)[::HOP]
    return np.fft.rfft(windows * _WINDOW).astype(np.complex64)


def flattened(spectra: NDArray[np.complex64], noise: Floats) -> NDArray[np.complex64]:
    """Spectra with phases kept and magnitudes of one, less where they hardly exceed `noise` (power)."""
    magnitude = np.abs(spectra)
    power = np.square(magnitude)
    white = spectra / (magnitude + TINY) * (power / (power + noise + TINY))
    white[:, :_LOWEST_BIN] = 0.0
    narrowed: NDArray[np.complex64] = white[:, :_WHITE_BINS].astype(np.complex64)
    return narrowed


def laid_over(spectra: NDArray[np.complex64], overlap: Floats) -> tuple[Floats, Floats]:
    """Spectra as sound at 8 kHz, one hop each and one hop late, and the half that overlaps with the next."""
    pieces = (np.fft.irfft(spectra, 2 * WHITE_HOP) * _WHITE_WINDOW).astype(np.float32)
    before = np.concatenate([overlap[None], pieces[:-1, WHITE_HOP:]])
    return (before + pieces[:, :WHITE_HOP]).ravel(), pieces[-1, WHITE_HOP:]
