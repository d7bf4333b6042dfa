"""Words typed with Enter in place of keys: for screen readers and dictation, which need whole lines."""

from __future__ import annotations

import difflib
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Protocol, TextIO

from greenroom import keys
from greenroom.keys import Way, Ways, word_line
from greenroom.keys.typed_answer import ENDS, HELP, type_answer

_GO_ON = ("go on", "continue", "next", "resume")
_TURN = 0.1  # s
_LONGEST = 3  # words; what is longer was meant as an answer
_MAY_BE_ANSWERS = frozenset({keys.YES, keys.NO, *keys.RATINGS})
_ENDS_ANSWER = frozenset({keys.DONE, keys.SKIP, *keys.RATINGS})  # nobody types on after it
_ALWAYS = frozenset({keys.DONE, keys.PAUSE, keys.QUIT})  # heeded even where the screen does not offer them

NO_WORD = "“{word}” is no word here.{near} help tells the words of this moment."
NO_ANSWER = "That was not taken: no answer is asked for now. help tells the words of this moment."
KEPT_LINE = "That is kept. Enter alone gives it as a typed answer; done ends a spoken one without it."
KEPT_WORDS = " It is kept: type offers it as your answer."
NOT_PAUSED = "Nothing is paused."


class Lines(Protocol):
    """Lines as they are typed.

    Attributes:
        ended: whether the last look met the end of what is typed (Ctrl-D; on Windows Ctrl-Z).
    """

    ended: bool

    def take(self, *, wait: bool) -> str | None:
        """The oldest line not yet taken, without its end; None if there is none, or no more will come."""


class WordKeys:
    """Words in place of keys; `actions` has the words, and the keys, which work with Enter as well."""

    interactive = True
    by_words = True

    def __init__(
        self, out: TextIO, actions: Mapping[str, str], ways: Ways, lines: Lines | None = None
    ) -> None:
        self._out = out
        self._actions = actions
        self._ways = ways
        self._lines = lines or _open_lines()
        self._paused = False
        self._kept: list[str] = []  # lines that are no words, typed where an answer is listened to
        self._answered = False  # whether one of them can only have been meant as an answer

    def poll(self) -> str | None:
        if self._answered and not self._takes_answers(self._ways()):
            self._answered = False  # that answer has ended, and Enter ends the next one
        while (line := self._lines.take(wait=False)) is not None:
            if action := self._action(line):
                if action == self._pause:
                    self._paused = not self._paused
                elif "\n" in self._actions:  # elsewhere what is held stays so, wherever one goes
                    self._paused = False
                if action in _ENDS_ANSWER:
                    self._kept, self._answered = [], False
                return action
        # Whoever ends the input wants to leave, as with the key for that.
        return self._actions.get("q") if self._lines.ended else None

    def read_lines(self, prompt: str) -> str | None:
        self._tell(prompt)
        kept, self._kept, self._answered = self._kept, [], False
        words = (word for word, action in self._actions.items() if action not in _MAY_BE_ANSWERS)
        known = {*words, *(way.word for way in self._ways()), *_GO_ON}
        return type_answer(lambda: self._lines.take(wait=True), self._tell, kept, known)

    @property
    def _pause(self) -> str | None:
        return self._actions.get(" ")

    def _action(self, line: str) -> str | None:
        """What a line asks for; where that is nothing, the line is answered."""
        ways = self._ways()
        if not line:
            if self._answered and self._takes_answers(ways):
                return keys.TYPE
            return self._actions.get("\n") or self._pause
        word = line.strip()
        if not word:
            return self._pause
        # A capital may be a key of its own.
        capital = self._actions.get(word) if len(word) == 1 and word.isupper() else None
        word = " ".join(word.lower().split())
        if word in HELP:
            self._tell(f"Words now: {self._offered()}.")
            return None
        word = word.strip(ENDS)
        action = capital or self._meant(word, ways)
        if action is None and word in _GO_ON:
            self._tell(NOT_PAUSED)
        elif action is None:
            self._tell(self._unknown(word, ways, line))
        elif ways and action not in _ALWAYS and not _is_offered(action, ways):
            self._tell(f"“{word}” does nothing now. Words now: {self._offered()}.")
        return action

    def _meant(self, word: str, ways: Sequence[Way]) -> str | None:
        going_on = word in _GO_ON and word not in self._actions
        if going_on and self._paused:
            return self._pause
        for way in ways:
            if word == way.word and way.action != keys.RATE:
                return way.action
        if going_on:
            return self._actions.get("\n")
        action = self._actions.get(word)
        if action is None or (len(word) == 1 and ways and not _is_offered(action, ways)):
            return self._by_letter(word, ways) or action
        return action

    def _by_letter(self, letter: str, ways: Sequence[Way]) -> str | None:
        """What the only word that begins with a letter does; of those offered before all others."""
        if len(letter) != 1:
            return None
        offered = [way.word for way in ways if way.action != keys.RATE]
        for words in (offered, [_GO_ON[0], *self._actions]):
            begun = (word for word in words if len(word) > 1 and word[0] == letter)
            meant = {self._meant(word, ways) for word in begun}
            if len(meant) == 1:
                return meant.pop()
        return None

    def _offered(self) -> str:
        return word_line(self._ways()) or "; ".join(self._words())

    def _words(self) -> list[str]:
        """One word for each action, the first."""
        first: dict[str, str] = {}
        for word, action in self._actions.items():
            if len(word) > 1:
                first.setdefault(action, word)
        return list(first.values())

    def _takes_answers(self, ways: Sequence[Way]) -> bool:
        """Whether an answer is listened to, or may be: the word type would open the typing of one."""
        if ways:
            return any(way.action == keys.TYPE for way in ways)
        return keys.TYPE in self._actions.values()

    def _unknown(self, word: str, ways: Sequence[Way], line: str) -> str:
        """What is said to a line that is no word; where an answer may be given it may be one, and is kept."""
        if len(word.split()) > _LONGEST and keys.TYPE in self._actions.values():
            if not self._takes_answers(ways):
                return NO_ANSWER
            self._kept.append(line.strip())
            self._answered = True
            return KEPT_LINE
        words = (word for word in self._actions if len(word) > 1)
        known = dict.fromkeys([*words, *(way.word for way in ways), *_GO_ON])
        close = difflib.get_close_matches(word, known, n=3)
        near = f" Near it: {', '.join(close)}." if close else ""
        told = NO_WORD.format(word="".join(filter(str.isprintable, word)), near=near)
        if near or not self._takes_answers(ways) or not line.isprintable():
            return told
        self._kept.append(line.strip())
        return told + KEPT_WORDS

    def _tell(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def _is_offered(action: str, ways: Sequence[Way]) -> bool:
    offered = {way.action for way in ways}
    return action in offered or (action in keys.RATINGS and keys.RATE in offered)


class ReaderLines:
    """Lines that a thread reads, where nobody tells whether a whole one lies ready, as on Windows.

    Args:
        read: waits for a line and gives it with its end; "" at the end of what is typed.
    """

    def __init__(self, read: Callable[[], str]) -> None:
        self.ended = False
        self._read = read
        self._typed: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._end_taken = threading.Semaphore(0)
        self._reader: threading.Thread | None = None

    def take(self, *, wait: bool) -> str | None:
        if self._reader is None:
            self._reader = threading.Thread(target=self._work, name="reading-lines", daemon=True)
            self._reader.start()
        line = self._next(wait=wait)
        self.ended = line == ""
        if self.ended:
            self._end_taken.release()
        return line.rstrip("\r\n") if line else None

    def _next(self, *, wait: bool) -> str | None:
        while True:
            try:
                # In short turns: on Windows Ctrl-C does not interrupt a wait without limit.
                return self._typed.get(timeout=_TURN) if wait else self._typed.get_nowait()
            except queue.Empty:
                if not wait:
                    return None

    def _work(self) -> None:
        while True:
            try:
                line = self._read()
            except (OSError, ValueError):  # it has gone, or was closed
                line = ""
            self._typed.put(line)
            if not line:
                self._end_taken.acquire()  # after Ctrl-Z more may be typed; who is gone is not asked again


if sys.platform == "win32":

    @cache
    def _open_lines() -> Lines:
        """One for the whole run: a second reader would take lines away from the first."""
        return ReaderLines(sys.stdin.readline)

else:
    import select

    class _TerminalLines:
        """A terminal that hands over whole lines, as it does unless it was told otherwise."""

        def __init__(self, fd: int) -> None:
            self.ended = False
            self._fd = fd
            self._begun = b""

        def take(self, *, wait: bool) -> str | None:
            while b"\n" not in self._begun:
                if not select.select([self._fd], [], [], None if wait else 0)[0]:
                    self.ended = False
                    return None
                more = self._read()
                self.ended = not more
                if self.ended:
                    return None
                self._begun += more
            line, _, self._begun = self._begun.partition(b"\n")
            return line.decode(errors="replace").rstrip("\r")

        def _read(self) -> bytes:
            try:
                return os.read(self._fd, 4096)
            except OSError:  # the terminal has gone; the hang-up signal says so, too
                return b""

    def _open_lines() -> Lines:
        return _TerminalLines(sys.stdin.fileno())
