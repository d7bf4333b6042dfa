"""One question: asked aloud, and answered by voice or by typing, or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from greenroom import keys
from greenroom.audio.recorder import AnswerRecorder
from greenroom.audio.source import AudioSource
from greenroom.errors import BadInputError, DeviceError
from greenroom.following import Follower, Followers
from greenroom.hearing import Heard, Listener, Sounding
from greenroom.keys import Keys
from greenroom.private_files import is_there, make_private_folder
from greenroom.prompts import GAP, OVERFLOWED
from greenroom.records import Question, Utterance
from greenroom.regaining import Regaining
from greenroom.screens import Screen, clock, listed
from greenroom.sheltering import Shelter
from greenroom.speaking import Narrator
from greenroom.timed_writing import SilentDiskError, in_time

TYPE_PROMPT = (
    "Type your answer. An empty line ends it.\n"
    f"Alone on the first line, or their first letters: {keys.TYPED_WORDS}."
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back to a question: a spoken answer, a typed text, or the reason why neither did.

    Attributes:
        heard: the spoken answer, and `follower` who knows its words.
        reason: "skipped" or "silence" where there is no answer, else None.
        recording: file name of the sound that was recorded, kept even where the question was skipped.
        clock: seconds since the recording began, running on after it has ended.
        quit: whether the person pressed the key to save and quit.
    """

    heard: Heard | None = None
    follower: Follower | None = None
    text: str | None = None
    reason: str | None = None
    recording: str | None = None
    question_recording: str | None = None
    clock: Callable[[], float] = time.monotonic
    overflowed: bool = False
    quit: bool = False

    @property
    def utterance(self) -> Utterance | None:
        return self.heard.utterance if self.heard is not None else None

    @property
    def sounding(self) -> Sounding | None:
        """What is still being said to a spoken answer."""
        return self.heard.sounding if self.heard is not None else None

    @property
    def key(self) -> str | None:
        """The key pressed meanwhile."""
        return self.heard.key if self.heard is not None else None

    def silenced(self) -> Reply:
        """The same when nothing is being said to it any more."""
        return (
            self if self.heard is None else replace(self, heard=replace(self.heard, sounding=None, key=None))
        )


class Questioner:
    """Asks questions one at a time; everything it records lies in `folder`.

    Where `listener` and `followers` are None, answers are typed; where `regaining` is None, a microphone that
    is lost ends the interview.

    Attributes:
        shelter: what the folder does not take is kept by it.
        types_next: whether the next answer is typed: that was asked for before its question came.
    """

    def __init__(
        self,
        narrator: Narrator,
        listener: Listener | None,
        followers: Followers | None,
        keyboard: Keys,
        screen: Screen,
        hint: Callable[[Question], tuple[str, ...]],
        folder: Path,
        regaining: Regaining | None = None,
    ) -> None:
        self.shelter = Shelter(narrator, keyboard, screen, folder)
        self.types_next = False
        self._regaining = regaining
        self._told_of_overflow = False
        self._narrator = narrator
        self._listener = listener
        self._followers = followers
        self._keys = keyboard
        self._screen = screen
        self._hint = hint
        self._folder = folder
        self._hinted = False
        self._recorder: AnswerRecorder | None = None
        self._recording: Path | None = None

    def ask(self, question: Question, number: int, source: AudioSource | None) -> Reply:
        """Ask and hear; only of words that are anybody's is the sound kept outside the folder."""
        self._hinted = False
        sound = self._folder / f"{number:02}-question.wav"
        self._screen.state("asking")
        action = self._narrator.say(question.text, keep=question.is_anybodys, save_as=sound)
        action = self._asides(question, action)
        if self.types_next:
            self.types_next, action = False, action or keys.TYPE
        spoken = sound.name if _is_saved(sound) else None
        if action is None and source is not None:
            return self._hear(question, number, source, spoken)
        if action in (None, keys.TYPE):
            return self._type(question, None, spoken)
        return Reply(reason="skipped", question_recording=spoken, quit=action == keys.QUIT)

    def only_listen(self, folder: Path) -> None:
        """From now on answers are recorded in `folder`, and thanked for without feedback."""
        self.shelter.settle()
        self.shelter = self.shelter.followed_by(folder)
        self._folder = folder
        if self._followers is not None:
            self._followers.only_thank()

    def hint(self, question: Question, heeded: Collection[str] = keys.ASKING) -> str | None:
        """Show and say what the question is about, and the anchors; returns the key that cut it short."""
        lines = self._hint(question)
        self._screen.hint(lines)
        return self._narrator.say(" ".join(lines), keep=question.is_anybodys, heeded=heeded)

    def rescue(self) -> str | None:
        """At the end: bring what is being recorded safely to the disk; its file name, None if nothing was."""
        recorder, self._recorder = self._recorder, None
        if recorder is None or self._recording is None:
            return None
        if recorder.seconds == 0:
            recorder.discard()
            return None
        try:
            recorder.finish()
        except BadInputError as error:
            self.shelter.keep(recorder, error)
        return self._recording.name

    def _asides(self, question: Question, action: str | None) -> str | None:
        """All that is asked for before the answer; returns the key that is something else."""
        while action in (keys.REPEAT, keys.HINT):
            action = self._aside(question, action)
        return action

    def _aside(self, question: Question, action: str) -> str | None:
        """Say the question again, or a hint; returns the key that cut it short."""
        if action == keys.REPEAT:
            self._screen.state("asking")
            return self._narrator.say(question.text)
        self._hinted = True
        self._screen.state("hint")
        return self.hint(question)

    def _hear(self, question: Question, number: int, source: AudioSource, spoken: str | None) -> Reply:
        if self._listener is None or self._followers is None:
            raise RuntimeError("nobody was given to listen")
        self._recording = self._folder / f"{number:02}-answer.flac"
        with suppress(OSError, SilentDiskError):  # it may be deleted; what else is wrong the recorder says
            in_time(partial(make_private_folder, self._folder), self._recording)
        self._recorder = AnswerRecorder(self._recording)
        follower = self._followers.follow(question, self._recording.name, self._recorder.clip)
        try:
            if (action := self._opened(source)) is not None:
                return self._without_microphone(question, action, follower, spoken)
            heard = self._listener.listen(
                source,
                self._recorder,
                lambda action: self._aside(question, action),
                follower,
                hinted=self._hinted,
                lost=partial(self._lost, source),
                refused=partial(self.shelter.take, self._recorder),
            )
        except BaseException:
            follower.close()
            raise
        finally:
            source.close()
        recording = self._recording.name if self._recorder.seconds else None  # no frame, no file
        self._recorder = None
        if source.overflowed and not self._told_of_overflow:
            self._told_of_overflow = True
            self._screen.note(OVERFLOWED)
        answered = _is_answer(heard) and heard.action != keys.TYPE
        if answered and heard.gaps:
            self._screen.note(GAP.format(times=listed([clock(gap) for gap in heard.gaps])))
        if not answered:
            follower.close()
        if heard.action == keys.TYPE:
            return self._type(question, recording, spoken)
        return Reply(
            heard=heard if answered else None,
            follower=follower if answered else None,
            reason=None if answered else _reason(heard),
            recording=recording,
            question_recording=spoken,
            clock=source.clock,
            overflowed=source.overflowed,
            quit=keys.QUIT in (heard.action, heard.key) or self.shelter.quit,
        )

    def _opened(self, source: AudioSource) -> str | None:
        """Open it; the key that was pressed instead where it does not open."""
        try:
            source.open()
        except DeviceError as error:
            return self._lost(source, error, answer=False)
        return None

    def _lost(self, source: AudioSource, error: DeviceError, answer: bool) -> str | None:
        if self._regaining is None or self._recorder is None:
            raise error
        return self._regaining.regain(source, error, self._recorder.seconds, answer=answer)

    def _without_microphone(
        self, question: Question, action: str, follower: Follower, spoken: str | None
    ) -> Reply:
        """The microphone did not open, and the person chose something else."""
        follower.close()
        if self._recorder is not None:
            self._recorder.discard()
            self._recorder = None
        if action == keys.TYPE:
            return self._type(question, None, spoken)
        return Reply(reason="skipped", question_recording=spoken, quit=action == keys.QUIT)

    def _type(self, question: Question, recording: str | None, spoken: str | None) -> Reply:
        text, action = self._typed(question)
        return Reply(
            text=text,
            reason=None if text else "skipped",
            recording=recording,
            question_recording=spoken,
            quit=action == keys.QUIT,
        )

    def _typed(self, question: Question) -> tuple[str | None, str | None]:
        """What was typed, or the word or key that ends it without an answer; asides come in between."""
        while True:
            with self._screen.still():
                text = self._keys.read_lines(TYPE_PROMPT)
            word = keys.TYPED.get((text or "").lower())
            if word is None:
                return text, None
            action = self._asides(question, word)
            if action not in (None, keys.TYPE):
                return None, action


def _is_saved(path: Path) -> bool:
    try:
        return in_time(partial(is_there, path), path)
    except SilentDiskError:
        return False


def _is_answer(heard: Heard) -> bool:
    """Skipped answers are none; whoever ends one by Enter may have spoken too quietly for voice activity."""
    if heard.action == keys.SKIP:
        return False
    return bool(heard.utterance.speech) or (heard.utterance.ended_by == "key" and heard.action is None)


def _reason(heard: Heard) -> str:
    return "skipped" if heard.action is not None else "silence"
