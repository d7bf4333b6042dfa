"""The moments of an answer that a coach would say back: stretches of words that stand by themselves.

Every stretch of a few words is weighed: by what its words tell, by the words at and beside its two ends,
where it would be cut out, by its length and its place. It was learned from stretches that readers would say
back (scripts/fit_moments.py), so that where one begins and ends was learned with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec
import numpy as np

from greenroom.records import bare, ends_sentence, is_filled_pause

from .scorer import Floats, Linear, Scores

LEAST_WORDS, MOST_WORDS = 4, 18
"""What readers were told to keep to: longer ones are no longer recognised when heard."""
SAME = 0.5
"""Two stretches are the same moment from here on: the words in both, of the words in either."""

SAYING_ANYTHING = 0.8
"""How likely a reader says anything back at all, from where on something is said: of 72 times that readers
would say nothing 68 are left so, and of 168 other times 154 are not (scripts/evaluate moments)."""

_ENDS = (
    frozenset({"and", "so", "but", "then", "or"}),
    frozenset({"because", "which", "that", "who", "when", "if"}),
    frozenset({"i", "we", "i'd", "i'll", "i've"}),
    frozenset({"he", "she", "they", "it"}),
    frozenset({"the", "a", "an", "to", "of", "for", "in", "on", "with", "my", "his", "her"}),
)
"""Kinds of small words at which a stretch may begin or be torn; a word's own flags, beside its marks."""
_LEADS_ON = frozenset(
    {"a", "an", "the", "my", "your", "his", "her", "our", "their", "its", "and", "or", "but", "because", "if"}
    | {"than", "as", "who", "which", "of", "to", "by", "for", "from", "at", "into", "i", "we", "they", "he"}
    | {"she"}
)
"""No stretch ends with one of these but where its sentence does: "I sorted it by, um, by"."""


class Moment(NamedTuple):
    """Words `first` to `last` of the answer; `worth` is how likely a reader says just these back, 0 to 1."""

    first: int
    last: int
    worth: float


class Weights(NamedTuple):
    """What is learned.

    Attributes:
        hidden: of `inputs_of`, (units, inputs); what is below 0 of it is left out.
        words: of those and `flags_of`, (5, units + flags): how much each word speaks for a stretch that it is
            in, begins, or ends, and for one that begins after it or ended before it.
        lengths: (MOST_WORDS + 1,) by the number of words.
        places: (3,) where in the answer a stretch begins, 0 to 1; the square of it; whether at the beginning.
        nothing: how much speaks for saying nothing back, for each stretch there is, in logits.
    """

    hidden: Linear
    words: Linear
    lengths: Floats
    places: Floats
    nothing: float


class Moments:
    """Loading takes some hundredths of a second; make one and keep it."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    @classmethod
    def load(cls) -> Moments:
        """The fitted ones, from scorer_data/moments.json."""
        raw = (files("greenroom.analysis") / "scorer_data" / "moments.json").read_bytes()
        stored: dict[str, Any] = msgspec.json.decode(raw)
        hidden, words = (Linear.stored(**stored[name]) for name in ("hidden", "words"))
        lengths, places = (np.array(stored[name], np.float32) for name in ("lengths", "places"))
        return cls(Weights(hidden, words, lengths, places, stored["nothing"]))

    def of(self, scores: Scores, words: Sequence[str], most: int) -> list[Moment]:
        """At most so many, the best first, no two of which share a word; none of an answer that has none."""
        begins, ends = stretches(words)
        if not len(begins):
            return []
        weights = self._weigh(scores, words, begins, ends)
        chances = np.exp(weights - weights.max())
        chances /= chances.sum() + len(begins) * np.exp(self._weights.nothing - weights.max())
        if chances.sum() < SAYING_ANYTHING:
            return []
        weights[[_is_torn(words[end - 1]) for end in ends]] = -np.inf
        found = list[Moment]()
        for at in np.argsort(-weights):
            begin, end = int(begins[at]), int(ends[at])
            if np.isinf(weights[at]):
                break
            if all(end <= each.first or begin > each.last for each in found):
                worth = float(chances[shared(begin, end, begins, ends) >= SAME].sum())
                found.append(Moment(begin, end - 1, worth))
            if len(found) == most:
                break
        return sorted(found, key=lambda each: -each.worth)

    def _weigh(
        self, scores: Scores, words: Sequence[str], begins: np.ndarray, ends: np.ndarray
    ) -> np.ndarray:
        """(stretches,) how much speaks for each, in logits."""
        hidden, by_word, lengths, places, _ = self._weights
        units = np.maximum(hidden.of(inputs_of(scores)), 0)
        said = by_word.of(np.concatenate([units, flags_of(words)], axis=1))
        # What lies before the first word and after the last speaks for nothing.
        inside, first, last, before, after = np.pad(said, ((1, 1), (0, 0))).T
        sums = np.cumsum(inside)
        total = (sums[ends] - sums[begins]) / (ends - begins)
        total += first[begins + 1] + last[ends] + before[begins] + after[ends + 1]
        weighed: np.ndarray = total + lengths[ends - begins] + places_of(begins, len(words)) @ places
        return weighed


def stretches(words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The first word of every stretch of one sentence that may be said back, and the word behind its last.

    Of 100 stretches that readers chose 3 go on into another sentence.
    """
    pairs, closed = list[tuple[int, int]](), len(words)
    for begin in range(len(words) - 1, -1, -1):
        if ends_sentence(words[begin]):
            closed = begin + 1
        pairs += ((begin, end) for end in range(begin + LEAST_WORDS, min(begin + MOST_WORDS, closed) + 1))
    begins, ends = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return begins, ends


def shared(begin: int, end: int, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """How much of one stretch and each of the others is in both: the words of both, of those of either."""
    both = np.maximum(np.minimum(end, ends) - np.maximum(begin, begins), 0)
    share: np.ndarray = both / (end - begin + ends - begins - both)
    return share


def inputs_of(scores: Scores) -> Floats:
    """(words, inputs) what the scorer makes of each word."""
    return np.concatenate([scores.states, scores.evidence, scores.roles], axis=1)


def _is_torn(last: str) -> bool:
    plain = bare(last)
    return (plain in _LEADS_ON or is_filled_pause(plain)) and not ends_sentence(last)


def flags_of(words: Sequence[str]) -> Floats:
    """(words, flags) the marks after a word, and which kind of small word it is."""
    return np.array([_flags(word) for word in words], dtype=np.float32)


def _flags(word: str) -> Sequence[bool]:
    plain = bare(word)
    kinds = [plain in kind for kind in _ENDS]
    return [ends_sentence(word), word[-1:] in tuple(",;:"), is_filled_pause(plain), *kinds]


def places_of(begins: np.ndarray, words: int) -> np.ndarray:
    """(stretches, 3) see Weights.places."""
    place = begins / max(words, 1)
    return np.stack([place, place**2, begins == 0], axis=1).astype(np.float32)
