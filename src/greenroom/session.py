"""A session's folder: made, saved after every turn, read again.

A folder that a person can open in ten years: session.json, the sound of each question and answer, captions.
Names inside are relative, so the folder can be moved; files are readable by their owner only.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

import greenroom
from greenroom.errors import BadInputError
from greenroom.records import SCHEMA, Answer, Session

SESSION_FILE = "session.json"
_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def default_recordings() -> Path:
    """recordings/ of the checkout that this package lies in, else the user's data folder."""
    checkout = Path(__file__).resolve().parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "recordings").is_dir():
        return checkout / "recordings"
    import platformdirs

    return Path(platformdirs.user_data_dir("greenroom", appauthor=False)) / "recordings"


def start_session(root: Path, topic: str, settings: Mapping[str, Any]) -> tuple[Path, Session]:
    """Make a new folder under `root` and the session that will be saved in it.

    `topic` becomes part of the folder's name. BadInputError if the folder cannot be made.
    """
    now = datetime.now().astimezone()
    slug = re.sub(r"[^a-z0-9]+", "-", topic.lower()).strip("-") or "interview"
    folder = _make_folder(root, f"{now:%Y-%m-%dT%H-%M-%S}-{slug}")
    session = Session(
        id=folder.name,
        started_at=now.isoformat(timespec="seconds"),
        settings=dict(settings),
        greenroom=greenroom.__version__,
    )
    save_session(folder, session)
    return folder, session


def _make_folder(root: Path, name: str) -> Path:
    try:
        root.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        for attempt in range(1, 1000):  # two interviews begun within the same second
            folder = root / (name if attempt == 1 else f"{name}-{attempt}")
            try:
                folder.mkdir(mode=_FOLDER_MODE)
                return folder
            except FileExistsError:
                continue
    except OSError as error:
        raise _unwritable(root, error) from error
    raise BadInputError(f"{root} already holds a thousand folders named {name}")


def save_session(folder: Path, session: Session) -> None:
    """Write session.json so that a crash at any moment leaves the old one or the new one, whole."""
    pretty = msgspec.json.format(msgspec.json.encode(session), indent=2)
    write_private(folder / SESSION_FILE, pretty + b"\n")


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` by `data` at once, synced to the disk, readable by its owner only."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made with mode 0600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
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
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(
            f"{folder} is not a session: {SESSION_FILE} cannot be read ({error.strerror or error})",
            "name a folder that greenroom practice has made",
        ) from error
    try:
        session = msgspec.json.decode(data, type=Session)
    except msgspec.DecodeError as error:  # ValidationError is one, too
        raise BadInputError(f"{path} is damaged: {' '.join(str(error).split())}") from error
    if session.schema > SCHEMA:
        raise BadInputError(
            f"{path} was written by a newer greenroom (schema {session.schema}, known up to {SCHEMA})",
            "install the newest greenroom",
        )
    return session


def is_bare_name(name: str) -> bool:
    """Whether it names a file of the folder itself: a session.json from elsewhere may name anything."""
    return Path(name).name == name and not set(name) & set("/\\:") and name not in ("", ".", "..")


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
