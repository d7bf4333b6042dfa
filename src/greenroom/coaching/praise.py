"""What an answer has earned a good word for, best first, each with the words that earned it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from greenroom.records import Analysis, Finding, Highlight, Question, Transcript, bare

from .facts import overlap
from .needs import praiseworthy
from .phrasing import word_count
from .quotes import begins_well, is_earning, is_whole, measured_results, quotable, says_change, says_i

# A signal about the person's own doing is praised only in words that say I.
_ONES_OWN = ("ownership", "leadership", "accountability", "proactivity")
# The strongest words may be longer than other quotes: cut, they are often no longer that (judgement).
_MOST_WORDS = 16
_LEAST_WORDS = 4
_UNCUT = 1000
_OWN_DEED = re.compile(r"[,;]\s+(?:and |so |but |then )*(?=(?:I|we)\b)")


def praised(
    transcript: Transcript, analysis: Analysis, needed: Sequence[Finding], question: Question | None
) -> Iterator[tuple[str, str]]:
    """(what for, quote): the strongest moments that can be said back, best first; a figure of the result."""
    planned = analysis.asks == "would"
    for highlight in analysis.highlights:
        for text in _from_its_deeds(highlight.span.text):
            quote = quotable(text, _MOST_WORDS)
            thin = word_count(quote) < _LEAST_WORDS
            if thin or not is_earning(quote, planned=planned) or not begins_well(quote):
                continue
            if _is_all_of(quote, text) or is_whole(quote, transcript.text):
                yield "plan" if planned else _what_for(highlight, quote, analysis, question), quote
                break
    if all(finding.id != "no_outcome" for finding in needed):
        figures = (quote for quote in measured_results(analysis.parts) if says_change(quote))
        yield from (("result", quote) for quote in figures if is_earning(quote))


def _is_all_of(quote: str, text: str) -> bool:
    """Whether nothing was left out at its end, not even the "who" of "I let her choose who"."""
    return quote == quotable(text, _UNCUT) and bare(quote.split()[-1]) == bare(text.split()[-1])


def _from_its_deeds(text: str) -> Iterator[str]:
    """The words, and then what is left of them from each deed on that is one's own.

    Of "next time I didn't tune it, I took the bottom panel off and lay on the floor" the second half is it.
    """
    yield text
    for begins in _OWN_DEED.finditer(text):
        yield text[begins.end() :]


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
