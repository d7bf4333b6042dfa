"""Single key presses while an interview runs, and typed lines when the person would rather type."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol, TextIO

DONE, PAUSE, REPEAT, SKIP, HINT, TYPE, QUIT = "done", "pause", "repeat", "skip", "hint", "type", "quit"
FEEDBACK = "feedback"
YES, NO = "yes", "no"
LEFT, RIGHT, UP, DOWN = "left", "right", "up", "down"
"""The arrow keys."""

KEYS = {
    "\r": DONE,
    "\n": DONE,
    " ": PAUSE,
    "r": REPEAT,
    "s": SKIP,
    "h": HINT,
    "f": FEEDBACK,
    "t": TYPE,
    "q": QUIT,
    "y": YES,
    "n": NO,
}
"""What each key does; letters work in either case."""

RATINGS = {"1": 1, "2": 2, "3": 3, "4": 4}
"""The keys, and actions, that say how an answer went for the person; each does what DONE does as well."""

PRACTICE_KEYS = {**KEYS, **{key: key for key in RATINGS}}
"""What each key does in practice mode."""

ASKING = frozenset({REPEAT, SKIP, HINT, TYPE, QUIT})
"""What a key does while a question is asked or answered, beside going ahead and pausing."""

AFTER_FEEDBACK = frozenset({DONE, REPEAT, SKIP, HINT, FEEDBACK, QUIT})
"""The same while feedback is given and after it, where going ahead is a choice as well."""

TYPED = {name: action for action in (REPEAT, SKIP, HINT, QUIT) for name in (action, action[0])}
"""Words that do what the key does, where lines are typed: the action's name, or its letter."""


class Keys(Protocol):
    """Where key presses come from."""

    interactive: bool

    def poll(self) -> str | None:
        """The action of the oldest key pressed and not yet asked for, or None; never waits."""

    def read_lines(self, prompt: str) -> str | None:
        """Text typed in lines, ended by an empty line; None if nothing was typed.

        A first line that is one of TYPED is all of it.
        """


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

    def __init__(self, terminal: _Terminal, out: TextIO, actions: Mapping[str, str] = KEYS) -> None:
        self._terminal = terminal
        self._out = out
        self._actions = actions

    def poll(self) -> str | None:
        while (key := self._terminal.key()) is not None:
            if action := self._actions.get(key) or self._actions.get(key.lower()):
                return action
        return None

    def read_lines(self, prompt: str) -> str | None:
        print(prompt, file=self._out, flush=True)
        lines = []
        with self._terminal.line_mode():
            while line := sys.stdin.readline().strip():
                lines.append(line)
                if len(lines) == 1 and line.lower() in TYPED:
                    break
        return " ".join(lines) or None


class _Terminal(Protocol):
    def key(self) -> str | None:
        """The oldest key pressed: its character, an arrow's name, or "" for others; None if there is none."""

    @contextmanager
    def line_mode(self) -> Iterator[None]:
        yield


@contextmanager
def open_keys(out: TextIO, actions: Mapping[str, str] = KEYS) -> Iterator[Keys]:
    """Key presses from standard input, if it is a terminal; its mode is restored whatever happens.

    `actions` says what each key does: characters, of which a small letter stands for both cases unless the
    capital is there, too, and arrows by their names.
    """
    if not sys.stdin.isatty():
        yield NoKeys()
    elif sys.platform == "win32":
        yield TerminalKeys(_WindowsTerminal(), out, actions)
    else:
        with _PosixTerminal(sys.stdin.fileno()) as terminal:
            yield TerminalKeys(terminal, out, actions)


if sys.platform == "win32":
    import msvcrt

    _WINDOWS_ARROWS = {"K": LEFT, "M": RIGHT, "H": UP, "P": DOWN}

    class _WindowsTerminal:
        def key(self) -> str | None:
            if not msvcrt.kbhit():
                return None
            key = msvcrt.getwch()
            if key in "\x00\xe0":  # a function or arrow key: its second half follows
                return _WINDOWS_ARROWS.get(msvcrt.getwch(), "")
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

    _ARROWS = {"D": LEFT, "C": RIGHT, "A": UP, "B": DOWN}

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
                return self._sequence()
            # An empty read is a terminal that has gone; the hang-up signal says so, too.
            return key or None

        def _read(self) -> str:
            return os.read(self._fd, 1).decode("ascii", errors="replace")

        def _sequence(self) -> str:
            """The rest of an arrow or function key (ECMA-48: CSI or SS3, up to a final byte)."""
            if not select.select([self._fd], [], [], 0)[0] or self._read() not in ("[", "O"):
                return ""
            rest = ""
            while select.select([self._fd], [], [], 0)[0] and not "@" <= rest[-1:] <= "~":
                rest += self._read()
            return _ARROWS.get(rest, "")

        @contextmanager
        def line_mode(self) -> Iterator[None]:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, self._original)
            try:
                yield
            finally:
                tty.setcbreak(self._fd)
