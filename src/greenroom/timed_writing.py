"""Writing with a time limit: a disk that hangs holds up a thread, and nobody who waits for it.

A call into a file system that hangs cannot be interrupted, not even by Ctrl-C, so none is made by the thread
that listens and watches the keys.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from greenroom.errors import BadInputError

T = TypeVar("T")

DISK_SECONDS = 10.0
"""So long a disk is waited for: a busy one takes seconds, one that hangs takes for ever. (Judgement.)"""

_LOOK_SECONDS = 0.1  # Ctrl-C is noticed between two looks, also where a wait cannot be interrupted (Windows)


class SilentDiskError(BadInputError):
    """The disk does not answer."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be written (the disk does not answer)", "see whether the disk works")


class _Job:
    """Something to be done after what came before it; `wanted` until nobody waits for it any more."""

    def __init__(self, do: Callable[[], Any], before: _Job | None) -> None:
        self._do: Callable[[], Any] | None = do
        self._before = before
        self.wanted = True
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            if self._before is not None:
                self._before.done.wait()
            if self.wanted and self._do is not None:
                self.result = self._do()
        except BaseException as error:
            self.error = error
        finally:
            self._do = self._before = None
            self.done.set()

    def wait(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not self.done.wait(max(0.0, min(_LOOK_SECONDS, until - time.monotonic()))):
            if time.monotonic() >= until:
                self.wanted = False
                return self.done.is_set()
        return True

    @property
    def hangs(self) -> bool:
        return not (self.wanted or self.done.is_set())


_latest: dict[Path, _Job] = {}  # what was begun last in each place


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
    job = _Job(do, before)
    thread = threading.Thread(target=job.run, name="session-writer", daemon=True)
    try:
        _latest[place] = job
        thread.start()
    except BaseException:
        if thread.ident is None:  # interrupted before it began: nobody is to wait for it
            job.done.set()
        raise
    if not job.wait(DISK_SECONDS):
        raise SilentDiskError(path)
    if _latest.get(place) is job:
        del _latest[place]
    if job.error is not None:
        raise job.error
    result: T = job.result
    return result
