"""Plays one sound from anywhere in it: through a loudspeaker, or by the clock where nothing can be heard."""

from __future__ import annotations

import time

from greenroom.audio.clip import resample
from greenroom.audio.speaker import Playback, Speaker
from greenroom.errors import DeviceError
from greenroom.records import Clip


class Deck:
    """What is played, from where, and whether it runs.

    Attributes:
        fault: why nothing is heard although there was a loudspeaker, "" where all is well.
        running: whether it plays rather than being held.
    """

    def __init__(self, speaker: Speaker | None, rate: int | None = None, *, must_sound: bool = False) -> None:
        """`rate` (Hz) is the loudspeaker's own; with `must_sound` one that cannot be opened is an error."""
        self.fault = ""
        self.running = False
        self._speaker = speaker
        self._rate = rate
        self._must_sound = must_sound
        self._clip: Clip | None = None
        self._seconds = 0.0
        self._at = 0.0  # where it was begun or held (s)
        self._began = 0.0  # time.monotonic() of that, where the clock leads
        self._playback: Playback | None = None

    @property
    def sounds(self) -> bool:
        """Whether there is a loudspeaker to play through."""
        return self._speaker is not None

    def load(self, clip: Clip | None, seconds: float) -> None:
        """What to play from now on, held at its beginning; None where so many seconds pass in silence."""
        self.hold()
        self._at = 0.0
        self._seconds = seconds
        self._clip = None
        if clip is not None and self._speaker is not None:
            # At the device's rate at once: going back and forth must not wait for it again and again.
            self._clip = resample(clip, self._rate) if self._rate else clip

    def play(self, at: float) -> None:
        """Play from there (s).

        Raises:
            DeviceError: nothing can be heard, though it must be.
        """
        self._stop()
        self._at = min(max(0.0, at), self._seconds)
        self._began = time.monotonic()
        self.running = True
        if self._clip is None or self._speaker is None:
            return
        rest = self._clip.samples[round(self._at * self._clip.rate) :]
        try:
            self._playback = self._speaker.play(Clip(rest, self._clip.rate))
        except DeviceError as error:
            if self._must_sound:
                raise
            self._fall_silent(error)
        self._must_sound = False

    def hold(self) -> None:
        """Fall silent and stay where it is."""
        if self.running:
            self._at = self.position()
            self.running = False
            self._stop()

    def seek(self, at: float) -> None:
        """Go there (s), playing or held as before."""
        if self.running:
            self.play(at)
        else:
            self._at = min(max(0.0, at), self._seconds)

    def position(self) -> float:
        """Where it is (s): what is being heard, not what was handed to the device."""
        if not self.running:
            return self._at
        passed = self._playback.heard if self._playback is not None else time.monotonic() - self._began
        return min(self._at + passed, self._seconds)

    def wait(self, timeout: float) -> None:
        """Let it play for so long (s), or until its end."""
        if self._playback is None or not self.running:
            time.sleep(timeout)
            return
        began = time.monotonic()
        try:
            if self._playback.wait(timeout):
                # A damaged file has less sound than it says; what is left of it passes in silence.
                self._go_by_clock()
        except DeviceError as error:
            self._fall_silent(error)
        time.sleep(max(0.0, timeout - (time.monotonic() - began)))

    def close(self) -> None:
        self._stop()
        if self._speaker is not None:
            self._speaker.close()

    def _fall_silent(self, error: DeviceError) -> None:
        self._go_by_clock()
        self.fault = error.message
        self._speaker, self._clip = None, None

    def _go_by_clock(self) -> None:
        self._at = self.position()
        self._began = time.monotonic()
        self._stop()

    def _stop(self) -> None:
        if self._playback is not None:
            self._playback.stop()
            self._playback = None
