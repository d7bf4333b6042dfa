"""Where an answer is silent: pauses of 250 ms and more, as they are heard.

Neither voice activity nor loudness tells alone. Voice activity bridges short pauses and begins and ends late
or early by a tenth of a second; loudness takes breath, keys and the room for speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from greenroom.prosody.acoustics import DIGITAL_SILENCE_DB, HOP_SECONDS, Acoustics
from greenroom.prosody.stretches import (
    Hops,
    Stretch,
    Stretches,
    bridged,
    inside,
    longer,
    reached,
    stretches_of,
    widened,
)
from greenroom.records import Utterance

LEAST_SILENCE = 0.25
"""Shorter ones are the closures of stops rather than pauses (Goldman-Eisler 1968, usual since)."""

_SPEECH_PERCENTILE = 90.0
_SHARE = 0.3  # of the way from the room to the speech, in dB, from which on there is sound
_LEAST_OVER_ROOM_DB, _MOST_OVER_ROOM_DB = 3.0, 12.0
_DEEPEST_DB = 38.0  # under loud speech lie no words, however quiet the room: what is there is reverberation
_SHALLOWEST_DB = 8.0  # however loud the room is, or seems where there was no moment without speech
_SMOOTHED_HOPS = 3

_EDGE = 0.15  # sound that goes on from speech belongs to it for so long: a last /s/, a first /h/ (s)
_VOICED_ALONE = 0.12  # voiced sound outside of voice activity is a filled pause from here on (s)
_STEADY_SEMITONES = 2.0  # in which the pitch of a voice stays from hop to hop; that of noise jumps
_LEAST_SOUND = 0.03  # shorter is a click (s)
_BRIDGED = 0.03  # gaps in the level that are no silences, and no ends (s)


def silences(acoustics: Acoustics, utterance: Utterance) -> Stretches:
    """(start, end) of every silence of 250 ms and more between the first sound of speech and the last (s)."""
    least = LEAST_SILENCE - HOP_SECONDS / 2
    sounding = stretches_of(speech_sound(acoustics, utterance.speech))
    return tuple((a[1], b[0]) for a, b in pairwise(sounding) if b[0] - a[1] >= least)


def speech_sound(acoustics: Acoustics, speech: Sequence[Stretch]) -> Hops:
    """Where somebody is heard: loud enough, and speech by voice activity or by its voice; shape (n,).

    Where voice activity found no speech at all there is none: music and engines have a pitch, too.
    """
    active = inside(speech, len(acoustics.level_db))
    loud = bridged(_smoothed(acoustics.level_db) > threshold_db(acoustics, active), _BRIDGED)
    near = widened(active, _EDGE)
    voice = longer(_steady_voice(acoustics) & loud, _VOICED_ALONE) & bool(len(speech))
    return longer(loud & (reached(loud & near, loud & active) | voice), _LEAST_SOUND)


def threshold_db(acoustics: Acoustics, active: Hops) -> float:
    """The level that parts sound from silence in this recording (dBFS)."""
    level, floor = acoustics.level_db, acoustics.floor_db
    heard = level[active & (level > DIGITAL_SILENCE_DB)]
    if not len(heard):
        return floor + _MOST_OVER_ROOM_DB
    loudness = float(np.percentile(heard, _SPEECH_PERCENTILE))
    over = float(np.clip(_SHARE * (loudness - floor), _LEAST_OVER_ROOM_DB, _MOST_OVER_ROOM_DB))
    return float(np.clip(floor + over, loudness - _DEEPEST_DB, loudness - _SHALLOWEST_DB))


def sound_between(acoustics: Acoustics, silences: Sequence[Stretch]) -> Hops:
    """Where it is loud enough for speech, outside the silences; shape (n,)."""
    heard = ~inside(silences, len(acoustics.level_db))
    return heard & (_smoothed(acoustics.level_db) > threshold_db(acoustics, heard))


def _steady_voice(acoustics: Acoustics) -> Hops:
    pitch = acoustics.pitch_hz
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.abs(12 * np.log2(pitch[1:] / pitch[:-1]))
    steady = np.nan_to_num(steps, nan=np.inf, posinf=np.inf) <= _STEADY_SEMITONES
    return np.concatenate([steady, [False]]) | np.concatenate([[False], steady]) if len(pitch) else pitch > 0


def _smoothed(level: NDArray[np.float32]) -> NDArray[np.float32]:
    if not len(level):
        return level
    kernel = np.full(_SMOOTHED_HOPS, 1 / _SMOOTHED_HOPS, dtype=np.float32)
    return np.convolve(np.pad(level, _SMOOTHED_HOPS // 2, mode="edge"), kernel, mode="valid")
