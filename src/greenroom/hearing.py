"""Listening to one answer: frames to the disk, to voice activity, to the endpointer; keys in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenroom import keys
from greenroom.audio.recorder import AnswerRecorder
from greenroom.audio.source import AudioSource
from greenroom.keys import Keys
from greenroom.listening.endpointer import Endpointer, EndpointerSettings, Listening
from greenroom.listening.voice_activity import Detector
from greenroom.records import Utterance
from greenroom.screens import Meter, Screen

_FRAME_WAIT = 0.1  # s; frames come every 30 ms, so only a stalled device lets this pass, and keys still work
_SILENT_DB = -96.0  # the level shown for digital silence: the floor of 16-bit sound


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer as heard, and the key that ended the listening early, if one did (skip, type, quit)."""

    utterance: Utterance
    action: str | None = None


class Listener:
    """Hears one answer at a time."""

    def __init__(
        self, detector: Detector, settings: EndpointerSettings, keyboard: Keys, screen: Screen
    ) -> None:
        self._detector = detector
        self._settings = settings
        self._keys = keyboard
        self._screen = screen

    def listen(
        self, source: AudioSource, recorder: AnswerRecorder, aside: Callable[[str], str | None]
    ) -> Heard:
        """Hear one answer from an open source until its end is decided or a key ends it.

        `aside(action)` is called with the source paused when the person asks for a hint or a repetition; a
        key it returns is acted on afterwards. DeviceError if the microphone is lost; what was heard until
        then is in the recorder.
        """
        self._detector.reset()
        endpointer = Endpointer(self._settings)
        ended_by, action = None, None
        while ended_by is None and action is None:
            pressed = self._keys.poll()
            while pressed in (keys.HINT, keys.REPEAT, keys.PAUSE):
                pressed = self._interrupt(source, endpointer, pressed, aside)
            if pressed == keys.DONE:
                ended_by = "key"
            elif pressed is not None:
                action = pressed
            elif (frame := source.read(_FRAME_WAIT)) is not None:
                ended_by = self._hear(frame, endpointer, recorder).ended_by
        return Heard(endpointer.utterance(recorder.finish(), ended_by or "key"), action)

    def _hear(
        self, frame: NDArray[np.float32], endpointer: Endpointer, recorder: AnswerRecorder
    ) -> Listening:
        recorder.write(frame)
        state = endpointer.push(self._detector.is_speech(frame))
        if state.phase != "ended":
            self._screen.listening(Meter(state.elapsed, level_db(frame), state.phase, state.remaining))
        return state

    def _interrupt(
        self, source: AudioSource, endpointer: Endpointer, action: str, aside: Callable[[str], str | None]
    ) -> str | None:
        source.pause()
        try:
            if action != keys.PAUSE:
                return aside(action)
            self._screen.listening(Meter(endpointer.seconds, _SILENT_DB, "paused"))
            return self._wait_for_key()
        finally:
            source.resume()

    def _wait_for_key(self) -> str | None:
        """The key that ends a pause; Space only goes on, any other is acted on, too."""
        while (pressed := self._keys.poll()) is None:
            time.sleep(0.05)
        return None if pressed == keys.PAUSE else pressed


def level_db(frame: NDArray[np.float32]) -> float:
    """Root mean square level of a frame (dB, 0 is full scale)."""
    power = float(np.mean(np.square(frame))) if len(frame) else 0.0
    return max(_SILENT_DB, 10 * float(np.log10(power))) if power > 0 else _SILENT_DB
