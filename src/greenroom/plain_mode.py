"""Whether plain lines are shown, and whether words are typed in place of keys.

Plain lines: one after the other, nothing drawn again, no colour, no sequence of a terminal. Screen readers,
dictation, braille displays and pipes can follow them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_wanted: bool | None = None


@contextmanager
def plain_mode(wanted: bool | None) -> Iterator[None]:
    """As long as this is open plain lines and typed words are wanted, or are not; None: as the terminal is.

    One for a whole run: every thread that prints asks the same thing.
    """
    global _wanted
    before, _wanted = _wanted, wanted
    try:
        yield
    finally:
        _wanted = before


def wants_plain_lines(stream: TextIO) -> bool:
    """Whether plain lines go to `stream`: they were asked for, NO_COLOR is set, or it can show no more."""
    if _wanted or _is_dumb() or not stream.isatty():
        return True
    return _wanted is None and bool(os.environ.get("NO_COLOR"))


def wants_words() -> bool:
    """Whether plain mode is whole: it was asked for, or the terminal is dumb. Then words are typed for keys.

    Who only wants no colours (NO_COLOR), or reads along in a pipe, keeps the keys.
    """
    return bool(_wanted) or _is_dumb()


def _is_dumb() -> bool:
    return os.environ.get("TERM", "") == "dumb" or (os.name != "nt" and not os.environ.get("TERM"))
