"""The last three sessions: which pattern came back most, with the words it was last heard in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.records import PATTERNS, Finding, Turn
from greenroom.session import load_session

from .history import PastSession, is_judged
from .wording import printable

LAST = 3
_LONGEST_QUOTE = 180  # characters: two lines


@dataclass(frozen=True, slots=True)
class Recurring:
    """A pattern, and in how many of the last sessions and of their answers it was found."""

    pattern: str
    sessions: int
    answers: int

    @property
    def came_back(self) -> bool:
        return self.answers > 1


@dataclass(frozen=True, slots=True)
class Example:
    """Where a pattern was found last; `quote` is "" where no words stand for it."""

    session: PastSession
    turn: int
    question: str
    quote: str
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class LastSessions:
    """The last LAST sessions or fewer, with so many answers that could be judged.

    Attributes:
        recurring: the patterns found in them; what came back most is first.
        example: of the first of them, None where none came back.
    """

    sessions: tuple[PastSession, ...]
    answers: int
    recurring: tuple[Recurring, ...]
    example: Example | None = None

    @property
    def first(self) -> Recurring | None:
        """What to fix first: in the most sessions, among those in the most answers; more than once at all."""
        return self.recurring[0] if self.recurring and self.recurring[0].came_back else None


def last_sessions(sessions: Sequence[PastSession], recordings: Path) -> LastSessions:
    """`sessions`: those that count, the oldest first; the last of them are read again for their quotes."""
    last = tuple(session for session in sessions if session.facts.judged)[-LAST:]
    found = [Recurring(id, *_how_often(id, last)) for id in PATTERNS]
    recurring = tuple(
        sorted((each for each in found if each.answers), key=lambda each: (-each.sessions, -each.answers))
    )
    answers = sum(session.facts.judged for session in last)
    told = LastSessions(last, answers, recurring)
    if told.first is None:
        return told
    return LastSessions(last, answers, recurring, _example(told.first.pattern, last, recordings))


def _how_often(pattern: str, sessions: Sequence[PastSession]) -> tuple[int, int]:
    """In how many sessions, and in how many answers."""
    answers = [session.facts.patterns.get(pattern, 0) for session in sessions]
    return sum(count > 0 for count in answers), sum(answers)


def _example(pattern: str, sessions: Sequence[PastSession], recordings: Path) -> Example | None:
    """The surest finding of the newest session that has one."""
    for past in reversed(sessions):
        if not past.facts.patterns.get(pattern):
            continue
        with suppress(BadInputError):  # it was there a moment ago; without it there is one example less
            turns = [each for each in load_session(recordings / past.folder).turns if is_judged(each)]
            found = [(turn, finding) for turn in turns for finding in turn.patterns if finding.id == pattern]
            if found:
                turn, finding = max(found, key=lambda pair: pair[1].confidence)
                return _told(past, turn, finding)
    return None


def _told(past: PastSession, turn: Turn, finding: Finding) -> Example:
    quote = printable(finding.evidence[0].text) if finding.evidence else ""
    if len(quote) > _LONGEST_QUOTE:
        quote = quote[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return Example(
        past,
        turn.number,
        printable(turn.question or turn.asked.text),
        quote,
        printable(finding.why),
        printable(finding.advice),
    )
