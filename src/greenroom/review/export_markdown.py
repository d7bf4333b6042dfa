"""A session as a text to read, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from greenroom.records import Session, Span, Turn, Unanswered
from greenroom.review.dates import day_and_hour
from greenroom.review.titles import UNANSWERED
from greenroom.review.wording import (
    answered_again,
    banks_of,
    feedback_text,
    heading_of,
    in_order,
    printable,
    read_again,
)
from greenroom.screens import clock, counted, numbers, shares
from greenroom.screens.names import FORM_TITLES, MARKER_TITLES, PATTERN_TITLES, SIGNAL_TITLES, named
from greenroom.self_rating import compared

_MARKUP = re.compile(r"([\\`*_\[\]|~])")
_BEGINS_A_BLOCK = re.compile(r"^(?:([#+=-])|(\d{1,9})([.)]))")
_ENDS_IN_A_QUOTE = (".”", "?”", "!”")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def as_markdown(session: Session) -> str:
    """The whole session in Markdown: CommonMark, and GitHub's tables. No text in it is taken for markup."""
    return "\n\n".join(_blocks(session)) + "\n"


def plain(text: str) -> str:
    """Text as Markdown shows it unchanged: one line, nothing in it a mark, a tag or an entity."""
    told = "".join(_ENTITIES.get(letter, letter) for letter in printable(text))
    told = _MARKUP.sub(r"\\\1", told)
    return _BEGINS_A_BLOCK.sub(lambda begin: f"{begin[2] or ''}\\{begin[1] or begin[3]}", told)


def _blocks(session: Session) -> Iterator[str]:
    entries = in_order(session)
    yield f"# Interview of {plain(day_and_hour(session.started_at))}"
    yield " · ".join(_about(session))
    if again := read_again(session):
        yield plain(again)
    for entry in entries:
        yield f"## {plain(heading_of(entry, entries))}"
        yield f"> {plain(entry.question or entry.asked.text)}"
        yield from _turn(entry) if isinstance(entry, Turn) else _open(entry)


def _about(session: Session) -> Iterator[str]:
    if banks := banks_of(session):
        yield plain(", ".join(banks))
    yield counted(len(session.turns), "answer")
    if session.unanswered:
        yield f"{len(session.unanswered)} left without one"
    if not session.finished:
        yield "not finished"
    yield plain(session.id)


def _open(entry: Unanswered) -> Iterator[str]:
    yield plain(named(UNANSWERED, entry.reason))
    if entry.recording:
        yield f"What was recorded: {plain(entry.recording)}"


def _turn(turn: Turn) -> Iterator[str]:
    yield plain(turn.transcript.text) or "(nothing that could be understood)"
    yield f"*{_measured(turn)}*"
    if turn.form or turn.shares:
        told = filter(None, (turn.form and named(FORM_TITLES, turn.form), shares(turn)))
        yield f"**Told as** {plain(' · '.join(told))}"
    yield from _listed(
        "Came across", (_shown(named(SIGNAL_TITLES, each.id), each.evidence) for each in turn.signals)
    )
    yield from _listed(
        "What senior answers show",
        (_shown(named(MARKER_TITLES, each.id), each.evidence) for each in turn.markers),
    )
    yield from _listed(
        "To change",
        (
            f"{_shown(named(PATTERN_TITLES, each.id), each.evidence)} {plain(each.why)} {plain(each.advice)}"
            for each in turn.patterns
        ),
    )
    if turn.rubric:
        rows = (
            f"| {plain(named(SIGNAL_TITLES, score.id))} | {score.score} | {plain(score.why)} |"
            for score in turn.rubric
        )
        yield "\n".join(("| Quality | of 4 | Why |", "| --- | --- | --- |", *rows))
    if rated := compared(turn):
        yield plain(rated)
    yield f"**Feedback** {plain(feedback_text(turn.feedback))}"
    if turn.feedback.follow_up:
        yield f"**Asked next** {plain(turn.feedback.follow_up)}"


def _measured(turn: Turn) -> str:
    how = "typed" if turn.ended_by == "typed" else turn.recording or ""
    return plain(" · ".join(filter(None, (numbers(turn), how, answered_again(turn)))))


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    if lines := [f"- {item}" for item in items]:
        yield f"**{title}**"
        yield "\n".join(lines)


def _shown(title: str, evidence: Sequence[Span]) -> str:
    """ "**Ownership** “I wrote a worker” (0:26)." """
    quotes = "; ".join(f"“{plain(span.text)}”{_at(span)}" for span in evidence)
    if not quotes:
        return f"**{plain(title)}**."
    return f"**{plain(title)}**: {quotes}" + ("" if quotes.endswith(_ENDS_IN_A_QUOTE) else ".")


def _at(span: Span) -> str:
    return f" ({clock(span.start)})" if span.start is not None else ""
