"""Writing with a time limit: a disk that hangs holds up a thread, and nobody who waits for it.

A call into a file system that hangs cannot be interrupted, not even by Ctrl-C, so none is made by the thread
that listens and watches the keys.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from greenroom.errors import BadInputError
from greenroom.timed_calls import TimedCall

T = TypeVar("T")

DISK_SECONDS = 10.0
"""So long a disk is waited for: a busy one takes seconds, one that hangs takes for ever. (Judgement.)"""


class SilentDiskError(BadInputError):
    """The disk does not answer."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be written (the disk does not answer)", "see whether the disk works")


_latest: dict[Path, TimedCall] = {}  # what was begun last in each place


def in_time(do: Callable[[], T], path: Path) -> T:
    """What do() gives, or raises, by a thread of its own; in one place one thing after the other.

    A place is the folder that holds the folder of `path`: where sessions lie, which is on one disk. What is
    late undoes nothing newer. Interrupted, the writing goes on.

    Args:
        path: what is written.

    Raises:
        SilentDiskError: it takes too long, or an earlier one there still hangs.
    """
    place = path.parent.parent
    before = _latest.get(place)
    if before is not None and before.hangs:
        raise SilentDiskError(path)
    job = TimedCall(lambda: _done_after(before, job, do))
    thread = threading.Thread(target=job.run, name="session-writer", daemon=True)
    try:
        _latest[place] = job
        thread.start()
    except BaseException:
        if thread.ident is None:  # interrupted before it began: nobody is to wait for it
            job.done.set()
        raise
    if not (job.wait(DISK_SECONDS) or job.give_up()):
        raise SilentDiskError(path)
    if _latest.get(place) is job:
        del _latest[place]
    result: T = job.outcome()
    return result


def _done_after(before: TimedCall | None, job: TimedCall, do: Callable[[], T]) -> T | None:
    if before is not None:
        before.done.wait()
    return do() if job.wanted else None
