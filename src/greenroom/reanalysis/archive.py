"""A session's folder read for another reading, and written after it so that nothing of before is lost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import greenroom
from greenroom.audio.clip import load_clip, to_pcm16
from greenroom.errors import BadInputError
from greenroom.keeping import save_captions
from greenroom.reanalysis.jobs import Job, Wanted, keeping_words
from greenroom.records import Reanalysis, Session, Turn
from greenroom.recovering.holding import being_worked_on, is_held
from greenroom.review.dates import moment
from greenroom.session import SESSION_FILE, is_bare_name, load_session, save_session, stays_in, write_private

EARLIER = "earlier"
"""The folder inside a session's in which every session.json is kept that a reading has replaced."""

_FOLDER_MODE = 0o700
_MOST_LOST = 0.5
"""Seconds by which a recording may be shorter than it was. Of one that broke off, the words are not read
again: those that are stored are more than what is left."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A session as it was when it was read from the disk; `data` is its session.json, byte for byte."""

    folder: Path
    session: Session
    data: bytes


def open_session(folder: Path) -> Stored:
    """Read session.json.

    Raises:
        BadInputError: it is none, damaged or too new, or its folder could not be written afterwards.
    """
    data = _bytes_of(folder / SESSION_FILE)  # first: what is written meanwhile is then noticed in the end
    session = load_session(folder)
    if is_held(folder):
        raise being_worked_on(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInputError(f"{folder} may not be written", "chmod u+w, or copy it to a place of your own")
    return Stored(folder, session, data)


def wanted_for(stored: Stored, wanted: Wanted) -> Wanted:
    """What can be wanted of this session: where there is no recording, its words are kept."""
    recorded = any((stored.folder / name).is_file() for name in map(_recording, stored.session.turns) if name)
    return wanted if recorded else keeping_words(wanted)


def is_known(session: Session, wanted: Wanted) -> bool:
    """Whether the last reading was with these rules, and with this engine and model if any is wanted."""
    if not session.reanalyses:
        return False
    last = session.reanalyses[-1]
    if any(_is_later(turn.answered_at, last.at) for turn in session.turns):
        return False
    return last.rules == wanted.rules and (
        wanted.keeps_words or (last.engine, last.model) == (wanted.engine, wanted.model_name)
    )


def _is_later(one: str, other: str) -> bool:
    """Of two times in ISO 8601; what is none is not later."""
    try:
        return bool(one) and moment(one) > moment(other)
    except BadInputError:
        return False


def job_of(stored: Stored, wanted: Wanted) -> tuple[Job, tuple[int, ...]]:
    """The session with the sounds that are wanted; and the numbers of the spoken turns that have none."""
    sounds, silent = dict[int, bytes](), list[int]()
    for turn in stored.session.turns:
        if wanted.keeps_words or turn.ended_by == "typed":
            continue
        try:
            sounds[turn.number] = _samples(stored.folder, turn)
        except BadInputError:
            silent.append(turn.number)
    return Job(stored.session, wanted if sounds else keeping_words(wanted), sounds), tuple(silent)


def _samples(folder: Path, turn: Turn) -> bytes:
    name = _recording(turn)
    if name is None or not stays_in(folder, name):
        raise BadInputError(f"turn {turn.number} names no recording in its folder")
    clip = load_clip(folder / name)
    if clip.seconds < (turn.seconds or 0.0) - _MOST_LOST:
        raise BadInputError(f"{name} was {turn.seconds:.0f} s long, and {clip.seconds:.0f} s of it are left")
    return to_pcm16(clip.samples).tobytes()


def keep(stored: Stored, turns: Sequence[Turn], wanted: Wanted) -> Session:
    """Write what was read now, and before it what was there: whatever breaks off, the session is whole.

    session.json comes last, so that a session that was not written to the end is read once more.

    Raises:
        BadInputError: the session has changed since it was read, or its folder cannot be written.
    """
    path = stored.folder / SESSION_FILE
    if _bytes_of(path) != stored.data:
        raise BadInputError(
            f"{stored.folder} has changed while it was read again; it stays as it is now",
            "wait for the end of the interview, then run this again",
        )
    now = datetime.now().astimezone()
    entry = Reanalysis(
        at=now.isoformat(timespec="seconds"),
        greenroom=greenroom.__version__,
        rules=wanted.rules,
        engine=wanted.engine,
        model=wanted.model_name,
        earlier=_keep_earlier(stored, now),
    )
    session = replace(stored.session, turns=tuple(turns), reanalyses=(*stored.session.reanalyses, entry))
    for turn in session.turns:
        save_captions(stored.folder, turn)
    save_session(stored.folder, session)
    return session


def _keep_earlier(stored: Stored, now: datetime) -> str:
    """session.json as it was, in a file of its own that replaces none; its name inside the folder."""
    folder = stored.folder / EARLIER
    if folder.is_symlink():
        raise BadInputError(f"{folder} is a link, and may lead anywhere", "move it away")
    try:
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        for there in folder.iterdir():  # from a time that broke off before session.json was written
            if there.stat().st_size == len(stored.data) and there.read_bytes() == stored.data:
                return f"{EARLIER}/{there.name}"
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written: {error.strerror or error}", "move it away, or make room there"
        ) from error
    stamp = f"session-{now:%Y-%m-%dT%H-%M-%S}"
    names = (f"{stamp}{suffix}.json" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    name = next(name for name in names if not (folder / name).exists())
    write_private(folder / name, stored.data)
    return f"{EARLIER}/{name}"


def _recording(turn: Turn) -> str | None:
    """The file of a spoken answer in the session's folder; None where what was analysed was typed."""
    named = turn.ended_by != "typed" and turn.recording is not None and is_bare_name(turn.recording)
    return turn.recording if named else None


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read ({error.strerror or error})",
            "name a folder that greenroom practice has made",
        ) from error
