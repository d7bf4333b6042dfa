"""Which answer is given again: the one that was named, or the one with the most to win."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from greenroom.errors import BadInputError, UsageError
from greenroom.records import RubricScore, Session, Turn
from greenroom.review.attempts import attempts_of
from greenroom.review.finding import SAMPLE, find_session, no_such_turn
from greenroom.screens import listed
from greenroom.screens.names import SIGNAL_TITLES, named
from greenroom.self_rating import heard_rating, scores_asked_for
from greenroom.session import load_session

_SHOWN = 3  # the score from which on a quality came across (docs/rubric.md)
_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Subject:
    """An answer to give again; `why` says why this one, "" where the person named it."""

    folder: Path
    session: Session
    turn: Turn
    why: str = ""


def subject_of(given: Sequence[str], recordings: Path) -> Subject:
    """`given` is [SESSION] [TURN]; a number alone is a turn of the latest session.

    Raises:
        UsageError: there are more words than that, or no such turn.
        BadInputError: there is no such session, it cannot be read or added to, or it holds no answer.
    """
    name, number = _parsed(given)
    folder = find_session(name, recordings)
    if name is None and folder.name == SAMPLE:
        raise BadInputError("there is no session of your own yet", "greenroom practice makes one")
    session = load_session(folder)
    if not os.access(folder, os.W_OK):
        raise BadInputError(
            f"{folder} cannot be written, and the new answer belongs beside the earlier one",
            "copy the session to a place of your own",
        )
    if not session.turns:
        raise BadInputError(
            f"no question was answered in {folder.name}", "name another session, by name or folder"
        )
    if number is not None:
        return Subject(folder, session, _numbered(session, number))
    turn = _most_to_win(session.turns)
    return Subject(folder, session, turn, _why(turn))


def root_of(turn: Turn, turns: Sequence[Turn]) -> Turn:
    """The first answer to the same question."""
    return next(attempts[0] for attempts in attempts_of(turns) if turn in attempts)


def _parsed(given: Sequence[str]) -> tuple[str | None, int | None]:
    if len(given) > 2:
        raise UsageError(f"unexpected argument: {given[2]}", "greenroom retake [SESSION] [TURN]")
    if len(given) == 2 and not given[1].isdecimal():
        raise UsageError(f"a turn is a number, and {given[1]!r} is none", "greenroom retake [SESSION] [TURN]")
    if len(given) == 1 and given[0].isdecimal():
        return None, int(given[0])
    name = given[0] if given else None
    return name, int(given[1]) if len(given) == 2 else None


def _numbered(session: Session, number: int) -> Turn:
    for turn in session.turns:
        if turn.number == number:
            return turn
    if any(entry.number == number for entry in session.unanswered):
        raise UsageError(
            f"turn {number} has no answer that a new one could be held against",
            f"one of its answers: {listed([str(turn.number) for turn in session.turns])}",
        )
    raise no_such_turn(number, [turn.number for turn in session.turns])


def _most_to_win(turns: Sequence[Turn]) -> Turn:
    """Of the last answers to each question the lowest by the rubric, or of several the most to change."""
    last = [attempts[-1] for attempts in attempts_of(turns)]
    return min(last, key=lambda turn: (heard_rating(turn) or float("inf"), -len(turn.patterns)))


def _why(turn: Turn) -> str:
    heard = heard_rating(turn)
    if heard is None:
        return f"Turn {turn.number}, which had the most to change."
    lowest = sorted(scores_asked_for(turn), key=lambda each: each.score)[:_MOST_NAMED]
    short = [_scored(each) for each in lowest if each.score < _SHOWN]
    because = f": {listed(short)}" if short else ""
    return f"Turn {turn.number} has the most to win. By the rubric it comes to {heard:.1f} of 4{because}."


def _scored(score: RubricScore) -> str:
    return f"{named(SIGNAL_TITLES, score.id).lower()} {score.score}"
