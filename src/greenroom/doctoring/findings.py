"""One thing that was looked at: how it is, and what to do about it on each operating system."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

State = Literal["ok", "look here", "missing"]
System = Literal["linux", "macos", "windows"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor.

    Attributes:
        group: the heading that it stands under.
        told: what was seen, in a few words.
        cures: what to do, by operating system; {} where nothing has to be done.
        stops: the exit status (errors.py) if a spoken interview cannot be held because of it, else None.
    """

    group: str
    name: str
    state: State
    told: str
    cures: Mapping[str, str] = field(default_factory=dict)
    stops: int | None = None

    @property
    def cure(self) -> str | None:
        """What to do on this computer."""
        return self.cures.get(this_system())


def this_system() -> System:
    """Linux stands for every other Unix, too."""
    if sys.platform == "win32":
        return "windows"
    return "macos" if sys.platform == "darwin" else "linux"


def cures(about: str, **values: object) -> dict[str, str]:
    """What to do about something (an entry of cures.toml), by operating system, with `values` filled in."""
    filled = {"python": sys.executable, **values}
    return {system: text.format(**filled) for system, text in _entry(about).items()}


def the_same(text: str) -> dict[str, str]:
    """One cure for every operating system."""
    return dict.fromkeys(("linux", "macos", "windows"), text)


def _entry(name: str) -> dict[str, str]:
    entry = _cures()[name]
    everywhere = entry.get("everywhere")
    return the_same(everywhere) if everywhere is not None else entry


@cache
def _cures() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("cures.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)
    return found
