"""Calls into the computer's sound system, none of which may hold the program up for ever.

A sound server that hangs answers nothing: opening, starting and closing a stream and looking for devices
wait for it without end. So all of them run in one thread, one after the other (PortAudio allows no two at
once), and whoever wants something waits for it only so long.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from greenroom.errors import DeviceError

T = TypeVar("T")

ANSWER_SECONDS = 5.0
"""So long an answer is waited for. (Judgement: a few hundredths is usual, and PortAudio itself gives up on
a start after one second.)"""

LISTING_SECONDS = 10.0
"""The same for looking for devices: some systems wake up each of them first."""

_CLOSING_SECONDS = 0.8  # below the second in which Ctrl-C has to work; the closing itself goes on
_STUCK_SECONDS = 0.2  # while an earlier call hangs, a next one is hardly worth waiting for
_LOOK_SECONDS = 0.1  # Ctrl-C is noticed between two looks, also where a wait cannot be interrupted (Windows)


class NoAnswerError(DeviceError):
    """The sound system does not answer."""


class _Call:
    """One call, and what came of it; `wanted` until nobody waits for it any more."""

    def __init__(self, run: Callable[[], Any], late: Callable[[Any], object] | None) -> None:
        self._run = run
        self._late = late
        self._lock = threading.Lock()
        self.wanted = True
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self._run()
        except BaseException as error:
            self.error = error
        with self._lock:
            self.done.set()
            too_late = not self.wanted and self.error is None
        if too_late and self._late is not None:
            self._late(self.result)

    def wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        try:
            while not self.done.wait(min(_LOOK_SECONDS, max(0.0, until - time.monotonic()))):
                if time.monotonic() >= until:
                    break
        finally:
            with self._lock:
                self.wanted = self.done.is_set()
        return self.wanted


class _Worker:
    """The thread that calls."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[tuple[_Call, bool]] = queue.SimpleQueue()
        self._current: _Call | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @property
    def stuck(self) -> bool:
        """Whether a call hangs for which nobody waits any more."""
        current = self._current
        return current is not None and not current.wanted

    def give(self, call: _Call, *, always: bool) -> None:
        """`always`: it is made even when nobody waits for it any more."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="sound-system", daemon=True)
                self._thread.start()
        self._calls.put((call, always))

    def is_here(self) -> bool:
        return threading.current_thread() is self._thread

    def _work(self) -> None:
        while True:
            call, always = self._calls.get()
            if call.wanted or always:
                self._current = call
                call.run()
                self._current = None
            del call  # else what it holds lives on until the next one


_worker = _Worker()


def within(
    run: Callable[[], T], seconds: float | None = None, late: Callable[[T], object] | None = None
) -> T:
    """What run() gives, or raises, in the sound system's own thread.

    Args:
        seconds: so long it is waited for; ANSWER_SECONDS unless given.
        late: called there with a result that came too late, to undo it.

    Raises:
        NoAnswerError: it takes longer.
    """
    if _worker.is_here():
        return run()
    call = _Call(run, late)
    limit = _STUCK_SECONDS if _worker.stuck else ANSWER_SECONDS if seconds is None else seconds
    _worker.give(call, always=False)
    if not call.wait(limit):
        raise NoAnswerError(
            "the computer's sound system does not answer",
            "restart it (Linux: systemctl --user restart pipewire pulseaudio), or the computer",
        )
    if call.error is not None:
        raise call.error
    result: T = call.result
    return result


def let_go(run: Callable[[], object]) -> None:
    """Have run() done there, and wait for it only where that is short; what it raises is nobody's."""
    call = _Call(run, None)
    _worker.give(call, always=True)
    if not _worker.is_here() and not _worker.stuck:
        call.wait(_CLOSING_SECONDS)


def is_stuck() -> bool:
    """Whether a call hangs in the sound system, so that no other can be made."""
    return _worker.stuck
