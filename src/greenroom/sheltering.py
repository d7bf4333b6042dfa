"""Where the disk takes nothing: an answer goes to another place, and home as soon as that works."""

from __future__ import annotations

import math
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from greenroom import keys
from greenroom.audio.recorder import AnswerRecorder
from greenroom.errors import BadInputError
from greenroom.keeping import save_with_captions
from greenroom.keys import Keys, Way, line_of
from greenroom.private_files import is_there, make_private_folder
from greenroom.prompts import (
    AT_HOME,
    IN_MEMORY,
    MAY_COME_LATE,
    NOT_SAVED,
    NOT_WRITTEN_YET,
    ON_NO_DISK,
    ONLY_IN_MEMORY,
    SHELTERED,
)
from greenroom.records import Clip, Session
from greenroom.recovering.spare_places import name_for, new_places, removed
from greenroom.screens import Screen, listed
from greenroom.session import SESSION_FILE, save_session
from greenroom.speaking import Narrator
from greenroom.timed_writing import SilentDiskError, in_time

ENOUGH_BYTES = 200_000_000
"""An hour of answers is 60 MB as FLAC, and each answer for a moment 2 MB a minute besides. (Judgement.)"""

LEAST_BYTES = 10_000_000
"""Below this not one long answer fits: 5 minutes are 10 MB raw."""

_TRY_AGAIN = Way(
    keys.DONE, "Enter", "try again, once there is room", "done", "done to try again, once there is room"
)
_GO_ON = Way(keys.SKIP, "s", "go on as it is", "skip", "skip to go on as it is")
_WAYS = (_TRY_AGAIN, _GO_ON, Way(keys.QUIT, "q", "save and quit", "quit"))

_UNSAVED_WAYS = (
    _TRY_AGAIN,
    _GO_ON,
    Way(keys.QUIT, "q", "end it here, not saved yet", "quit", "quit to end it here, not saved yet"),
)
"""Where something is on no disk. At the end it is asked for once more."""

_LAST_WAYS = (
    _TRY_AGAIN,
    Way(keys.QUIT, "q", "leave without it", "quit", "quit to leave without it"),
)

_LONGEST_INTERRUPTED = 60.0
"""So long an answer to that is waited for where greenroom was interrupted (s): whoever closed the terminal
gives none, and a polite kill is to end it. (Judgement.)"""

_KEY_SECONDS = 0.05


def room_for(recordings: Path) -> str | None:
    """A note for the person where little room is left for recordings; None where there is enough.

    Raises:
        BadInputError: there is no room, or nothing can be written there.
    """
    there = next((each for each in (recordings, *recordings.parents) if each.is_dir()), None)
    if there is None:
        return None  # making the folder says what is wrong
    try:
        free = in_time(partial(_free, there), there / "new-session" / SESSION_FILE)
    except OSError as error:
        raise BadInputError(
            f"recordings cannot be written in {there}: {error.strerror or error}",
            "make room there, or name another place with --recordings FOLDER",
        ) from error
    if free < LEAST_BYTES:
        raise BadInputError(
            f"the disk is nearly full: {_megabytes(free)} are left for recordings in {there}",
            "make room there, or name another place with --recordings FOLDER",
        )
    if free < ENOUGH_BYTES:
        return (
            f"The disk has {_megabytes(free)} left: enough to begin, and about {free // 5_000_000} minutes "
            "of answers. Nothing is lost should it fill up, but now is a good time to make room."
        )
    return None


def _free(folder: Path) -> int:
    """The bytes that are free on its disk. OSError where nothing can be written."""
    free = shutil.disk_usage(folder).free
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(4096))
        file.flush()
    return free


class Shelter:
    """Keeps what the session's folder does not take.

    Attributes:
        quit: whether the person wanted to leave when asked.
    """

    def __init__(
        self,
        narrator: Narrator,
        keyboard: Keys,
        screen: Screen,
        folder: Path,
        places: Callable[[], Iterable[Path]] = new_places,
    ) -> None:
        self._narrator = narrator
        self._keys = keyboard
        self._screen = screen
        self._folder = folder
        self._places = places
        self._spares: list[Path] = []  # where the first fills up as well, there are several
        self._late: list[Path] = []  # files that a disk may still write, or keep, though it was given up
        self._waiting: list[AnswerRecorder] = []
        self._session: Session | None = None
        self._in_memory: set[str] = set()  # names of files whose newest state is on no disk
        self._earlier: Shelter | None = None
        self._asked = False
        self._asked_in_memory = False
        self._left: set[str] = set()  # of these, what the person has left at the end
        self.quit = False

    @property
    def folder(self) -> Path | None:
        """Where the newest of it is; None while everything lies in the session's own folder."""
        return self._spares[-1] if self._spares else None

    @property
    def in_memory(self) -> frozenset[str]:
        """Names of files that are on no disk, and end with the program."""
        return frozenset(self._in_memory)

    def followed_by(self, folder: Path) -> Shelter:
        """One for another folder, which at the end sees to what this one keeps as well."""
        after = Shelter(self._narrator, self._keys, self._screen, folder, self._places)
        after._earlier = self
        return after

    def take(self, recorder: AnswerRecorder, refused: BadInputError) -> Clip:
        """An answer that could not be written: kept elsewhere, told, and tried again as the person wants."""
        safe = self.keep(recorder, refused)
        if not self._asked or not (safe or self._asked_in_memory):
            self._say(SHELTERED if safe else IN_MEMORY)
            self._choose()
        return recorder.clip()

    def keep(self, recorder: AnswerRecorder, refused: BadInputError) -> bool:
        """The same without asking anything; whether there is a file of it now."""
        self._waiting.append(recorder)
        self._screen.state("")
        self._screen.note(refused.sentence)
        where = self._copied(recorder)
        self._screen.note(ONLY_IN_MEMORY if where is None else f"Your answer is safe in {where}.")
        return where is not None

    def take_session(self, session: Session, refused: BadInputError) -> bool:
        """The record of the session, which could not be written: beside the answers that could not.

        Returns:
            Whether there is a file of it now.
        """
        first, self._session = self._session is None, session
        spare = self._written_elsewhere(SESSION_FILE, lambda spare: save_session(spare, session))
        if first and not self._waiting:
            where = "It is in memory." if spare is None else f"It is safe in {spare}."
            self._screen.note(f"{refused.sentence} {where}")
        return spare is not None

    def session_saved(self) -> None:
        """The record lies where it belongs, as it is now."""
        if self._session is not None:
            self._session = None
            self._forget(SESSION_FILE)
            self.come_home()

    def come_home(self) -> None:
        """Bring everything into the session's folder that it takes now."""
        with suppress(SilentDiskError):  # the rest would wait as long, and for nothing
            self._bring_home()
        self._look_for_late()
        self._spares = [spare for spare in self._spares if not _removed_in_time(spare)]

    def _bring_home(self) -> None:
        for recorder in list(self._waiting):
            try:
                recorder.finish()
            except SilentDiskError:
                self._waiting.remove(recorder)  # it may never end: next time another is first
                self._waiting.append(recorder)
                raise
            except BadInputError:
                continue
            self._waiting.remove(recorder)
            self._forget(recorder.path.name)
        if self._session is not None:
            with suppress(BadInputError):
                home = self._folder / SESSION_FILE
                in_time(partial(save_with_captions, self._folder, self._session), home)
                self._session = None
                self._forget(SESSION_FILE)

    def _look_for_late(self) -> None:
        """What a disk did after it was given up: of what is on no other the copy counts, else it goes."""
        for path in list(self._late):
            try:
                if path.name not in self._in_memory:
                    in_time(partial(path.unlink, missing_ok=True), path)
                elif in_time(partial(is_there, path), path) and path.name != SESSION_FILE:
                    self._in_memory.discard(path.name)  # all of it; of the record it is an earlier state
            except (OSError, SilentDiskError):
                continue
            self._late.remove(path)
            if path.parent not in self._spares:
                self._spares.insert(0, path.parent)

    def settle(self) -> None:
        """Before it is said that all is saved: what is on no disk is written, or knowingly left."""
        if self._in_memory:
            self._try_again()
            self._ask_to_leave()

    def tell_what_is_left(self) -> None:
        """At the end: where that lies which is not in the session's folder."""
        if self._earlier is not None:
            self._earlier.tell_what_is_left()
        if self._in_memory:
            self.settle()
        else:
            self.come_home()
        if self._spares and (self._waiting or self._session is not None):
            self._screen.note(
                f"Not all of this session could be written to {self._folder}. "
                f"{'More of it' if self._in_memory else 'The rest'} is in "
                f"{' and '.join(map(str, self._spares))}: "
                "greenroom practice brings it home once there is room."
            )
        if self._late:
            where = listed(list(dict.fromkeys(str(path.parent) for path in self._late)))
            self._screen.note(MAY_COME_LATE.format(where=where))
        if self._in_memory:
            self._screen.note(NOT_SAVED.format(what=listed(sorted(self._in_memory))))

    def _try_again(self) -> None:
        """Bring home what can be, and what is on no disk to any that takes it."""
        self.come_home()
        found = [self._copied(each) for each in self._waiting if each.path.name in self._in_memory]
        session = self._session
        if session is not None and SESSION_FILE in self._in_memory:
            found.append(self._written_elsewhere(SESSION_FILE, lambda spare: save_session(spare, session)))
        for where in dict.fromkeys(found):
            if where is not None:
                self._screen.note(f"It is safe in {where}.")

    def _copied(self, recorder: AnswerRecorder) -> Path | None:
        name = recorder.path.name
        return self._written_elsewhere(name, lambda spare: recorder.save_copy(spare / name))

    def _ask_to_leave(self) -> None:
        """Until nothing is in memory alone, or the person leaves without it."""
        if self._in_memory <= self._left or not self._keys.interactive:
            return
        interrupted = isinstance(sys.exc_info()[1], KeyboardInterrupt)
        self._screen.state("")
        if interrupted:
            self._screen.note(ON_NO_DISK)  # the voice may have been interrupted as well
        else:
            self._say(ON_NO_DISK)
        try:
            while self._in_memory:
                self._screen.note(f"On no disk: {listed(sorted(self._in_memory))}.")
                pressed = self._pressed(_LAST_WAYS, _LONGEST_INTERRUPTED if interrupted else math.inf)
                if pressed != keys.DONE:
                    self._left |= self._in_memory
                    self._screen.note("Chosen: leave without it.")
                    return
                self._try_again()
                if self._in_memory:
                    self._screen.note(NOT_WRITTEN_YET)
        except KeyboardInterrupt:
            self._left |= self._in_memory
            raise
        self._screen.note(AT_HOME)

    def _choose(self) -> None:
        """Until it is written, or the person goes on without."""
        while self._keys.interactive and self._waiting:
            ways = _UNSAVED_WAYS if self._in_memory else _WAYS
            pressed = self._pressed(ways)
            if pressed != keys.DONE:
                self.quit = pressed == keys.QUIT
                self._screen.note(f"Chosen: {next(way.does for way in ways if way.action == pressed)}.")
                break
            self._try_again()
            if self._waiting:
                self._screen.note(NOT_WRITTEN_YET)
            else:
                self._say(AT_HOME)
                return
        self._asked, self._asked_in_memory = True, self._asked_in_memory or bool(self._in_memory)

    def _pressed(self, ways: Sequence[Way], longest: float = math.inf) -> str | None:
        """The action of one of these ways; None where none is chosen in time."""
        until = time.monotonic() + longest
        actions = {way.action for way in ways}
        self._screen.note(line_of(ways, by_words=self._keys.by_words))
        self._screen.offers(ways)
        try:
            while time.monotonic() < until:
                if (pressed := self._keys.poll()) in actions:
                    return pressed
                time.sleep(_KEY_SECONDS)
        finally:
            self._screen.offers(())
        return None

    def _say(self, text: str) -> None:
        self._screen.said(text)
        self._narrator.say(text)

    def _written_elsewhere(self, name: str, write: Callable[[Path], None]) -> Path | None:
        """Write a file into a spare folder, a new one where none takes it; that folder, None if none did."""
        for folder in self._places_to_try():
            begun: list[Path] = []
            try:
                in_time(partial(_put, folder / name, write, begun), folder / name)
            except SilentDiskError:
                self._late += begun
                continue
            except (OSError, BadInputError):
                if folder not in self._spares:
                    _removed_in_time(folder)
                continue
            if folder not in self._spares:
                self._spares.append(folder)
            self._late = [late for late in self._late if late != folder / name]
            self._forget(name, but_in=folder)  # an earlier state of it
            return folder
        self._in_memory.add(name)
        return None

    def _places_to_try(self) -> Iterator[Path]:
        yield from reversed(self._spares)
        for place in self._places():
            yield place / name_for(self._folder.name)

    def _forget(self, name: str, but_in: Path | None = None) -> None:
        """It is safe, so that no other file of it is wanted."""
        self._in_memory.discard(name)
        for spare in self._spares:
            if spare != but_in:
                try:
                    in_time(partial((spare / name).unlink, missing_ok=True), spare / name)
                except SilentDiskError:
                    self._late.append(spare / name)
                except OSError:  # there are two of it then
                    pass


def _put(path: Path, write: Callable[[Path], None], begun: list[Path]) -> None:
    """Write a file into a folder that is made for it; what was begun may be late."""
    begun.append(path)
    make_private_folder(path.parent)
    write(path.parent)


def _removed_in_time(folder: Path) -> bool:
    """Whether it is gone; not where the disk does not answer."""
    try:
        return in_time(partial(removed, folder), folder / SESSION_FILE)
    except SilentDiskError:
        return False


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"
