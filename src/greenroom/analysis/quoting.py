"""The words of a clause as they are quoted: whole clauses, and short enough to be said back aloud."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from greenroom.records import Span, bare, is_filled_pause

from .reading import Clause, Reading
from .words import span_of

# Fewer are a fragment ("I saw", "it went up"): it shows nothing to whoever reads or hears it alone.
_LEAST_WORDS = 4
# A quote that is cut off there would end in the middle of a phrase: "that orders for the".
_LEANING = ("DET", "ADP", "PART", "AUX", "CCONJ", "SCONJ", "ADJ", "ADV", "NUM")

# About five seconds of speech: longer quotes are no longer recognised as one's own words when heard back.
MOST_WORDS = 14


def whole_clauses(clauses: Sequence[Clause]) -> Sequence[Clause]:
    """Those that are no fragments; all of them where there is no other."""
    return [clause for clause in clauses if len(clause.words) >= _LEAST_WORDS] or clauses


def quote(reading: Reading, clause: Clause, others: Collection[Clause] = ()) -> Span:
    """The clause, and what hangs on it ("I noticed" + "that orders were lost"), as far as it stays short.

    Nothing of `others` is taken with it: they are quoted, too, and nobody hears the same words twice.
    """
    first, last = clause.first, clause.last
    following = [c for c in reading.clauses if c.first == last + 1 and c.sentence == clause.sentence]
    if last - first + 1 < _LEAST_WORDS and following and following[0] not in others:
        last = _cut(reading, first, following[0].last)
    return span_of(reading.words, *_trimmed(reading, first, last))


def _cut(reading: Reading, first: int, last: int) -> int:
    """The last of at most MOST_WORDS words, and no word that waits for the next."""
    if last - first < MOST_WORDS:
        return last
    leaning = {token.word for token in reading.tokens if token.kind in _LEANING}
    most = first + MOST_WORDS - 1
    whole = (word for word in range(most, first + _LEAST_WORDS - 1, -1) if word not in leaning)
    return next(whole, most)


def quotes(reading: Reading, clauses: Iterable[Clause]) -> tuple[Span, ...]:
    """Clauses as they are quoted, in the order of the answer."""
    told = sorted(clauses, key=lambda clause: clause.first)
    return tuple(quote(reading, clause, told) for clause in told)


def _trimmed(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """Without filled pauses and the "and" of this or the next clause at its edges."""
    while first < last and _is_joint(reading.words[first].text):
        first += 1
    while last > first and _is_joint(reading.words[last].text):
        last -= 1
    return first, last


def _is_joint(text: str) -> bool:
    return is_filled_pause(text) or bare(text) in ("and", "but", "or")
