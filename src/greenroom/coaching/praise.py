"""What an answer has earned a good word for, best first, each with the words that earned it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenroom.records import Analysis, Finding, Highlight, Question

from .facts import overlap
from .needs import praiseworthy
from .phrasing import word_count
from .quotes import is_earning, is_sayable, measured_results, quotable, says_change, says_i

# A signal about the person's own doing is praised only in words that say I.
_ONES_OWN = ("ownership", "leadership", "accountability", "proactivity")
# The strongest words may be longer than other quotes: they were chosen whole (analysis.moments).
_MOST_WORDS = 18
_UNCUT = 1000
_LEAST_WORDS = 4
# Of an answer that tells nothing in particular only what is surer to be strong: readers mostly find nothing
# there. By scripts/evaluate moments, with which words of 146 of 168 answers were said back, and nothing where
# readers would say nothing in 54 of 72; without it, in 44 of 72.
_VAGUE = frozenset({"generality", "hypothetical"})
_SURE = 0.3
# Words that show a signal are said back rather than others that are so many times as likely to be chosen: of
# 100 praised ones 1 was wrong to praise then, 3 without (scripts/evaluate moments).
_RATHER = 1.3


def praised(
    analysis: Analysis, needed: Sequence[Finding], question: Question | None
) -> Iterator[tuple[str, str]]:
    """(what for, quote): the strongest moments that can be said back, best first; a figure of the result."""
    planned = analysis.asks == "would"
    vague = not _VAGUE.isdisjoint(finding.id for finding in analysis.patterns)
    for highlight in sorted(analysis.highlights, key=_worth, reverse=True):
        quote = quotable(highlight.span.text, _UNCUT)
        strong = not vague or highlight.confidence >= _SURE
        if strong and _LEAST_WORDS <= word_count(quote) <= _MOST_WORDS and is_sayable(quote):
            yield "plan" if planned else _what_for(highlight, quote, analysis, question), quote
    if all(finding.id != "no_outcome" for finding in needed):
        figures = (quote for quote in measured_results(analysis.parts) if says_change(quote))
        yield from (("result", quote) for quote in figures if is_earning(quote))


def _worth(highlight: Highlight) -> float:
    return highlight.confidence * (_RATHER if highlight.signals else 1)


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
