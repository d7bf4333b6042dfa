"""What is said of a session that broke off: one line of what was kept, and how to go on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date, datetime

from greenroom.records import Session
from greenroom.recovering.bringing_home import Returned
from greenroom.recovering.remaining import can_go_on, remaining
from greenroom.recovering.wholeness import Remains

_LEAST_KEPT = 1.0  # s; less is nothing that anybody would miss
_AGAIN = "It is tried again at the next start."
DEBRIEF = "debrief"


def lines_of(
    remains: Remains, today: date, *, latest: bool = True, how: bool = True, what: str = "interview"
) -> Iterator[str]:
    """What is said of it; nothing of one that had come to its end, and of which nothing broke off.

    Args:
        latest: whether `greenroom practice --resume` alone means this session.
        how: say how to go on.
        what: what kind of session it is, such as DEBRIEF.
    """
    named = f"our {what} of {when(remains.session, today)}"
    if remains.session.finished and remains.broke_off is None:
        if remains.fault:
            yield f"Sound of y{named} is still as it was written: {remains.fault}. {_AGAIN}"
        return
    yield f"Y{named} broke off{_where(remains)}; {_kept(remains)}."
    if remains.fault:
        yield f"Its sound is still as it was written: {remains.fault}. {_AGAIN}"
    if not how:
        return
    if what == DEBRIEF and not remains.session.finished:
        yield f"  To go on with it: greenroom debrief --resume {shlex.quote(remains.folder.name)}"
    if can_go_on(remains.session):
        name = "" if latest else f" {shlex.quote(remains.folder.name)}"
        yield f"  To go on with it: greenroom practice --resume{name}"
    if remains.broke_off is not None and remains.broke_off.recording and remains.seconds >= _LEAST_KEPT:
        sound = remains.folder / remains.broke_off.recording
        yield f"  To read what was recorded: greenroom analyze {shlex.quote(str(sound))}"


def lines_of_return(returned: Returned, today: date, *, what: str = "interview") -> Iterator[str]:
    """What is said of a session of which something lay elsewhere, because its disk took nothing."""
    named = f"your {what}" + (f" of {when(returned.session, today)}" if returned.session is not None else "")
    if returned.brought:
        yield f"What the disk had not taken of {named} is in its folder now."
    for apart in returned.apart:
        yield f"Some of {named} is still in {apart.place}: {apart.why}."
    if (refused := returned.refused) is not None:
        yield f"Some of {named} is still in {refused.place}: {refused.why}. {_AGAIN}"


def when(session: Session, today: date) -> str:
    """The time that a session began, with the day unless it is today: "20:15", "21 November, 20:15"."""
    try:
        began = datetime.fromisoformat(session.started_at)
    except ValueError:
        return session.id
    return f"{began:%H:%M}" if began.date() == today else f"{began.day} {began:%B}, {began:%H:%M}"


def seconds_kept(seconds: float) -> str:
    """ "41 s" or "3 min 5 s"."""
    whole = round(seconds)
    return f"{whole} s" if whole < 100 else f"{whole // 60} min {whole % 60} s"


def _where(remains: Remains) -> str:
    """In which question, as far as that is known."""
    session, last = remains.session, remains.broke_off
    if last is None:
        dealt_with = remaining(session).begun if session.plan else len(session.turns)
        return f" after question {dealt_with}" if dealt_with else " before its first question"
    if session.finished:
        return " as a question was asked again"
    if last.asked.follows:
        return " in a follow-up"
    numbers = {question.id: number for number, question in enumerate(session.plan, start=1)}
    number = numbers.get(last.asked.id)
    return f" in question {number}" if number else ""


def _kept(remains: Remains) -> str:
    if remains.broke_off is None:
        return "nothing of it is lost"
    if remains.seconds < _LEAST_KEPT:
        return "nothing of an answer was recorded yet" if not remains.fault else "your answer was kept"
    return f"{seconds_kept(remains.seconds)} of your answer were kept"
