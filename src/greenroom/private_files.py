"""Folders and files that only their owner can read, replaced whole, and files that may be out of reach."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

FOLDER_MODE = 0o700


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, each for its owner only. OSError if that fails.

    Path.mkdir gives its mode only to the last of them.
    """
    for each in (*reversed(folder.parents), folder):
        if each.is_dir():
            continue
        try:
            each.mkdir(mode=FOLDER_MODE, exist_ok=True)
        except FileExistsError as error:  # what is there is a file
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(each)) from error


@contextmanager
def replacing(path: Path, *, prefix: str, suffix: str = "", synced: bool = True) -> Iterator[BinaryIO]:
    """A file beside `path`, for its owner only, that takes its place once it is complete.

    Args:
        prefix, suffix: of its name until then, by which one that a crash left behind is known.
        synced: whether it and its new name are on the disk before this ends, and not some time later.

    Raises:
        OSError: it cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            if synced:
                file.flush()
                os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if synced:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """The new name of a file reaches the disk with its folder; Windows has no such call, and needs none."""
    if sys.platform == "win32":
        return
    with suppress(OSError):  # a file system that cannot do it has its own way
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder, as far as can be seen."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises where a folder is locked or a disk gone
