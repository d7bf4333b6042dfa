"""The same work on an existing Dask cluster, for an archive of many thousands of recordings.

Its workers need greenroom with the same rules, and the weights; no disk in common: a session goes there with
its sound, and its turns come back.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import Any, cast

from greenroom.errors import BadInputError, ModelError, UsageError, UserError
from greenroom.installing import install_line
from greenroom.reanalysis.fingerprint import rules_fingerprint
from greenroom.reanalysis.jobs import Job, Wanted
from greenroom.reanalysis.rereading import reread
from greenroom.reanalysis.workers import Turns, the_workers_are_gone
from greenroom.transcription.weights import locate

_PATIENCE_SECONDS = 5.0
"""For a scheduler to answer, and for its first worker."""

_SILENT = (OSError, asyncio.TimeoutError)
"""Nobody answered. Python 3.10 has an error of its own for that; later it is an OSError."""

_AHEAD = 2
"""Jobs for each worker: one under way, and the next on its way there."""


class Cluster:
    """Workers of the Dask scheduler at `address` ("tcp://host:8786").

    Raises:
        UsageError: Dask is not installed, or that is no address.
        BadInputError: nobody answers there, or there are no workers.
        ModelError: a worker has no greenroom, one with other rules, or not the weights that are wanted.
    """

    def __init__(self, address: str, wanted: Wanted) -> None:
        self._client = _connected(address)
        try:
            _check(self._client, address, wanted)
        except BaseException:
            self.close()
            raise
        # Not "pure": the same session read twice is read twice.
        self._executor = self._client.get_executor(pure=False)

    @property
    def room(self) -> int:
        try:
            return _AHEAD * max(1, len(self._client.nthreads()))
        except OSError as error:
            raise the_workers_are_gone() from error

    def submit(self, job: Job) -> Future[Turns]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a job is large: it is sound
            return cast("Future[Turns]", self._executor.submit(_reread_there, job))

    def close(self) -> None:
        with suppress(OSError):  # nobody answers any more, not even to that
            self._client.close(timeout=1)


def _reread_there(job: Job) -> Turns:
    """In a worker: with as many threads as it was given (`dask worker --nthreads`)."""
    from distributed import get_worker

    return reread(replace(job, threads=get_worker().state.nthreads))


def _connected(address: str) -> Any:
    try:
        from distributed import Client
        from distributed.comm import get_address_host_port
    except ImportError as error:
        raise UsageError(
            "--cluster needs Dask, which is not installed", install_line("greenroom[cluster]")
        ) from error
    try:
        get_address_host_port(address)
    except ValueError as error:
        raise UsageError(
            f'"{address}" is no address of a scheduler',
            "give it as dask scheduler prints it: tcp://host:8786",
        ) from error
    for logger in ("distributed", "distributed.client"):  # a connection that fails is told here, in one line
        logging.getLogger(logger).setLevel(logging.CRITICAL + 1)
    try:
        return Client(address, timeout=_PATIENCE_SECONDS, set_as_default=False)
    except _SILENT as error:
        raise BadInputError(
            f"no Dask scheduler answers at {address}", "dask scheduler   starts one, and prints its address"
        ) from error


def _check(client: Any, address: str, wanted: Wanted) -> None:
    """All workers that are there now can do what is wanted; of those that come later, jobs tell."""
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_SECONDS)
    except _SILENT as error:
        raise BadInputError(
            f"the Dask scheduler at {address} has no workers",
            f"dask worker {address} --nthreads 1   on each computer, once for each processor to use",
        ) from error
    able: Mapping[str, object] = client.run(_is_able, wanted, on_error="return")
    for worker, fault in able.items():
        if isinstance(fault, UserError):
            raise ModelError(f"worker {worker}: {fault.message}", fault.hint)
        if isinstance(fault, BaseException):
            lines = str(fault).splitlines() or [""]
            raise ModelError(
                f"worker {worker} cannot run greenroom: {lines[0][:200]}", "install the same greenroom there"
            )


def _is_able(wanted: Wanted) -> None:
    """In a worker. ModelError if it has other rules, or not the engine and the weights."""
    if rules_fingerprint() != wanted.rules:
        raise ModelError("another greenroom is installed there", "install the same greenroom everywhere")
    if not wanted.keeps_words:
        locate(wanted.model, wanted.engine)
