"""The person's own editor, on a file of theirs."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from greenroom.errors import UsageError

_NAME_ONE = "name one first, such as: export EDITOR=nano"


def edit(path: Path) -> None:
    """Open a file in $VISUAL, or else $EDITOR, and wait until it is closed.

    Raises:
        UsageError: neither is set, or what it names does not start, or it ended with a fault.
    """
    command = next(
        (words for name in ("VISUAL", "EDITOR") if (words := _words(os.environ.get(name, "")))), None
    )
    if command is None:
        raise UsageError(f"no editor is known to open {path}", _NAME_ONE)
    try:
        # What was said until now comes before what the editor says.
        sys.stderr.flush()
        # Its talk goes where ours goes: standard output is for results. A terminal is both.
        done = subprocess.run([*command, str(path)], stdout=_own_output(), check=False)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"the editor {command[0]} does not start: {reason}", _NAME_ONE) from error
    if done.returncode:
        raise UsageError(f"the editor {command[0]} ended with status {done.returncode}", f"look at {path}")


def _words(command: str) -> list[str]:
    """A command with its options, such as `code --wait`."""
    if sys.platform == "win32":
        return [word.strip('"') for word in shlex.split(command, posix=False)]
    try:
        return shlex.split(command)
    except ValueError:  # a quotation mark that is not closed
        return command.split()


def _own_output() -> int | None:
    """None for our own standard output, where that is a terminal; else standard error."""
    return None if sys.stdout.isatty() else sys.__stderr__.fileno() if sys.__stderr__ else None
