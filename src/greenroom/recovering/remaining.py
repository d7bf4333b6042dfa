"""What is left of an interview that did not come to its end: its questions, its settings, its recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError
from greenroom.records import Question, Session, Turn, Unanswered
from greenroom.recovering.holding import being_worked_on, is_held
from greenroom.review.finding import find_session, none_yet, session_folders
from greenroom.review.wording import in_order
from greenroom.session import load_session

_LISTS = frozenset(field.name for field in fields(PracticeSettings) if field.type == "tuple[str, ...]")


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is still to be asked.

    Attributes:
        begun: how many questions of the plan were dealt with, follow-ups not counted.
        questions: those that are left, the one that broke off first.
        used: how many recordings of a candidate have answered.
        broke_off: the question that broke off with something of its answer kept.
    """

    begun: int
    questions: tuple[Question, ...]
    used: int
    broke_off: Unanswered | None


def unfinished(given: str | None, recordings: Path) -> Path:
    """The folder of the session to go on with: by folder or name, or None for the latest that can be.

    One in which something was said comes before one that broke off before anything was.

    Raises:
        BadInputError: there is none, or it came to its end, or another greenroom is working on it.
    """
    if given is not None:
        folder = find_session(given, recordings)
        _check(folder)
        return folder
    folders = session_folders(recordings)
    if not folders:
        raise none_yet(recordings)
    held = without_a_word = None
    for folder in folders:
        session = _unfinished_in(folder)
        if session is None:
            continue
        if is_held(folder):
            held = held or folder
        elif session.turns or any(True for _ in folder.glob("*-answer.*")):
            return folder
        else:
            without_a_word = without_a_word or folder
    if without_a_word is not None:
        return without_a_word
    if held is not None:
        raise being_worked_on(held)
    raise BadInputError("no interview of yours is unfinished", "greenroom practice begins a new one")


def can_go_on(session: Session) -> bool:
    """Whether `--resume` takes it."""
    return not session.finished and bool(session.plan)


def remaining(session: Session) -> Remaining:
    """What of a session's plan is left.

    What was skipped is not asked again, but for the last question: whoever quits in it is asked it again.
    """
    asked = in_order(session)
    last = asked[-1] if asked else None
    answered = {turn.asked.id for turn in session.turns}
    open_ = {each.asked.id for each in asked if _is_open(each, each is last)} - answered
    dealt_with = {each.asked.id for each in asked} - open_
    left = tuple(question for question in session.plan if question.id not in dealt_with)
    begun = len(session.plan) - len(left)
    broke_off = last if isinstance(last, Unanswered) and last.reason == "interrupted" else None
    if broke_off is not None and broke_off.asked.follows and broke_off.asked.id in open_:
        left, begun = (broke_off.asked, *left), begun - 1
    # Of what broke off, the recording answers once more where the question is asked once more.
    again = open_ | {question.id for question in session.plan}
    return Remaining(
        begun=begun,
        questions=left,
        used=sum(not (_is_open(each, each is last) and each.asked.id in again) for each in asked),
        broke_off=broke_off if broke_off is not None and broke_off.recording is not None else None,
    )


def settings_of(session: Session, given: Mapping[str, Any], places: Mapping[str, Any]) -> PracticeSettings:
    """The settings that a session ran with; those given now stand over them.

    Args:
        given: by their names.
        places: those that no session keeps, since folders can be moved.
    """
    known = {field.name for field in fields(PracticeSettings)}
    saved = {name: value for name, value in session.settings.items() if name in known}
    for name in _LISTS & saved.keys():
        saved[name] = tuple(saved[name])
    if "candidate" in given or given.get("input") is not None:
        saved = {name: value for name, value in saved.items() if name not in ("candidate", "fast", "typed")}
    return PracticeSettings(**{**saved, **places, **given})


def _is_open(each: Turn | Unanswered, last: bool) -> bool:
    if isinstance(each, Turn):
        return False
    return each.reason == "interrupted" or (last and each.reason == "skipped")


def _unfinished_in(folder: Path) -> Session | None:
    try:
        session = load_session(folder)
    except BadInputError:
        return None
    return session if can_go_on(session) else None


def _check(folder: Path) -> None:
    session = load_session(folder)
    if session.finished:
        raise BadInputError(
            f"{folder.name} came to its end",
            "greenroom retake asks one of its questions again; greenroom practice begins a new interview",
        )
    if not session.plan:
        raise BadInputError(
            f"{folder.name} does not tell which questions it was to ask",
            "an older greenroom made it; greenroom practice begins a new interview",
        )
