"""A loudspeaker whose loss stops nothing: all that is said is on the screen as well."""

from __future__ import annotations

import time
from collections.abc import Callable

from greenroom.audio.speaker import LoudSpeaker, NoSpeaker, Playback, Speaker
from greenroom.errors import DeviceError
from greenroom.records import Clip

LOST = "{what}, so I try the loudspeaker that your computer uses by default."
QUIET = "Your loudspeaker cannot be used now. I go on without sound; everything I say is on the screen."
HEARD_AGAIN = "My voice should be heard again."

_TRY_AGAIN_SECONDS = 20.0
"""So long it stays quiet before another text is tried aloud: a headset that sleeps or changes hands is back
within seconds, and a device that is gone costs a moment for each try. (Judgement.)"""


class SteadySpeaker:
    """A Speaker that never raises: where a device fails it tries the default one, and else goes on quietly.

    Args:
        tell: shows the person a sentence.
        default: the system's default loudspeaker as it is now.
    """

    def __init__(self, speaker: Speaker, tell: Callable[[str], None], default: Callable[[], Speaker]) -> None:
        self._speaker = speaker
        self._tell = tell
        self._default = default
        self._quiet_since: float | None = None

    def play(self, clip: Clip) -> Playback:
        if self._quiet_since is not None and time.monotonic() < self._quiet_since + _TRY_AGAIN_SECONDS:
            return NoSpeaker().play(clip)
        return _Steady(self, clip)

    def close(self) -> None:
        self._speaker.close()

    def find_again(self) -> None:
        """Devices were looked for afresh: numbers may have changed, and what was lost may be back."""
        if isinstance(self._speaker, LoudSpeaker):
            self._speaker.find_again()
        if self._quiet_since is not None:
            self._quiet_since = -_TRY_AGAIN_SECONDS

    def begun(self, clip: Clip) -> Playback:
        """Play on whatever device plays; in silence where none does."""
        try:
            playback = self._speaker.play(clip)
        except DeviceError as error:
            return self.begun_elsewhere(clip, error)
        if self._quiet_since is not None:
            self._quiet_since = None
            self._tell(HEARD_AGAIN)
        return playback

    def begun_elsewhere(self, clip: Clip, error: DeviceError) -> Playback:
        """Play on the default device, once; in silence where that fails, too."""
        known = self._quiet_since is not None
        what = error.sentence.rstrip(".")
        self._speaker.close()
        try:
            speaker = self._default()
            playback = speaker.play(clip)
        except DeviceError:
            self._quiet_since = time.monotonic()
            if not known:
                self._tell(QUIET)
            return NoSpeaker().play(clip)
        self._speaker, self._quiet_since = speaker, None
        self._tell(HEARD_AGAIN if known else LOST.format(what=what))
        return playback


class _Steady:
    """A clip played on one device, and its rest on another if the first is lost."""

    def __init__(self, speaker: SteadySpeaker, clip: Clip) -> None:
        self._steady = speaker
        self._clip = clip
        self._moved = False
        self._before = 0.0  # s heard on the device before
        self._started: float | None = None
        self._playback = speaker.begun(clip)

    @property
    def begins(self) -> float | None:
        begins = self._playback.begins
        return None if begins is None else begins - self._before

    @property
    def started(self) -> float | None:
        return self._started if self._started is not None else self._playback.started

    @property
    def heard(self) -> float:
        return self._before + self._playback.heard

    def wait(self, timeout: float) -> bool:
        try:
            return self._playback.wait(timeout)
        except DeviceError as error:
            self._move(error)
            return False

    def stop(self) -> None:
        self._playback.stop()

    def pause(self) -> None:
        self._playback.pause()

    def resume(self) -> None:
        try:
            self._playback.resume()
        except DeviceError as error:
            self._move(error)

    def _move(self, error: DeviceError) -> None:
        """The rest on the default device; a second loss is the end of it."""
        heard, self._started = self._playback.heard, self.started
        self._playback.stop()
        self._before += heard
        if self._moved:
            self._playback = NoSpeaker().play(self._clip)
            return
        self._moved = True
        rest = self._clip.samples[round(self._before * self._clip.rate) :]
        self._playback = self._steady.begun_elsewhere(Clip(rest, self._clip.rate), error)
