"""Which qualities stories are held against: the person's own, those of their plan, or those of a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from greenroom.errors import UsageError
from greenroom.preparation.coverage.roles import MOST, find_role, general_qualities
from greenroom.preparation.plan.goal import Goal, as_quality
from greenroom.review.wording import printable
from greenroom.screens.names import SIGNAL_TITLES

Source = Literal["own", "plan", "role", "general"]

_BY_TITLE = {title.casefold(): signal for signal, title in SIGNAL_TITLES.items()}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Attributes:
    qualities: of records.SIGNALS or in the person's own words, the first being the first to cover.
    source: who chose them: "own" (named just now), "plan", the "role", or "general" for no known role.
    role: as it was given; "" where none was.
    known_as: the name of the role that has a starter set, "" for none.
    """

    qualities: tuple[str, ...]
    source: Source
    role: str = ""
    known_as: str = ""

    @property
    def told(self) -> str:
        """Where they come from, in a sentence or two."""
        if self.source == "own":
            return "These are the qualities that you named."
        if self.source == "plan":
            return "These are the qualities of your plan."
        if self.source == "role":
            return f"This is the starter set for a role as {self.known_as}."
        said = f"There is no starter set for “{printable(self.role)}”." if self.role else "No role is named."
        return f"{said} These are the qualities that hardly any role does without."


def wanted_qualities(role: str | None, own: Sequence[str], goal: Goal | None) -> Wanted:
    """The qualities named just now, else those of the plan, else those of the role.

    Args:
        role: as it was given; None for that of the plan. Another role than the plan's has its own qualities.

    Raises:
        UsageError: more qualities than can be prepared for, or an empty one.
    """
    its_role = goal.role if goal else ""
    said = its_role if role is None else " ".join(role.split())
    known = find_role(said)
    known_as = known.name if known else ""
    if own:
        return Wanted(_own(own), "own", said, known_as)
    if goal and goal.qualities and said.casefold() == its_role.casefold():
        return Wanted(tuple(dict.fromkeys(map(quality_meant, goal.qualities))), "plan", said, known_as)
    if known is None:
        return Wanted(general_qualities(), "general", said)
    return Wanted(known.qualities, "role", said, known_as)


def quality_meant(text: str) -> str:
    """One of records.SIGNALS by its id or its title, otherwise the person's own words on one line."""
    words = printable(text)
    return _BY_TITLE.get(words.casefold(), as_quality(words))


def quality_title(quality: str) -> str:
    """What a quality is called at the head of a line: own words stay as they were written."""
    return SIGNAL_TITLES.get(quality) or quality[:1].upper() + quality[1:]


def quality_in_sentence(quality: str) -> str:
    """What a quality is called in the middle of a sentence."""
    return SIGNAL_TITLES[quality].lower() if quality in SIGNAL_TITLES else quality


def _own(given: Sequence[str]) -> tuple[str, ...]:
    qualities = tuple(dict.fromkeys(map(quality_meant, given)))
    if "" in qualities:
        raise UsageError("--quality is empty", '--quality ownership --quality "teaching others"')
    if len(qualities) > MOST:
        message = f"{len(qualities)} qualities are more than anybody can prepare for: at most {MOST}"
        raise UsageError(message, "name those that weigh most for the role")
    return qualities
