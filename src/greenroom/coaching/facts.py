"""The person's own facts for the slots of a phrase: what was done, to what, what it is counted in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from greenroom.records import Deed, Finding, Span, StoryPart

_NOT_MINE = ("we", "team", "passive")


def deed_of(finding: Finding, deeds: Sequence[Deed]) -> Deed | None:
    """The deed that a finding is about: one inside its evidence, else what the answer is most about."""
    if finding.id == "hidden_in_team":
        deeds = [deed for deed in deeds if deed.who in _NOT_MINE]
    inside = [deed for deed in deeds for span in finding.evidence if overlap(span, deed)]
    return main_deed(inside) or main_deed(deeds)


def overlap(one: Span | Deed | StoryPart, other: Span | Deed | StoryPart) -> bool:
    """Whether they have a word in common."""
    return one.first_word <= other.last_word and other.first_word <= one.last_word


def main_deed(deeds: Sequence[Deed]) -> Deed | None:
    """The deed done to what the answer speaks of most, the first of equals; None if all are by the way.

    With a verb that says little ("we got the pizza", "I watched the recordings") it is by the way, however
    often it is named: "the work on the recordings" would puzzle whoever hears it.
    """
    told = [deed for deed in deeds if deed.did]
    return max(told, key=lambda deed: deed.mentions, default=None)


def measure_of(deeds: Sequence[Deed]) -> str:
    """What most of the deeds are counted in, even those that are too slight to be named; "" if none is."""
    counted = Counter(deed.measure for deed in deeds if deed.measure)
    return max(counted, key=lambda measure: counted[measure], default="")


def slots_of(deed: Deed | None) -> dict[str, str]:
    """What can be said of a deed; "you did it" only where it was not the company's doing."""
    if deed is None:
        return {}
    slots = {"thing": deed.thing}
    if deed.did and deed.who in ("i", "we"):
        slots |= {"did": deed.did, **({"do": deed.do} if deed.do else {})}
    if deed.did and deed.who in ("we", "team"):
        slots["team_did"] = deed.did
    return slots
