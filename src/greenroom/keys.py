"""Single key presses while an interview runs, and typed lines when the person would rather type."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Protocol, TextIO

DONE, PAUSE, REPEAT, SKIP, HINT, TYPE, QUIT = "done", "pause", "repeat", "skip", "hint", "type", "quit"

KEYS = {
    "\r": DONE,
    "\n": DONE,
    " ": PAUSE,
    "r": REPEAT,
    "s": SKIP,
    "h": HINT,
    "t": TYPE,
    "q": QUIT,
}
"""What each key does; letters work in either case."""


class Keys(Protocol):
    """Where key presses come from."""

    interactive: bool

    def poll(self) -> str | None:
        """The action of the oldest key pressed and not yet asked for, or None; never waits."""

    def read_lines(self, prompt: str) -> str | None:
        """Text typed in lines, ended by an empty line; None if nothing was typed."""


class NoKeys:
    """Nobody is at the keyboard: input is a pipe or a file."""

    interactive = False

    def poll(self) -> str | None:
        return None

    def read_lines(self, prompt: str) -> str | None:  # noqa: ARG002 - the protocol's
        return None


class TerminalKeys:
    """Keys of the terminal on standard input, which `open_keys` has put into single-key mode."""

    interactive = True

    def __init__(self, terminal: _Terminal, out: TextIO) -> None:
        self._terminal = terminal
        self._out = out

    def poll(self) -> str | None:
        while (key := self._terminal.key()) is not None:
            if action := KEYS.get(key.lower()):
                return action
        return None

    def read_lines(self, prompt: str) -> str | None:
        print(prompt, file=self._out, flush=True)
        lines = []
        with self._terminal.line_mode():
            while line := sys.stdin.readline().strip():
                lines.append(line)
        return " ".join(lines) or None


class _Terminal(Protocol):
    def key(self) -> str | None: ...
    @contextmanager
    def line_mode(self) -> Iterator[None]:
        yield


@contextmanager
def open_keys(out: TextIO) -> Iterator[Keys]:
    """Key presses from standard input, if it is a terminal; its mode is restored whatever happens."""
    if not sys.stdin.isatty():
        yield NoKeys()
    elif sys.platform == "win32":
        yield TerminalKeys(_WindowsTerminal(), out)
    else:
        with _PosixTerminal(sys.stdin.fileno()) as terminal:
            yield TerminalKeys(terminal, out)


if sys.platform == "win32":
    import msvcrt

    class _WindowsTerminal:
        def key(self) -> str | None:
            if not msvcrt.kbhit():
                return None
            key = msvcrt.getwch()
            if key in "\x00\xe0":  # a function or arrow key: its second half follows
                msvcrt.getwch()
                return ""
            if key == "\x03":
                raise KeyboardInterrupt
            return key

        @contextmanager
        def line_mode(self) -> Iterator[None]:
            yield

else:
    import select
    import termios
    import tty

    class _PosixTerminal:
        def __init__(self, fd: int) -> None:
            self._fd = fd
            self._original = termios.tcgetattr(fd)

        def __enter__(self) -> _PosixTerminal:
            tty.setcbreak(self._fd)
            return self

        def __exit__(self, *_: object) -> None:
            # DRAIN, not FLUSH: what the person typed ahead belongs to the shell that comes next.
            with suppress(termios.error):  # a terminal that has gone needs no mode
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._original)

        def key(self) -> str | None:
            if not select.select([self._fd], [], [], 0)[0]:
                return None
            key = self._read()
            if key == "\x1b":
                self._skip_sequence()
                return ""
            # An empty read is a terminal that has gone; the hang-up signal says so, too.
            return key or None

        def _read(self) -> str:
            return os.read(self._fd, 1).decode("ascii", errors="replace")

        def _skip_sequence(self) -> None:
            """The rest of an arrow or function key (ECMA-48: CSI or SS3, up to a final byte)."""
            if not select.select([self._fd], [], [], 0)[0] or self._read() not in ("[", "O"):
                return
            while select.select([self._fd], [], [], 0)[0] and not "@" <= self._read() <= "~":
                pass

        @contextmanager
        def line_mode(self) -> Iterator[None]:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._original)
            try:
                yield
            finally:
                tty.setcbreak(self._fd)
