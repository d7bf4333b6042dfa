"""On which line of a TOML text each key stands, which no reader of TOML tells."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Place = tuple[str | int, ...]
"""Where a value stands: ("title",), or ("told", 2, "angle") in the second [[told]]."""


def line_of(places: Mapping[Place, int], place: Place) -> int | None:
    """The line of a value, or of the nearest that holds it."""
    return next((places[place[:n]] for n in range(len(place), 0, -1) if place[:n] in places), None)


def places_of(text: str) -> dict[Place, int]:
    """The line of every key of a valid TOML text, the first where there are several."""
    found: dict[Place, int] = {}
    above: Place = ()
    counts: dict[Place, int] = {}
    for line, head, is_table in _statements(text):
        if not is_table:
            above_all = (*above, *_names(head))
        elif head.startswith("[["):
            array = _names(head[2:-2])
            counts[array] = counts.get(array, 0) + 1
            above = above_all = (*array, counts[array])
        else:
            above = above_all = _names(head[1:-1])
        for length in range(1, len(above_all) + 1):
            found.setdefault(above_all[:length], line)
    return found


_PIECES = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|[^\"'#\n=\[\]{}]+|[^\"'#]",
    re.DOTALL,
)


def _statements(text: str) -> Iterator[tuple[int, str, bool]]:
    """Of each statement its line, its key or whole header, and whether that is a table's header."""
    line = start = 1
    depth = 0
    head, in_head = "", True
    for piece in (found[0] for found in _PIECES.finditer(text)):
        if piece == "\n" and depth == 0:
            if head.strip():
                yield start, head.strip(), head.lstrip().startswith("[")
            head, in_head = "", True
        elif not piece.startswith("#"):
            if not head.strip():
                start = line
            if piece == "=":
                in_head = False
            if not in_head:  # line breaks inside a list or an inline table end nothing
                depth += (piece in "[{") - (piece in "]}")
            head += piece if in_head else ""
        line += piece.count("\n")
    if head.strip():
        yield start, head.strip(), head.lstrip().startswith("[")


def _names(dotted: str) -> Place:
    """The parts of a key: ("a", "b c") of `a."b c"`."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", dotted):
        return (dotted,)
    names: list[str] = []
    try:
        inner: Any = tomllib.loads(f"{dotted} = 0")
    except ValueError:
        return (dotted,)
    while isinstance(inner, dict):
        name, inner = next(iter(inner.items()))
        names.append(name)
    return tuple(names)
