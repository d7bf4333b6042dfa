"""What to ask next: for the signal that was most needed and not sent, in the answer's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from greenroom.records import Analysis, Finding, Question, Transcript

from .balance import is_complete
from .facts import deed_of, main_deed, slots_of
from .needs import counts, fault_of
from .phrasing import Chooser, load_phrases
from .quotes import is_sayable, quotable


def follow_up(
    choose: Chooser,
    transcript: Transcript,
    analysis: Analysis,
    needed: Sequence[Finding],
    unsent: Sequence[str],
    question: Question | None,
) -> tuple[str | None, str | None]:
    """The question, and the pattern it answers to: worded from the answer, else the bank's, else general.

    `unsent`: the signals that the question probes and the answer did not send. Where all of it was told
    there is none, but for what came of a story that stops before that.
    """
    if needed:
        first = needed[0]
        fault = fault_of(first, analysis, question)
        if fault in load_phrases()["follow_up_oneself"]:
            return _general(choose, "follow_up_oneself", fault), first.id
        own = question.follow_ups if question else {}
        # No real time was told, perhaps none that was asked for: the bank's line leads back to the question.
        if first.id == "hypothetical" and first.id in own:
            return own[first.id], first.id
        # What came of an apology is no figure, as the lines worded from the answer take it for.
        if fault != "no_outcome_uncounted" and (asked := _from_the_answer(choose, analysis, first)):
            return asked, first.id
        for finding in needed:
            if finding.id in own:
                return own[finding.id], finding.id
        return _general(choose, "follow_up", fault), first.id
    follows = question is not None and bool(question.follows)
    if analysis.asks == "would" and not follows:
        return _about_the_plan(choose, transcript), None
    # What somebody is or wants has no steps to ask about, and no "it".
    if analysis.asks == "self":
        return None, None
    if not unsent:
        return (None if follows else _about_the_end(choose, analysis, question)), None
    asked = _ask(choose, "follow_up_deed_signal", unsent[0], slots_of(main_deed(analysis.deeds)))
    # "What was it worth in the end?" has nothing to point at where somebody told who they are.
    if asked is None and analysis.form != "self_description":
        asked = _general(choose, "follow_up_signal", unsent[0])
    return asked, None


def _about_the_plan(choose: Chooser, transcript: Transcript) -> str | None:
    """A question that the plan has not answered already, by the words that an answer to it would have."""
    said = transcript.text.lower().replace("’", "'")
    open_still = [
        line
        for each in load_phrases()["follow_up_plan"].values()
        for line in each["ask"]
        if not any(re.search(rf"\b{words}\b", said) for words in each["unless"])
    ]
    return _said(choose, open_still, {})


def _about_the_end(choose: Chooser, analysis: Analysis, question: Question | None) -> str | None:
    """What came of it, where a story stops before that."""
    if analysis.form != "story" or is_complete(analysis):
        return None
    if not counts(question):
        return _general(choose, "follow_up", "no_outcome_uncounted")
    asked = _ask(choose, "follow_up_deed", "no_outcome", slots_of(main_deed(analysis.deeds)))
    return asked or _general(choose, "follow_up", "no_outcome")


def _from_the_answer(choose: Chooser, analysis: Analysis, finding: Finding) -> str | None:
    deed = slots_of(deed_of(finding, analysis.deeds))
    if asked := _ask(choose, "follow_up_deed", finding.id, deed):
        return asked
    quote = quotable(finding.evidence[0].text)
    if not is_sayable(quote):
        return None
    return _ask(choose, "follow_up_quote", finding.id, {"quote": quote})


def _ask(choose: Chooser, table: str, id: str, slots: dict[str, str]) -> str | None:
    return _said(choose, load_phrases()[table].get(id, ()), slots) if slots else None


def _general(choose: Chooser, table: str, id: str) -> str | None:
    """None where a long session has used all of them: the same question twice is worse than none."""
    return _said(choose, load_phrases()[table][id], {})


def _said(choose: Chooser, lines: Sequence[str], slots: dict[str, str]) -> str | None:
    remark = choose.line(lines, slots)
    return remark.spoken if remark else None
