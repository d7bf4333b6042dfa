"""Two answers held against each other, as a table and as plain lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from rich.table import Table
from rich.text import Text

_ACCENT = "bold green"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in both answers; "" where an answer has nothing of it.

    Attributes:
        gained: whether it is better now. What is not is told as plainly, and not marked.
    """

    name: str
    before: str
    after: str
    gained: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """What the earlier and the later answer are called, and what is told of them."""

    before: str
    after: str
    groups: tuple[Group, ...]


def table(told: SideBySide) -> Table:
    """Before and after in two columns; what is better stands out, what has not changed stands back."""
    drawn = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    drawn.add_column("")
    drawn.add_column("")
    for head in (told.before, told.after):
        drawn.add_column(Text(head.replace(", ", "\n", 1)), justify="right")
    for group in told.groups:
        if drawn.row_count:
            drawn.add_row()
        titles = chain([group.title], [""] * len(group.lines))
        for title, line in zip(titles, group.lines, strict=False):
            same = line.before == line.after
            drawn.add_row(
                Text(title, "dim"),
                Text(line.name, "dim" if same else ""),
                Text(line.before or "none", "dim"),
                Text(_now(line), _ACCENT if line.gained else "dim" if same else ""),
            )
    return drawn


def _now(line: Line) -> str:
    # In a word as well: whoever tells no colours apart, or has none, reads it.
    return f"{line.after or 'none'}{' (better)' if line.gained else ''}"


def plain(told: SideBySide) -> Iterator[str]:
    """The same to be read line by line, or aloud."""
    yield f"Side by side: {told.before}, and {told.after}."
    for group in told.groups:
        yield f"{group.title}:"
        for line in group.lines:
            yield f"  {line.name}: {_sentence(line)}"


def _sentence(line: Line) -> str:
    if line.before == line.after:
        return f"{line.after}, as before"
    return f"{line.before or 'none'} before, {line.after or 'none'} now{', better' if line.gained else ''}"
