"""Finding a session: by its path, by its name, or as the latest one; and what is in it."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from greenroom.errors import BadInputError, UsageError
from greenroom.session import SESSION_FILE, is_bare_name, stays_in

SAMPLE = "sample"
"""The demo candidate's interview, which a checkout brings along: nobody's own."""

_DATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d")
_NAMES_SHOWN = 5
_LONGEST_NAME = 200  # characters


class _Beginning(msgspec.Struct):
    """All of a session.json that has to be read to know how old it is."""

    started_at: str = ""


def find_session(given: str | None, recordings: Path) -> Path:
    """The folder of the session that is meant: by its path, by its name, or None for the latest.

    Names are those under `recordings`. The latest is the person's own; where there is none, the sample that a
    checkout brings along. Whether its session.json can be read is left to load_session().

    Raises:
        BadInputError: there is no such session; `details` names some that there are.
    """
    if given is None:
        return _latest(recordings)
    path = Path(given)
    folder = path.parent if path.name == SESSION_FILE else path
    # A path that is not absolute may be a name, too; "" is neither, though Path("") is the working folder.
    candidates = [folder] if given.strip() else []
    if is_bare_name(str(folder)):
        candidates.append(recordings / folder)
    for candidate in candidates:
        if _is_session(candidate):
            return candidate
    raise _not_found(given, folder, recordings)


def session_folders(recordings: Path) -> list[Path]:
    """The folders of the person's own sessions under `recordings`, the newest first; [] if there are none.

    The sample is left out, and so is what holds no session.json. What it holds is not read, but for folders
    that were given other names: how old they are stands only there.

    Raises:
        BadInputError: `recordings` cannot be read.
    """
    try:
        folders = [path for path in recordings.iterdir() if _is_own(path)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(recordings, error) from error
    return sorted(folders, key=lambda folder: (_began(folder), folder.name), reverse=True)


def is_own_name(name: str) -> bool:
    """Whether a folder of that name may be a session of the person's own."""
    return name != SAMPLE and not name.startswith(".")


def none_yet(recordings: Path, details: tuple[str, ...] = ()) -> BadInputError:
    """The complaint that there is no session; `details` are lines of their own."""
    return BadInputError(
        f"there is no session in {recordings} yet",
        "greenroom practice makes one; --recordings FOLDER names another place",
        details=details,
    )


def unreadable(recordings: Path, error: OSError) -> BadInputError:
    return BadInputError(
        f"{recordings} cannot be read ({error.strerror or error})",
        "name the folder of your sessions with --recordings FOLDER",
    )


def no_such_turn(number: int, numbers: Sequence[int]) -> UsageError:
    """The complaint that a session has no turn `number`; `numbers` are those that it has."""
    there = ", ".join(map(str, numbers))
    return UsageError(f"this session has no turn {number}", f"one of its turns: {there or 'there is none'}")


def file_in(folder: Path, name: str | None) -> Path | None:
    """The file of that name in the folder itself, None for a name or a link that leads out of it."""
    return folder / name if name and is_bare_name(name) and stays_in(folder, name) else None


def _latest(recordings: Path) -> Path:
    if own := session_folders(recordings):
        return own[0]
    if _is_session(recordings / SAMPLE):
        return recordings / SAMPLE
    raise none_yet(recordings)


def _is_own(path: Path) -> bool:
    return is_own_name(path.name) and _is_session(path)


def _is_session(folder: Path) -> bool:
    try:
        return (folder / SESSION_FILE).is_file()
    except OSError:  # too long a name, or a folder that may not be looked into
        return False


def _began(folder: Path) -> str:
    """When the session began, by the clock of its place, as it stands in the names: 2026-11-21T20-15-03."""
    if dated := _DATED.match(folder.name):
        return dated.group()
    try:
        read = msgspec.json.decode((folder / SESSION_FILE).read_bytes(), type=_Beginning)
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors, too
        return ""  # whoever opens it is told what is wrong with it; here it is only old
    return read.started_at[:19].replace(":", "-")


def _not_found(given: str, folder: Path, recordings: Path) -> BadInputError:
    if given.strip() and os.path.isdir(folder):  # noqa: PTH112 - Path's raises at a name that is too long
        return BadInputError(
            f"{given} is not a session: there is no {SESSION_FILE} in it",
            "name a folder that greenroom practice has made",
        )
    names = [path.name for path in session_folders(recordings)]
    near = [name for name in names if given.strip() and given.lower() in name.lower()]
    near = near or difflib.get_close_matches(given[:_LONGEST_NAME], names, _NAMES_SHOWN, cutoff=0.4) or names
    return BadInputError(
        f"there is no session “{given}”, neither here nor in {recordings}",
        "give one of these names, a folder, or nothing for the latest"
        if near
        else "greenroom practice makes one",
        details=tuple(near[:_NAMES_SHOWN]),
    )
