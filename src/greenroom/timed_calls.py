"""Calls that another thread makes, waited for only so long: a system that hangs may never answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

_LOOK_SECONDS = 0.1  # Ctrl-C is noticed between two looks, also where a wait cannot be interrupted (Windows)


class TimedCall:
    """One call, and what came of it.

    Args:
        late: called by that thread with a result that nobody waits for any more, to undo it.

    Attributes:
        wanted: until it was given up.
        done: set when it has ended.
        result, error: what it gave or raised.
    """

    def __init__(self, run: Callable[[], Any], late: Callable[[Any], object] | None = None) -> None:
        self._run: Callable[[], Any] | None = run
        self._late = late
        self._lock = threading.Lock()
        self.wanted = True
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Make it; called once, by the thread that makes it."""
        run, self._run = self._run, None  # what it holds lives no longer than it
        try:
            self.result = run() if run is not None else None
        except BaseException as error:
            self.error = error
        with self._lock:
            self.done.set()
            too_late = not self.wanted and self.error is None
        if too_late and self._late is not None:
            self._late(self.result)

    def wait(self, seconds: float) -> bool:
        """Whether it has ended in time."""
        until = time.monotonic() + seconds
        while not self.done.wait(min(_LOOK_SECONDS, max(0.0, until - time.monotonic()))):
            if time.monotonic() >= until:
                return self.done.is_set()
        return True

    def give_up(self) -> bool:
        """From now on nobody waits for it, unless it has just ended: whether it has."""
        with self._lock:
            self.wanted = self.done.is_set()
        return self.wanted

    @property
    def hangs(self) -> bool:
        """Whether it goes on although nobody waits for it any more."""
        return not (self.wanted or self.done.is_set())

    def outcome(self) -> Any:
        """What it gave, or raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.result
