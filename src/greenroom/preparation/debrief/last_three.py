"""What the last three real interviews have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from greenroom.preparation.debrief.debriefs import Debrief
from greenroom.preparation.debrief.reasons import Evidence, Reason

HOW_MANY = 3
"""So many interviews are held against each other: what fewer share is accident, and older ones tell of
somebody who has practised since. (The issue's own number.)"""

_AT_LEAST = 2  # of the three


@dataclass(frozen=True, slots=True)
class Shared:
    """A reason that comes back.

    Attributes:
        evidence: (name of the debrief, the strongest evidence there), the earliest first.
    """

    reason: Reason
    evidence: tuple[tuple[str, Evidence], ...]

    @property
    def how_many(self) -> int:
        """In how many of the interviews."""
        return len(self.evidence)


@dataclass(frozen=True, slots=True)
class InCommon:
    """The last HOW_MANY debriefs, the earliest first, and what at least two share, the most shared first."""

    debriefs: tuple[Debrief, ...]
    shared: tuple[Shared, ...]

    @property
    def first_of_yours(self) -> Reason | None:
        """What comes back most of what can be worked on."""
        return next((each.reason for each in self.shared if each.reason.yours), None)


def in_common(read: Sequence[tuple[Debrief, tuple[Reason, ...]]]) -> InCommon | None:
    """What the latest of these share; None where there are fewer than HOW_MANY.

    Args:
        read: debriefs with what they show, the earliest first; those that say nothing yet are passed over.
    """
    last = [(debrief, reasons) for debrief, reasons in read if debrief.questions or debrief.felt][-HOW_MANY:]
    if len(last) < HOW_MANY:
        return None
    found: dict[str, list[tuple[str, Reason]]] = {}
    for debrief, reasons in last:
        for reason in reasons:
            found.setdefault(reason.id, []).append((debrief.name, reason))
    shared = [
        Shared(each[-1][1], tuple((name, reason.evidence[0]) for name, reason in each))
        for each in found.values()
        if len(each) >= _AT_LEAST
    ]
    shared.sort(key=lambda one: (not one.reason.yours, -one.how_many, -one.reason.weight))
    return InCommon(tuple(debrief for debrief, _ in last), tuple(shared))
