"""What processes are given to do in tests; by the id of the session."""

from __future__ import annotations

import os
import signal
import time

from greenroom.errors import BadInputError
from greenroom.reanalysis.jobs import Job
from greenroom.reanalysis.workers import Turns
from greenroom.records import Turn, Word


def does_as_named(job: Job) -> Turns:
    match job.session.id:
        case "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "refuses":
            raise BadInputError("not this one", "another")
        case "has a bug":
            raise Unsendable(1, 2)
        case "takes long":
            time.sleep(60)
        case "prints":
            print("a library says hello", flush=True)
            os.write(2, b"and one in C does too\n")
    return tuple(_told(turn, job) for turn in job.session.turns)


def _told(turn: Turn, job: Job) -> Turn:
    """Says which process it was, and what it was given."""
    from dataclasses import replace

    text = f"{os.getpid()} {job.threads} {len(job.sounds.get(turn.number, b''))}"
    return replace(turn, transcript=replace(turn.transcript, text=text, words=(Word(text),)))


class Unsendable(Exception):  # noqa: N818
    """Pickled, it cannot be made again."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}\nand more")
