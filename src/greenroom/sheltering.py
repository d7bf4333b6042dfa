"""Where the disk takes nothing: an answer goes to another place, and home as soon as that works."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from greenroom import keys
from greenroom.audio.recorder import AnswerRecorder
from greenroom.errors import BadInputError
from greenroom.keys import Keys, Way, line_of
from greenroom.private_files import make_private_folder
from greenroom.prompts import AT_HOME, IN_MEMORY, SHELTERED
from greenroom.records import Clip, Session
from greenroom.recovering.spare_places import name_for, new_places
from greenroom.screens import Screen
from greenroom.session import SESSION_FILE, save_session
from greenroom.speaking import Narrator

ENOUGH_BYTES = 200_000_000
"""An hour of answers is 60 MB as FLAC, and each answer for a moment 2 MB a minute besides. (Judgement.)"""

LEAST_BYTES = 10_000_000
"""Below this not one long answer fits: 5 minutes are 10 MB raw."""

_WAYS = (
    Way(keys.DONE, "Enter", "try again, once there is room", "done", "done to try again, once there is room"),
    Way(keys.SKIP, "s", "go on as it is", "skip", "skip to go on as it is"),
    Way(keys.QUIT, "q", "save and quit", "quit"),
)

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
        free = shutil.disk_usage(there).free
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(bytes(4096))
            file.flush()
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
        self._waiting: list[AnswerRecorder] = []
        self._session: Session | None = None
        self._asked = False
        self.quit = False

    @property
    def folder(self) -> Path | None:
        """Where the newest of it is; None while everything lies in the session's own folder."""
        return self._spares[-1] if self._spares else None

    def take(self, recorder: AnswerRecorder, refused: BadInputError) -> Clip:
        """An answer that could not be written: kept elsewhere, told, and tried again as the person wants."""
        safe = self.keep(recorder, refused)
        if not self._asked:
            self._say(SHELTERED if safe else IN_MEMORY)
            self._choose()
        return recorder.clip()

    def keep(self, recorder: AnswerRecorder, refused: BadInputError) -> bool:
        """The same without asking anything; whether there is a file of it now."""
        self._waiting.append(recorder)
        name = recorder.path.name
        where = self._written_elsewhere(name, lambda spare: recorder.save_copy(spare / name))
        self._screen.state("")
        self._screen.note(refused.sentence)
        if where is not None:
            self._screen.note(f"Your answer is safe in {where}.")
        return where is not None

    def take_session(self, session: Session, refused: BadInputError) -> None:
        """The record of the session, which could not be written: beside the answers that could not."""
        first, self._session = self._session is None, session
        spare = self._written_elsewhere(SESSION_FILE, lambda spare: save_session(spare, session))
        if first and not self._waiting:
            where = "It is in memory." if spare is None else f"It is safe in {spare}."
            self._screen.note(f"{refused.sentence} {where}")

    def session_saved(self) -> None:
        """The record lies where it belongs, as it is now."""
        if self._session is not None:
            self._session = None
            self.come_home()

    def come_home(self) -> None:
        """Bring everything into the session's folder that it takes now."""
        waiting, self._waiting = self._waiting, []
        for recorder in waiting:
            try:
                recorder.finish()
            except BadInputError:
                self._waiting.append(recorder)
            else:
                self._forget(recorder.path.name)
        if self._session is not None:
            with suppress(BadInputError):
                save_session(self._folder, self._session)
                self._session = None
        if self._session is None:
            self._forget(SESSION_FILE)
        self._spares = [spare for spare in self._spares if not _removed(spare)]

    def tell_what_is_left(self) -> None:
        """At the end: where that lies which is not in the session's folder."""
        self.come_home()
        if self._spares and (self._waiting or self._session is not None):
            self._screen.note(
                f"Not all of this session could be written to {self._folder}. "
                f"The rest is in {' and '.join(map(str, self._spares))}: "
                "move its files there once there is room."
            )

    def _choose(self) -> None:
        """Until it is written, or the person goes on without."""
        if not self._keys.interactive:
            self._asked = True
            return
        self._screen.note(line_of(_WAYS, by_words=self._keys.by_words))
        self._screen.offers(_WAYS)
        try:
            self._await_room()
        finally:
            self._screen.offers(())

    def _await_room(self) -> None:
        while self._waiting:
            pressed = self._keys.poll()
            if pressed == keys.DONE:
                self.come_home()
                if not self._waiting:
                    self._say(AT_HOME)
                else:
                    self._screen.note("It cannot be written yet.")
            elif pressed in (keys.SKIP, keys.QUIT):
                self._asked = True
                self.quit = pressed == keys.QUIT
                self._screen.note(f"Chosen: {'save and quit' if self.quit else 'go on as it is'}.")
                return
            time.sleep(_KEY_SECONDS)

    def _say(self, text: str) -> None:
        self._screen.said(text)
        self._narrator.say(text)

    def _written_elsewhere(self, name: str, write: Callable[[Path], None]) -> Path | None:
        """Write a file into a spare folder, a new one where none takes it; that folder, None if none did."""
        for folder in self._places_to_try():
            try:
                make_private_folder(folder)
                write(folder)
            except (OSError, BadInputError):
                if folder not in self._spares:
                    _removed(folder)
                continue
            if folder not in self._spares:
                self._spares.append(folder)
            self._forget(name, but_in=folder)  # an earlier state of it
            return folder
        return None

    def _places_to_try(self) -> Iterator[Path]:
        yield from reversed(self._spares)
        for place in self._places():
            yield place / name_for(self._folder.name)

    def _forget(self, name: str, but_in: Path | None = None) -> None:
        for spare in self._spares:
            if spare != but_in:
                with suppress(OSError):
                    (spare / name).unlink()


def _removed(folder: Path) -> bool:
    """Whether the folder, and then what was made to hold it, is gone: only what is empty goes."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        return False
    with suppress(OSError):
        folder.parent.rmdir()
    return True


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"
