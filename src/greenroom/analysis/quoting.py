"""The words of a clause as they are quoted: whole clauses, and short enough to be said back aloud."""

from __future__ import annotations

from collections.abc import Iterable

from greenroom.records import Span, bare, is_filled_pause

from .reading import Clause, Reading
from .words import span_of

# About five seconds of speech: longer quotes are no longer recognised as one's own words when heard back.
MOST_WORDS = 14


def quote(reading: Reading, clause: Clause) -> Span:
    """The clause, and what hangs on it ("I noticed" + "that orders were lost") while it stays short."""
    first, last = clause.first, clause.last
    following = [c for c in reading.clauses if c.first == last + 1 and c.sentence == clause.sentence]
    if last - first < 3 and following and following[0].last - first < MOST_WORDS:
        last = following[0].last
    return span_of(reading.words, *_trimmed(reading, first, last))


def quotes(reading: Reading, clauses: Iterable[Clause]) -> tuple[Span, ...]:
    """Clauses as they are quoted, in the order of the answer."""
    return tuple(quote(reading, clause) for clause in sorted(clauses, key=lambda clause: clause.first))


def _trimmed(reading: Reading, first: int, last: int) -> tuple[int, int]:
    """Without filled pauses and the "and" of this or the next clause at its edges."""
    while first < last and _is_joint(reading.words[first].text):
        first += 1
    while last > first and _is_joint(reading.words[last].text):
        last -= 1
    return first, last


def _is_joint(text: str) -> bool:
    return is_filled_pause(text) or bare(text) in ("and", "but", "or")
