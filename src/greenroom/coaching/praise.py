"""What an answer has earned a good word for, best first, each with the words that earned it."""

from __future__ import annotations

from collections.abc import Iterator

from greenroom.records import Analysis, Highlight, Question

from .facts import overlap
from .needs import praiseworthy
from .phrasing import word_count
from .quotes import is_sayable, quotable, says_change, says_i

# A signal about the person's own doing is praised only in words that say I.
_ONES_OWN = ("ownership", "leadership", "accountability", "proactivity")
# The strongest words may be longer than other quotes: they were chosen whole (analysis.moments).
_MOST_WORDS = 18
_UNCUT = 1000
_LEAST_WORDS = 4


def praised(analysis: Analysis, question: Question | None) -> Iterator[tuple[str, str]]:
    """(what for, quote): the strongest moments that can be said back, best first."""
    planned = analysis.asks == "would"
    for highlight in analysis.highlights:
        quote = quotable(highlight.span.text, _UNCUT)
        if _LEAST_WORDS <= word_count(quote) <= _MOST_WORDS and is_sayable(quote):
            yield "plan" if planned else _what_for(highlight, quote, analysis, question), quote


def _what_for(highlight: Highlight, quote: str, analysis: Analysis, question: Question | None) -> str:
    """A signal that these words show, one that the question asked for before others; else what they are."""
    sure = praiseworthy(analysis)
    probed = question.signals if question else ()
    shown = [
        signal
        for signal in highlight.signals
        if signal in sure and (signal not in _ONES_OWN or says_i(quote))
    ]
    if asked_for := [signal for signal in shown if signal in probed]:
        return asked_for[0]
    told = {part.id for part in analysis.parts if overlap(part, highlight.span)}
    if says_change(quote) and "result" in told:
        return "result"
    return shown[0] if shown else "detail"
