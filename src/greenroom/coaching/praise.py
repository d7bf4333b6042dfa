"""What an answer has earned a good word for, best first, each with the words that earned it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from greenroom.records import SIGNALS, Analysis, Finding, Question, Span, Transcript

from .needs import earned
from .quotes import best_praised, concrete, is_earning, is_whole, measured_results, quotable, was_said

# A signal about the person's own doing is praised only in words that say I.
_ONES_OWN = ("ownership", "leadership", "accountability", "proactivity")
# What was at stake and for whom shows in the scene as well as in the deeds; all else shows in what was done.
_ANYWHERE = ("business_impact", "customer_focus", "clarity")
# The first tenth of an answer is its beginning: some ten seconds of two minutes (judgement).
_OPENING = 0.1


def praised(
    transcript: Transcript, analysis: Analysis, needed: Sequence[Finding], question: Question | None
) -> Iterator[tuple[str, str]]:
    """(what for, quote): a signal that was sent, the scene of a clear story, a figure, a detail."""
    found = {finding.id for finding in needed}
    planned = analysis.asks == "would"
    measured = [] if "no_outcome" in found else measured_results(analysis.parts)
    figures = [("result", quote) for quote in measured if is_earning(quote)]
    probed = question.signals if question else SIGNALS
    for signal in earned(analysis, question):
        if signal.id not in probed:
            # What was not asked for says less than a figure of what came of it.
            yield from figures
            figures = []
        quote = best_praised(
            (span.text for span in signal.evidence if signal.id in _ANYWHERE or _is_done(span, analysis)),
            transcript.text,
            own=signal.id in _ONES_OWN,
            planned=planned,
        )
        if quote is not None:
            yield "plan" if planned else signal.id, quote
    if not (question and question.follows) and "hypothetical" not in found:
        yield from _clear_story(analysis, transcript.text)
    yield from figures
    if not found & {"generality", "hypothetical"}:
        faulted = [quotable(span.text) for finding in needed for span in finding.evidence]
        details = (quote for quote in concrete(transcript.text) if not was_said(quote, faulted))
        yield from (("detail", quote) for quote in sorted(details, key=len, reverse=True))


def _is_done(span: Span, analysis: Analysis) -> bool:
    """Whether the words lie in what was done or came of it; where no deed is told, anywhere."""
    done = [part for part in analysis.parts if part.id in ("action", "result")]
    if all(part.id != "action" for part in done):
        return True
    return any(part.first_word <= span.last_word and span.first_word <= part.last_word for part in done)


def _clear_story(analysis: Analysis, answer: str) -> Iterator[tuple[str, str]]:
    """A story told in full and in order has earned a word for that, where nothing else has.

    Its scene is "the way in" only where it stands at the beginning.
    """
    clear = any(score.id == "clarity" and score.score == 4 for score in analysis.rubric)
    scene = next((part for part in analysis.parts if part.id == "situation"), None)
    if not clear or scene is None or scene.first_word > _OPENING * analysis.delivery.words:
        return
    if is_earning(quote := quotable(scene.text)) and is_whole(quote, answer):
        yield "clarity", quote
