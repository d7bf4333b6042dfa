"""Where in an answer the words stand that greenroom says back."""

from __future__ import annotations

from greenroom.coaching.praise import praised
from greenroom.coaching.quotes import quotable
from greenroom.records import Analysis, Question, Transcript, bare


def praised_words(
    transcript: Transcript, analysis: Analysis, question: Question | None
) -> tuple[int, int] | None:
    """The first word of what is praised first, and the one behind its last; None where nothing is."""
    first = next((quote for _, quote in praised(analysis, question)), None)
    return place_of(first, transcript.text) if first else None


def place_of(quote: str, answer: str) -> tuple[int, int]:
    """The words of the answer that a cleaned quote was made of: the shortest stretch that yields it."""
    words, last = answer.split(), [bare(word) for word in quote.split()][-1]
    for length in range(len(quote.split()), len(quote.split()) + 12):
        for begin in range(len(words) - length + 1):
            stretch = words[begin : begin + length]
            if bare(stretch[-1]) == last and quotable(" ".join(stretch), 1000).lower() == quote.lower():
                return begin, begin + length
    raise ValueError(f"“{quote}” is not in the answer")
