"""All sessions under a recordings folder, read once: a cache keyed by each session.json's size and mtime.

Only a cache. It lies beside the sessions, holds nothing that they do not, and is made anew, wholly or in
part, where it is missing, damaged, of another version, or older than what it tells of.
"""

from __future__ import annotations

import os
import stat
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from greenroom.errors import BadInputError
from greenroom.records import SCHEMA
from greenroom.session import SESSION_FILE, load_session, write_private

from .dates import moment
from .finding import is_own_name, unreadable
from .history import History, PastSession, SessionFacts, Skipped, facts_of
from .wording import printable

INDEX_FILE = ".history-index"
VERSION = 2
"""To be raised whenever SessionFacts, or what its numbers mean, changes."""

_MADE_BY = f"{VERSION} for sessions of schema {SCHEMA}"

_SETTLED_NS = 2_000_000_000
"""A file that was written less than this before it was read may be written again in the same tick of
the clock, and with the same size: it is read once more the next time. (2 s: the clock of FAT.)"""

_CHECKSUM_BYTES = 4


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One session.json as it was read: its facts, or the fault that kept it from being read.

    `folder` is the name in the bytes of the file system, which need not be text.
    """

    folder: bytes
    size: int
    mtime_ns: int
    settled: bool
    facts: SessionFacts | None
    fault: str = ""


class _Index(msgspec.Struct, frozen=True, array_like=True):
    made_by: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A folder that may be a session: size and mtime of its session.json, or the fault that it has none."""

    folder: str
    size: int = 0
    mtime_ns: int = 0
    fault: str = ""


def read_history(recordings: Path, before_reading: Callable[[int], None] = lambda _: None) -> History:
    """What is known of every session under `recordings`; folders that are none are named with their reasons.

    Only what has changed since the last time is read; `before_reading` is told how many that are. The sample
    is left out: it is nobody's own.

    Raises:
        BadInputError: `recordings` cannot be read.
    """
    index = _read_index(recordings / INDEX_FILE)
    known = {os.fsdecode(entry.folder): entry for entry in index}
    found = sorted(_scan(recordings), key=lambda each: each.folder)
    sessions = [each for each in found if not each.fault]
    before_reading(sum(not _holds(known.get(each.folder), each) for each in sessions))
    entries = [_entry(recordings, each, known.get(each.folder)) for each in sessions]
    if entries != list(index):
        _write_index(recordings / INDEX_FILE, entries)
    no_sessions = [Skipped(printable(each.folder), each.fault) for each in found if each.fault]
    return _history(recordings, entries, no_sessions)


def _scan(recordings: Path) -> Iterator[_Found]:
    try:
        with os.scandir(recordings) as folders:
            for folder in folders:
                if is_own_name(folder.name) and folder.is_dir():
                    yield _look(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise unreadable(recordings, error) from error


def _look(folder: os.DirEntry[str]) -> _Found:
    try:
        its = os.stat(f"{folder.path}{os.sep}{SESSION_FILE}")  # noqa: PTH116 - a Path takes longer than the look
    except FileNotFoundError:
        return _Found(folder.name, fault=f"there is no {SESSION_FILE} in it")
    except OSError as error:
        return _Found(folder.name, fault=f"{SESSION_FILE} cannot be read ({error.strerror or error})")
    if not stat.S_ISREG(its.st_mode):  # to read from a pipe would be to wait for ever
        return _Found(folder.name, fault=f"{SESSION_FILE} is not a file")
    return _Found(folder.name, its.st_size, its.st_mtime_ns)


def _entry(recordings: Path, found: _Found, known: Entry | None) -> Entry:
    """What is known of the folder if that still holds, else what is read now."""
    if known is not None and _holds(known, found):
        return known
    facts, fault = None, ""
    settled = found.mtime_ns < time.time_ns() - _SETTLED_NS
    try:
        facts = facts_of(load_session(recordings / found.folder))
    except BadInputError as error:
        fault = _reason(error, recordings / found.folder)
        settled = settled and not isinstance(
            error.__cause__, OSError
        )  # it may be let in without being written
    return Entry(os.fsencode(found.folder), found.size, found.mtime_ns, settled, facts, fault)


def _holds(known: Entry | None, found: _Found) -> bool:
    """Whether what is known of a folder is still so."""
    if known is None or not known.settled:
        return False
    return (known.size, known.mtime_ns) == (found.size, found.mtime_ns)


def _reason(error: BadInputError, folder: Path) -> str:
    """The error without the path, which is named beside it."""
    return printable(error.message.replace(f"{folder}{os.sep}", "").replace(f"{folder} ", ""))


def _history(recordings: Path, entries: list[Entry], no_sessions: list[Skipped]) -> History:
    sessions: list[PastSession] = []
    skipped = list(no_sessions)
    seen: dict[tuple[str, str], str] = {}
    for entry in entries:
        folder = os.fsdecode(entry.folder)
        if entry.facts is None:
            skipped.append(Skipped(printable(folder), entry.fault))
            continue
        key = (entry.facts.id, entry.facts.started_at)
        if key in seen:  # a copy of a folder would otherwise count twice
            skipped.append(Skipped(printable(folder), f"the same session as {printable(seen[key])}"))
            continue
        seen[key] = folder
        sessions.append(PastSession(folder, entry.facts, moment(entry.facts.started_at)))
    sessions.sort(key=lambda session: (session.began, session.folder))
    return History(recordings, tuple(sessions), tuple(sorted(skipped, key=lambda each: each.name)))


def _read_index(path: Path) -> tuple[Entry, ...]:
    """What the index holds; () where there is none, or one that cannot be believed."""
    try:
        data = path.read_bytes()
        checksum, content = data[:_CHECKSUM_BYTES], data[_CHECKSUM_BYTES:]
        if zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "big") != checksum:
            return ()
        index = msgspec.msgpack.decode(content, type=_Index)
    except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors, too
        return ()
    return index.entries if index.made_by == _MADE_BY else ()


def _write_index(path: Path, entries: list[Entry]) -> None:
    """Where nothing can be written the sessions are read again the next time, and nobody need know."""
    content = msgspec.msgpack.encode(_Index(_MADE_BY, tuple(entries)))
    with suppress(BadInputError):
        write_private(path, zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "big") + content)
