"""The difference between two answers that matters most, in a sentence to be heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from greenroom.coaching.needs import ORDER
from greenroom.coaching.phrasing import load_phrases
from greenroom.records import PARTS, Turn
from greenroom.review.comparison import Comparison, fillers_compare
from greenroom.self_rating import heard_rating

_WORSE = 0.5
"""By so much lower on the rubric (1 to 4) the loss is told and not a gain. (Judgement: half a step of
it.)"""

_FEWER_FILLERS = 2.0
"""A minute. (Judgement: twice what the side-by-side view marks; said aloud it should be plain to hear.)"""


def difference(before: Turn, after: Turn, compared: Comparison) -> str:
    """The gain that matters most; a loss only where the later answer is the weaker one, or has no gain."""
    phrases = load_phrases()["again"]
    gains = list(_gains(before, after, compared, phrases))
    losses = list(_losses(after, compared, phrases))
    earlier, later = heard_rating(before), heard_rating(after)
    weaker = earlier is not None and later is not None and later <= earlier - _WORSE
    told = [*losses, *gains] if weaker else [*gains, *losses]
    return told[0] if told else str(phrases["other"]["same"])


def _gains(before: Turn, after: Turn, compared: Comparison, phrases: dict[str, Any]) -> Iterator[str]:
    """The greatest first: what kept the answer from counting, then what it shows, then how it is spoken."""
    for id in _in_order(compared.patterns.went):
        yield phrases["gone"][id]
    asked = [id for id in after.asked.signals if id in compared.signals.came]
    for id in [*asked, *(id for id in compared.signals.came if id not in asked)]:
        yield _named(phrases["other"]["came"], id)
    for id in reversed([part for part in PARTS if part in compared.parts.came]):
        yield phrases["part"][id]
    for id in [change.id for change in compared.rubric if (change.by or 0) > 0]:
        yield _named(phrases["other"]["more"], id)
    fillers = next((change for change in compared.measures if change.id == "fillers"), None)
    if fillers and (fillers.by or 0) <= -_FEWER_FILLERS and fillers_compare(before, after):
        yield phrases["other"]["fillers"].format(before=f"{fillers.before:.0f}", after=f"{fillers.after:.0f}")


def _losses(after: Turn, compared: Comparison, phrases: dict[str, Any]) -> Iterator[str]:
    for id in _in_order(compared.patterns.came):
        yield phrases["new"][id]
    went = compared.signals.went
    for id in [*(id for id in after.asked.signals if id in went), *went]:
        yield _named(phrases["other"]["went"], id)


def _in_order(patterns: Sequence[str]) -> list[str]:
    """As the coach would name them; what a later version knows is left out."""
    return [id for id in ORDER if id in patterns]


def _named(phrase: str, signal: str) -> str:
    return phrase.format(name=load_phrases()["names"].get(signal, signal.replace("_", " ")))
