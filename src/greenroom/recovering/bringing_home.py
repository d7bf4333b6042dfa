"""What a session's own folder did not take: brought into it at a later start, before anything is read there.

Nothing that lies in the folder is lost to it, and whatever cannot come stays where it is and is named.
"""

from __future__ import annotations

import filecmp
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.keeping import save_with_captions
from greenroom.private_files import is_there
from greenroom.records import Session, Turn, Unanswered
from greenroom.recovering.holding import LOCK_FILE, hold
from greenroom.recovering.session_names import (
    ANSWER,
    SESSION_NAMES,
    is_begun_session,
    is_half_written,
    is_plain_file,
)
from greenroom.recovering.spare_places import removed, spares
from greenroom.review.wording import in_order
from greenroom.session import SESSION_FILE, is_bare_name, load_session, write_private

TWO_RECORDS = "its record there and the one in its folder each tell of something that the other does not"
ANOTHER = "{name} there is another than the one in its folder"
NOT_TOLD_OF = "its record tells of no {name}"


@dataclass(frozen=True, slots=True)
class Apart:
    """Something of a session that stays in a spare folder, and why."""

    place: Path
    why: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of all that lay elsewhere of a session.

    Attributes:
        session: its record as it is now; None where there is none, or none that can be read.
        brought: whether anything came home.
        apart: what is to stay where it is.
        refused: what the folder does not take now.
    """

    session: Session | None = None
    brought: bool = False
    apart: tuple[Apart, ...] = ()
    refused: Apart | None = None

    @property
    def is_worth_telling(self) -> bool:
        return self.brought or bool(self.apart) or self.refused is not None


def bring_all_home(recordings: Path, names: Iterable[str] | None = None) -> tuple[Returned, ...]:
    """The same for every session under `recordings` of which something lies elsewhere, and nobody holds.

    Args:
        names: those of which something does, where that was looked for already.
    """
    found = []
    for name in sorted(filter(is_bare_name, spares() if names is None else names)):
        folder = recordings / name
        if folder.is_symlink() or not (is_there(folder / SESSION_FILE) or is_begun_session(folder)):
            continue
        died = is_there(folder / LOCK_FILE)
        with suppress(BadInputError), hold(folder) as held:
            held.stays = died  # it is still to be made whole
            found.append(bring_home(folder))
    return tuple(each for each in found if each.is_worth_telling)


def bring_home(folder: Path) -> Returned:
    """Bring home what lies elsewhere of a session; to be called by who holds it."""
    if not (places := spares().get(folder.name)):
        return Returned()
    try:
        session = load_session(folder) if is_there(folder / SESSION_FILE) else None
    except BadInputError:  # whoever opens it is told
        return Returned()
    bringing = _Bringing(folder, session)
    refused = None
    with_record = [spare for spare in places if is_there(spare / SESSION_FILE)]
    try:
        for spare in with_record:
            bringing.take(spare)
        for spare in places:  # their answers may be named by a record that lay in another
            if spare not in with_record:
                bringing.take_answers(spare, bringing.names_told_of())
    except BadInputError as error:
        refused = Apart(spare, error.message)
    return Returned(bringing.session, bringing.brought, tuple(bringing.apart), refused)


@dataclass(slots=True)
class _Bringing:
    """The bringing home of one session; `session` is the record in its folder as it is now."""

    folder: Path
    session: Session | None
    brought: bool = False
    apart: list[Apart] = field(default_factory=list)

    def _record_in(self, spare: Path) -> Session | None:
        """The record there; None where it cannot be read, or is that of another session of this name."""
        if not is_plain_file(spare / SESSION_FILE):
            return None
        try:
            record = load_session(spare)
        except BadInputError as error:
            self.apart.append(Apart(spare, error.message))
            return None
        if self.session is None:
            return record if record.id == self.folder.name else None
        return record if _identity(record) == _identity(self.session) else None

    def take(self, spare: Path) -> None:
        """Take the record there, if it knows more than that at home, and all answers beside it.

        Raises:
            BadInputError: the folder does not take it.
        """
        if (record := self._record_in(spare)) is None:
            return
        fuller = record if self.session is None else self._fuller(self.session, record, spare)
        if fuller is None:
            self.apart.append(Apart(spare, TWO_RECORDS))
            return
        if fuller != self.session:
            save_with_captions(self.folder, fuller)
            self.session, self.brought = fuller, True
        # The record there goes last: until then it says whose the answers are.
        self.take_answers(spare, None)
        _let_go(spare / SESSION_FILE)
        removed(spare)

    def take_answers(self, spare: Path, wanted: set[str] | None) -> None:
        """Take the answers that are not at home: those of these names, all where None.

        Raises:
            BadInputError: the folder does not take one.
        """
        try:
            paths = sorted(path for path in spare.iterdir() if is_plain_file(path))
        except OSError as error:
            self.apart.append(Apart(spare, f"it cannot be read ({error.strerror or error})"))
            return
        for path in paths:
            if re.fullmatch(ANSWER, path.name):
                try:
                    self._take_answer(path, wanted)
                except OSError as error:
                    why = f"{path.name} cannot be read ({error.strerror or error})"
                    self.apart.append(Apart(spare, why))
            elif is_half_written(path.name, SESSION_NAMES):
                _let_go(path)
        removed(spare)

    def _take_answer(self, path: Path, wanted: set[str] | None) -> None:
        home = self.folder / path.name
        if os.path.lexists(home):
            if is_plain_file(home) and filecmp.cmp(path, home, shallow=False):
                _let_go(path)
            else:
                self.apart.append(Apart(path.parent, ANOTHER.format(name=path.name)))
        elif wanted is not None and path.name not in wanted:
            self.apart.append(Apart(path.parent, NOT_TOLD_OF.format(name=path.name)))
        else:
            write_private(home, path.read_bytes())
            self.brought = True
            _let_go(path)

    def names_told_of(self) -> set[str]:
        """Names of answers that the record at home tells of, or of which it could not tell any more."""
        asked = in_order(self.session) if self.session is not None else []
        names = {each.recording for each in asked if each.recording is not None}
        return names | {f"{each.number:02}-answer.flac" for each in asked if _broke_off(each)}

    def _fuller(self, home: Session, record: Session, spare: Path) -> Session | None:
        """The one that holds all that the other does; of two that do, the later; None where neither does."""
        if _holds_all(record, home):
            if not _holds_all(home, record):
                return record
            is_later = _written_at(spare) > _written_at(self.folder)
            return record if is_later else home
        return home if _holds_all(home, record) else None


def _identity(session: Session) -> tuple[object, ...]:
    """What stays the same from a session's first save to its last, and hardly fits two."""
    return session.id, session.started_at, session.plan


def _holds_all(one: Session, other: Session) -> bool:
    """Whether a record holds every turn of another one of the same session, and all that was asked."""
    known = {each.number: each for each in in_order(one)}
    return (
        one.finished >= other.finished
        and len(one.reanalyses) >= len(other.reanalyses)
        and all(_knows(known.get(each.number), each) for each in in_order(other))
    )


def _knows(known: Turn | Unanswered | None, each: Turn | Unanswered) -> bool:
    if known is None or known.asked.id != each.asked.id or known.question != each.question:
        return False
    if isinstance(each, Turn):
        return isinstance(known, Turn) and _answer(known) == _answer(each)
    return isinstance(known, Turn) or _broke_off(each) or known.reason == each.reason


def _answer(turn: Turn) -> tuple[object, ...]:
    """What says that two turns are the same answer, however often it was read again since."""
    text = turn.transcript.text if turn.ended_by == "typed" else ""
    timing = turn.timing
    return turn.recording, turn.ended_by, timing.speech_end, timing.decided, turn.answered_at, text


def _broke_off(each: Turn | Unanswered) -> bool:
    return isinstance(each, Unanswered) and each.reason == "interrupted"


def _written_at(folder: Path) -> int:
    try:
        return (folder / SESSION_FILE).stat().st_mtime_ns
    except OSError:
        return 0


def _let_go(path: Path) -> None:
    """All of it is at home; where it cannot be removed there are two."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
