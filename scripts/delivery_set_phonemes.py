"""Which of the phonemes that espeak-ng gives for a sentence belong to which word.

It runs words together ("of the" is one) and writes none of the boundaries: each word is asked for alone, too,
and the sentence is cut where it is most like the words alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

MOST_TOGETHER = 4
STRESS = "ˈˌ"
_SILENT = ".,?!;:—…\"'"


def piper_words(phonemes: Callable[[str], str], words: Sequence[str]) -> list[str]:
    """The phonemes of every word, punctuation behind them."""
    tokens = [token for token in phonemes(" ".join(words)).split(" ") if token]
    if len(tokens) == len(words):
        return tokens
    alone = [phonemes(word).replace(" ", "") or "ə" for word in words]
    found: list[str] = []
    for token, count in zip(tokens, _counts(tokens, alone), strict=True):
        found += _cut(token, alone[len(found) : len(found) + count])
    return found


def _counts(tokens: Sequence[str], alone: Sequence[str]) -> list[int]:
    """How many words each token holds, so that all together differ least."""

    @cache
    def best(token: int, word: int) -> tuple[float, tuple[int, ...]]:
        if token == len(tokens):
            return (0.0 if word == len(alone) else float("inf")), ()
        found: tuple[float, tuple[int, ...]] = (float("inf"), ())
        for count in range(1, min(MOST_TOGETHER, len(alone) - word) + 1):
            rest, counts = best(token + 1, word + count)
            cost = rest + distance(tokens[token], "".join(alone[word : word + count]))
            if cost < found[0]:
                found = cost, (count, *counts)
        return found

    cost, counts = best(0, 0)
    if cost == float("inf"):
        raise ValueError(f"espeak-ng reads more words than are written: {' '.join(tokens)}")
    return list(counts)


def _cut(token: str, alone: Sequence[str]) -> list[str]:
    if len(alone) == 1:
        return [token]
    rest = "".join(alone[1:])
    places = range(1, len(token) - len(alone) + 2)
    place = min(places, key=lambda n: distance(token[:n], alone[0]) + distance(token[n:], rest))
    # A mark of stress opens a syllable.
    while token[place - 1] in STRESS and place > 1:
        place -= 1
    return [token[:place], *_cut(token[place:], alone[1:])]


def distance(one: str, other: str) -> int:
    """Edits between two words in phonemes; stress and punctuation do not count."""
    one, other = (text.translate({ord(mark): None for mark in STRESS + _SILENT}) for text in (one, other))
    row = list(range(len(other) + 1))
    for n, left in enumerate(one, 1):
        before, row[0] = row[0], n
        for m, right in enumerate(other, 1):
            before, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, before + (left != right))
    return row[-1]
