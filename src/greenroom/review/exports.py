"""A session for other programs: captions with its findings, a text to read, and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from greenroom.captions import Timed, cue, escaped, groups, stamp
from greenroom.records import Session, Turn
from greenroom.review.export_markdown import as_markdown
from greenroom.review.export_numbers import as_csv
from greenroom.review.finding import no_such_turn
from greenroom.review.titles import UNANSWERED
from greenroom.review.wording import heading_of, in_order, printable
from greenroom.screens.names import PATTERN_TITLES, named

__all__ = ["EXPORTS", "as_csv", "as_markdown", "as_vtt", "export", "only"]

_FINDINGS_PLACE = "line:0"
"""WebVTT for the upper edge of the picture: the words stand at the lower."""


def export(session: Session, kind: str, turn: int | None = None) -> str:
    """The session, or one turn of it, as one of EXPORTS.

    Raises:
        UsageError: the session has no such turn.
    """
    return EXPORTS[kind](session if turn is None else only(session, turn))


def only(session: Session, number: int) -> Session:
    """The session with nothing but the turn of that number."""
    turns = tuple(turn for turn in session.turns if turn.number == number)
    unanswered = tuple(entry for entry in session.unanswered if entry.number == number)
    if not turns and not unanswered:
        raise no_such_turn(number, [entry.number for entry in in_order(session)])
    return replace(session, turns=turns, unanswered=unanswered)


def as_vtt(session: Session) -> str:
    """WebVTT (W3C): the words of the answers, each with its own time, and the findings, as cues.

    Times run through the recordings of the answers laid end to end; notes say where each begins. Those of a
    session with one turn are thus those of its recording. Findings stand at the upper edge, from the first to
    the last word of their quote, or along the whole answer where they have none. What has no times is in
    notes.
    """
    parts = [f"WEBVTT {_shown(session.id)}\n"]
    entries = in_order(session)
    offset = 0.0
    for entry in entries:
        heading = f"{heading_of(entry, entries)}: {entry.question or entry.asked.text}"
        if isinstance(entry, Turn) and (words := _timed(entry)):
            place = f"{entry.recording or 'its recording'} begins at {stamp(offset)}"
            parts.append(_note(f"{heading} ({place})"))
            parts += _cues(entry, words, offset)
            offset += max(entry.seconds or 0.0, words[-1][1])
        else:
            said = entry.transcript.text if isinstance(entry, Turn) else named(UNANSWERED, entry.reason)
            parts.append(_note(f"{heading} ({said})"))
    return "\n".join(parts)


def _note(text: str) -> str:
    return f"NOTE {_shown(text)}\n"


def _shown(text: str) -> str:
    return escaped(printable(text))


def _timed(turn: Turn) -> list[Timed]:
    return [timed for group in groups(turn.transcript.words) for timed in group]


def _cues(turn: Turn, words: list[Timed], offset: float) -> list[str]:
    """The cues in order of their beginning, as the format wants them."""
    cues = [*_word_cues(turn, offset), *_finding_cues(turn, words, offset)]
    return [text for _, text in sorted(cues, key=lambda timed: timed[0])]


def _word_cues(turn: Turn, offset: float) -> Iterator[tuple[float, str]]:
    for number, group in enumerate(groups(turn.transcript.words), 1):
        start, end = group[0][0] + offset, group[-1][1] + offset
        text = _with_times(group, offset, start, end)
        yield start, f"turn {turn.number}, words {number}\n{cue(start, end, text)}"


def _with_times(group: list[Timed], offset: float, start: float, end: float) -> str:
    """The words, each after the time at which it begins; only times that go forward are allowed."""
    pieces: list[str] = []
    last = stamp(start)
    for begins, _, text in group:
        now = stamp(begins + offset)
        if last < now < stamp(end):
            pieces.append(f"<{now}>{_shown(text)}")
            last = now
        else:
            pieces.append(_shown(text))
    return " ".join(pieces)


def _finding_cues(turn: Turn, words: list[Timed], offset: float) -> Iterator[tuple[float, str]]:
    number = 0
    for finding in turn.patterns:
        title = _shown(named(PATTERN_TITLES, finding.id))
        told = f"<c.finding>{title}</c>. {_shown(finding.advice)}"
        spans = [(span.start, span.end) for span in finding.evidence] or [(words[0][0], words[-1][1])]
        for start, end in spans:
            if start is None or end is None:
                continue
            number += 1
            timed = cue(start + offset, end + offset, told, _FINDINGS_PLACE)
            yield start + offset, f"turn {turn.number}, finding {number}\n{timed}"


EXPORTS: Mapping[str, Callable[[Session], str]] = {"vtt": as_vtt, "md": as_markdown, "csv": as_csv}
"""What a session can be exported as, by the name that the command line knows it by."""
