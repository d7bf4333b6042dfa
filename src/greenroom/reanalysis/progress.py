"""How far it is, on standard error: a line that moves in a terminal, and a few plain ones anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from greenroom.reanalysis.telling import Totals
from greenroom.screens import counted, wants_plain_lines

_PLAIN_EVERY = 60.0  # s
_LEAST_DONE = 2  # sessions after which the time that is left is worth saying


@contextmanager
def open_progress(doing: str, sessions: int) -> Iterator[_Plain | _Moving]:
    """Shown while it is open."""
    progress = (_Plain if wants_plain_lines(sys.stderr) else _Moving)(doing, sessions)
    try:
        yield progress
    finally:
        progress.close()


class _Clock:
    """Tells how far it is and how long the rest may take, by how long sessions took until now."""

    def __init__(self, sessions: int) -> None:
        self._sessions = sessions
        self._began = time.monotonic()

    def text(self, totals: Totals) -> str:
        far = f"{totals.seen} of {counted(self._sessions, 'session')}"
        left = self._sessions - totals.seen
        if totals.read < _LEAST_DONE or not left:
            return far
        return f"{far}, {_rough((time.monotonic() - self._began) / totals.read * left)} left"


class _Plain:
    def __init__(self, doing: str, sessions: int) -> None:
        self._clock = _Clock(sessions)
        self._told = time.monotonic()
        print(f"{doing}: {counted(sessions, 'session')}", file=sys.stderr, flush=True)

    def step(self, totals: Totals) -> None:
        if time.monotonic() - self._told >= _PLAIN_EVERY:
            self._told = time.monotonic()
            print(self._clock.text(totals), file=sys.stderr, flush=True)

    @contextmanager
    def aside(self) -> Iterator[None]:
        yield

    def close(self) -> None:
        pass


class _Moving:
    def __init__(self, doing: str, sessions: int) -> None:
        from rich.console import Console

        self._doing = doing
        self._clock = _Clock(sessions)
        self._console = Console(stderr=True, highlight=False)
        self._status = self._console.status(f"{doing}: {self._clock.text(Totals())}  [dim]Ctrl-C stops[/]")
        self._status.start()

    def step(self, totals: Totals) -> None:
        self._status.update(f"{self._doing}: {self._clock.text(totals)}  [dim]Ctrl-C stops[/]")

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Both streams may lead to one terminal, and the line that moves must not be in the way."""
        self._status.stop()
        try:
            yield
        finally:
            self._status.start()

    def close(self) -> None:
        self._status.stop()


def _rough(seconds: float) -> str:
    """About 40 s, about 12 min, about 3.5 h"""
    if seconds < 60:
        return f"about {max(10, round(seconds, -1)):.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 90 * 60 else f"about {seconds / 3600:.1f} h"
