"""Listening to one answer: frames to the disk, to voice activity, to the endpointer; keys in between.

The end of an answer is soft: the microphone stays open for a moment longer, while the feedback begins, and
speech takes both back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenroom import keys
from greenroom.audio.clip import resample
from greenroom.audio.level import LOWEST_DB, level_db
from greenroom.audio.recorder import AnswerRecorder
from greenroom.audio.source import AudioSource
from greenroom.audio.speaker import Playback
from greenroom.errors import BadInputError, DeviceError
from greenroom.following import NO_SOUND, Follower, Sound
from greenroom.keys import Keys
from greenroom.listening.echo import EchoGate
from greenroom.listening.endpointer import Endpointer, EndpointerSettings, Listening
from greenroom.listening.nudges import Nudges, NudgeTimes
from greenroom.listening.voice_activity import Detector
from greenroom.prompts import HINTS, HINTS_IN_WORDS, SPOKEN, WAITING_HINTS, gentle_sound
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip, Silence, Utterance
from greenroom.screens import Meter, Screen
from greenroom.speaking import Narrator

TIME_TO_THINK = 30.0
"""Silence (s) that ends an answer after a hint or a repetition, until the person speaks: what was just heard
takes thought, as the question did (an answer from memory may take 30 s to come; reference, section 5)."""

NUMBERS = {str(number): f"device {number}" for number in range(1, 10)}
"""Keys for the microphones of a list, where one was lost; elsewhere they do nothing. A key that has another
meaning in an interview keeps it."""

THAT_WAS_IT = keys.YES
"""The action that says, where the microphone was lost: what was heard until then is my answer."""

_SURE_AFTER = 2.0
"""An Enter before any speech may have been meant for the question; only one that comes so long (s) after it
ends the listening. (Judgement: hands that are nervous press twice within a second.)"""

_HELD_KEY = 0.6
"""Presses closer than this (s) are one that goes on: a key held down repeats after 0.25 to 0.5 s."""

_FRAME_WAIT = 0.1  # s; frames come every 30 ms, so only a stalled device lets this pass, and keys still work
_LAST_FRAME_WAIT = 0.3  # s; a microphone hands its sound over every 0.1 s
_LONGEST_PROMPT_SECONDS = 5.0  # with the time to re-open, all of a sound that the microphone can be open for


@dataclass(frozen=True, slots=True)
class Sounding:
    """A sound that is being played when the listening ends."""

    playback: Playback
    sound: Sound

    @property
    def tells(self) -> bool:
        """Whether the first word of the feedback has been heard."""
        started = self.playback.started
        return self.sound.feedback and started is not None and time.monotonic() >= started + self.sound.lead


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer as heard.

    Attributes:
        action: the key that ended the listening before the answer had ended (skip, type, quit), if one did.
        key: the key pressed after it had ended; it belongs to what is being said.
        sounding: what is being said as the listening ends.
        silences: the pauses of the answer, and the silence that ended it.
        reopened: how often speech took the end back.
        rating: how the person said, by a key, that it went (1 to 4); None if they did not.
        gaps: where the microphone was lost and the recording goes on with what came later (s).
    """

    utterance: Utterance
    action: str | None = None
    key: str | None = None
    sounding: Sounding | None = None
    silences: tuple[Silence, ...] = ()
    reopened: int = 0
    rating: int | None = None
    gaps: tuple[float, ...] = ()


class Listener:
    """Hears one answer at a time."""

    def __init__(
        self,
        detector: Detector,
        settings: EndpointerSettings,
        keyboard: Keys,
        screen: Screen,
        narrator: Narrator,
        nudges: NudgeTimes | None = None,
    ) -> None:
        self.detector = detector
        self.settings = settings
        self.keys = keyboard
        self.screen = screen
        self.narrator = narrator
        self.nudges = nudges or NudgeTimes()

    def listen(
        self,
        source: AudioSource,
        recorder: AnswerRecorder,
        aside: Callable[[str], str | None],
        follower: Follower,
        *,
        hinted: bool = False,
        lost: Callable[[DeviceError, bool], str | None] | None = None,
        refused: Callable[[BadInputError], Clip] | None = None,
    ) -> Heard:
        """Hear one answer from an open source until its end is final or a key ends it.

        `aside(action)` is called with the source paused when the person asks for a hint or a repetition; a
        key it returns is acted on afterwards. `hinted`: the hint was given already, and is not offered.

        `lost(error, answer)` is called where the microphone is lost, with whether an answer has been begun:
        None from it means that the source is open again; else it gives THAT_WAS_IT or the action of a key.
        `refused(error)` is called where the recording cannot be written, and gives it once it is safe.

        Raises:
            DeviceError: the microphone is lost, and nobody does anything about it; what was heard until then
                is in the recorder.
        """
        self.detector.reset()
        return _Hearing(self, source, recorder, aside, follower, lost, refused, hinted=hinted).run()


class _Hearing:
    """One answer being heard."""

    def __init__(
        self,
        listener: Listener,
        source: AudioSource,
        recorder: AnswerRecorder,
        aside: Callable[[str], str | None],
        follower: Follower,
        lost: Callable[[DeviceError, bool], str | None] | None,
        refused: Callable[[BadInputError], Clip] | None,
        *,
        hinted: bool,
    ) -> None:
        self._listener = listener
        self._source = source
        self._recorder = recorder
        self._aside = aside
        self._follower = follower
        self._lost = lost
        self._refused = refused
        self._endpointer = Endpointer(listener.settings)
        self._state = self._endpointer.listening()
        self._nudges = Nudges(listener.nudges)
        if hinted:
            self._nudges.gave_hint()
        self._hint = ""
        self._gate = EchoGate()
        self._sounding: Sounding | None = None
        self._rating: int | None = None
        self._done_unheard: tuple[float, float] | None = None  # the first and the latest DONE before speech
        self._gaps: list[float] = []

    def run(self) -> Heard:
        try:
            action, key = self._listen()
            utterance = self._endpointer.utterance(self._recorded(), self._state.ended_by or "key")
        except BaseException:
            self._fall_silent()
            raise
        if action is not None:
            self._fall_silent()
        return Heard(
            utterance,
            action,
            key,
            self._sounding,
            self._endpointer.silences,
            self._state.reopened,
            self._rating,
            tuple(self._gaps),
        )

    def _recorded(self) -> Clip:
        """The whole recording, on the disk."""
        try:
            return self._recorder.finish()
        except BadInputError as error:
            if self._refused is None:
                raise
            self._fall_silent()
            self._source.close()  # the person may take long to choose, and nobody listens meanwhile
            return self._refused(error)

    def _listen(self) -> tuple[str | None, str | None]:
        """Until the end is final; (the key that ended it early, the key pressed after the end)."""
        while True:
            try:
                return self._listen_on()
            except DeviceError as error:
                if self._state.phase == "ended":
                    return None, None  # it had ended, and nobody can take that back any more
                self._fall_silent()
                if self._lost is None:
                    raise
                pressed = self._lost(error, bool(self._endpointer.speech))
            if pressed == THAT_WAS_IT:
                self._endpointer.finish("key")
                self._enter(self._endpointer.listening())
                return None, None
            if pressed is not None:
                return pressed, None
            if self._recorder.seconds and self._recorder.seconds not in self._gaps:
                self._gaps.append(self._recorder.seconds)
            self._begin_anew(TIME_TO_THINK)
            self._nudges.begin_anew(self._endpointer.seconds)

    def _listen_on(self) -> tuple[str | None, str | None]:
        """The same, while the microphone works."""
        while not self._state.final:
            pressed = self._rated(self._listener.keys.poll())
            if self._state.phase == "ended" and pressed not in (None, keys.HINT):
                return None, None if pressed == keys.DONE else pressed
            while pressed in (keys.HINT, keys.REPEAT, keys.PAUSE):
                pressed = self._interrupt(pressed)
            if pressed == keys.DONE:
                self._hear_what_is_on_its_way()
                self._done()
            elif pressed in keys.ASKING:
                self._hear_what_is_on_its_way()
                return pressed, None
            elif (frame := self._source.read(_FRAME_WAIT)) is not None:
                self._hear(frame)
        return None, None

    def _done(self) -> None:
        """The person says that it is over, which an answer is at once; one not yet begun is waited for."""
        heard, now = bool(self._endpointer.speech) or self._state.phase == "ended", self._endpointer.seconds
        first, latest = self._done_unheard or (now, now)
        self._done_unheard = first, now
        if heard or (now - first > _SURE_AFTER and now - latest > _HELD_KEY):
            self._endpointer.finish("key")
            self._enter(self._endpointer.listening())
        else:
            self._hint = self._hint_called("unheard")
        if not heard:
            self._rating = None

    def _rated(self, pressed: str | None) -> str | None:
        """A rating is kept, and ends the answer as DONE does; once feedback is heard it does nothing."""
        if pressed not in keys.RATINGS:
            return None if pressed in NUMBERS.values() else pressed
        if self._state.phase == "ended" and self._sounding is not None and self._sounding.tells:
            return None
        self._rating = keys.RATINGS[pressed]
        return keys.DONE

    def _hear_what_is_on_its_way(self) -> None:
        """Sound takes a while to arrive: what was said before a key was pressed belongs to the answer."""
        said_until = self._source.clock() - FRAME_SAMPLES / SAMPLE_RATE_HZ
        while not self._state.final and self._endpointer.seconds < said_until:
            frame = self._source.read(_LAST_FRAME_WAIT)
            if frame is None:
                return
            self._hear(frame)

    def _hear(self, frame: NDArray[np.float32]) -> None:
        at = self._endpointer.seconds
        self._recorder.write(frame)
        voiced = self._listener.detector.is_speech(frame)
        # What our own voice explains is nobody else's; the gate hears every frame, to know the room.
        echo = self._gate.explains(frame, at)
        state = self._endpointer.push(voiced and not echo)
        self._follower.hear(frame, self._endpointer, state)
        self._enter(state)
        if state.phase != "ended":
            self._nudge(state)
            meter = Meter(state.elapsed, level_db(frame), state.phase, state.remaining, self._hint)
            self._listener.screen.listening(meter)

    def _enter(self, state: Listening) -> None:
        """From one state to the next: answer the end, and take the answer back where the end was none."""
        before, self._state = self._state, state
        if state.phase == "ended" and before.phase != "ended":
            if not state.final:
                self._listener.screen.state("ended")
            if self._endpointer.speech:  # else nobody knows yet whether there is anything to thank for
                self._play(self._follower.respond(state.ended_by or ""))
        elif state.phase == "ended" and self._is_over():
            self._play(self._follower.feedback())
        elif before.phase == "ended" and state.phase != "ended":
            self._fall_silent()
            self._follower.take_back()
        elif state.phase == "speaking" and before.phase == "waiting":
            self._fall_silent()  # a prompt gives way to the answer

    def _nudge(self, state: Listening) -> None:
        due = self._nudges.due(state, self._endpointer.speech_start)
        if state.phase == "speaking" and self._hint in WAITING_HINTS:
            self._hint = ""
        if due is None:
            return
        self._hint = self._hint_called(due)
        if due in SPOKEN:
            clip = self._listener.narrator.render(SPOKEN[due], keep=True)
            self._play(Sound(clip or NO_SOUND, SPOKEN[due]))
        elif due == "wrap_up":
            self._play(Sound(gentle_sound()))

    def _hint_called(self, name: str) -> str:
        return (HINTS_IN_WORDS if self._listener.keys.by_words else HINTS).get(name, self._hint)

    def _play(self, sound: Sound | None) -> None:
        if sound is None:
            return
        self._fall_silent()
        if sound.text:
            self._listener.screen.said(sound.text)
        self._sounding = Sounding(self._listener.narrator.begin(sound.clip), sound)
        heard_meanwhile = self._listener.settings.reopen + _LONGEST_PROMPT_SECONDS
        begun = self._source.clock() - _seconds_since(self._sounding.playback.begins)
        self._gate.playing(_at_16_khz(sound.clip, heard_meanwhile), begun)

    def _is_over(self) -> bool:
        return self._sounding is None or self._sounding.playback.wait(0.0)

    def _fall_silent(self) -> None:
        sounding, self._sounding = self._sounding, None
        if sounding is not None:
            sounding.playback.stop()
            self._gate.stopped(self._source.clock())

    def _interrupt(self, action: str) -> str | None:
        """Something else with the recording paused: a hint, the question again, or a rest.

        Whoever was lost at what was taken for the end may ask for the hint: that takes the end back.
        """
        self._fall_silent()
        self._done_unheard = None
        self._source.pause()
        try:
            self._begin_anew(0.0)
            self._hear_what_is_on_its_way()
            self._fall_silent()  # a prompt may have begun with what was on its way
            if action != keys.PAUSE:
                return self._aside(action)
            self._listener.screen.listening(Meter(self._endpointer.seconds, LOWEST_DB, "paused"))
            return self._wait_for_key()
        finally:
            # The person gets their time again, and after being spoken to more of it.
            self._begin_anew(0.0 if action == keys.PAUSE else TIME_TO_THINK)
            self._source.resume()
            self._nudges.begin_anew(self._endpointer.seconds)
            if action == keys.HINT:
                self._nudges.gave_hint()
            if self._hint in WAITING_HINTS:
                self._hint = ""

    def _begin_anew(self, patience: float) -> None:
        """The silence so far ends nothing, and an end that it has brought is none."""
        if not self._state.final:
            self._endpointer.begin_anew(patience)
            self._enter(self._endpointer.listening())

    def _wait_for_key(self) -> str | None:
        """The key that ends a pause; Space only goes on, any other is acted on, too."""
        while (pressed := self._rated(self._listener.keys.poll())) not in (
            keys.DONE,
            keys.PAUSE,
            *keys.ASKING,
        ):
            time.sleep(0.05)
        return None if pressed == keys.PAUSE else pressed


def _seconds_since(begins: float | None) -> float:
    """How long it has been heard (s): starting it takes far longer than usual where the computer is busy.

    A beginning that is still to come counts as now: some drivers tell no time, and then it is a guess.
    """
    return 0.0 if begins is None else max(0.0, time.monotonic() - begins)


def _at_16_khz(clip: Clip, seconds: float) -> NDArray[np.float32]:
    beginning = clip.samples[: round(seconds * clip.rate)]
    return resample(Clip(beginning, clip.rate), SAMPLE_RATE_HZ).samples
