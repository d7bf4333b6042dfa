"""Calls into the computer's sound system, none of which may hold the program up for ever.

A sound server that hangs answers nothing: opening, starting and closing a stream and looking for devices
wait for it without end. So all of them run in one thread, one after the other (PortAudio allows no two at
once), and whoever wants something waits for it only so long.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from greenroom.errors import DeviceError
from greenroom.timed_calls import TimedCall

T = TypeVar("T")

ANSWER_SECONDS = 5.0
"""So long an answer is waited for. (Judgement: a few hundredths is usual, and PortAudio itself gives up on
a start after one second.)"""

LISTING_SECONDS = 10.0
"""The same for looking for devices: some systems wake up each of them first."""

_CLOSING_SECONDS = 0.8  # below the second in which Ctrl-C has to work; the closing itself goes on
_STUCK_SECONDS = 0.2  # while an earlier call hangs, a next one is hardly worth waiting for


class NoAnswerError(DeviceError):
    """The sound system does not answer."""


class _Worker:
    """The thread that calls."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[tuple[TimedCall, bool]] = queue.SimpleQueue()
        self._current: TimedCall | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @property
    def stuck(self) -> bool:
        """Whether a call hangs for which nobody waits any more."""
        current = self._current
        return current is not None and not current.wanted

    def give(self, call: TimedCall, *, always: bool) -> None:
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
    call = TimedCall(run, late)
    limit = _STUCK_SECONDS if _worker.stuck else ANSWER_SECONDS if seconds is None else seconds
    _worker.give(call, always=False)
    if not _has_ended(call, limit):
        raise NoAnswerError(
            "the computer's sound system does not answer",
            "restart it (Linux: systemctl --user restart pipewire pulseaudio), or the computer",
        )
    result: T = call.outcome()
    return result


def let_go(run: Callable[[], object]) -> None:
    """Have run() done there, and wait for it only where that is short; what it raises is nobody's."""
    call = TimedCall(run)
    _worker.give(call, always=True)
    if not _worker.is_here() and not _worker.stuck:
        _has_ended(call, _CLOSING_SECONDS)


def _has_ended(call: TimedCall, seconds: float) -> bool:
    """Wait for it; interrupted, nobody waits any more, as after so long."""
    try:
        call.wait(seconds)
    finally:
        ended = call.give_up()
    return ended


def is_stuck() -> bool:
    """Whether a call hangs in the sound system, so that no other can be made."""
    return _worker.stuck
