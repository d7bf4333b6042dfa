"""What a purge is about: the sessions that are meant, what tells of them elsewhere, and how much it is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenroom.config import config_file
from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.places import dialogue_folders, stories_folder
from greenroom.recovering.holding import being_worked_on, is_held
from greenroom.recovering.session_names import is_plain_file
from greenroom.recovering.spare_places import session_of, spares, used_places
from greenroom.review.dates import day_and_hour
from greenroom.review.finding import SAMPLE, find_session, session_folders
from greenroom.review.pages import HISTORY_FILE, MAP_FILE, is_own_page
from greenroom.review.wording import printable
from greenroom.screens import counted, listed
from greenroom.session import SESSION_FILE, is_bare_name, load_session

from .traces import (
    DATA,
    NOT_OURS,
    RECORDINGS,
    SESSION,
    VOICES,
    Found,
    Left,
    look_through,
    texts_naming,
)

ITS_SESSION_STAYS = "its session stays"
_SESSION_ELSEWHERE = (
    "its session is not among these; purge with its --recordings takes it along, or delete it by hand"
)
BEING_WORKED_ON = "another greenroom is working on it"
_PAGES = "they tell of what is deleted; greenroom history writes them anew"
_ID = re.compile(rb"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is deleted as a whole; `told` says for people what it is."""

    root: Path
    told: str
    found: Found
    answers: int = 0
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Purge:
    """All that is to be deleted, and what of the person's stays although it tells of it."""

    sessions: tuple[Part, ...]
    more: tuple[Part, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.sessions + self.more

    @property
    def all_left(self) -> tuple[Left, ...]:
        return tuple(left for part in self.parts for left in part.found.left) + self.left


def purge_of(given: Sequence[str], recordings: Path, data: Path) -> Purge:
    """Some sessions, by name or folder.

    Raises:
        UsageError: a name leads elsewhere.
        BadInputError: there is no such session, it came with greenroom, or is being recorded.
    """
    folders = list(dict.fromkeys(_meant(each, recordings) for each in given))
    sessions = tuple(_session(folder) for folder in folders)
    texts = [path for place in (data, stories_folder(data)) for path in sorted(place.glob("*.toml"))]
    notes = [
        Left(path, f"your own notes; {listed(names)} {'is' if len(names) == 1 else 'are'} named there")
        for path, names in texts_naming([folder.name for folder in folders], texts)
    ]
    return Purge(sessions, tuple(_telling_of(folders, recordings, data)), tuple(notes))


def purge_of_all(recordings: Path, data: Path, *, with_data: bool) -> Purge:
    """Every session of the person's own, and `with_data` all that greenroom keeps of them besides.

    Raises:
        BadInputError: the recordings cannot be read.
    """
    _refuse_link(recordings)
    folders = [each for each in session_folders(recordings) if not each.is_symlink()]
    folders = [folder for folder in folders if is_plain_file(folder / SESSION_FILE)]
    held = [folder for folder in folders if is_held(folder)]
    sessions = tuple(_session(folder) for folder in folders if folder not in held)
    beside = _beside(recordings, folders)
    kept = (_as_no_session(each) for each in beside.left if each.path.name not in (SAMPLE, ".gitignore"))
    more = [Part(recordings, _PAGES, Found(beside.files, size=beside.size))]
    left = [*kept, *(Left(folder, BEING_WORKED_ON) for folder in held)]
    told = [each for place in dialogue_folders(data) for each in _entries(place)]
    gone = {part.root for part in sessions}
    if with_data:
        _refuse_link(data)
        told = [folder for folder in told if is_held(folder)]
        left.extend(Left(folder, BEING_WORKED_ON) for folder in told)
        its = look_through(data, DATA, passing_over=(recordings, *used_places(), *told))
        more.append(Part(data, "your stories, plan, notes, tellings, debriefs and look backs", its))
        gone.update(folder for folder in its.folders if folder.parent in dialogue_folders(data))
        more.append(_voices())
    else:
        more.extend(_maps_naming(folders, data))
        if look_through(data, DATA, passing_over=(recordings,)).files:
            left.append(Left(data, "your stories, plan and notes; purge --all --data deletes them, too"))
    going = {folder.name for folder in gone}
    staying = {each.name for each in (*_entries(recordings), *told) if each not in gone}
    for part in _sheltered():
        session = session_of(part.root.name)
        if session in staying:
            left.append(Left(part.root, ITS_SESSION_STAYS))
        elif session in going:
            more.append(part)
        else:  # of other recordings, perhaps of an interview that is being held: there may be no other copy
            left.append(Left(part.root, _SESSION_ELSEWHERE))
    more.append(_telemetry_id())
    if config_file().exists():
        left.append(Left(config_file(), "your settings; they tell of no answer"))
    return Purge(sessions, tuple(each for each in more if each.found.files or each.found.left), tuple(left))


def _beside(recordings: Path, sessions: Sequence[Path] = ()) -> Found:
    """What lies beside the sessions. Many a program writes an index.html, so that one is looked into."""
    page = recordings / HISTORY_FILE
    if not is_plain_file(page) or is_own_page(page):
        return look_through(recordings, RECORDINGS, passing_over=sessions)
    others = Found(left=(Left(page, NOT_OURS),))
    return look_through(recordings, RECORDINGS, passing_over=(*sessions, page)) + others


def _entries(folder: Path) -> tuple[Path, ...]:
    try:
        return tuple(folder.iterdir())
    except OSError:  # there is none, or looking through it says what is wrong
        return ()


def _as_no_session(left: Left) -> Left:
    return (
        Left(left.path, f"there is no {SESSION_FILE} in it")
        if left.path.is_dir() and left.why == NOT_OURS
        else left
    )


def _meant(given: str, recordings: Path) -> Path:
    path = Path(given)
    path = path.parent if path.name == SESSION_FILE and path.parent != Path() else path
    if ".." in path.parts:
        raise UsageError(
            f"{printable(given)} leads out of a folder", "give the session's name, or its whole path"
        )
    if is_bare_name(str(path)):
        folder = recordings / path
        if not is_plain_file(folder / SESSION_FILE) or folder.is_symlink():
            _refuse_link(folder)
            find_session(str(recordings.absolute() / path), recordings)  # says what there is instead
    else:
        folder = path
        _refuse_link(folder)
        load_session(find_session(str(folder.absolute()), recordings))
    if not is_plain_file(folder / SESSION_FILE):
        raise BadInputError(f"{folder} is not a session: its {SESSION_FILE} is a link, or none")
    if folder.name == SAMPLE:
        raise BadInputError(f"{folder} came with greenroom, and is nobody's own")
    if is_held(folder):
        raise being_worked_on(folder)
    return folder


def _refuse_link(folder: Path) -> None:
    if folder.is_symlink():
        raise BadInputError(
            f"{folder} is a link, and nothing behind a link is deleted",
            f"name the folder itself: {folder.resolve()}",
        )


def _session(folder: Path) -> Part:
    found = look_through(folder, SESSION)
    found += Found(folders=(folder,))
    try:
        session = load_session(folder)
    except BadInputError:
        return Part(folder, "it cannot be read", found)
    minutes = sum(turn.seconds or 0.0 for turn in session.turns) / 60
    answers = len(session.turns)
    told = f"{printable(day_and_hour(session.started_at))}: {counted(answers, 'answer')}, {minutes:.1f} min"
    return Part(folder, told, found, answers, minutes)


def _telling_of(folders: Sequence[Path], recordings: Path, data: Path) -> Iterator[Part]:
    """What else greenroom made of these sessions. It can be made anew, without them."""
    beside = _beside(recordings)
    if any(folder.absolute().parent == recordings.absolute() for folder in folders) and beside.files:
        yield Part(recordings, _PAGES, Found(beside.files, size=beside.size))
    yield from _maps_naming(folders, data)
    names = {folder.name for folder in folders}
    yield from (part for part in _sheltered() if session_of(part.root.name) in names)


def _sheltered() -> Iterator[Part]:
    """What lies elsewhere of sessions, because their disk took nothing."""
    for folder in sorted(folder for folders in spares().values() for folder in folders):
        found = look_through(folder, SESSION) + Found(folders=(folder,))
        yield Part(folder, "what its session's folder did not take", found)


def _maps_naming(folders: Sequence[Path], data: Path) -> Iterator[Part]:
    page = data / MAP_FILE
    if is_own_page(page) and any(texts_naming([each.name for each in folders], [page])):
        told = "it leads to what is deleted; greenroom stories map writes it anew"
        yield Part(data, told, Found((page,), size=page.lstat().st_size))


def _voices() -> Part:
    from greenroom.voices.cache import default_folder

    folder = default_folder()
    found = look_through(folder, VOICES)
    return Part(
        folder, "the sound of questions that were asked", found + Found(folders=(folder,) * folder.is_dir())
    )


def _telemetry_id() -> Part:
    """The number by which ONNX Runtime knows a computer, if an early greenroom let it make one."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = cache / "Microsoft" / "DeveloperTools" / ".onnxruntime" / "deviceid"
    try:
        is_id = (
            is_plain_file(path) and path.stat().st_size < 64 and _ID.fullmatch(path.read_bytes()) is not None
        )
    except OSError:
        is_id = False
    told = "an id that ONNX Runtime once gave this computer; greenroom has switched that off"
    if not is_id:
        return Part(path.parent, told, Found())
    others = (each for each in sorted(path.parent.iterdir()) if each != path)
    left = tuple(Left(each, "it is ONNX Runtime's, and other programs may use it") for each in others)
    return Part(path.parent, told, Found((path,), left=left, size=path.stat().st_size))
