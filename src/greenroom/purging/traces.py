"""Which files in a folder greenroom wrote, by their names; whatever else lies there is somebody else's.

docs/privacy.md lists the same for people. Links are never followed, and never ours: greenroom makes none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from greenroom.recovering.session_names import SESSION_NAMES, is_half_written, is_plain_file

NOT_OURS = "greenroom did not write it"
A_LINK = "it is a link, and greenroom makes none"


@dataclass(frozen=True, slots=True)
class Layout:
    """What greenroom writes into one kind of folder.

    Attributes:
        files: patterns of their names.
        folders: patterns of the names of folders in it, and what is written into those.
        holding: a file that a folder has to hold to be of this kind; () where any will do.
    """

    files: tuple[str, ...] = ()
    folders: Mapping[str, Layout] = field(default_factory=dict)
    holding: tuple[str, ...] = ()

    def wrote(self, name: str) -> bool:
        """Whether greenroom writes a file of that name, or one that a crash left of its writing."""
        return any(re.fullmatch(each, name) for each in self.files) or is_half_written(name, self.files)


_TOML = Layout((r".+\.toml",))

SESSION = Layout(
    SESSION_NAMES,
    {
        "earlier": Layout((r"session-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?\.json",)),
        r"\.earlier": _TOML,
    },
    holding=("session.json", "debrief.toml"),
)
_SESSIONS = Layout(folders={r"[^.].*": SESSION})

RECORDINGS = Layout((r"\.history-index", r"index\.html"))
"""What lies beside the sessions."""

DATA = Layout(
    (r"(plan|look-backs|asked-of-me)\.toml", r"map\.html", r"\.story-qualities\.json"),
    {
        "stories": Layout((r"[^.].*\.toml",), {r"\.earlier": _TOML}),
        "tellings": _SESSIONS,
        "debriefs": _SESSIONS,
        "look-backs": _SESSIONS,
        r"\.earlier": _TOML,
    },
)

VOICES = Layout((r"[0-9a-f]{64}\.flac", r"\.part-[a-z0-9_]{8}"))


@dataclass(frozen=True, slots=True)
class Left:
    """What stays, and why."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a folder holds: our `files`, in the order to delete them; our `folders`, the innermost first.

    `size`: bytes of the files.
    """

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    left: tuple[Left, ...] = ()
    size: int = 0

    def __add__(self, other: Found) -> Found:
        return Found(
            self.files + other.files,
            self.folders + other.folders,
            self.left + other.left,
            self.size + other.size,
        )


def look_through(folder: Path, layout: Layout, *, passing_over: Sequence[Path] = ()) -> Found:
    """What of a folder greenroom wrote; `passing_over` are paths in it, however deep, that it leaves out.

    session.json comes last, so that a deletion which breaks off leaves a session that can be deleted again.
    """
    found = Found()
    try:
        entries = sorted(os.scandir(folder), key=lambda each: (each.name == "session.json", each.name))
    except FileNotFoundError:
        return found
    except OSError as error:
        return Found(left=(Left(folder, f"it cannot be read ({error.strerror or error})"),))
    inner = [each for each in entries if each.is_dir(follow_symlinks=False)]
    for entry in (*inner, *(each for each in entries if each not in inner)):
        if Path(entry.path) not in passing_over:
            found += _look_at(entry, layout, passing_over)
    return found


def _look_at(entry: os.DirEntry[str], layout: Layout, passing_over: Sequence[Path]) -> Found:
    path = Path(entry.path)
    if entry.is_symlink():
        return Found(left=(Left(path, A_LINK),))
    if entry.is_file(follow_symlinks=False) and layout.wrote(entry.name):
        return Found(files=(path,), size=entry.stat(follow_symlinks=False).st_size)
    if entry.is_dir(follow_symlinks=False):
        kind = next((each for name, each in layout.folders.items() if re.fullmatch(name, entry.name)), None)
        if kind is not None and _holds(path, kind.holding):
            return look_through(path, kind, passing_over=passing_over) + Found(folders=(path,))
    return Found(left=(Left(path, NOT_OURS),))


def _holds(folder: Path, wanted: Sequence[str]) -> bool:
    return not wanted or any(is_plain_file(folder / name) for name in wanted)


def texts_naming(names: Sequence[str], texts: Iterable[Path]) -> Iterator[tuple[Path, list[str]]]:
    """The texts in which some of the names stand, and which; what cannot be read names none."""
    for path in texts:
        try:
            text = path.read_bytes() if is_plain_file(path) else b""
        except OSError:
            continue
        if named := [name for name in names if name.encode() in text]:
            yield path, named
