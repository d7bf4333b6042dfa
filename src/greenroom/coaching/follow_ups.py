"""What to ask next: for the signal that was most needed and not sent, in the answer's own words."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import Analysis, Finding, Question

from .facts import deed_of, main_deed, slots_of
from .needs import fault_of
from .phrasing import Chooser, load_phrases
from .quotes import is_sayable, quotable


def follow_up(
    choose: Chooser,
    analysis: Analysis,
    needed: Sequence[Finding],
    unsent: Sequence[str],
    question: Question | None,
) -> tuple[str | None, str | None]:
    """The question, and the pattern it answers to: worded from the answer, else the bank's, else general.

    `unsent`: the signals that the question probes and the answer did not send.
    """
    if needed:
        first = needed[0]
        fault = fault_of(first, analysis, question)
        if fault != first.id:
            return _general(choose, "follow_up_oneself", fault), first.id
        own = question.follow_ups if question else {}
        # No real time was told, perhaps none that was asked for: the bank's line leads back to the question.
        if first.id == "hypothetical" and first.id in own:
            return own[first.id], first.id
        if asked := _from_the_answer(choose, analysis, first):
            return asked, first.id
        for finding in needed:
            if finding.id in own:
                return own[finding.id], finding.id
        return _general(choose, "follow_up", first.id), first.id
    if analysis.asks == "would" and not (question and question.follows):
        return _general(choose, "follow_up_plan", "would"), None
    # What somebody is or wants has no steps to ask about, and no "it".
    if not unsent or analysis.asks == "self":
        return None, None
    asked = _ask(choose, "follow_up_deed_signal", unsent[0], slots_of(main_deed(analysis.deeds)))
    # "What was it worth in the end?" has nothing to point at where somebody told who they are.
    if asked is None and analysis.form != "self_description":
        asked = _general(choose, "follow_up_signal", unsent[0])
    return asked, None


def _from_the_answer(choose: Chooser, analysis: Analysis, finding: Finding) -> str | None:
    deed = slots_of(deed_of(finding, analysis.deeds))
    if asked := _ask(choose, "follow_up_deed", finding.id, deed):
        return asked
    quote = quotable(finding.evidence[0].text)
    if not is_sayable(quote):
        return None
    return _ask(choose, "follow_up_quote", finding.id, {"quote": quote})


def _ask(choose: Chooser, table: str, id: str, slots: dict[str, str]) -> str | None:
    remark = choose.line(load_phrases()[table].get(id, ()), slots) if slots else None
    return remark.spoken if remark else None


def _general(choose: Chooser, table: str, id: str) -> str | None:
    """None where a long session has used all of them: the same question twice is worse than none."""
    remark = choose.line(load_phrases()[table][id], {})
    return remark.spoken if remark else None
