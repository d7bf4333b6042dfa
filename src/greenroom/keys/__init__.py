"""What is pressed while something runs: single keys, words with Enter in plain mode, and typed answers."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol, TextIO

from greenroom.plain_mode import wants_words

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
    "done": DONE,
    "finished": DONE,
    "pause": PAUSE,
    "hold": PAUSE,
    "wait": PAUSE,
    "repeat": REPEAT,
    "again": REPEAT,
    "skip": SKIP,
    "hint": HINT,
    "feedback": FEEDBACK,
    "type": TYPE,
    "quit": QUIT,
    "yes": YES,
    "no": NO,
}
"""What each key and each word does; letters work in either case."""

RATINGS = {"1": 1, "2": 2, "3": 3, "4": 4}
"""The keys, and actions, that say how an answer went for the person; each does what DONE does as well."""

_NUMBERS = ("one", "two", "three", "four")  # dictation writes them so

PRACTICE_KEYS = {**KEYS, **{key: key for key in RATINGS}, **dict(zip(_NUMBERS, RATINGS, strict=True))}
"""What each key does in practice mode."""

RATE = "rate"
"""The action of a Way that stands for all of RATINGS."""

ASKING = frozenset({REPEAT, SKIP, HINT, TYPE, QUIT})
"""What a key does while a question is asked or answered, beside going ahead and pausing."""

AFTER_FEEDBACK = frozenset({DONE, REPEAT, SKIP, HINT, FEEDBACK, QUIT})
"""The same while feedback is given and after it, where going ahead is a choice as well."""

TYPED = {name: action for action in (REPEAT, SKIP, HINT, QUIT) for name in (action, action[0])}
"""Words that do what the key does, where lines are typed: the action's name, or its letter."""

TYPED_WORDS = "hint, repeat, skip, quit"


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that can be done at a moment: by a key, or by a word and Enter.

    Attributes:
        key: what the key is called: "Enter", "r".
        does: what stands behind it in a line of keys.
        word: what is typed in its place.
        told: how the word is offered, "" for the word alone: "again for the same question".
    """

    action: str
    key: str
    does: str
    word: str
    told: str = ""


Ways = Callable[[], Sequence[Way]]
"""What can be done at this moment; nothing where that is not known."""


def key_line(ways: Sequence[Way]) -> str:
    """The keys, for the eye: "Enter done · Space pause"."""
    return " · ".join(f"{way.key} {way.does}" for way in ways)


def word_line(ways: Sequence[Way]) -> str:
    """The words, to be read out: "done or just Enter; pause"."""
    return "; ".join(way.told or way.word for way in ways)


def line_of(ways: Sequence[Way], *, by_words: bool) -> str:
    """What can be done, as it is done here."""
    return word_line(ways) if by_words else key_line(ways)


class Keys(Protocol):
    """Where key presses come from.

    Attributes:
        interactive: whether somebody can press any.
        by_words: whether words are typed in their place.
    """

    interactive: bool
    by_words: bool

    def poll(self) -> str | None:
        """The action of the oldest key pressed and not yet asked for, or None; never waits."""

    def read_lines(self, prompt: str) -> str | None:
        """Text typed in lines, ended by an empty line; None if nothing was typed.

        A first line that is one of TYPED is all of it.
        """


class NoKeys:
    """Nobody is at the keyboard: input is a pipe or a file."""

    interactive = False
    by_words = False

    def poll(self) -> str | None:
        return None

    def read_lines(self, prompt: str) -> str | None:  # noqa: ARG002 - the protocol's
        return None


class TerminalKeys:
    """Keys of the terminal on standard input, which `open_keys` has put into single-key mode."""

    interactive = True
    by_words = False

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
        from greenroom.keys.typed_answer import type_answer

        def tell(text: str) -> None:
            print(text, file=self._out, flush=True)

        tell(prompt)
        with self._terminal.line_mode():
            return type_answer(lambda: sys.stdin.readline() or None, tell)


def time_for(keyboard: Keys, seconds: float) -> float:
    """So long a choice is waited for (s): for a word as long as it takes; what to type is heard before."""
    return math.inf if keyboard.by_words else seconds


def stdin_is_a_terminal() -> bool:
    """Whether somebody can be asked on standard input, which is None where it was closed (`<&-`)."""
    stream: TextIO | None = sys.stdin
    return stream is not None and stream.isatty()


class _Terminal(Protocol):
    def key(self) -> str | None:
        """The oldest key pressed: its character, an arrow's name, or "" for others; None if there is none."""

    @contextmanager
    def line_mode(self) -> Iterator[None]:
        yield


@contextmanager
def open_keys(out: TextIO, actions: Mapping[str, str] = KEYS, ways: Ways = tuple) -> Iterator[Keys]:
    """Key presses from standard input, if it is a terminal; its mode is restored whatever happens.

    In plain mode they are words, each with Enter, and the terminal stays as it is.

    Args:
        out: where words that nobody knows are answered.
        actions: what each key does: characters, of which a small letter stands for both cases unless the
            capital is there, too, and arrows by their names; and the words that may be typed for them.
        ways: what `help` tells.
    """
    if not stdin_is_a_terminal():
        yield NoKeys()
    elif wants_words():
        from greenroom.keys.typed_words import WordKeys

        yield WordKeys(out, actions, ways)
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
