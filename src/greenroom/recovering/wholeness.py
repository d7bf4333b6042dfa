"""A session's folder made whole after its program has died: raw sound to FLAC, every recording named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from greenroom.audio.clip import sound_seconds
from greenroom.audio.recorder import recover
from greenroom.errors import BadInputError
from greenroom.private_files import is_there
from greenroom.records import Question, Session, Unanswered
from greenroom.recovering.bringing_home import bring_home
from greenroom.recovering.holding import LOCK_FILE, hold
from greenroom.recovering.session_names import (
    ANSWER,
    RAW_ANSWER,
    SESSION_NAMES,
    is_half_written,
    is_plain_file,
)
from greenroom.review.wording import in_order
from greenroom.session import SESSION_FILE, load_session, save_session

QUESTION_UNKNOWN = "The question was not kept."
"""Of an answer that an older greenroom left behind."""


@dataclass(frozen=True, slots=True)
class Remains:
    """A session that broke off, as it is now that it is whole.

    Attributes:
        broke_off: the question that was being asked or answered; None if the program died between two.
        seconds: how much of its answer was kept (s).
        fault: what could not be done, in a line; "" if all was.
    """

    folder: Path
    session: Session
    broke_off: Unanswered | None = None
    seconds: float = 0.0
    fault: str = ""


def has_remains(folder: Path) -> bool:
    """Whether raw sound lies in the folder: also from an older greenroom, which held no lock."""
    return any(_named(folder, _is_raw))


@contextmanager
def gone_on_with(folder: Path) -> Iterator[Remains]:
    """An earlier session, held and made whole; the next start looks again where not all of it could be.

    Raises:
        BadInputError: it has no session.json or a damaged one, or another greenroom is working on it, or it
            does not take what lies elsewhere of it.
    """
    died = is_there(folder / LOCK_FILE)
    with hold(folder) as held:
        held.stays = died  # until it is whole
        if (refused := bring_home(folder).refused) is not None:
            raise BadInputError(refused.why, f"make room there; some of this session is in {refused.place}")
        remains = make_whole(folder)
        if remains is None:
            raise BadInputError(f"{folder} holds no session", "name one that greenroom history lists")
        held.stays = bool(remains.fault)
        yield remains


def make_whole(folder: Path) -> Remains | None:
    """Make it whole; to be called by who holds it. None where there was no session yet: nothing is left then.

    Raises:
        BadInputError: session.json is damaged, or cannot be written.
    """
    for path in list(_named(folder, _is_temporary)):
        with suppress(OSError):  # it is in nobody's way
            path.unlink()
    if not is_there(folder / SESSION_FILE):
        return None
    session = load_session(folder)
    fault = "".join(_made_flac(path) for path in _named(folder, _is_raw))
    unanswered = tuple(_named_recording(folder, entry) for entry in session.unanswered)
    whole = replace(session, unanswered=(*unanswered, *_unknown(folder, session)))
    if whole != session:
        save_session(folder, whole)
    last = _last(whole)
    seconds = sound_seconds(folder / last.recording) if last is not None and last.recording else None
    return Remains(folder, whole, last, seconds or 0.0, fault)


def remove_empty(folder: Path) -> None:
    """Remove the folder of a session that died before its first save."""
    with suppress(OSError):
        folder.rmdir()


def _named(folder: Path, is_meant: Callable[[str], object]) -> Iterator[Path]:
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        return
    for path in paths:
        if is_meant(path.name) and is_plain_file(path):
            yield path


def _is_raw(name: str) -> bool:
    return bool(re.fullmatch(RAW_ANSWER, name))


def _is_answer(name: str) -> bool:
    return bool(re.fullmatch(ANSWER, name))


def _is_temporary(name: str) -> bool:
    return is_half_written(name, SESSION_NAMES)


def _made_flac(path: Path) -> str:
    """What is wrong, if anything is; the raw file stays then, and is tried again the next time."""
    try:
        recover(path)
    except BadInputError as error:
        return error.message if is_there(path) else ""  # without a sample in it, it is removed
    except OSError as error:
        return f"{path.name} cannot be removed ({error.strerror or error})"
    return ""


def _named_recording(folder: Path, entry: Unanswered) -> Unanswered:
    """An answer that broke off, with its recording if there is one."""
    name = f"{entry.number:02}-answer.flac"
    if entry.recording is None and entry.reason == "interrupted" and is_there(folder / name):
        return replace(entry, recording=name)
    return entry


def _unknown(folder: Path, session: Session) -> Iterator[Unanswered]:
    """Recordings that nothing names: an older greenroom did not say beforehand what it asked."""
    numbers = {each.number for each in in_order(session)}
    for path in _named(folder, _is_answer):
        number = int(path.name.partition("-")[0])
        if number not in numbers:
            question = Question("unknown", QUESTION_UNKNOWN, kind="other")
            yield Unanswered(number, question.text, question, "interrupted", path.name)


def _last(session: Session) -> Unanswered | None:
    """What was asked last, if it broke off."""
    asked = in_order(session)
    last = asked[-1] if asked else None
    return last if isinstance(last, Unanswered) and last.reason == "interrupted" else None
