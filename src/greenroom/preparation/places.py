"""Where the person's own files lie, and how they are written: never half, and never without a copy."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.private_files import make_private_folder
from greenroom.session import write_private

EARLIER = ".earlier"
"""Folder, beside a person's file, of what it was before each change."""


def default_data() -> Path:
    """The person's data folder: what GREENROOM_DATA names, else that of the operating system."""
    if named := os.environ.get("GREENROOM_DATA"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("greenroom", appauthor=False))


def stories_folder(data: Path) -> Path:
    """One TOML file for each story."""
    return data / "stories"


def tellings_folder(data: Path) -> Path:
    """A session's folder for each story that was told aloud."""
    return data / "tellings"


def debriefs_folder(data: Path) -> Path:
    """A folder for each real interview."""
    return data / "debriefs"


def look_backs_folder(data: Path) -> Path:
    """A session's folder for each look back that was spoken."""
    return data / "look-backs"


def dialogue_folders(data: Path) -> tuple[Path, ...]:
    """Where sessions lie that are no interviews: tellings, debriefs, look backs."""
    return tellings_folder(data), debriefs_folder(data), look_backs_folder(data)


def private_bank(data: Path) -> Path:
    """The bank of the questions that were asked in real interviews."""
    return data / "asked-of-me.toml"


def replace_file(path: Path, text: str) -> None:
    """Write a person's file: what it was before is kept in EARLIER, and a crash leaves the old or the new.

    A file that already holds just this text is left alone.

    Raises:
        BadInputError: it cannot be written.
    """
    make_folder(path.parent)
    try:
        before = path.read_bytes()
    except FileNotFoundError:
        before = None
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}") from error
    if before == text.encode():
        return
    if before is not None:
        make_folder(path.parent / EARLIER)
        write_private(_unused(path), before)
    write_private(path, text.encode())


def make_folder(folder: Path) -> None:
    """A folder that only its owner can read. BadInputError if it cannot be made."""
    try:
        make_private_folder(folder)
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be made: {error.strerror or error}", "name another place with --data FOLDER"
        ) from error


def _unused(path: Path) -> Path:
    """A name in EARLIER that nothing has yet: two changes within one second keep two copies."""
    stem = f"{path.stem}-{datetime.now():%Y-%m-%dT%H-%M-%S}"
    names = (f"{stem}{f'-{count}' if count > 1 else ''}{path.suffix}" for count in range(1, 10_000))
    return next(each for name in names if not (each := path.parent / EARLIER / name).exists())
