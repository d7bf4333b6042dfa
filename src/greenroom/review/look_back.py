"""`greenroom history`: what the sessions show, in the terminal, as JSON, and as a page beside them."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from greenroom.screens import wants_plain_lines

from .history import History
from .history_index import read_history
from .history_lines import history_lines
from .history_page import Asked, write_page
from .overview import LAST, Overview, as_data, overview
from .pages import HISTORY_FILE

_MOST_NAMED = 5  # folders; the page names all
_MANY = 1000  # about a second


def look_back(recordings: Path, asked: Asked, *, as_json: bool = False) -> Path:
    """Print the summary, or JSON, to standard output; write the page, and return where it is.

    Folders that are left out are named on standard error.

    Raises:
        BadInputError: there is nothing to look back at, or the page cannot be written.
    """
    history = read_history(recordings, _ask_for_patience)
    seen = overview(history, asked.bank, asked.since, asked.last or (None if asked.since else LAST))
    if as_json:
        print(json.dumps(as_data(history, seen, recordings / HISTORY_FILE)))
    else:
        _print(history, seen)
    _name_skipped(history)
    return write_page(history, asked, date.today())


def _ask_for_patience(sessions: int) -> None:
    if sessions >= _MANY:
        print(f"reading {sessions} sessions, which takes a while the first time", file=sys.stderr)


def _print(history: History, seen: Overview) -> None:
    if wants_plain_lines(sys.stdout):
        print("\n".join(line.plain for line in history_lines(history, seen)))
        return
    from rich.console import Console

    console = Console(highlight=False)
    for line in history_lines(history, seen, console.width):
        console.print(line, soft_wrap=True)


def _name_skipped(history: History) -> None:
    for each in history.skipped[:_MOST_NAMED]:
        print(f"left out: {each.name}: {each.why}", file=sys.stderr)
    if len(history.skipped) > _MOST_NAMED:
        print(f"left out: {len(history.skipped) - _MOST_NAMED} more; the page names them", file=sys.stderr)
