"""The soft sound that says: your answer has ended; and joining it to the voice that follows.

It is a single knock, as on a wooden block, and no melody, because greenroom's feedback follows it directly:
sound and voice are to be one beginning, which whoever measures the gap after an answer finds in one place. A
longer sound would push the words back, or a pause after it would make two beginnings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.clip import resample
from greenroom.records import SAMPLE_RATE_HZ, Clip

SECONDS = 0.05
"""The voice begins within 50 ms of the sound's beginning: two sounds that near are heard as one."""

PEAK = 10 ** (-28 / 20)
"""-28 dB of full scale: some 20 dB below the peaks of a voice at -20 dB, yet 30 dB above a quiet room."""

_PARTIALS = ((820.0, 1.0, 0.010), (2150.0, 0.4, 0.005))
"""Frequency (Hz), amplitude and decay time (s). A bar of wood sounds its second mode at about 2.7 times the
first, and that one dies away sooner: this makes it wood and not a bell."""

_RISE_SECONDS = 0.002
"""The attack rises this slowly so that it makes no click."""

_FADE_SECONDS = 0.015
"""The end falls to exactly nothing, so that the cut makes no click."""

_AUDIBLE = 10 ** (-60 / 20)
"""Below -60 dB of full scale a voice's lead-in is silence."""


def end_sound(rate: int = SAMPLE_RATE_HZ) -> Clip:
    """The end sound at `rate` (Hz): SECONDS long, peak PEAK, always the same samples."""
    times = np.arange(round(SECONDS * rate)) / rate
    knock = np.zeros_like(times)
    for hz, amplitude, decay in _PARTIALS:
        if hz < rate / 2:
            knock += amplitude * np.sin(2 * np.pi * hz * times) * np.exp(-times / decay)
    knock *= _ramp(times / _RISE_SECONDS) * _ramp((times[-1] - times) / _FADE_SECONDS)
    return Clip((knock * PEAK / np.max(np.abs(knock))).astype(np.float32), rate)


def joined(first: Clip, second: Clip, gap: float = 0.0) -> Clip:
    """`first`, `gap` (s) of silence and `second` as one clip at the second's rate.

    Silence before the second's first audible sample is left out: it begins directly after the gap.
    """
    audible = np.flatnonzero(np.abs(second.samples) > _AUDIBLE)
    begins = audible[0] if len(audible) else len(second.samples)
    silence = np.zeros(round(gap * second.rate), dtype=np.float32)
    parts = (resample(first, second.rate).samples, silence, second.samples[begins:])
    return Clip(np.concatenate(parts), second.rate)


def _ramp(position: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 0 to 1 as half a cosine while `position` goes from 0 to 1."""
    ramp: NDArray[np.float64] = 0.5 - 0.5 * np.cos(np.pi * np.clip(position, 0.0, 1.0))
    return ramp
