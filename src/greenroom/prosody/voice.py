"""The voice itself: its level against the room, clipping, fading, and how much its pitch moves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenroom.prosody.acoustics import HOP_SECONDS, Acoustics
from greenroom.prosody.stretches import Hops, joined, longer, stretches_of
from greenroom.records import Voice

_LEAST_SPEECH = 1.0  # of sound (s) for a level
_LEAST_PITCHED = 3.0  # of steady voice (s): some ten stressed syllables
_CLEARLY_VOICED = 0.6  # of periodicity: at the edges of voiced stretches the pitch is a guess
_LEAST_STEADY = 0.05
_STEADY_SEMITONES = 1.5
_OCTAVE = 12.0

_PHRASE_PAUSE = 0.3  # a silence that a phrase ends at (s); a shorter one is seldom the end of anything
_LEAST_PHRASE = 1.5
_LAST = 0.6  # the last word or two of a phrase (s)
_LEAST_PHRASES = 3
_LEAST_VOICED_HOPS = 10
_LOUD_PERCENTILE = 75.0  # of the voiced hops: the vowels, whatever consonants stand between them


def voice(acoustics: Acoustics, sounding: Hops) -> Voice:
    """Measures of the voice where somebody is heard (`sounding`, bool, shape (n,)).

    Those that there is too little sound for are None: under 1 s all, under 3 s of steady voice the pitch,
    with fewer than three phrases the fading.
    """
    if np.count_nonzero(sounding) * HOP_SECONDS < _LEAST_SPEECH:
        return Voice()
    level = 10 * np.log10(np.mean(10 ** (acoustics.level_db[sounding] / 10)))
    median, spread, deviation = _pitch(acoustics, sounding)
    return Voice(
        level_dbfs=_rounded(level),
        snr_db=_rounded(_over_room(float(level), acoustics.floor_db)),
        clipped=round(float(np.mean(acoustics.clipped[sounding])), 4),
        fade_db=_rounded(_fade(acoustics, sounding)),
        pitch_hz=_rounded(median),
        pitch_range_semitones=_rounded(spread),
        pitch_sd_semitones=_rounded(deviation),
    )


def _over_room(level: float, floor: float) -> float:
    """Speech over the room (dB), the room's share of the speech's own level taken off."""
    power, room = 10 ** (level / 10), 10 ** (floor / 10)
    return float(10 * np.log10(max(power - room, room / 10) / room))


def _fade(acoustics: Acoustics, sounding: Hops) -> float | None:
    """How far the ends of phrases lie under the rest of them, the median (dB); None with too few phrases."""
    fades = list(_fades(acoustics, sounding))
    return float(np.median(fades)) if len(fades) >= _LEAST_PHRASES else None


def _fades(acoustics: Acoustics, sounding: Hops) -> Iterator[float]:
    vowels = sounding & acoustics.voiced
    for start, end in joined(stretches_of(sounding), _PHRASE_PAUSE):
        if end - start < _LEAST_PHRASE:
            continue
        before, last = acoustics.hops(start, end - _LAST), acoustics.hops(end - _LAST, end)
        levels = [acoustics.level_db[part][vowels[part]] for part in (before, last)]
        if min(map(len, levels)) >= _LEAST_VOICED_HOPS:
            rest, ending = (float(np.percentile(part, _LOUD_PERCENTILE)) for part in levels)
            yield rest - ending


def _pitch(acoustics: Acoustics, sounding: Hops) -> tuple[float | None, float | None, float | None]:
    """Median (Hz), range from the 5th to the 95th percentile and standard deviation (semitones)."""
    pitch = acoustics.pitch_hz[sounding & _steady(acoustics)].astype(np.float64)
    if len(pitch) * HOP_SECONDS < _LEAST_PITCHED:
        return None, None, None
    median = float(np.median(pitch))
    semitones = 12 * np.log2(pitch / median)
    semitones = semitones[np.abs(semitones) < _OCTAVE]  # beyond are octaves that the measuring missed
    low, high = np.percentile(semitones, [5, 95])
    return median, float(high - low), float(np.sqrt(np.mean(semitones**2)))


def _steady(acoustics: Acoustics) -> Hops:
    """Where the pitch is clear and glides rather than jumps, for 50 ms and more."""
    clear = acoustics.voiced & (acoustics.periodicity >= _CLEARLY_VOICED)
    notes = 12 * np.log2(np.where(clear, acoustics.pitch_hz, 1.0))
    goes_on = np.abs(np.diff(notes, prepend=0.0)) < _STEADY_SEMITONES
    return longer(clear & goes_on, _LEAST_STEADY)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 1)
