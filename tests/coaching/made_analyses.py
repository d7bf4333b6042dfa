"""Findings, signals and whole analyses as the coach gets them, made by hand."""

from __future__ import annotations

from greenroom.records import (
    Analysis,
    Deed,
    Delivery,
    Filler,
    Finding,
    Highlight,
    Opening,
    Question,
    SignalEvidence,
    Span,
    Transcript,
)

TRANSCRIPT = Transcript("")
QUESTION = Question(
    id="q", text="Tell me about a time.", signals=("ownership",), about="whether you act on your own."
)


def span(text: str) -> Span:
    return Span(text, None, None, 0, len(text.split()) - 1)


def finding(id: str, text: str = "we moved it to queues", confidence: float = 0.9) -> Finding:
    return Finding(id, confidence, (span(text),), "why", "advice")


def signal(id: str, text: str = "I decided to drop the cheaper vendor") -> SignalEvidence:
    return SignalEvidence(id, (span(text),), shown=1.0)


def highlight(text: str = "I decided to drop the cheaper vendor", *signals: str) -> Highlight:
    return Highlight(span(text), 0.8, signals)


def deed(
    who: str = "i", did: str = "tented", do: str = "tent", thing: str = "the slab", measure: str = ""
) -> Deed:
    return Deed(who, did, do, thing, measure, 1, 0, 0)


def analysis(
    patterns=(),
    signals=(),
    *,
    words: int = 120,
    bands=None,
    rubric=(),
    parts=(),
    deeds=(),
    highlights=(),
    openings=(),
) -> Analysis:
    """`openings` by name, the most wanted first, each half as wanted as the one before."""
    remarkable = tuple(f"{measure}.{name}" for measure, name in (bands or {}).items())
    fillers = (Filler("um", 1.0, 1.2),)
    delivery = Delivery(
        words, speech_rate_wpm=212.4, fillers=fillers, fillers_per_minute=13.2, remarkable=remarkable
    )
    return Analysis(
        delivery,
        parts=parts,
        patterns=tuple(patterns),
        signals=tuple(signals),
        rubric=rubric,
        deeds=tuple(deeds),
        highlights=tuple(highlights),
        openings=tuple(Opening(id, 0.8 / 2**n, 0.9) for n, id in enumerate(openings)),
    )
