"""One session after the other: read from the disk, given to a worker, written when it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from greenroom.errors import BadInputError, ModelError, UserError
from greenroom.reanalysis.archive import Stored, is_known, job_of, keep, open_session, wanted_for
from greenroom.reanalysis.differences import TurnDifference, differences
from greenroom.reanalysis.jobs import Wanted
from greenroom.reanalysis.workers import Turns, Workers, described, the_workers_are_gone
from greenroom.records import Reanalysis
from greenroom.review.pages import REPORT_FILE

Result = Literal["read", "known", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one session.

    Attributes:
        result: "read" (again, and written), "known" (it was read with these rules before, and is passed over)
            or "failed".
        reading: as it stands in session.json now; None if nothing was written.
        answers: what differs; of every answer, also where nothing does.
        stale_report: whether a page lies beside it that shows what was found before.
    """

    folder: Path
    result: Result
    reading: Reanalysis | None = None
    answers: tuple[TurnDifference, ...] = ()
    error: UserError | None = None
    stale_report: bool = False


@dataclass(frozen=True, slots=True)
class _UnderWay:
    stored: Stored
    wanted: Wanted
    silent: tuple[int, ...]


def read_again(
    folders: Iterable[Path],
    wanted: Wanted,
    workers: Workers,
    *,
    again: bool = False,
) -> Iterator[Outcome]:
    """The outcome of every session, as it comes: not in their order. A session that fails stops no other.

    No more of them are in memory than the workers have room for. Whatever ends it early, a session is either
    as it was or written to the end.

    Args:
        again: read also those that were read with these rules.

    Raises:
        ModelError: what reads is not there; the rest would fail for the same reason.
        BadInputError: the workers have gone.
    """
    waiting, under_way = iter(folders), dict[Future[Turns], _UnderWay]()
    while True:
        while len(under_way) < workers.room and (folder := next(waiting, None)) is not None:
            begun = _begin(folder, wanted, workers, again=again)
            if isinstance(begun, Outcome):
                yield begun
            else:
                under_way[begun[0]] = begun[1]
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            yield _end(future, under_way.pop(future))


def _begin(
    folder: Path, wanted: Wanted, workers: Workers, *, again: bool
) -> Outcome | tuple[Future[Turns], _UnderWay]:
    try:
        stored = open_session(folder)
        here = wanted_for(stored, wanted)
        if is_known(stored.session, here) and not again:
            return Outcome(folder, "known")
        job, silent = job_of(stored, here)
    except BadInputError as error:
        return Outcome(folder, "failed", error=error)
    return workers.submit(job), _UnderWay(stored, job.wanted, silent)


def _end(future: Future[Turns], its: _UnderWay) -> Outcome:
    folder, before = its.stored.folder, its.stored.session.turns
    try:
        turns = future.result()
        session = keep(its.stored, turns, its.wanted)
    except ModelError:
        raise
    except UserError as error:
        return Outcome(folder, "failed", error=error)
    except CancelledError as gone:
        raise the_workers_are_gone() from gone
    except Exception as fault:  # a defect met in one session is no reason to leave the rest
        why = f"{folder} could not be read again: {described(fault)}"
        return Outcome(folder, "failed", error=BadInputError(why))
    return Outcome(
        folder,
        "read",
        session.reanalyses[-1],
        differences(before, turns, its.silent),
        stale_report=(folder / REPORT_FILE).exists(),
    )
