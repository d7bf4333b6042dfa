"""A sound played while the microphone listens."""

from __future__ import annotations

import time
from collections.abc import Callable

from greenroom.audio.speaker import Playback, Speaker
from greenroom.checking.recording import Floats
from greenroom.errors import DeviceError
from greenroom.records import Clip

_BEFORE_SECONDS = 0.6  # of the room, before anything is played: the echo gate learns its noise from it
_AFTER_SECONDS = 0.6  # an echo over Bluetooth comes up to 0.6 s late (listening/echo.py)
_LOOK_SECONDS = 0.001  # the microphone is what is waited for


class LoudspeakerError(Exception):
    """A DeviceError of the loudspeaker, where one of the microphone would mean something else."""

    def __init__(self, told: DeviceError) -> None:
        super().__init__(told.message)
        self.told = told


class Playing:
    """A sound played while the microphone listens.

    Attributes:
        playback: None before it began.
        started: when it began (s of what is heard); None while that is not known.
    """

    def __init__(
        self, speaker: Speaker, sound: Clip, clock: Callable[[], float], heed: Callable[[], bool]
    ) -> None:
        self._speaker = speaker
        self._sound = sound
        self._clock = clock
        self._heed = heed
        self.playback: Playback | None = None
        self.started: float | None = None
        self._ends: float | None = None

    def done(self, heard: float, _: Floats | None) -> bool:
        skipped = self._heed()
        try:
            self._attend(heard)
        except DeviceError as error:
            raise LoudspeakerError(error) from error
        return skipped or (self._ends is not None and heard >= self._ends)

    def _attend(self, heard: float) -> None:
        if self.playback is None:
            if heard >= _BEFORE_SECONDS:
                self.playback = self._speaker.play(self._sound)
            return
        begins = self.playback.begins
        if self.started is None and begins is not None:
            self.started = self._clock() - (time.monotonic() - begins)
        if self._ends is None and self.playback.wait(_LOOK_SECONDS):
            self._ends = heard + _AFTER_SECONDS

    def stop(self) -> None:
        if self.playback is not None:
            self.playback.stop()
