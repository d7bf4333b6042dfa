"""The doctor's findings as lines and as JSON. What a colour says, a word says too."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from greenroom.plain_mode import wants_plain_lines

from .findings import Finding, State

_COLOURS: dict[State, str] = {"ok": "32", "look here": "33", "missing": "31"}
_INDENT = 2 + 9 + 2
_NARROWEST, _WIDEST = 60, 100


class Lines:
    """Findings told one by one, each group under its name."""

    def __init__(self, *, width: int | None = None, coloured: bool | None = None) -> None:
        columns = shutil.get_terminal_size((80, 24)).columns if width is None else width
        self._width = min(max(columns, _NARROWEST), _WIDEST)
        self._coloured = _shows_colours() if coloured is None else coloured
        self._group = ""

    def of(self, finding: Finding) -> Iterator[str]:
        """The lines of one finding, with its group's name in front where a group begins."""
        if finding.group != self._group:
            yield from ([""] if self._group else [])
            yield finding.group
            self._group = finding.group
        first, *rest = self._wrapped(f"{finding.name}: {finding.told}")
        yield f"  {self._state(finding.state)}  {first.lstrip()}"
        yield from rest
        if finding.state != "ok" and finding.cure:
            yield from self._wrapped(f"what to do: {finding.cure}")

    def _state(self, state: State) -> str:
        padded = f"{state:<9}"
        return f"\x1b[{_COLOURS[state]}m{padded}\x1b[0m" if self._coloured else padded

    def _wrapped(self, text: str) -> list[str]:
        # Paths and commands stay whole, to be copied: a long one is better than a broken one.
        printable = "".join(c if c.isprintable() else " " for c in text)
        return textwrap.wrap(
            printable,
            self._width,
            initial_indent=" " * _INDENT,
            subsequent_indent=" " * _INDENT,
            break_long_words=False,
            break_on_hyphens=False,
        )


def wrapped(text: str) -> str:
    """A sentence over several lines."""
    columns = shutil.get_terminal_size((80, 24)).columns
    return textwrap.fill(text, min(max(columns, _NARROWEST), _WIDEST), break_long_words=False)


def as_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """For JSON: each finding with the cures of all systems, and with the one of this."""
    return [
        {
            "group": each.group,
            "name": each.name,
            "state": each.state,
            "told": each.told,
            "do": each.cure if each.state != "ok" else None,
            "cures": dict(each.cures),
            "stops": each.stops is not None,
        }
        for each in findings
    ]


def _shows_colours() -> bool:
    return not wants_plain_lines(sys.stdout) and not os.environ.get("NO_COLOR")
