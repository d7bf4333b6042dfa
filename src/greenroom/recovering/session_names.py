"""What a session's folder holds, by its files' names: what greenroom writes, also half written by a death."""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from pathlib import Path

ANSWER = r"(\d{2,})-answer\.flac"
RAW_ANSWER = r"\d{2,}-answer\.pcm"
SESSION_NAMES = (
    r"session\.json",
    r"\.lock",
    r"report\.html",
    r"\d{2,}-question\.wav",
    ANSWER,
    RAW_ANSWER,
    r"\d{2,}-answer\.vtt",
    r"debrief\.toml",
)
"""Patterns of whole names."""

# session.start_session names its folder: 2026-11-21T20-15-03-behavioural
_OF_A_FOLDER = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-.+")

# session.write_private and audio.clip write beside the file first: .session.json.k3x_0a9b
_BESIDE = re.compile(r"\.(.+?)\.[a-z0-9_]{8}(\.part)?")


def is_half_written(name: str, files: Sequence[str]) -> bool:
    """Whether a file of that name was to take the place of one of `files` (patterns)."""
    beside = _BESIDE.fullmatch(name)
    if beside is None:
        return False
    wanted = [beside[1], *(f"{beside[1]}{end}" for end in (".wav", ".flac") if beside[2])]
    return any(re.fullmatch(pattern, each) for pattern in files for each in wanted)


def is_begun_session(folder: Path) -> bool:
    """Whether greenroom began a session here, though it saved none: so say its name and all that is in it."""
    try:
        paths = list(folder.iterdir())
    except OSError:
        return False
    return _OF_A_FOLDER.fullmatch(folder.name) is not None and all(map(_is_of_a_session, paths))


def _is_of_a_session(path: Path) -> bool:
    wrote = any(re.fullmatch(each, path.name) for each in SESSION_NAMES)
    return (wrote or is_half_written(path.name, SESSION_NAMES)) and is_plain_file(path)


def is_plain_file(path: Path) -> bool:
    """Whether it is a file, as far as can be seen, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
