"""One analysed answer as plain text, for `greenroom analyze` without --json."""

from __future__ import annotations

from collections.abc import Iterator

from greenroom.records import Answer, Span
from greenroom.screens import clock, listed, numbers


def summary(answer: Answer) -> str:
    """What was found in one answer, in lines."""
    return "\n".join(_lines(answer)) + "\n"


def _lines(answer: Answer) -> Iterator[str]:
    yield f"{answer.id or answer.source or 'answer'}: {numbers(answer)}"
    if answer.question:
        yield f"  question: {answer.question}"
    yield f"  said:     {answer.transcript.text or '(nothing that could be understood)'}"
    if answer.parts:
        yield f"  parts:    {listed(list(dict.fromkeys(part.id for part in answer.parts)))}"
    if answer.signals:
        yield f"  signals:  {listed([_name(signal.id) for signal in answer.signals])}"
    for finding in answer.patterns:
        yield f"  pattern:  {_name(finding.id)} ({finding.confidence:.0%} sure){_quotes(finding.evidence)}"
        yield f"            {finding.advice}"
    if answer.rubric:
        scores = " · ".join(f"{_name(score.id)} {score.score}" for score in answer.rubric)
        yield f"  rubric:   {scores} (1 to 4)"
    yield f"  feedback: {answer.feedback.spoken}"
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
