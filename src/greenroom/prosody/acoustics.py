"""What can be read from the sound itself, every 10 ms: loudness, pitch, periodicity, spectrum, clipping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from greenroom.records import SAMPLE_RATE_HZ, Clip

HOP_SECONDS = 0.01
BANDS = 24
"""Bands of the spectrum, spaced by the mel scale."""

DIGITAL_SILENCE_DB = -95.0
"""Below what 16 bits can hold of any room (dBFS): zeros that a device or a program put in."""

Floats = NDArray[np.float32]

_HOP = round(HOP_SECONDS * SAMPLE_RATE_HZ)
_WINDOW = 512  # 32 ms, of which a Hann window weighs the middle: onsets stay within a hop
_LOWEST_HZ, _HIGHEST_HZ = 80.0, 7_600.0
_AUDIBLE_HZ = 120.0  # the level leaves out mains hum and the rumble of a desk, which the window blurs to here
_LEAST_POWER = 1e-12
_LIMIT = 0.99  # of full scale: resampling rounds off what was cut flat
_LIMIT_SAMPLES = 3
_BLOCK = 2_000  # hops that are transformed at once: 20 s, a few megabytes

_PITCH_RATE_HZ = SAMPLE_RATE_HZ // 2
_PITCH_WINDOW = 320  # 40 ms: two periods of 60 Hz need 33 ms (Boersma 1993 takes three periods of 75 Hz)
_PITCH_FFT = 512
_LOWEST_PITCH_HZ, _HIGHEST_PITCH_HZ = 60.0, 500.0
_OCTAVE_COST = 0.02  # of Boersma 1993 (0.01), doubled: without it half the pitch wins as often as the pitch
_VOICED = 0.45  # Praat's voicing threshold
_OVER_ROOM_DB = 6.0
_LOUDEST_PERCENTILE, _UNDER_LOUDEST_DB = 95.0, 8.0
_ENOUGH_VOICED = 30  # hops from which a speaker's own range can be told

_ROOM_MARGIN = 0.1  # voice activity begins and ends a little late or early (s)
_ROOM_SECONDS = 0.5
_ROOM_PERCENTILE = 25.0
_ROOM_PERCENTILE_ALL = 5.0  # where all may be speech: even fluent speech closes its stops that often


@dataclass(frozen=True, slots=True)
class Acoustics:
    """Measures of a clip, one for every 10 ms: item i is about the time from i to i + 1 hops.

    Attributes:
        level_db: loudness, dBFS without what lies below 120 Hz; float32, shape (n,).
        floor_db: the room's, dBFS.
        pitch_hz: shape (n,); 0.0 where the sound is not voiced.
        periodicity: height of the autocorrelation's peak, 0 to 1; shape (n,).
        spectrum: level (dB) by mel band; shape (n, BANDS).
        clipped: whether the sound was cut off at the limit of the samples; bool, shape (n,).
        seconds: length of the clip.
    """

    level_db: Floats
    floor_db: float
    pitch_hz: Floats
    periodicity: Floats
    spectrum: Floats
    clipped: NDArray[np.bool_]
    seconds: float

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where there is a pitch; shape (n,)."""
        return self.pitch_hz > 0

    def hops(self, start: float, end: float) -> slice:
        """The items from `start` to `end` (s), at least one where the clip has any there."""
        first = min(max(round(start / HOP_SECONDS), 0), max(len(self.level_db) - 1, 0))
        return slice(first, max(round(end / HOP_SECONDS), first + 1))


def measured(clip: Clip, speech: Sequence[tuple[float, float]] = ()) -> Acoustics:
    """The measures of a clip (16 kHz).

    Args:
        speech: (start, end) of its speech (s), where that is known: the room is what is outside.

    Raises:
        ValueError: the clip is not at 16 kHz.
    """
    if clip.rate != SAMPLE_RATE_HZ:
        raise ValueError(f"a clip at {clip.rate} Hz; prosody is measured at {SAMPLE_RATE_HZ} Hz")
    samples = np.asarray(clip.samples, dtype=np.float32)
    samples = samples[: len(samples) // _HOP * _HOP]
    level, spectrum = _loudness(samples)
    floor = _floor(level, speech)
    pitch, periodicity = _pitch(samples, level > _voice_db(level, floor))
    limits = np.count_nonzero(np.abs(samples).reshape(-1, _HOP) >= _LIMIT, axis=1)
    return Acoustics(level, floor, pitch, periodicity, spectrum, limits >= _LIMIT_SAMPLES, clip.seconds)


def _frames(samples: Floats, window: int, hop: int) -> Iterator[Floats]:
    """Blocks of windows, shape (up to _BLOCK, window), each window about the middle of its hop."""
    if not len(samples):
        return
    before = (window - hop) // 2
    padded = np.pad(samples, (before, window - hop - before))
    windows = sliding_window_view(padded, window)[::hop]
    for first in range(0, len(windows), _BLOCK):
        yield windows[first : first + _BLOCK]


def _loudness(samples: Floats) -> tuple[Floats, Floats]:
    """Level and spectrum (dBFS: a sine at full scale has -3)."""
    window, bands = np.hanning(_WINDOW).astype(np.float32), _mel_bands()
    scale = np.float32(2 / (_WINDOW * np.sum(window**2)))
    levels, spectra = [np.empty(0, np.float32)], [np.empty((0, BANDS), np.float32)]
    audible = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE_HZ) >= _AUDIBLE_HZ
    for frames in _frames(samples, _WINDOW, _HOP):
        transformed = np.fft.rfft(frames * window, axis=1)
        power = (transformed.real**2 + transformed.imag**2).astype(np.float32) * scale
        levels.append(_decibels(power[:, audible].sum(axis=1)))
        spectra.append(_decibels(power @ bands))
    return np.concatenate(levels), np.concatenate(spectra)


def _decibels(power: Floats) -> Floats:
    return (10 * np.log10(np.maximum(power, _LEAST_POWER))).astype(np.float32)


@lru_cache(maxsize=1)
def _mel_bands() -> Floats:
    """Triangles evenly spaced in mel (2595 log10(1 + f / 700)), shape (_WINDOW // 2 + 1, BANDS)."""
    lowest, highest = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges = 700 * (10 ** (np.linspace(lowest, highest, BANDS + 2) / 2595) - 1)
    frequencies = np.fft.rfftfreq(_WINDOW, 1 / SAMPLE_RATE_HZ)[:, None]
    rising = (frequencies - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequencies) / (edges[2:] - edges[1:-1])
    return np.maximum(np.minimum(rising, falling), 0).astype(np.float32)


def _floor(level: Floats, speech: Sequence[tuple[float, float]]) -> float:
    """The room's level: of what is quiet outside the speech, or of the quietest where all is speech."""
    room = np.ones(len(level), dtype=bool)
    for start, end in speech:
        room[max(0, int((start - _ROOM_MARGIN) / HOP_SECONDS)) : int((end + _ROOM_MARGIN) / HOP_SECONDS)] = 0
    sounding = level > DIGITAL_SILENCE_DB
    if speech and np.count_nonzero(room & sounding) >= _ROOM_SECONDS / HOP_SECONDS:
        return float(np.percentile(level[room & sounding], _ROOM_PERCENTILE))
    if not sounding.any():
        return DIGITAL_SILENCE_DB
    return float(np.percentile(level[sounding], _ROOM_PERCENTILE_ALL))


def _voice_db(level: Floats, floor: float) -> float:
    """The level from which on a pitch is a voice's: over the room, if there was a moment to hear that."""
    loudest = float(np.percentile(level, _LOUDEST_PERCENTILE)) if len(level) else 0.0
    return min(floor + _OVER_ROOM_DB, loudest - _UNDER_LOUDEST_DB)


def _pitch(samples: Floats, loud: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Pitch (Hz) and periodicity by autocorrelation (Boersma 1993).

    Twice: the second time within the range of this voice, which the first time tells, as De Looze and
    Hirst (2008) do; so the pitch seldom jumps by an octave.
    """
    correlation = _autocorrelation(_at_pitch_rate(samples))
    pitch, periodicity = _peaks(correlation, _LOWEST_PITCH_HZ, _HIGHEST_PITCH_HZ)
    voiced = loud & (periodicity >= _VOICED)
    if np.count_nonzero(voiced) >= _ENOUGH_VOICED:
        low, high = np.percentile(pitch[voiced], [25, 75])
        lowest, highest = max(0.7 * low, _LOWEST_PITCH_HZ), min(1.8 * high, _HIGHEST_PITCH_HZ)
        pitch, periodicity = _peaks(correlation, lowest, highest)
        voiced = loud & (periodicity >= _VOICED)
    return np.where(voiced, pitch, np.float32(0)), periodicity


def _at_pitch_rate(samples: Floats) -> Floats:
    """Every second sample, after a low pass at 2 kHz: higher harmonics only make the peaks narrow."""
    taps = np.arange(-15, 16)
    kernel = np.sinc(taps / 4) * np.hamming(len(taps))
    if not len(samples):
        return samples
    return np.convolve(samples, (kernel / kernel.sum()).astype(np.float32), mode="same")[::2]


def _autocorrelation(samples: Floats) -> Floats:
    """Of each window, by lag in samples; normalised to 1 at lag 0 and for the window's own falling off."""
    window = np.hanning(_PITCH_WINDOW)
    lags = round(_PITCH_RATE_HZ / _LOWEST_PITCH_HZ) + 2
    own = np.fft.irfft(np.abs(np.fft.rfft(window, _PITCH_FFT)) ** 2)[:lags]
    found = [np.empty((0, lags), np.float32)]
    for frames in _frames(samples, _PITCH_WINDOW, _HOP // 2):
        centred = (frames - frames.mean(axis=1, keepdims=True)) * window
        transformed = np.fft.rfft(centred, _PITCH_FFT, axis=1)
        correlation = np.fft.irfft(transformed.real**2 + transformed.imag**2, axis=1)[:, :lags]
        whole = np.maximum(correlation[:, :1], _LEAST_POWER)
        found.append((correlation / whole / (own / own[0])).astype(np.float32))
    return np.concatenate(found)


def _peaks(correlation: Floats, lowest_hz: float, highest_hz: float) -> tuple[Floats, Floats]:
    """Pitch (Hz) and height of the best peak between two pitches; a tie goes to the higher pitch."""
    lags = np.arange(correlation.shape[1])
    inside = (lags >= _PITCH_RATE_HZ / highest_hz) & (lags <= _PITCH_RATE_HZ / lowest_hz)
    inside[[0, -1]] = False
    left, middle, right = correlation[:, :-2], correlation[:, 1:-1], correlation[:, 2:]
    is_peak = (middle >= left) & (middle >= right) & inside[1:-1]
    # By a parabola: of a high pitch, the highest sample may lie well under the peak.
    bend = np.minimum(left - 2 * middle + right, np.float32(-1e-6))
    height = middle - (left - right) ** 2 / (8 * bend)
    score = np.where(is_peak, height - _OCTAVE_COST * np.log2(lags[1:-1]).astype(np.float32), -np.inf)
    best = score.argmax(axis=1)[:, None] if len(score) else np.empty((0, 1), int)
    best_of = (np.take_along_axis(values, best, axis=1)[:, 0] for values in (left, right, bend, height))
    left, right, bend, height = best_of
    pitch = _PITCH_RATE_HZ / (best[:, 0] + 1 + np.clip((left - right) / (2 * bend), -0.5, 0.5))
    periodicity = np.clip(np.where(is_peak.any(axis=1), height, 0.0), 0.0, 1.0)
    return pitch.astype(np.float32), periodicity.astype(np.float32)
