"""What to ask next: for the signal that was most needed and not sent, in the answer's own words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from greenroom.records import ASSERTED, Analysis, Deed, Finding, Opening, Question, Transcript

from .facts import main_deed, overlap, slots_of
from .needs import fault_of
from .phrasing import Chooser, load_phrases
from .quotes import begins_well, has_measured_result, is_claimed, is_whole, quotable

# What a pattern wants asked comes before what an interviewer would choose otherwise, unless that is wanted
# so many times as much: then the pattern was heard wrongly, or the answer has told it (1 to 3 ask alike on
# the tuning half, 5 and more ask worse).
_RATHER = 2.0
# Where nothing is missing a question has to be wanted so much, and one that suits what was asked for, or was
# not asked yet, at most so many times less than the first (judgement).
_WANTED = 0.2
_NEARLY = 4.0
# The bank's own were written for the question, and go deeper than general ones that are wanted more.
_WANTED_OF_THE_BANK = 0.05
_SURELY_ASKABLE = 0.6
# What is asked for where it is missing, though no pattern was found, from that much on (judgement), and the
# pattern under which the bank may have a question for it.
_LACKING = {
    "occasion": "hypothetical",
    "my_part": "hidden_in_team",
    "outcome": "no_outcome",
    "amount": "no_outcome",
    "before": "buried_problem",
    "detail": "generality",
}
_LACKED = 0.5
# Seldom told in full, and harmless to ask, by what the question asks for.
_LAST_RESORT = {"self": "self_next", "would": "plan_wrong"}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question to ask next.

    Attributes:
        into: what it asks into, one of OPENINGS; None where the bank's own question was taken.
        reason: the pattern it answers to, or None.
    """

    text: str
    into: str | None = None
    reason: str | None = None


def follow_up(
    choose: Chooser,
    transcript: Transcript,
    analysis: Analysis,
    needed: Sequence[Finding],
    unsent: Sequence[str],
    question: Question | None,
) -> FollowUp | None:
    """The question: worded from the answer, else the bank's, else general; None where none is worth asking.

    Where nothing is missing it is one that the bank has for a good answer. `unsent`: the signals that the
    question probes and the answer did not send. The answer to a follow-up is only asked into for what is
    `needed`.
    """
    into, finding = _chosen(choose, analysis, needed, unsent, question)
    if finding is None and (into is None or (question is not None and question.follows)):
        return None
    asked = _worded(choose, transcript, analysis, into, finding, question)
    if asked is not None and asked.into is not None:
        choose.pick((asked.into,))  # so that it is known what was asked into
    return asked


def _worded(
    choose: Chooser,
    transcript: Transcript,
    analysis: Analysis,
    into: str | None,
    finding: Finding | None,
    question: Question | None,
) -> FollowUp | None:
    if finding is None:
        assert into is not None
        if question is not None and (theirs := question.follow_ups.get(_LACKING.get(into, ""))):
            return FollowUp(theirs, into)
        if question is not None and into in question.deeper:
            return FollowUp(question.deeper[into], into)
        asked = _said(choose, _lines(into, None)["plain"], {})
        return FollowUp(asked, into) if asked else None
    own = question.follow_ups.get(finding.id) if question else None
    # No real time was told, perhaps none that was asked for: the bank's line leads back to the question. And
    # what is not known to be open is best asked by who knows the question.
    if own and (finding.id == "hypothetical" or into is None):
        return FollowUp(own, None, finding.id)
    if into is None:
        into = _asked_into(fault_of(finding, analysis, question))[0]
    lines = _lines(into, finding.id)
    ways: list[tuple[str, dict[str, str]]] = [
        ("deed", slots_of(_deed(analysis, into, finding))),
        ("quote", _quote(transcript, finding)),
    ]
    for way, slots in ways:
        if asked := _said(choose, lines.get(way, ()), slots):
            return FollowUp(asked, into, finding.id)
    if own:
        return FollowUp(own, None, finding.id)
    asked = _said(choose, lines["plain"], {})
    return FollowUp(asked, into, finding.id) if asked else None


def _chosen(
    choose: Chooser,
    analysis: Analysis,
    needed: Sequence[Finding],
    unsent: Sequence[str],
    question: Question | None,
) -> tuple[str | None, Finding | None]:
    """What to ask into, and the pattern that this answers to."""
    # Nobody is asked for the figure that they gave.
    counted = has_measured_result(analysis.parts)
    openings = [each for each in analysis.openings if each.id != "amount" or not counted]
    most = openings[0].wanted if openings else 0.0
    for finding in needed:
        best = _best(openings, _asked_into(fault_of(finding, analysis, question)))
        if best is not None and best.wanted * _RATHER >= most:
            return best.id, finding
    known = question.follow_ups if question else {}
    for finding in needed:
        if finding.confidence >= ASSERTED and finding.id in known:
            return None, finding
    lacking = _best(openings, _LACKING)
    if lacking is not None and lacking.wanted >= _LACKED and lacking.wanted * _RATHER >= most:
        return lacking.id, None
    worth = _of_the_bank(openings, question) or [
        each
        for each in openings
        if each.wanted >= max(_WANTED, most / _NEARLY)
        # Who told about themselves is not asked what the people around them said to it.
        and (analysis.asks != "self" or each.id.startswith("self_"))
    ]
    new = [each for each in worth if not choose.has_drawn((each.id,))] or worth
    for signal in (*unsent, *(question.signals if question else ())):
        best = _best(new, _asked_into(signal))
        if best is not None:
            return best.id, None
    if new:
        return new[0].id, None
    last = _LAST_RESORT.get(analysis.asks, "")
    if not needed and question is not None and last in question.deeper:
        return last, None
    return None, needed[0] if needed else None


def _of_the_bank(openings: Sequence[Opening], question: Question | None) -> list[Opening]:
    """Those that the bank has a question for, where it is sure that they were not told."""
    deeper = question.deeper if question else {}
    return [
        each
        for each in openings
        if each.id in deeper and each.askable >= _SURELY_ASKABLE and each.wanted >= _WANTED_OF_THE_BANK
    ]


def _lines(into: str, reason: str | None) -> Mapping[str, Sequence[str]]:
    """What can be asked into it, by what it is worded from; who was told to had no idea of their own."""
    lines: Mapping[str, Sequence[str]] = load_phrases()["follow_up"][
        "beyond" if into == "own_idea" and reason == "reactive" else into
    ]
    return lines


def _best(openings: Sequence[Opening], ids: Collection[str]) -> Opening | None:
    """The most wanted of those with these names."""
    return next((opening for opening in openings if opening.id in ids), None)


def _asked_into(reason: str) -> Sequence[str]:
    ids: Sequence[str] = load_phrases()["asks_into"][reason]
    return ids


def _deed(analysis: Analysis, into: str, finding: Finding | None) -> Deed | None:
    """What the question can be hung on.

    A deed within the words that showed the pattern or the strongest ones, else any of one's own.
    """
    deeds = analysis.deeds
    if into == "my_part":
        return main_deed([deed for deed in deeds if deed.who in ("we", "team", "passive")])
    spans = [*(finding.evidence if finding else ()), *(each.span for each in analysis.highlights)]
    near = [deed for deed in deeds for span in spans if overlap(span, deed)]
    return main_deed(near) or main_deed([deed for deed in deeds if deed.who == "i"])


def _quote(transcript: Transcript, finding: Finding | None) -> dict[str, str]:
    """The words that showed the pattern, where "which time was that?" can be asked of them."""
    quote = quotable(finding.evidence[0].text) if finding else ""
    fits = is_claimed(quote) and begins_well(quote) and is_whole(quote, transcript.text)
    return {"quote": quote} if fits else {}


def _said(choose: Chooser, lines: Sequence[str], slots: dict[str, str]) -> str | None:
    """None where none can be filled, or a session has used all: the same twice is worse than none."""
    remark = choose.line(lines, slots)
    return remark.spoken if remark else None
