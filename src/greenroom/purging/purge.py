"""`greenroom purge`: what will be deleted is shown and asked about; then it is deleted, and that is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from greenroom.errors import BadInputError, UsageError
from greenroom.keys import stdin_is_a_terminal
from greenroom.recovering.holding import LOCK_FILE, hold, is_held
from greenroom.recovering.session_names import is_plain_file
from greenroom.recovering.spare_places import session_of
from greenroom.screens import counted

from .gathering import BEING_WORKED_ON, ITS_SESSION_STAYS, Part, Purge, purge_of, purge_of_all
from .traces import A_LINK, Left


@dataclass
class Deleted:
    """What has gone, in the order it went, and what did not go although it should have."""

    files: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    refused: list[Left] = field(default_factory=list)
    size: int = 0


def purge(given: Sequence[str], recordings: Path, data: Path, *, everything: bool, with_data: bool) -> Purge:
    """What is to be deleted; nothing is deleted yet.

    Raises:
        UsageError: neither sessions nor everything was named, or both.
        BadInputError: a session cannot be deleted.
    """
    if everything == bool(given):
        both = "name sessions or give --all, not both" if given else "which sessions?"
        raise UsageError(both, "greenroom purge SESSION..., or: greenroom purge --all")
    if with_data and not everything:
        raise UsageError("--data goes with --all", "greenroom purge --all --data")
    return (
        purge_of_all(recordings, data, with_data=with_data)
        if everything
        else purge_of(given, recordings, data)
    )


def agreed(yes: bool) -> bool:
    """Whether the person wants it. UsageError where nobody can be asked."""
    if yes:
        return True
    if not stdin_is_a_terminal():
        raise UsageError("nobody is there to be asked, so nothing is deleted", "greenroom purge ... --yes")
    return click.confirm("Delete for good what is named to be deleted?", default=False, err=True)


def delete(purge: Purge, deleted: Deleted) -> None:
    """Delete it all, noting each step in `deleted`, which is true also where this is interrupted."""
    stayed = set()
    for part in purge.sessions:
        try:
            with hold(part.root):
                for path in part.found.files:
                    if path.name != LOCK_FILE:  # which goes when it is let go of
                        _delete_file(path, deleted)
        except BadInputError as error:  # begun by another greenroom since it was looked at
            deleted.refused.append(Left(part.root, error.message))
            stayed.add(part.root.name)
            continue
        for folder in part.found.folders:
            _delete_folder(folder, deleted)
    for part in purge.more:
        if session_of(part.root.name) in stayed:
            deleted.refused.append(Left(part.root, ITS_SESSION_STAYS))
        else:
            stayed |= {folder.name for folder in _delete_unheld(part, deleted)}


def _delete_unheld(part: Part, deleted: Deleted) -> set[Path]:
    """All of it but the folders that another greenroom has begun to work in meanwhile, which it gives."""
    held = {folder for folder in part.found.folders if is_held(folder)}
    deleted.refused.extend(Left(folder, BEING_WORKED_ON) for folder in sorted(held))
    for path in part.found.files:
        if not held & set(path.parents):
            _delete_file(path, deleted)
    for folder in part.found.folders:
        if not held & {folder, *folder.parents}:
            _delete_folder(folder, deleted)
    return held


def _delete_file(path: Path, deleted: Deleted) -> None:
    try:
        size = path.lstat().st_size
        if not is_plain_file(path):  # any more: looked at right before it is deleted
            deleted.refused.append(Left(path, A_LINK))
            return
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        deleted.refused.append(Left(path, f"it cannot be deleted ({error.strerror or error})"))
        return
    deleted.files.append(path)
    deleted.size += size


def _delete_folder(folder: Path, deleted: Deleted) -> None:
    try:
        folder.rmdir()
    except OSError:  # something that stays is in it, and has been named
        if folder.exists():
            deleted.refused.append(Left(folder, "the folder is not empty"))
        return
    deleted.folders.append(folder)


def plan_lines(purge: Purge) -> Iterator[str]:
    """What would be deleted, and what would stay."""
    if not purge.parts:
        yield "There is nothing to delete."
    for part in purge.sessions:
        yield f"{part.root}"
        yield f"    {part.told}, {_size(part.found.size)} in {counted(len(part.found.files), 'file')}"
    for part in purge.more:
        yield from _more_lines(part)
    if purge.sessions:
        answers = sum(part.answers for part in purge.sessions)
        minutes = sum(part.minutes for part in purge.sessions)
        size = sum(part.found.size for part in purge.parts)
        yield (
            f"Together {counted(len(purge.sessions), 'session')}, {counted(answers, 'answer')}, "
            f"{minutes:.1f} min, {_size(size)}."
        )
    yield from _left_lines("These stay:", purge.all_left)


def _more_lines(part: Part) -> Iterator[str]:
    shown = [str(path) for path in part.found.files] if len(part.found.files) <= 3 else [str(part.root)]
    yield from shown
    if part.found.files:
        yield f"    {part.told} ({_size(part.found.size)} in {counted(len(part.found.files), 'file')})"


def done_lines(purge: Purge, deleted: Deleted) -> Iterator[str]:
    """What has been deleted: folders that are gone as a whole, and every other file by its path."""
    if not deleted.files and not deleted.refused:
        yield "Nothing was deleted."
        return
    gone = set(deleted.folders)
    within = [path for path in deleted.files if not gone & set(path.parents)]
    outermost = [folder for folder in deleted.folders if not gone & set(folder.parents)]
    for folder in outermost:
        count = sum(folder in path.parents for path in deleted.files)
        yield f"deleted {folder} ({counted(count, 'file')})"
    for path in within:
        yield f"deleted {path}"
    yield f"{counted(len(deleted.files), 'file')} deleted, {_size(deleted.size)}."
    yield from _left_lines("Left:", _stayed(purge, deleted))


def as_json(purge: Purge, deleted: Deleted) -> str:
    """The same as JSON, every path by itself."""
    return json.dumps(
        {
            "deleted": [str(path) for path in (*deleted.files, *deleted.folders)],
            "bytes": deleted.size,
            "left": [{"path": str(each.path), "why": each.why} for each in _stayed(purge, deleted)],
        }
    )


def refuse_half(deleted: Deleted) -> None:
    """BadInputError if a file that should have gone has stayed."""
    stayed = [each for each in deleted.refused if is_plain_file(each.path)]
    if stayed:
        raise BadInputError(f"{counted(len(stayed), 'file')} could not be deleted", "they are named above")


def _stayed(purge: Purge, deleted: Deleted) -> list[Left]:
    return [*purge.all_left, *deleted.refused]


def _left_lines(head: str, left: Sequence[Left]) -> Iterator[str]:
    if left:
        yield head
        yield from (f"  {each.path}: {each.why}" for each in left)


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
