"""Folders that only their owner can read, and files that may be out of reach."""

from __future__ import annotations

import errno
import os
from pathlib import Path

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


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder, as far as can be seen."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises where a folder is locked or a disk gone
