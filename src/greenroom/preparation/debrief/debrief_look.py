"""A debrief with all that follows from it, read anew each time: a file changed by hand counts as it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.preparation.debrief.asked_bank import Added, asked_questions
from greenroom.preparation.debrief.debrief_lines import LookedAt
from greenroom.preparation.debrief.debriefs import Debrief, load_debriefs, turns_of
from greenroom.preparation.debrief.last_three import InCommon, in_common
from greenroom.preparation.debrief.one_thing import one_thing
from greenroom.preparation.debrief.reasons import reasons_of
from greenroom.preparation.places import private_bank
from greenroom.records import Question


def look_at(data: Path, debrief: Debrief, added: Added | None = None) -> LookedAt:
    """What a debrief shows, what the last ones share, and what to try.

    Args:
        data: the person's data folder.
        added: what became of its questions in the private bank just now.
    """
    turns = turns_of(debrief)
    reasons = reasons_of(debrief, turns)
    common = common_of(load_debriefs(data).debriefs)
    if common is not None and all(each.name != debrief.name for each in common.debriefs):
        common = None
    first = common.first_of_yours if common is not None else None
    asked: Sequence[Question] = ()
    with suppress(BadInputError):  # a bank with faults is no reason to show nothing
        asked = asked_questions(data)
    try_this = one_thing(debrief, reasons, first, str(private_bank(data)), asked)
    return LookedAt(debrief, turns, reasons, common, try_this, added)


def common_of(debriefs: Sequence[Debrief]) -> InCommon | None:
    """What the latest of all debriefs share; None where there are too few."""
    return in_common([(debrief, reasons_of(debrief, turns_of(debrief))) for debrief in debriefs])
