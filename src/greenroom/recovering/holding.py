"""A session belongs to one greenroom at a time: a lock in its folder that the operating system holds.

It goes with its process, however that ends, so a lock that is there and that nobody holds says that a
greenroom died here. In an orderly end it is removed. Written for Windows and macOS too, unverified there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.private_files import is_there
from greenroom.timed_writing import SilentDiskError, in_time

LOCK_FILE = ".lock"
_FILE_MODE = 0o600
_PATIENCE = 0.1  # s; who only looks whether it is held does so for less than a millisecond


@dataclass(slots=True)
class Hold:
    """A session that is held.

    Attributes:
        stays: whether the lock stays in the folder at the end, as after a death: the next start looks again.
    """

    stays: bool = False


@contextmanager
def hold(folder: Path) -> Iterator[Hold]:
    """Nobody else works on this session meanwhile.

    Raises:
        BadInputError: another greenroom does, or the folder cannot be written.
    """
    import filelock  # where it is needed: it costs a tenth of the time to `--help`

    path = folder / LOCK_FILE
    lock = filelock.FileLock(path, mode=_FILE_MODE)
    try:
        lock.acquire(timeout=_PATIENCE, poll_interval=0.01)
    except filelock.Timeout:
        raise being_worked_on(folder) from None
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written: {error.strerror or error}",
            "copy the session to a place of your own",
        ) from error
    held = Hold()
    try:
        yield held
    finally:
        if not held.stays:
            # Windows removes no open file; elsewhere nobody must come in between
            with suppress(OSError, SilentDiskError):
                in_time(path.unlink, path)
        with suppress(OSError):
            lock.release()
        if sys.platform == "win32" and not held.stays:
            with suppress(OSError):
                path.unlink()


def being_worked_on(folder: Path) -> BadInputError:
    """What whoever wants a session that is held is told."""
    return BadInputError(
        f"another greenroom is working on {folder.name}", "wait for its end, or name another session"
    )


def is_held(folder: Path) -> bool:
    """Whether a greenroom is working on this session now; looking leaves no trace."""
    try:
        handle = os.open(folder / LOCK_FILE, os.O_RDWR)  # makes none: the holder may end at this very moment
    except OSError:
        return False
    try:
        return _is_locked(handle)
    finally:
        os.close(handle)  # the file stays: it says that somebody died here


def died_in(folder: Path) -> bool:
    """Whether a greenroom that worked on this session has died before its end."""
    return is_there(folder / LOCK_FILE) and not is_held(folder)


if sys.platform == "win32":

    def _is_locked(handle: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return True
        with suppress(OSError):  # closing it lets go as well
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        return False

else:

    def _is_locked(handle: int) -> bool:
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: two who look are no holders
        except (BlockingIOError, PermissionError):
            return True
        except OSError:  # a disk that knows no locks
            return False
        return False
