"""Sessions that a death of the program has left behind, found at the next start and made whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.private_files import is_there
from greenroom.recovering.bringing_home import bring_home
from greenroom.recovering.holding import LOCK_FILE, died_in, hold
from greenroom.recovering.session_names import is_begun_session
from greenroom.recovering.wholeness import Remains, has_remains, make_whole, remove_empty
from greenroom.session import SESSION_FILE

_LOOKED_INTO = 3
"""So many of the latest sessions are looked into for what an older greenroom, which held no lock, left."""


def find_remains(recordings: Path) -> tuple[Remains, ...]:
    """Every session under `recordings` in which a greenroom died, made whole; the newest first.

    One that a living greenroom is working on is left alone, and so is what cannot be mended: whoever opens it
    is told, and the next start tries again. Other programs may keep folders with locks of their own there:
    nothing is touched that is no session, and nothing behind a link.
    """
    try:
        folders = sorted(filter(_is_folder, recordings.iterdir()), reverse=True)
    except OSError:
        return ()
    latest = [folder for folder in folders if is_there(folder / SESSION_FILE)][:_LOOKED_INTO]
    found = []
    for folder in folders:
        if is_there(folder / LOCK_FILE):
            is_left = (is_there(folder / SESSION_FILE) or is_begun_session(folder)) and died_in(folder)
        else:
            is_left = folder in latest and has_remains(folder)
        if is_left:
            found.append(_mended(folder))
    return tuple(remains for remains in found if remains is not None)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _mended(folder: Path) -> Remains | None:
    remains = None
    with suppress(BadInputError):
        with hold(folder) as held:
            held.stays = True  # until it is whole
            if bring_home(folder).refused is not None:
                return None  # what is there may be less than what lies elsewhere, and would be taken for all
            remains = make_whole(folder)
            held.stays = remains is not None and bool(remains.fault)
        if remains is None:
            remove_empty(folder)
    return remains
