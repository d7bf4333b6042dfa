"""A person's own stories, as records."""

from __future__ import annotations

from dataclasses import dataclass

from greenroom.records import PARTS

ANGLES = ("technical", "business", "leadership")
"""Sides from which one story can be told."""


@dataclass(frozen=True, slots=True)
class Told:
    """A session in which a story was told.

    Attributes:
        session: name of the session's folder.
        turn: number of the turn in it.
        at: when (ISO 8601 with the time zone).
        angle: one of ANGLES where it was asked for from that side, else "".
    """

    session: str
    turn: int
    at: str
    angle: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One true story.

    Attributes:
        name: its file's name without the ending: small letters, digits and hyphens.
        situation, task, action, result: its parts in the person's words; "" where still missing.
        numbers, people, dates, technologies: what is named in it, each as it is said ("40 %", "Dana").
        qualities: what the person wants it to show: of records.SIGNALS, or in words of their own.
        told: where it was told, the earliest first.
    """

    name: str
    title: str
    situation: str = ""
    task: str = ""
    action: str = ""
    result: str = ""
    numbers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()

    @property
    def text(self) -> str:
        """The story as it would be told: its parts one after the other."""
        return " ".join(part for name in PARTS if (part := getattr(self, name).strip()))

    @property
    def missing(self) -> tuple[str, ...]:
        """Those of records.PARTS that are still empty."""
        return tuple(name for name in PARTS if not getattr(self, name).strip())
