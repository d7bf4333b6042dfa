"""Filled pauses from the verbatim pass: matched to the words of record, guarded, and timed by the sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby

import numpy as np

from greenroom.prosody.acoustics import HOP_SECONDS, Acoustics
from greenroom.prosody.steadiness import steady_sound
from greenroom.prosody.stretches import (
    Hops,
    Stretch,
    Stretches,
    bridged,
    inside,
    length_of,
    longer,
    middle_of,
    spans_of,
    stretches_of,
    words_before,
)
from greenroom.records import LONGEST_FILLED_PAUSE, Verbatim, Word, bare, is_filled_pause

SURE = 0.15
"""The verbatim pass marks a filled pause that it doubts by a probability under this (its `LEAST`)."""

# Of 15 places to which Whisper gave 0.15 to 0.3, 13 had a filled pause; of all that were claimed on the made
# set, 103 of 105 (docs/measurements.md).
_LIKELY, _CERTAIN, _CERTAIN_FROM = 0.85, 0.95, 0.3
_DOUBTED = 0.5  # under SURE, and the sound speaks for it; judgement

_KEPT = 0.9  # share of the words of record that a stretch must have kept to be believed (issue 4)
_ENOUGH_WORDS = 5
_IN_A_ROW = 6  # more filled pauses between two words are a loop
_LEAST_SOUND = 0.06  # of a filled pause; where there is less, nobody said it (s)
_LEAST_TIME = 0.05  # one that Whisper can give no time to is in doubt: mostly another one's double (s)
_AROUND = 0.12  # Whisper's times are off by so much (s)
_BRIDGED = 0.05  # what a voice may waver for (s)
_LEAST_AGAIN = 0.12  # of the second of two in a row (s)
_HELD_ON = 0.25  # how far behind Whisper's end it may go on (s)
_DOUBT_NEEDS = 0.18  # steady sound that no word covers, for one in doubt (s)


@dataclass(frozen=True, slots=True)
class Claim:
    """A filled pause that the verbatim pass wrote.

    Attributes:
        before: index of the word of record that it comes before.
        confidence: how likely it was said (0 to 1).
    """

    text: str
    start: float
    end: float
    before: int
    confidence: float


def confidence_of(word: Word) -> float:
    """How likely it was said, from Whisper's probability, which is lower: see _LIKELY and _CERTAIN."""
    probability = word.probability or 0.0
    if probability < SURE:
        return _DOUBTED
    return _CERTAIN if probability >= _CERTAIN_FROM else _LIKELY


@dataclass(frozen=True, slots=True)
class Claims:
    """What the verbatim pass tells.

    Attributes:
        fillers: those that are not among the words of record, in order.
        unsure: stretches (s) in which it was not, or is not believed.
        written: by index, where a filled pause among the words of record sounds (s): Whisper times one worse
            than a word, and the pass was ready for it.
    """

    fillers: tuple[Claim, ...] = ()
    unsure: Stretches = ()
    written: Mapping[int, Stretch] = field(default_factory=dict)


def found(
    words: tuple[Word, ...], verbatim: Sequence[Verbatim], acoustics: Acoustics, sounding: Hops
) -> Claims:
    """The filled pauses in `verbatim` that are not among the words of record.

    Args:
        words: of record, timed.
        sounding: where somebody is heard, one item for every hop.
    """
    heard = tuple(word for stretch in verbatim for word in stretch.words)
    places = _places(words, heard)
    lost = set(range(len(words))) - {place.index for place in places if place.same}
    unsure = tuple(sorted(_distrusted(words, verbatim, lost)))
    sound = _Sound(acoustics, sounding, words)
    claims, written, taken = list[Claim](), dict[int, Stretch](), 0.0
    for word, place in zip(heard, places, strict=True):
        if not is_filled_pause(word.text) or _inside(word, unsure):
            continue
        row = _row(claims, place.index)
        if place.same and (span := sound.of(word, 0.0)):
            written[place.index] = span
            taken = max(taken, span[1])
        elif not place.same and row < _IN_A_ROW and (claim := sound.claim(word, place.index, taken, row > 0)):
            claims.append(claim)
            taken = claim.end
    return Claims(tuple(claims), unsure, written)


@dataclass(frozen=True, slots=True)
class _Place:
    """Of a word heard: the word of record that it is the same as, or that it comes before."""

    index: int
    same: bool


def _places(words: Sequence[Word], heard: Sequence[Word]) -> list[_Place]:
    ours, theirs = ([bare(word.text) for word in each] for each in (words, heard))
    places = list[_Place]()
    for _, i, end, j, stop in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        same = ours[i:end] == theirs[j:stop]
        for k, word in enumerate(heard[j:stop]):
            before = i + (k if same else words_before(words[i:end], middle_of(word)))
            places.append(_Place(before, same))
    return places


def _distrusted(words: Sequence[Word], verbatim: Sequence[Verbatim], lost: set[int]) -> Iterator[Stretch]:
    yield from _unheard(words, verbatim)
    for stretch in verbatim:
        own = [i for i, word in enumerate(words) if stretch.start <= middle_of(word) < stretch.end]
        kept = sum(1 for i in own if i not in lost)
        if len(own) >= _ENOUGH_WORDS and kept < _KEPT * len(own):
            yield stretch.start, stretch.end


def _unheard(words: Sequence[Word], verbatim: Sequence[Verbatim]) -> Iterator[Stretch]:
    """Where there are words, and the verbatim pass has not been."""
    spans = [(stretch.start, stretch.end) for stretch in verbatim]
    for covered, group in groupby(words, key=lambda word: _inside(word, spans)):
        times = [(word.start, word.end) for word in group]
        (start, _), (_, end) = times[0], times[-1]
        if not covered and start is not None and end is not None:
            yield start, end


def _inside(word: Word, stretches: Sequence[Stretch]) -> bool:
    return any(start <= middle_of(word) <= end for start, end in stretches)


def _row(claims: Sequence[Claim], before: int) -> int:
    return sum(1 for claim in claims if claim.before == before)


class _Sound:
    def __init__(self, acoustics: Acoustics, sounding: Hops, words: Sequence[Word]) -> None:
        self._acoustics = acoustics
        self._sounding = sounding
        self._steady = steady_sound(acoustics) & sounding
        self._covered = inside(spans_of(words), len(sounding))

    def claim(self, word: Word, before: int, floor: float, again: bool) -> Claim | None:
        """The word where it sounds; None where nothing does, or it is in doubt and nothing speaks for it.

        Args:
            floor: where the sound of the one before ends (s), which is not to be claimed twice.
            again: whether it is the second between the same two words, or a later one.
        """
        sure = (word.probability or 0.0) >= SURE and (word.end or 0.0) - (word.start or 0.0) >= _LEAST_TIME
        span = self.of(word, floor) if sure else self._free(word, floor)
        if span is None or (again and span[1] - span[0] < _LEAST_AGAIN):
            return None
        return Claim(bare(word.text), span[0], span[1], before, confidence_of(word))

    def of(self, word: Word, floor: float) -> Stretch | None:
        """Where a filled pause sounds: its longest steady part, or what sounds there at all."""
        hops = self._hops(word, floor, 0.0)
        sound = self._sounding[hops]
        runs = stretches_of(bridged(self._steady[hops] & sound, _BRIDGED)) or stretches_of(sound)
        if not runs or sound.sum() * HOP_SECONDS < _LEAST_SOUND:
            return None
        first, last = _grown(sound, *max(runs, key=length_of))
        return self._span(hops, first, self._held(hops, last))

    def _free(self, word: Word, floor: float) -> Stretch | None:
        """Steady sound about a doubt that no word covers, if there is enough of it."""
        hops = self._hops(word, floor, _AROUND)
        own = self._steady[hops] & self._sounding[hops] & ~self._covered[hops]
        runs = stretches_of(longer(bridged(own, _BRIDGED), _DOUBT_NEEDS))
        return self._span(hops, *max(runs, key=length_of)) if runs else None

    def _hops(self, word: Word, floor: float, more: float) -> slice:
        start = max((word.start or 0.0) - _AROUND, floor)
        return self._acoustics.hops(start, max(word.end or 0.0, start + HOP_SECONDS) + more)

    def _held(self, hops: slice, last: float) -> float:
        """The end, if that is where the window ends and the sound is still the same: where it changes."""
        end = hops.start + round(last / HOP_SECONDS)
        if end < hops.stop:
            return last
        held = self._steady[end : end + round(_HELD_ON / HOP_SECONDS)]
        changes = np.flatnonzero(~held)
        return last + (int(changes[0]) if len(changes) else len(held)) * HOP_SECONDS

    def _span(self, hops: slice, first: float, last: float) -> Stretch:
        start = hops.start * HOP_SECONDS + first
        return round(start, 3), round(start + min(last - first, LONGEST_FILLED_PAUSE), 3)


def _grown(sound: Hops, first: float, last: float) -> Stretch:
    """The whole sound of which the steady part is from `first` to `last`."""
    for start, end in stretches_of(sound):
        if start <= first and last <= end:
            return start, end
    return first, last
