"""What is wrong in a story's file, in words for people."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from greenroom.question_check import quoted
from greenroom.review.wording import printable

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class StoryFault:
    """One thing that is wrong in a story's file; `str()` gives it on one line.

    Attributes:
        line: from 1; None where no line can be named.
        key: such as "title" or "told 2, angle"; "" where it is about the whole file.
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        places = (printable(self.file), f"line {self.line}" if self.line else "", self.key)
        return f"{', '.join(filter(None, places))}: {self.message}"


class UnreadableError(Exception):
    """The file cannot be read, or no further.

    Attributes:
        line, key: as of a StoryFault.
    """

    def __init__(self, message: str, line: int | None = None, key: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.key = key


def parse(text: str) -> dict[str, Any]:
    """The values of a TOML text. UnreadableError says where it is none, in words for people."""
    try:
        document: dict[str, Any] = tomllib.loads(text)
        return document
    except tomllib.TOMLDecodeError as problem:
        raise _explained(text, str(problem)) from None
    except RecursionError:
        raise UnreadableError("not valid TOML: nested too deeply") from None
    except ValueError as problem:  # a number with thousands of digits
        raise UnreadableError(f"not valid TOML: {printable(str(problem))[:200]}") from None


# What the reader of TOML says, and what that mostly means for somebody who wrote a file by hand.
_MEANT = (
    ("Invalid value", 'a value is text in quotes ("so"), or a list of it (["so", "and so"])'),
    ("Cannot overwrite", "this key stands here a second time"),
    ("Unterminated string", 'text is not closed: over several lines it begins and ends with """'),
    ("Illegal character", 'text is not closed on its line: over several lines it begins and ends with """'),
    ("Expected '\"", 'text is not closed: over several lines it begins and ends with """'),
    ("Expected newline", 'something follows the value: inside text, write a quotation mark as \\"'),
    ("Expected '='", 'after a key comes = and its value, such as title = "The night of the import"'),
    ("Invalid statement", 'a line is a key with its value, such as title = "The night of the import"'),
    ("Unescaped '\\\\'", "a backslash inside text is written twice"),
    ("Unclosed array", "a list is not closed: it ends with ]"),
)
_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)\s*$")
_KEY_LINE = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def _explained(text: str, problem: str) -> UnreadableError:
    at = _AT.search(problem)
    said = problem[: at.start()] if at else problem
    meant = next((words for start, words in _MEANT if said.startswith(start)), said)
    lines = text.split("\n")
    line = int(at[1]) if at and at[1] else None
    keyed = [i for i, each in enumerate(lines[:line], start=1) if _KEY_LINE.match(each)]
    if line is None and keyed:  # only the end was noticed; what is not closed began with the last key
        line = keyed[-1]
    on_it = _KEY_LINE.match(lines[line - 1]) if line and line <= len(lines) else None
    key = quoted(on_it[1])[1:-1] if on_it else ""
    return UnreadableError(f"not valid TOML: {printable(meant)}", line, key)
