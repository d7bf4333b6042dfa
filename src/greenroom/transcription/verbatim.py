"""Where filled pauses were said: the decoder reads its own words once more, primed to expect them.

Whisper leaves "um" and "uh" out, since most of what it learnt from does. A short list of them as its prompt
brings them back, but decoding freely with it loses sentences and loops (docs/measurements.md). So nothing is
decoded here. The words that are known are read to the decoder behind the prompt, and between every two of
them it tells how likely a filled pause is to come next. No word can be lost, nothing can loop, and each
filled pause has a probability.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from greenroom.records import is_filled_pause
from greenroom.transcription.segments import Piece

PROMPT = " Um, uh, hmm, er, ah."
"""Of the prompts tried, the one that brought most of them back; the sentence that OpenAI documents brought
few: 28 and 5 of 32 with base, decoded freely (docs/measurements.md)."""

FILLERS = ("um", "uh", "Um", "Uh", "er", "ah", "Ah", "hmm", "Hmm", "mm", "erm", "uhm", "umm", "hm")
"""What may come, where a model has one token for it."""

LEAST = 0.15
"""Probability from which a filled pause is taken for said. Measured with base: places between words of read
speech without one had up to 0.09; of 15 places with 0.15 to 0.3 in spontaneous speech, 13 had one."""

_LEAST_AT_EDGES = 0.3
"""The same where the window begins, in the middle of something, and behind another filled pause."""

DOUBTFUL = 0.05
"""From here to that it is for the sound to decide."""

# Whisper writes "the, uh, corpus" and "who cares. Um, this": before them it expects a mark that its plain
# words do not have. Where one is likely it is written.
_MARKS, _LEAST_MARK = (",", "."), 0.05
_ENDING = ",.?!…;:"
_IN_A_ROW = 6  # of filled pauses between two words
_NEAR = 2  # words between the two places of one filled pause
_ROUNDS = 4


class Reader(Protocol):
    """A model at one window of sound.

    Attributes:
        most_tokens: that a text may have.
    """

    @property
    def most_tokens(self) -> int: ...

    def encode(self, text: str) -> list[int]:
        """The tokens of a text."""
        ...

    def read(self, tokens: Sequence[int], wanted: Sequence[int]) -> NDArray[np.float32]:
        """How likely each of the tokens `wanted` is to come after tokens[:0], tokens[:1] … and after all.

        Returns:
            Probabilities, shape (len(tokens) + 1, len(wanted)).
        """
        ...

    def timed(self, tokens: Sequence[int]) -> list[tuple[int, Piece]]:
        """The pieces of a text that was read, with times (s) in the window, and how many tokens each has."""
        ...


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, its tokens, and those of the marks after it.

    Attributes:
        guessed: whether the mark was not in the text.
        filler: whether it is a filled pause.
        probability: of one that was added.
        closed: whether none is to be added before it: that would be another one's double.
    """

    tokens: tuple[int, ...]
    marks: tuple[int, ...] = ()
    guessed: bool = False
    filler: bool = False
    probability: float | None = None
    closed: bool = False

    @property
    def length(self) -> int:
        return len(self.tokens) + len(self.marks)


@dataclass(frozen=True, slots=True)
class _Place:
    """Before a word: how likely a filled pause is, the likeliest; how likely any mark is, the likeliest."""

    probability: float
    filler: int
    mark: int
    marked: float


def with_fillers(reader: Reader, words: Sequence[str]) -> list[Piece]:
    """The words with the filled pauses between them, timed.

    Of a filled pause, the piece's probability is how likely it is to have been said. Those that are in doubt
    are given too, with less than `LEAST`, and with the time between the words around them, which may be none.

    Args:
        words: of the window, as they were decoded; empty if they are too many to be read.
    """
    reading = _Reading(reader, words)
    if not words or reading.too_long:
        return []
    places = reading.places()
    for _ in range(_ROUNDS):
        if not reading.add(places):
            break
        places = reading.places()
        while reading.take_back(places):
            places = reading.places()
    return list(reading.pieces(places))


class _Reading:
    def __init__(self, reader: Reader, words: Sequence[str]) -> None:
        self._reader = reader
        self._fillers = _single(reader)
        self._marks = [reader.encode(mark)[0] for mark in _MARKS]
        self._units = [_unit(reader, word) for word in words]

    @property
    def too_long(self) -> bool:
        added = len(self._units)  # commas and filled pauses
        return sum(unit.length for unit in self._units) + added > self._reader.most_tokens

    def places(self) -> list[_Place]:
        """Before each word, and at the end. Where a mark is likely it is written, now and from then on."""
        places = self._read()
        expected = [k for k, place in enumerate(places) if self._takes_mark(k, place)]
        if expected:
            for k in expected:
                self._units[k - 1] = replace(self._units[k - 1], marks=(places[k].mark,), guessed=True)
            places = self._read()
        return places

    def add(self, places: Sequence[_Place]) -> bool:
        """Writes the filled pauses that are sure; whether there were any."""
        found = [k for k, place in enumerate(places) if self._is_sure(k, place) and self._is_free(k)]
        for k in reversed(found):
            place = places[k]
            self._units.insert(k, _Unit((place.filler,), (self._marks[0],), True, True, place.probability))
        return bool(found)

    def take_back(self, places: Sequence[_Place]) -> bool:
        """Takes out one that is the double of another; whether there was any.

        Each place is told without the others, and one "uh" may be likely before "I" and behind it as well.
        With the left one written the right one falls away; where both were said it stays likely. Which of the
        two is the double, their probabilities alone tell. What the words had already stays.
        """
        fallen = (k for k, unit in enumerate(self._units) if unit.filler and places[k].probability < LEAST)
        for right in fallen:
            if (left := self._added_near(right)) is None:
                continue
            if self._alone(left) >= self._alone(right):
                del self._units[right]
            else:  # nothing before its place changes, so it would be as likely again
                del self._units[left]
                self._units[left] = replace(self._units[left], closed=True)
            return True
        return False

    def pieces(self, places: Sequence[_Place]) -> Iterator[Piece]:
        tokens, starts = self._text()
        known, at, end = dict(self._known(starts)), 0, 0.0
        doubts = {
            start: place
            for k, (start, place) in enumerate(zip(starts, places, strict=True))
            if place.probability >= DOUBTFUL and self._is_free(k)
        }
        for count, piece in self._reader.timed(tokens):
            if at in doubts:
                yield self._doubt(doubts.pop(at), end, max(end, piece.start))
            yield replace(piece, probability=known[at]) if at in known else piece
            at, end = at + count, piece.end
        for place in doubts.values():
            yield self._doubt(place, end, end)

    def _known(self, starts: Sequence[int]) -> Iterator[tuple[int, float]]:
        """By token, how likely those that were added are: the mark behind them as well, since a word's
        probability is the mean of its pieces."""
        for start, unit in zip(starts, self._units, strict=False):
            if unit.probability is not None:
                yield start, unit.probability
                yield start + len(unit.tokens), unit.probability

    def _doubt(self, place: _Place, start: float, end: float) -> Piece:
        return Piece(f" {self._fillers[place.filler]}", start, end, min(place.probability, LEAST - 0.001))

    def _text(self) -> tuple[list[int], list[int]]:
        """All tokens, and where each unit begins among them; the last of these is the end."""
        tokens = [token for unit in self._units for token in (*unit.tokens, *unit.marks)]
        return tokens, [0, *accumulate(unit.length for unit in self._units)]

    def _read(self) -> list[_Place]:
        tokens, starts = self._text()
        wanted = [*self._fillers, *self._marks]
        rows = self._reader.read(tokens, wanted)
        return [self._place(rows, k, start, wanted) for k, start in enumerate(starts)]

    def _place(self, rows: NDArray[np.float32], k: int, start: int, wanted: list[int]) -> _Place:
        """Straight after the word before, or after a mark behind it."""
        here, count = rows[start], len(self._fillers)
        each, marks = here[:count], here[count:]
        before = self._units[k - 1] if k > 0 else None
        if before is not None and before.marks:
            word_end = rows[start - len(before.marks)]
            share = word_end[count:].sum() if before.marks[0] in self._marks else 0.0
            either = word_end[:count] + share * each
            each = either if before.guessed else max(each, either, key=np.sum)
        filler, mark = wanted[int(each.argmax())], self._marks[int(marks.argmax())]
        return _Place(float(each.sum()), filler, mark, float(marks.sum()))

    def _takes_mark(self, k: int, place: _Place) -> bool:
        return k > 0 and not self._units[k - 1].marks and place.marked >= _LEAST_MARK

    def _added_near(self, k: int) -> int | None:
        """The filled pause before it with a word or two in between, if it was added."""
        between = sum(1 for _ in takewhile(lambda unit: not unit.filler, reversed(self._units[:k])))
        left = k - 1 - between
        near = left >= 0 and 1 <= between <= _NEAR
        return left if near and self._units[left].probability is not None else None

    def _alone(self, k: int) -> float:
        """How likely a filled pause was before others near it were written."""
        probability = self._units[k].probability
        return 1.0 if probability is None else probability

    def _is_sure(self, k: int, place: _Place) -> bool:
        at_edge = k == 0 or self._units[k - 1].filler
        return place.probability >= (_LEAST_AT_EDGES if at_edge else LEAST)

    def _is_free(self, k: int) -> bool:
        """Not where there is one already or would be a double, nor behind so many of them."""
        if k < len(self._units) and (self._units[k].filler or self._units[k].closed):
            return False
        row = self._units[max(0, k - _IN_A_ROW) : k]
        return len(row) < _IN_A_ROW or not all(unit.filler for unit in row)


def _unit(reader: Reader, word: str) -> _Unit:
    bare = word.rstrip(_ENDING)
    marks = reader.encode(word[len(bare) :]) if bare and len(bare) < len(word) else []
    return _Unit(tuple(reader.encode(f" {bare or word}")), tuple(marks), filler=is_filled_pause(word))


def _single(reader: Reader) -> dict[int, str]:
    """By token, the filled pauses that the model has one token for."""
    encoded = {filler: reader.encode(f" {filler}") for filler in FILLERS}
    return {tokens[0]: filler for filler, tokens in encoded.items() if len(tokens) == 1}
