"""One analysed answer as plain text, for `greenroom analyze` without --json."""

from __future__ import annotations

from collections.abc import Iterator

from greenroom.records import Answer, Span
from greenroom.screens import clock, numbers, percent, shares
from greenroom.screens.names import FORM_TITLES, MARKER_TITLES, PATTERN_TITLES, SIGNAL_TITLES, named


def summary(answer: Answer) -> str:
    """What was found in one answer, in lines."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: Answer) -> Iterator[str]:
    yield f"{answer.id or answer.source or 'answer'}: {numbers(answer)}"
    if answer.question:
        yield f"  question: {answer.question}"
    yield f"  said:     {answer.transcript.text or '(nothing that could be understood)'}"
    if answer.form:
        yield f"  told as:  {named(FORM_TITLES, answer.form)}"
    if answer.parts:
        yield f"  parts:    {shares(answer)}"
    for signal in answer.signals:
        yield f"  signal:   {named(SIGNAL_TITLES, signal.id)}{_quotes(signal.evidence)}"
    for marker in answer.markers:
        yield f"  senior:   {named(MARKER_TITLES, marker.id)}{_quotes(marker.evidence)}"
    for finding in answer.patterns:
        sure = f"{percent(finding.confidence)} sure"
        yield f"  pattern:  {named(PATTERN_TITLES, finding.id)} ({sure}){_quotes(finding.evidence)}"
        yield f"            {finding.advice}"
    for score in answer.rubric:
        yield f"  rubric:   {named(SIGNAL_TITLES, score.id)} {score.score} of 4. {score.why}"
    yield f"  feedback: {answer.feedback.written or answer.feedback.spoken}"
    if answer.feedback.follow_up:
        yield f"  follow-up: {answer.feedback.follow_up}"


def _quotes(evidence: tuple[Span, ...]) -> str:
    quotes = [
        f"“{span.text}”{f' at {clock(span.start)}' if span.start is not None else ''}"
        for span in evidence[:2]
    ]
    return f": {', '.join(quotes)}" if quotes else ""
