"""One analysed answer as plain text, for `greenroom analyze` without --json."""

from __future__ import annotations

from collections.abc import Iterator

from greenroom.records import Answer, Span
from greenroom.screens import FORM_NAMES, clock, numbers, shares


def summary(answer: Answer) -> str:
    """What was found in one answer, in lines."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: Answer) -> Iterator[str]:
    yield f"{answer.id or answer.source or 'answer'}: {numbers(answer)}"
    if answer.question:
        yield f"  question: {answer.question}"
    yield f"  said:     {answer.transcript.text or '(nothing that could be understood)'}"
    if answer.form:
        yield f"  told as:  {FORM_NAMES[answer.form]}"
    if answer.parts:
        yield f"  parts:    {shares(answer)}"
    for signal in answer.signals:
        yield f"  signal:   {_name(signal.id)}{_quotes(signal.evidence)}"
    for marker in answer.markers:
        yield f"  senior:   {_name(marker.id)}{_quotes(marker.evidence)}"
    for finding in answer.patterns:
        yield f"  pattern:  {_name(finding.id)} ({finding.confidence:.0%} sure){_quotes(finding.evidence)}"
        yield f"            {finding.advice}"
    for score in answer.rubric:
        yield f"  rubric:   {_name(score.id)} {score.score} of 4. {score.why}"
    yield f"  feedback: {answer.feedback.written or answer.feedback.spoken}"
    if answer.feedback.follow_up:
        yield f"  follow-up: {answer.feedback.follow_up}"


def _name(identifier: str) -> str:
    return identifier.replace("_", " ")


def _quotes(evidence: tuple[Span, ...]) -> str:
    quotes = [
        f"“{span.text}”{f' at {clock(span.start)}' if span.start is not None else ''}"
        for span in evidence[:2]
    ]
    return f": {', '.join(quotes)}" if quotes else ""
