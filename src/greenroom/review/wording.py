"""How a session and its turns are put into words."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import Feedback, Session, Turn, Unanswered

from .dates import day_and_hour


def printable(text: str) -> str:
    """Text as one line without anything that a terminal or a reader would obey instead of showing it."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def banks_of(session: Session) -> tuple[str, ...]:
    """The banks that its questions are from, in the order they were asked."""
    banks = (printable(entry.asked.bank) for entry in in_order(session))
    return tuple(dict.fromkeys(filter(None, banks)))


def read_again(session: Session) -> str:
    """When and with what it was read last, where that was not when it was answered; "" else."""
    if not session.reanalyses:
        return ""
    last = session.reanalyses[-1]
    how = f"with {printable(f'{last.engine} {last.model}')}" if last.engine else "from the words as they were"
    return f"Read again on {day_and_hour(last.at)}, {how}."


def answered_again(turn: Turn) -> str:
    """ "Answered again on Sunday 29 November 2026, 20:15", "" for the sitting of its session."""
    return f"Answered again on {day_and_hour(turn.answered_at)}" if turn.answered_at else ""


def feedback_text(feedback: Feedback) -> str:
    """What the coach said, for the eye: with quotation marks, which older sessions have only in its parts."""
    parts = " ".join(filter(None, (feedback.strength, *feedback.changes)))
    return feedback.written or parts or feedback.spoken


def in_order(session: Session) -> list[Turn | Unanswered]:
    """Turns and questions without an answer, as they were asked."""
    return sorted((*session.turns, *session.unanswered), key=lambda entry: entry.number)


def heading_of(entry: Turn | Unanswered, among: Sequence[Turn | Unanswered]) -> str:
    """ "Turn 2 of 3, follow-up to turn 1"; alone it is not one of so many."""
    last = max(other.number for other in among)
    heading = f"Turn {entry.number}" + (f" of {last}" if len(among) > 1 else "")
    if isinstance(entry, Unanswered):
        return heading
    if entry.retry_of is not None:
        return f"{heading}, turn {entry.retry_of} once more"
    return f"{heading}, follow-up to turn {entry.follow_up_to}" if entry.follow_up_to is not None else heading
