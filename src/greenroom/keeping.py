"""A session while it grows: its record on the disk whenever anything of it has changed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from greenroom.captions import web_vtt
from greenroom.errors import BadInputError
from greenroom.following import Listened
from greenroom.private_files import is_there, make_private_folder
from greenroom.records import Question, Session, Turn, Unanswered, findings_of
from greenroom.session import SESSION_FILE, save_session, write_private
from greenroom.timed_writing import SilentDiskError, in_time

_NUMBERED = re.compile(r"\.?(\d+)-")

FOLDER_GONE = (
    "The folder of this session was deleted. It is made again: what was said is kept in words, and from here "
    "on in sound."
)


class Keeper:
    """Keeps what comes of one question after the other.

    Args:
        folder: the session's; `session` is what it holds so far.
        measured: called with every turn of which all is known now.
        later: whether this is a later sitting than the session's own. Its answers say when they were given,
            and a question that nobody said a word to leaves no trace.
        tell: called with a sentence for the person.

    Attributes:
        session: the record, on the disk as it stands here.
        on_disk: the record as it was last written, here or elsewhere.
        refused: called with the record where the disk does not take it, or does not answer; whether it was
            written elsewhere. Where None, that is an error.
        saved: called where it does.
        number: the highest that a turn, a question without an answer, or a file has.
    """

    def __init__(
        self,
        folder: Path,
        session: Session,
        measured: Callable[[Turn], None],
        *,
        later: bool = False,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.session = self.on_disk = session
        self.number = _highest_number(folder, session)
        self._folder = folder
        self._measured = measured
        self._later = later
        self._tell = tell
        self.refused: Callable[[Session, BadInputError], bool] | None = None
        self.saved: Callable[[], None] = lambda: None
        self._open: Question | None = None  # asked, and neither answered nor given up yet
        self._interrupted = False  # the record was changed, and its saving came to no end
        self._listening: dict[int, Future[Listened]] = {}  # by the number of the turn that it tells of
        self._uncaptioned: set[int] = set()  # numbers of turns whose captions the disk did not take yet

    def begin(self, question: Question) -> int:
        """A question is being asked from now on; the number of its turn.

        Were this the last moment of the program, the record would say so: the question stands as interrupted.
        """
        self._open = question
        self.number += 1
        entry = Unanswered(self.number, question.text, question, "interrupted")
        self._update(unanswered=(*self.session.unanswered, entry))
        return self.number

    def answered(self, turn: Turn) -> Turn:
        """The question that was begun has an answer, which is saved; as it was saved."""
        if self._later:
            turn = replace(turn, answered_at=datetime.now().astimezone().isoformat(timespec="seconds"))
        self.save(turn)
        self._open = None
        return turn

    def save(self, turn: Turn) -> None:
        """Put a turn, a new one or one that has changed, on the disk."""
        others = [other for other in self.session.turns if other.number != turn.number]
        self._update(
            heard=turn,
            turns=tuple(sorted((*others, turn), key=lambda turn: turn.number)),
            unanswered=self._left_without(turn.number),
        )

    def turn(self, number: int) -> Turn:
        """A turn as it is now known."""
        return next(turn for turn in self.session.turns if turn.number == number)

    def await_more(self, number: int, listening: Future[Listened]) -> None:
        """More will be known of a turn: `take_in` takes it."""
        self._listening[number] = listening

    def awaits_more(self, number: int) -> bool:
        return number in self._listening

    def take_in(self, seconds: float) -> None:
        """Turns get what listening to them again has told, and are saved; waits at most so long for it."""
        until = time.monotonic() + seconds
        for number, listening in list(self._listening.items()):
            done, _ = wait([listening], timeout=max(0.0, until - time.monotonic()))
            if not done:
                continue
            del self._listening[number]
            if listening.exception() is None:
                transcript, analysis = listening.result()
                # Its words and its analysis as they are now known; what was said about it stays.
                self.save(replace(self.turn(number), transcript=transcript, **findings_of(analysis)))
            self._measured(self.turn(number))

    def leave_open(self, reason: str, recording: str | None) -> None:
        """The question that was begun stays without an answer; what was recorded is named."""
        question, self._open = self._open, None
        if question is None:
            return
        if any(turn.number == self.number for turn in self.session.turns):
            self._update()  # interrupted while its turn was being written
            return
        if self._later and recording is None:
            asked = self._folder / f"{self.number:02}-question.wav"
            with suppress(OSError, BadInputError):  # a disk that is gone; nothing of the person's is in it
                in_time(partial(asked.unlink, missing_ok=True), asked)
            self._update(unanswered=self._left_without(self.number))
            return
        entry = Unanswered(self.number, question.text, question, reason, recording)
        self._update(unanswered=(*self._left_without(self.number), entry))

    def rescue(self, recording: str | None) -> None:
        """However it ended: an answer that was begun is named, with its recording or what is there of it."""
        self.leave_open("interrupted", recording or self._recording_there())
        if self._interrupted:
            self._update()

    def saved_part(self, in_memory: Collection[str]) -> Session:
        """The record with only those answers whose words and sound are on a disk.

        Args:
            in_memory: names of files of the session that are on none.
        """
        record = self.on_disk if SESSION_FILE in in_memory else self.session
        return replace(record, turns=tuple(turn for turn in record.turns if turn.recording not in in_memory))

    def finish(self) -> None:
        """The interview has come to its end."""
        self._update(finished=True)

    def _recording_there(self) -> str | None:
        path = self._folder / f"{self.number:02}-answer.flac"
        try:
            return path.name if in_time(partial(is_there, path), path) else None
        except SilentDiskError:
            return None

    def _left_without(self, number: int) -> tuple[Unanswered, ...]:
        """The questions without an answer, but for that one."""
        return tuple(entry for entry in self.session.unanswered if entry.number != number)

    def _update(self, heard: Turn | None = None, **changes: object) -> None:
        """The record has changed, and in it the turn that was heard."""
        self._interrupted = True
        session = self.session = replace(self.session, **changes)  # type: ignore[arg-type]
        if heard is not None:
            self._uncaptioned.add(heard.number)
        turns = [turn for turn in session.turns if turn.number in self._uncaptioned]
        try:
            written = in_time(partial(_write, self._folder, session, turns), self._folder / SESSION_FILE)
        except BadInputError as error:
            if self.refused is None:
                raise
            if self.refused(session, error):
                self.on_disk = session
            self._interrupted = False
            return
        self.on_disk = session
        self._uncaptioned = written.uncaptioned
        self.saved()
        self._interrupted = False
        if written.gone:
            self._tell(FOLDER_GONE)


@dataclass(frozen=True, slots=True)
class _Written:
    """The record is written: whether it was gone, and the numbers of the turns whose captions are not."""

    gone: bool
    uncaptioned: set[int]


def _write(folder: Path, session: Session, turns: Sequence[Turn]) -> _Written:
    """Write the record, and the captions of these turns."""
    if not is_there(folder / SESSION_FILE):
        return _Written(True, save_with_captions(folder, session))
    uncaptioned = {turn.number for turn in turns if not save_captions(folder, turn)}
    save_session(folder, session)
    return _Written(False, uncaptioned)


def save_with_captions(folder: Path, session: Session) -> set[int]:
    """Write a record and the captions of all its turns; the numbers of those whose captions are not taken.

    Raises:
        BadInputError: the record cannot be written.
    """
    save_session(folder, session)
    return {turn.number for turn in session.turns if not save_captions(folder, turn)}


def save_captions(folder: Path, turn: Turn) -> bool:
    """Write the words of a spoken answer beside its recording; a typed one has none to go with a sound.

    Returns:
        Whether nothing is left to be written.
    """
    if turn.recording is not None and turn.ended_by != "typed":
        captions = web_vtt(turn.transcript.words).encode()
        with suppress(OSError):  # deleted meanwhile; the writing says what else is wrong with it
            make_private_folder(folder)
        try:
            write_private(folder / f"{turn.number:02}-answer.vtt", captions)
        except BadInputError:  # they are made of the record, which says itself what is wrong
            return False
    return True


def _highest_number(folder: Path, session: Session) -> int:
    """Files count as well: a crash may have left some that the record does not name."""
    named = [turn.number for turn in session.turns] + [entry.number for entry in session.unanswered]
    found = [int(match[1]) for path in folder.iterdir() if (match := _NUMBERED.match(path.name))]
    return max((*named, *found), default=0)
