"""`greenroom stories map`: the map in the terminal, as JSON, and as a page in the data folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from greenroom.plain_mode import wants_words
from greenroom.preparation.coverage.coverage_lines import WIDTH, map_lines
from greenroom.preparation.coverage.map_page import write_page
from greenroom.preparation.coverage.story_map import StoryMap, as_data, read_map
from greenroom.review.pages import MAP_FILE


def show_map(
    data: Path, recordings: Path, role: str | None, own: Sequence[str], *, as_json: bool, page: bool
) -> Path | None:
    """Print the map, or JSON, to standard output; write the page if that is wanted, and return where it is.

    Faults of the stories' files are named on standard error.

    Raises:
        UsageError: qualities that cannot be used.
        BadInputError: a plan or a bank that cannot be read, or a page that cannot be written.
    """
    seen = read_map(data, role, own, _ask_for_patience)
    for fault in seen.faults:
        print(f"left out: {fault}", file=sys.stderr)
    if as_json:
        print(json.dumps({**as_data(seen), "page": str(data / MAP_FILE) if page else None}))
    else:
        _print(seen)
    return write_page(seen, data, recordings) if page else None


def _ask_for_patience(stories: int) -> None:
    told = "your story" if stories == 1 else f"your {stories} stories"
    print(f"reading {told}, which takes some seconds", file=sys.stderr)


def _print(seen: StoryMap) -> None:
    """Signs on a terminal, in colour unless NO_COLOR; sentences into a pipe, a file or a dumb terminal."""
    if not sys.stdout.isatty() or wants_words():
        print("\n".join(line.plain for line in map_lines(seen, signs=False)))
        return
    from rich.console import Console

    console = Console(highlight=False, width=WIDTH)
    for line in map_lines(seen):
        console.print(line, soft_wrap=True)
