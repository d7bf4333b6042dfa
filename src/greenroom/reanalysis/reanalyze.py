"""`greenroom reanalyze`: which sessions, who reads them, and what is printed meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from greenroom.errors import BadInputError
from greenroom.reanalysis.fingerprint import rules_fingerprint
from greenroom.reanalysis.jobs import Wanted
from greenroom.reanalysis.progress import open_progress
from greenroom.reanalysis.rounds import Outcome, read_again
from greenroom.reanalysis.telling import Totals, outcome_data, outcome_lines, total_lines
from greenroom.reanalysis.workers import Processes, Workers
from greenroom.review.finding import find_session, session_folders
from greenroom.screens import counted, wants_plain_lines
from greenroom.transcription.weights import locate


@dataclass(frozen=True, slots=True)
class ReanalyzeSettings:
    """How sessions are to be read again.

    Attributes:
        engine, model: what transcribes, as in practice.
        keep_words: nothing is transcribed; the stored words are read.
        again: those that were read with these rules before are read, too.
        jobs: processes of this computer.
        cluster: address of a Dask scheduler whose workers do it instead; None for this computer.
        as_json: one line of JSON for each session instead of text.
    """

    engine: str = "openai-whisper"
    model: str = "base"
    keep_words: bool = False
    again: bool = False
    jobs: int = 1
    cluster: str | None = None
    as_json: bool = False


def chosen(names: Sequence[str], recordings: Path, *, everything: bool) -> list[Path]:
    """The folders that are meant, each once. BadInputError if one is not there, or there is none at all."""
    if not everything:
        found = [_named(name, recordings) for name in names]
        return list({folder.resolve(): folder for folder in found}.values())
    folders = session_folders(recordings)
    if not folders:
        raise BadInputError(
            f"there is no session in {recordings} yet",
            "greenroom practice makes one; --recordings FOLDER names another place",
        )
    return folders


def _named(name: str, recordings: Path) -> Path:
    try:
        return find_session(name, recordings)
    except BadInputError as error:
        hint = "give one of these names, a folder, or --all" if error.details else error.hint
        raise BadInputError(error.message, hint, details=error.details) from error


def reanalyze(folders: Sequence[Path], settings: ReanalyzeSettings) -> None:
    """Read the sessions again and write them; prints what differs as it comes, and all of it at the end.

    Raises:
        BadInputError: some could not be read, and were named; or there is no cluster.
        ModelError: what transcribes is not there.
        KeyboardInterrupt: what was done until then is written, and was told.
    """
    wanted = Wanted(
        engine="" if settings.keep_words else settings.engine,
        model="" if settings.keep_words else settings.model,
        rules=rules_fingerprint(),
    )
    totals = Totals()
    with closing(_workers(settings, wanted, len(folders))) as workers:
        try:
            _read(folders, settings, wanted, workers, totals)
        except KeyboardInterrupt:
            left = f"{len(folders) - totals.seen} of {counted(len(folders), 'session')} left as they were"
            print(f"stopped, {left}", file=sys.stderr, flush=True)
            raise
        finally:
            if not settings.as_json:
                _tell_totals(totals)
    if totals.failed:
        raise BadInputError(f"{counted(totals.failed, 'session')} of {len(folders)} could not be read again")


def _workers(settings: ReanalyzeSettings, wanted: Wanted, sessions: int) -> Workers:
    if settings.cluster is not None:
        from greenroom.reanalysis.cluster import Cluster

        return Cluster(settings.cluster, wanted)
    if not wanted.keeps_words:
        locate(wanted.model, wanted.engine)  # a missing model is better said once, and now
    return Processes(min(settings.jobs, sessions))


def _read(
    folders: Sequence[Path], settings: ReanalyzeSettings, wanted: Wanted, workers: Workers, totals: Totals
) -> None:
    with open_progress(_doing(wanted), len(folders)) as progress:
        for outcome in read_again(folders, wanted, workers, again=settings.again):
            totals.add(outcome)
            with progress.aside():
                _tell(outcome, settings)
            progress.step(totals)


def _doing(wanted: Wanted) -> str:
    how = "keeping their words" if wanted.keeps_words else f"with {wanted.engine} {wanted.model_name}"
    return f"reading again, {how}"


def _tell(outcome: Outcome, settings: ReanalyzeSettings) -> None:
    """One session: what differs to standard output, what went wrong to standard error."""
    if outcome.error is not None:
        print("\n".join(outcome.error.lines), file=sys.stderr, flush=True)
    if settings.as_json:
        print(msgspec.json.encode(outcome_data(outcome)).decode(), flush=True)
    elif outcome.result == "read":
        _print_lines(outcome)


def _print_lines(outcome: Outcome) -> None:
    if wants_plain_lines(sys.stdout):
        print("\n".join(line.plain for line in outcome_lines(outcome)), flush=True)
        return
    from rich.console import Console

    console = Console(highlight=False)
    for line in outcome_lines(outcome, console.width):
        console.print(line, soft_wrap=True)


def _tell_totals(totals: Totals) -> None:
    if totals.read:
        print()
    for line in total_lines(totals):
        print(line, flush=True)
