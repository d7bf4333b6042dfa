"""The one thing to try after a debrief: a sentence, and a command that does it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.preparation.debrief.debriefs import Debrief
from greenroom.preparation.debrief.reasons import Reason
from greenroom.records import Question

KEEP_WARM = "Keep the questions warm: answer them once more, so that what worked stays at hand."
NOTHING_TOLD = "Answer one question aloud, whichever comes, to stay in the way of it."

_MOST_QUESTIONS = 3  # in a sitting that only keeps things warm


@dataclass(frozen=True, slots=True)
class OneThing:
    """What to try, in a sentence, and the words of the command."""

    sentence: str
    command: tuple[str, ...]

    @property
    def line(self) -> str:
        """The command as it is typed."""
        return shlex.join(self.command)


def one_thing(
    debrief: Debrief, reasons: Sequence[Reason], first: Reason | None, bank: str, asked: Sequence[Question]
) -> OneThing:
    """What to try next.

    Args:
        reasons: what this debrief shows, the strongest of what can be worked on first.
        first: what the last interviews have in common and can be worked on; it goes before this one's.
        bank: how `--bank` is told the private bank, which holds `asked`.
    """
    chosen = first or next((reason for reason in reasons if reason.yours), None)
    if chosen is None:
        if not asked:
            return OneThing(NOTHING_TOLD, ("greenroom", "practice", "--questions", "1"))
        count = str(min(_MOST_QUESTIONS, len(asked)))
        return OneThing(KEEP_WARM, ("greenroom", "practice", "--bank", bank, "--questions", count))
    here = next((reason for reason in reasons if reason.id == chosen.id), None)
    turn = _retold(debrief, here)
    if turn is not None:
        sentence = f"{chosen.tries} Answer that question again, and see both answers side by side."
        return OneThing(sentence, ("greenroom", "retake", str(debrief.folder), str(turn)))
    return OneThing(chosen.tries, ("greenroom", "practice", *_bank(chosen, bank, asked), "--questions", "1"))


def _retold(debrief: Debrief, reason: Reason | None) -> int | None:
    """The number of the turn whose retelling shows it most."""
    for each in reason.evidence if reason is not None else ():
        if each.question:
            return debrief.questions[each.question - 1].answer
    return None


def _bank(reason: Reason, bank: str, asked: Sequence[Question]) -> tuple[str, ...]:
    """The person's own questions first: those that probe it, or all; else those that are shipped."""
    focus = ("--focus", reason.focus) if reason.focus else ()
    if not asked:
        return focus
    fits = any(reason.focus in question.signals for question in asked)
    return ("--bank", bank, *(focus if fits else ()))
