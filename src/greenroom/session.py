"""A session's folder: made, saved after every turn, read again.

A folder that a person can open in ten years: session.json, the sound of each question and answer, captions.
Names inside are relative, so the folder can be moved; files are readable by their owner only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

import greenroom
from greenroom.errors import BadInputError
from greenroom.private_files import FOLDER_MODE, make_private_folder, replacing
from greenroom.records import SCHEMA, Answer, Question, Session
from greenroom.records.limits import fault_of
from greenroom.slugs import slug

SESSION_FILE = "session.json"
MAX_SESSION_BYTES = 20_000_000
"""A minute of an answer makes some 30 kB: ten hours of answers and more. (Judgement.)"""

_LONGEST_NAME = 255  # bytes, of a file on every system in use
_LONGEST_REASON = 200  # characters of what a reader of JSON says, which may quote the file
_FILE_MODE = 0o600
_STAMP = "%Y-%m-%dT%H-%M-%S"
_SET_BACK = timedelta(hours=3)
"""How far the clock may have been set back with the newest folder still the last by name: winter time is one
hour, a clock that is corrected mostly less. (Judgement; a name that is further ahead was a wrong clock's.)"""


def default_recordings() -> Path:
    """recordings/ of the checkout that this package lies in, else the user's data folder."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "recordings").is_dir():
        return checkout / "recordings"
    import platformdirs

    return Path(platformdirs.user_data_dir("greenroom", appauthor=False)) / "recordings"


def start_session(
    root: Path,
    topic: str,
    settings: Mapping[str, Any],
    plan: Sequence[Question] = (),
    holding: Callable[[Path], object] = lambda _: None,
) -> tuple[Path, Session]:
    """Make a new folder under `root` and the session that will be saved in it.

    Args:
        topic: becomes part of the folder's name.
        plan: the questions that will be asked.
        holding: called with the folder before anything is in it.

    Raises:
        BadInputError: the folder cannot be made.
    """
    now = datetime.now().astimezone()
    folder = _make_folder(root, f"{_next_stamp(root, now)}-{slug(topic) or 'interview'}")
    holding(folder)
    session = Session(
        id=folder.name,
        started_at=now.isoformat(timespec="seconds"),
        settings=dict(settings),
        greenroom=greenroom.__version__,
        plan=tuple(plan),
    )
    save_session(folder, session)
    return folder, session


def _next_stamp(root: Path, now: datetime) -> str:
    """The time for a folder's name: now, or just after the newest one where the clock was set back.

    Folders are in the order of their names, so the latest is found without reading any.
    """
    clock = now.replace(tzinfo=None, microsecond=0)
    for stamp in sorted((path.name[:19] for path in _folders(root)), reverse=True):
        try:
            newest = datetime.strptime(stamp, _STAMP)
        except ValueError:
            continue
        if clock < newest <= clock + _SET_BACK:
            return f"{newest + timedelta(seconds=1):{_STAMP}}"
        if newest <= clock:
            break
    return f"{clock:{_STAMP}}"


def _folders(root: Path) -> list[Path]:
    try:
        return list(root.iterdir())
    except OSError:  # there is none yet, or making the new one says what is wrong
        return []


def _make_folder(root: Path, name: str) -> Path:
    try:
        make_private_folder(root)
        for attempt in range(1, 1000):  # two interviews begun within the same second
            folder = root / (name if attempt == 1 else f"{name}-{attempt}")
            try:
                folder.mkdir(mode=FOLDER_MODE)
                return folder
            except FileExistsError:
                continue
    except OSError as error:
        raise _unwritable(root, error) from error
    raise BadInputError(f"{root} already holds a thousand folders named {name}")


def save_session(folder: Path, session: Session) -> None:
    """Write session.json so that a crash at any moment leaves the old one or the new one, whole.

    A folder that was deleted meanwhile is made again.
    """
    with suppress(OSError):  # what is wrong with it is said by the writing
        make_private_folder(folder)
    pretty = msgspec.json.format(msgspec.json.encode(session), indent=2)
    write_private(folder / SESSION_FILE, pretty + b"\n")


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` by `data` at once, synced to the disk, readable by its owner only."""
    try:
        with replacing(path, prefix=f".{path.name}.") as file:
            file.write(data)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> BadInputError:
    return BadInputError(
        f"{path} cannot be written: {error.strerror or error}",
        "name another place with --recordings FOLDER, or make room there",
    )


def load_session(folder: Path) -> Session:
    """Read a session's folder. BadInputError if it is not one, or is damaged, or is too new."""
    path = folder / SESSION_FILE
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SESSION_BYTES + 1)
    except OSError as error:
        raise BadInputError(
            f"{folder} is not a session: {SESSION_FILE} cannot be read ({error.strerror or error})",
            "name a folder that greenroom practice has made",
        ) from error
    if len(data) > MAX_SESSION_BYTES:
        raise BadInputError(f"{path} is larger than {MAX_SESSION_BYTES // 1_000_000} MB, so hardly a session")
    try:
        session = msgspec.json.decode(data, type=Session)
    except RecursionError as error:
        raise BadInputError(f"{path} is damaged: nested too deeply") from error
    except ValueError as error:  # msgspec's errors are, and the one of what is no UTF-8
        reason = "".join(letter if letter.isprintable() else " " for letter in str(error)[:_LONGEST_REASON])
        raise BadInputError(f"{path} is damaged: {' '.join(reason.split())}") from error
    if session.schema > SCHEMA:
        raise BadInputError(
            f"{path} was written by a newer greenroom (schema {session.schema}, known up to {SCHEMA})",
            "install the newest greenroom",
        )
    if (fault := fault_of(session)) is not None:
        raise BadInputError(f"{path} is damaged: {fault}")
    return session


def is_bare_name(name: str) -> bool:
    """Whether it names a file of the folder itself: a session.json from elsewhere may name anything."""
    if len(name.encode("utf-8", "replace")) > _LONGEST_NAME or set(name) & set("/\\:\0"):
        return False
    return Path(name).name == name and name not in ("", ".", "..")


def stays_in(folder: Path, name: str) -> bool:
    """Whether the file of that name, if it is a link, leads to a file of the folder.

    A folder that somebody else has made could otherwise have a file of the person's own played and passed on.
    """
    path = folder / name
    try:
        return not path.is_symlink() or path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link to itself
        return False


def latest_sessions(root: Path, count: int) -> tuple[Session, ...]:
    """The last `count` sessions under `root`, the newest first; what cannot be read is passed over."""
    found: list[Session] = []
    for folder in sorted((path.parent for path in root.glob(f"*/{SESSION_FILE}")), reverse=True):
        with suppress(BadInputError):
            found.append(load_session(folder))
        if len(found) == count:
            break
    return tuple(found)


def answer_json(answer: Answer) -> bytes:
    """One answer as one line of JSON."""
    return msgspec.json.encode(answer)
