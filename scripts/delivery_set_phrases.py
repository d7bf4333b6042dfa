"""A phrase that a voice said, and where its words lie: edges that meet a silence are found in the sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from turns_sound import SPEECH_LEVEL_DBFS, Samples, amplitude, runs

from greenroom.audio.clip import resample
from greenroom.records import SAMPLE_RATE_HZ, Clip

STEP = 80
"""Samples (5 ms) in which edges are looked for."""

SILENT_DB = -35.0
"""Below the level of the speech: silent. In a room of -65 dBFS nobody hears more of a word that dies away."""

SHORTEST_FIRST = 0.05
"""Seconds; nobody says a word in less."""

PAUSING_SECONDS = 0.1
"""A silence of this length between two words parts them; a shorter one can be the closure of a t or a p."""

NEAR_SECONDS = 0.08
"""A silence this near to where the voice says that one word ends and the next begins lies between them."""


@dataclass(frozen=True)
class Word:
    """A word to be said: its text with punctuation, how long its last vowel is held (1.0: as the voice would)
    or, where `whole`, all of it; `seconds` is how long the whole is to last, for those who say it."""

    text: str
    held: float = 1.0
    whole: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Said:
    """A word in a phrase's sound: from `start` to `end` (s)."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Phrase:
    """Sound at 16 kHz and SPEECH_LEVEL_DBFS, and where the words lie in it."""

    samples: Samples
    words: tuple[Said, ...]


def phrase(samples: Samples, rate: int, words: Sequence[Said]) -> Phrase:
    """Sound as a voice gave it, made ready: rate and level set, edges of words that meet a silence moved to
    where the sound begins or ends."""
    samples = resample(Clip(samples.astype(np.float32), rate), SAMPLE_RATE_HZ).samples
    levels = step_levels(samples)
    level = np.sqrt(np.mean(levels[levels > 0.1 * levels.max()] ** 2))
    samples = samples * (amplitude(SPEECH_LEVEL_DBFS) / np.float32(level))
    return Phrase(samples, tuple(settled(words, sounding(samples))))


def step_levels(samples: Samples) -> Any:
    steps = samples[: len(samples) // STEP * STEP].reshape(-1, STEP).astype(np.float64)
    return np.sqrt(np.mean(steps**2, axis=1))


def sounding(samples: Samples) -> Any:
    """Which steps of 5 ms can be heard, in a phrase at SPEECH_LEVEL_DBFS."""
    return step_levels(samples) > amplitude(SPEECH_LEVEL_DBFS + SILENT_DB)


def settled(words: Sequence[Said], heard: Any) -> list[Said]:
    step = STEP / SAMPLE_RATE_HZ
    steps = np.flatnonzero(heard)
    found = list(words)
    found[0] = replace(found[0], start=float(steps[0] * step))
    found[-1] = replace(found[-1], end=float((steps[-1] + 1) * step))
    for first, last in runs(~heard):
        begin, end = first * step, last * step
        if end - begin < PAUSING_SECONDS or begin <= found[0].start or end >= found[-1].end:
            continue
        distances = [max(begin - after.start, before.end - end, 0.0) for before, after in pairwise(found)]
        nearest = int(np.argmin(distances)) if distances else 0
        if distances and distances[nearest] <= NEAR_SECONDS:
            found[nearest] = replace(found[nearest], end=begin)
            found[nearest + 1] = replace(found[nearest + 1], start=end)
    return found


def opened(words: Sequence[Said]) -> tuple[Said, ...]:
    """The words of a phrase; where a voice swallows the beginning, and nothing seems to be left of the first
    word, it shares the time with the second by letters."""
    first, *rest = words
    if not rest or first.end - first.start >= SHORTEST_FIRST or rest[0].start > first.end:
        return tuple(words)
    share = len(first.text) / (len(first.text) + len(rest[0].text))
    edge = first.start + share * (rest[0].end - first.start)
    return replace(first, end=edge), replace(rest[0], start=edge), *rest[1:]


def plain(text: str) -> str:
    """A word without the punctuation around it; a cut-off word keeps its hyphen."""
    return text.strip(".,?!;:\"'()").lower()
