"""Who reads sessions again: processes of this computer, each with models of its own."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import Protocol

from greenroom import detached_processes
from greenroom.errors import BadInputError, UserError
from greenroom.reanalysis.jobs import Job
from greenroom.reanalysis.rereading import reread
from greenroom.records import Turn
from greenroom.transcription import child_process

Turns = tuple[Turn, ...]
Work = Callable[[Job], Turns]

_PROGRAM = child_process.OUR_PATHS + "from greenroom.reanalysis.workers import serve; serve('{work}')"
_MOST_SAID = 200  # characters of what a fault says


class FaultError(Exception):
    """A defect that was met in one session, or the end of the process that read it; the text says which."""


class Workers(Protocol):
    """Attributes:
    room: how many jobs can be under way; may change. BadInputError where nobody is left who tells.
    """

    @property
    def room(self) -> int: ...

    def submit(self, job: Job) -> Future[Turns]:
        """Begin a job, where there is room.

        The future raises what the work raises: a UserError, or whatever a defect raises.
        """
        ...

    def close(self) -> None:
        """Give up what is under way; nothing is waited for."""
        ...


def threads_for(processes: int) -> int | None:
    """Processor threads for Whisper in each of so many processes, so that they do not fight.

    None for one alone, which takes what suits it.
    """
    return None if processes == 1 else max(1, (os.cpu_count() or 1) // processes)


def the_workers_are_gone() -> BadInputError:
    """What is told where they cannot be reached any more."""
    return BadInputError(
        "the cluster has gone; what was read until then is kept",
        "run this again: sessions that are done are passed over",
    )


def described(fault: BaseException) -> str:
    """A fault in one line."""
    first = (str(fault).splitlines() or [""])[0][:_MOST_SAID]
    return first if isinstance(fault, FaultError) else f"{type(fault).__name__} {first}".rstrip()


class Processes:
    """So many processes of this computer, each started when there is work for it.

    Not a ProcessPoolExecutor: where one of its processes ends (no memory is left, a library crashes), all
    that was under way is lost, and nobody knows by which session; nor can it be left in the middle of one.
    """

    def __init__(self, count: int, work: Work = reread) -> None:
        self._lanes = [_Lane(work) for _ in range(count)]

    @property
    def room(self) -> int:
        return len(self._lanes)

    def submit(self, job: Job) -> Future[Turns]:
        free = next(lane for lane in self._lanes if lane.is_free)
        return free.submit(replace(job, threads=threads_for(self.room)))

    def close(self) -> None:
        for lane in self._lanes:
            lane.close()


class _Lane:
    """One process, and a thread for each job that waits for what comes of it."""

    def __init__(self, work: Work) -> None:
        self._program = _PROGRAM.replace("{work}", f"{work.__module__}:{work.__name__}")
        self._child: subprocess.Popen[bytes] | None = None
        self._last: Future[Turns] | None = None

    @property
    def is_free(self) -> bool:
        return self._last is None or self._last.done()

    def submit(self, job: Job) -> Future[Turns]:
        self._last = Future()
        try:
            child = self._child = self._child or child_process.spawn(self._program)
        except OSError as error:
            self._last.set_exception(error)
        else:
            threading.Thread(target=self._wait_for, args=(job, self._last, child), daemon=True).start()
        return self._last

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            detached_processes.end(child)

    def _wait_for(self, job: Job, future: Future[Turns], child: subprocess.Popen[bytes]) -> None:
        try:
            result = child_process.ask(child, job)
        except child_process.LostError:
            self._child = None  # the next job gets a new one
            result = FaultError(f"{child_process.why_it_ended(child)}; is there too little memory?")
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)


def serve(work: str) -> None:
    """A child: does one job after the other, by a function that is named as "module:function"."""
    requests, answers = child_process.open_in_child()
    module, function = work.split(":")
    run: Work = getattr(import_module(module), function)
    with suppress(OSError):
        while True:
            job = requests.get()
            try:
                result: object = run(job)
            except UserError as error:
                result = error
            except Exception as fault:  # not as it is: not every exception can be sent
                result = FaultError(described(fault))
            child_process.send(answers, result)
    os._exit(0)
