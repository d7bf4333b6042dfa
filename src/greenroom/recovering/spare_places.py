"""Where a session goes whose own folder takes nothing, and what such a place is called.

`sheltering` writes there; `bringing_home` brings it home at a later start; `purging` finds what is left.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import platformdirs

from greenroom.timed_writing import SilentDiskError, in_time

_ELSEWHERE = "kept-elsewhere"
_TEMPORARY = "greenroom-"
_IN_TEMPORARY = Path("temporary", "folder", "file")  # which it is may only be asked of the disk
_OF_A_SESSION = re.compile(r"(.+)-\d{18,20}")


def _lasting() -> tuple[Path, ...]:
    """In the user's data folder, and in their home."""
    data = Path(platformdirs.user_data_dir("greenroom", appauthor=False))
    return data / _ELSEWHERE, Path.home() / f"greenroom-{_ELSEWHERE}"


def new_places() -> Iterator[Path]:
    """Where something may go: the user's data folder, their home, the system's temporary folder."""
    yield from _lasting()
    with suppress(OSError, SilentDiskError):
        # Others may write beside it, so its name is new.
        yield Path(in_time(partial(tempfile.mkdtemp, prefix=_TEMPORARY), _IN_TEMPORARY))


def used_places() -> Iterator[Path]:
    """Where something may have gone."""
    yield from _lasting()
    for folder in dict.fromkeys(_temporary()):
        yield from folder.glob(f"{_TEMPORARY}*")


def _temporary() -> Iterator[Path]:
    """The folders that tempfile.gettempdir() tries, which it does by writing there."""
    if tempfile.tempdir is not None:
        yield Path(tempfile.tempdir)
        return
    yield from (Path(os.environ[name]) for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name))
    yield from (Path("/tmp"), Path("/var/tmp"))


def name_for(session: str) -> str:
    """A folder's name for what belongs to a session of that name; never that of an earlier time."""
    return f"{session}-{time.time_ns()}"


def session_of(name: str) -> str | None:
    """The name of the session of which a folder of that name holds something; None if it is none of these."""
    found = _OF_A_SESSION.fullmatch(name)
    return found[1] if found else None


def spares() -> dict[str, list[Path]]:
    """The folders that hold something of a session, by its name, the oldest first.

    Nothing behind a link, and nothing of another person's: all may write into the temporary folder.
    """
    found: dict[str, list[Path]] = {}
    for place in filter(_is_own_folder, used_places()):
        with suppress(OSError):
            for folder in filter(_is_own_folder, place.iterdir()):
                if (session := session_of(folder.name)) is not None:
                    found.setdefault(session, []).append(folder)
    for folders in found.values():
        folders.sort(key=lambda folder: int(folder.name.rpartition("-")[2]))
    return found


def removed(folder: Path) -> bool:
    """Whether such a folder, and then what was made to hold it, is gone: only what is empty goes."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        return False
    with suppress(OSError):
        folder.parent.rmdir()
    return True


def _is_own_folder(path: Path) -> bool:
    try:
        seen = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(seen.st_mode) and (not hasattr(os, "getuid") or seen.st_uid == os.getuid())
