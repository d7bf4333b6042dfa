"""What no interview can hold: values of the right type that would keep whoever reads them busy for ever.

A session.json may come from anywhere. Its types are checked where it is decoded, its values here, so that
nothing behind it has to ask whether a time is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from .answers import Session

MOST_TURNS = 2000
"""Of a session, questions without an answer included: a hundred questions with five follow-ups each are 600,
and three tries at each of them are fewer than this. (Judgement.)"""

LARGEST_WHOLE = 1_000_000
"""As the index of a word a hundred hours of speech. What points behind the last word is harmless; what points
at 2**62 is counted up to. (Judgement.)"""

LARGEST = 1e13
"""Such seconds are absurd, and left out where they are summed; of 1e308 no milliseconds can be told."""


def fault_of(session: Session) -> str | None:
    """The first value that cannot be, in a few words with its place; None where there is none."""
    if len(session.turns) + len(session.unanswered) > MOST_TURNS:
        return f"it holds more than {MOST_TURNS} questions"
    return next(_faults(session, ""), None)


def _faults(record: Any, place: str) -> Iterator[str]:
    """The faults of a record and of all that it holds."""
    kind: Any = type(record)
    for name in _names(kind):
        value = getattr(record, name)
        if value is None or value.__class__ is str or value.__class__ is bool:
            continue
        if value.__class__ is float or value.__class__ is int:
            largest = LARGEST if value.__class__ is float else LARGEST_WHOLE
            if not -largest <= value <= largest:
                yield f"{place}{name} is not a number that can be"
        elif value.__class__ is tuple:
            for number, each in enumerate(value):
                if is_dataclass(each):
                    yield from _faults(each, f"{place}{name}[{number}].")
        elif isinstance(value, Mapping):
            if any(each.__class__ is float and not -LARGEST <= each <= LARGEST for each in value.values()):
                yield f"{place}{name} holds a number that cannot be"
        else:
            yield from _faults(value, f"{place}{name}.")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a record; what a setting holds is anybody's, and only shown."""
    return tuple(each.name for each in fields(kind) if each.name != "settings")
