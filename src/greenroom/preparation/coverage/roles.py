"""Roles, and the qualities to begin with for each: roles.toml."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FEWEST, MOST = 5, 10
"""Qualities in a starter set: what the usual advice on preparing recommends for one role."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Role:
    """Attributes:
    name: as it is said in a sentence: "backend engineer".
    words: it is recognised where all words of one of these are there.
    qualities: of records.SIGNALS, those that weigh most first.
    """

    name: str
    words: tuple[frozenset[str], ...]
    qualities: tuple[str, ...]


def find_role(text: str) -> Role | None:
    """The role that a free text such as "Senior Backend Engineer (Payments)" names, or None."""
    said = set(_words(text))
    return next((role for role in _roles() if any(words <= said for words in role.words)), None)


def starter_qualities(role: str) -> tuple[str, ...]:
    """Five to ten qualities to begin with for a role in free text, those that weigh most first.

    A role that is not known has the general ones.
    """
    found = find_role(role)
    return found.qualities if found else general_qualities()


def general_qualities() -> tuple[str, ...]:
    """Those that hardly any role does without."""
    return tuple(_table()["general"])


def known_roles() -> tuple[str, ...]:
    """The names of all roles with a starter set."""
    return tuple(role.name for role in _roles())


@cache
def _roles() -> tuple[Role, ...]:
    return tuple(
        Role(
            role["name"],
            tuple(frozenset(_words(each)) for each in role["words"]),
            tuple(role["qualities"]),
        )
        for role in _table()["role"]
    )


@cache
def _table() -> dict[str, Any]:
    text = (files(__package__) / "roles.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    return table


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
