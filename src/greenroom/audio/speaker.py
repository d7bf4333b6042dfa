"""The loudspeaker: plays a clip so that one can know when it was heard, and fall silent at once."""

from __future__ import annotations

import threading
import time
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from greenroom.audio import portaudio
from greenroom.audio.clip import resample
from greenroom.audio.devices import Device, list_devices, same_device
from greenroom.errors import DeviceError
from greenroom.records import Clip

_CALLED = "loudspeaker"

_LATENCY_SECONDS = 1.6
"""Length of the device's buffer. Python fills it, and stands still while an import holds the interpreter's
lock: 0.24 s at a stretch for torch with warm files on an idle machine, longer on a busy one (two processors,
load about ten: 0.8 s left a hole in one of five clips, 1.6 s in one of eleven). It delays neither
the beginning, played while the rest is being filled, nor stop(), which throws away what it holds."""

_FADE_SECONDS = 0.008
"""Between 5 and 10 ms: long enough to make no click, too short to be heard as a fade."""

_AUDIBLE = 10 ** (-50 / 20)
"""-50 dB of full scale: below it a synthetic voice's lead-in is silence to a listener in a room."""

_POLL_SECONDS = 0.05
"""How soon wait() notices that another thread stopped it, or that the device is gone."""


class Playback(Protocol):
    """A clip being played.

    Attributes:
        begins: time.monotonic() at which its first sample is heard; None while that is not known.
        started: time.monotonic() of its first audible sample, once that has been heard; else None.
        heard: how much of it has been heard so far (s).
    """

    @property
    def begins(self) -> float | None: ...

    @property
    def started(self) -> float | None: ...

    @property
    def heard(self) -> float: ...

    def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` (s) for the end. True: all of it has really been heard.

        Raises:
            DeviceError: the loudspeaker was lost.
        """

    def stop(self) -> None:
        """Fall silent for good, within 100 ms."""

    def pause(self) -> None:
        """Fall silent until resume()."""

    def resume(self) -> None:
        """Go on with the first sample that was not heard.

        Raises:
            DeviceError: the loudspeaker was lost.
        """


class Speaker(Protocol):
    def play(self, clip: Clip) -> Playback:
        """Begin to play, ending what is being played.

        Raises:
            DeviceError: the loudspeaker cannot be opened.
        """

    def close(self) -> None:
        """Fall silent and free the device; harmless when done twice."""


class LoudSpeaker:
    """A Speaker on a device, at the device's own rate, mono on up to two channels."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._gone = False
        self._current: DevicePlayback | None = None

    def play(self, clip: Clip) -> Playback:
        self.close()
        if self._gone:
            raise portaudio.lost(self._device, _CALLED)
        self._current = DevicePlayback(self._device, clip)
        self._current.resume()
        return self._current

    def close(self) -> None:
        if self._current is not None:
            self._current.stop()

    def find_again(self) -> None:
        """Devices were looked for afresh: what had its number may be another one now.

        Where it is not there, play() says so until it is found again.
        """
        try:
            listed = tuple(device for device in list_devices() if device.outputs)
        except DeviceError:
            listed = ()
        found = same_device(self._device, listed)
        self._device, self._gone = found or self._device, found is None


class NoSpeaker:
    """A Speaker for where nothing shall be heard: every clip ends at once."""

    def play(self, clip: Clip) -> Playback:  # noqa: ARG002
        return _Unheard()

    def close(self) -> None:
        return


class _Unheard:
    begins: float | None = None
    started: float | None = None
    heard = 0.0

    def wait(self, timeout: float) -> bool:  # noqa: ARG002
        return True

    def stop(self) -> None:
        return

    def pause(self) -> None:
        return

    def resume(self) -> None:
        return


class DevicePlayback:
    """One clip on one device, over one stream for each stretch between pauses."""

    def __init__(self, device: Device, clip: Clip) -> None:
        self._device = device
        self._clip = clip
        self._lock = threading.RLock()
        self._run: _Run | None = None
        self._heard = 0.0  # s of the clip that were heard before the current run
        self._started: float | None = None
        self._underflows = 0
        self._over = not len(clip.samples)
        self._complete = self._over

    @property
    def begins(self) -> float | None:
        with self._lock:
            begins = self._run.begins if self._run is not None else None
            return None if begins is None else begins - self._heard

    @property
    def started(self) -> float | None:
        with self._lock:
            self._note_start()
            return self._started

    @property
    def heard(self) -> float:
        with self._lock:
            return self._heard + (self._run.position() if self._run is not None else 0.0)

    @property
    def underflows(self) -> int:
        """How often the device ran dry, which is heard as a hole."""
        with self._lock:
            return self._underflows + (self._run.underflows if self._run is not None else 0)

    def wait(self, timeout: float) -> bool:
        until = time.monotonic() + timeout
        waited = 0.0
        while not self._over:
            with self._lock:
                left = self._left(waited)
                if left <= 0.0:
                    self._end(complete=True)
                    break
            waited = min(left, until - time.monotonic(), _POLL_SECONDS)
            if waited <= 0.0:
                return False
            time.sleep(waited)
        return self._complete

    def stop(self) -> None:
        with self._lock:
            if not self._over:
                self._end(complete=self._run is not None and self._run.left() <= 0.0)

    def pause(self) -> None:
        with self._lock:
            if self._run is not None and not self._over:
                self._silence()

    def resume(self) -> None:
        with self._lock:
            if self._run is None and not self._over:
                rest = self._clip.samples[round(self._heard * self._clip.rate) :]
                self._run = _Run(self._device, Clip(rest, self._clip.rate))

    def _left(self, waited: float) -> float:
        """How long the rest takes (s); for ever while paused."""
        if self._run is None:
            return float("inf")
        self._run.check(waited)
        return self._run.left()

    def _end(self, *, complete: bool) -> None:
        self._silence()
        self._complete = complete
        self._over = True

    def _silence(self) -> None:
        """Throw away what has not been heard, and remember where that is."""
        self._note_start()
        run, self._run = self._run, None
        if run is not None:
            self._heard += run.position()
            run.abort()
            self._underflows += run.underflows

    def _note_start(self) -> None:
        run = self._run
        if self._started is None and run is not None and run.audible_at is not None:
            self._started = run.audible_at if run.audible_at <= time.monotonic() else None


class _Run:
    """A clip given to one stream, from its first sample to its last or to abort().

    Attributes:
        audible_at: time.monotonic() at which the first audible sample is or will be heard, once known.
    """

    def __init__(self, device: Device, clip: Clip) -> None:
        self._device = device
        self._clip = clip
        channels = min(2, device.outputs)
        self._stream = portaudio.begin_stream(self._make, device, channels, _CALLED, self._ready)

    def _ready(self, stream: Any, rate: int) -> None:
        """Nothing has been given yet to this stream."""
        self.audible_at: float | None = None
        self.underflows = 0
        self._given = 0
        self._ends_at: float | None = None  # when the last sample is heard, once it was handed over
        self._anchor: tuple[int, float] | None = None  # a sample's number, and when it is heard
        self._starved = 0.0  # s waited since the device last asked for samples
        self._rate = rate
        self._samples = _faded(resample(self._clip, rate))
        self._audible = _first_audible(self._samples)
        self._offset = portaudio.clock_offset(stream)
        self._latency = float(stream.latency)

    @property
    def begins(self) -> float | None:
        """When its first sample is heard (time.monotonic()); None while that is not known."""
        if self._anchor is None:
            return None
        number, at = self._anchor
        return at - number / self._rate

    def left(self) -> float:
        """Seconds until the last sample will have been heard; a guess until it was handed to the device."""
        if self._ends_at is not None:
            return self._ends_at - time.monotonic()
        return max(_POLL_SECONDS, (len(self._samples) - self._given) / self._rate)

    def position(self) -> float:
        """How much of it has been heard by now (s)."""
        if self._anchor is None:
            return 0.0
        number, at = self._anchor
        played = number + (time.monotonic() - at) * self._rate
        return min(max(0.0, played), len(self._samples)) / self._rate

    def check(self, waited: float) -> None:
        """Raise DeviceError if the device no longer takes samples, after waiting for it so long (s).

        Only such waiting counts: the clock leaps when the computer sleeps or the process is held.
        """
        self._starved += waited
        silent = self._starved > portaudio.STARVED_SECONDS
        if self._ends_at is None and (silent or not portaudio.is_active(self._stream)):
            raise portaudio.lost(self._device, _CALLED)

    def abort(self) -> None:
        """Silence, by throwing away what the device holds.

        The cut is hard: what lies there has left our hands, and a buffer short enough for a fade runs dry.
        """
        portaudio.close(self._stream)

    def _make(self, rate: int, channels: int) -> Any:
        return portaudio.load().OutputStream(
            device=self._device.index,
            samplerate=rate,
            channels=channels,
            dtype="float32",
            latency=_LATENCY_SECONDS,
            callback=self._fill,
            prime_output_buffers_using_stream_callback=True,  # or a buffer of silence comes first
        )

    def _fill(self, out: NDArray[np.float32], frames: int, when: Any, status: Any) -> None:
        """PortAudio's callback, in its own thread. After the end it gives silence until the stream is closed:
        letting the stream run out by itself loses what the device still holds (measured over PulseAudio)."""
        self._starved = 0.0
        if status.output_underflow:
            self.underflows += 1
        heard_at = self._heard_at(float(when.outputBufferDacTime))
        start, self._given = self._given, min(self._given + frames, len(self._samples))
        out[: self._given - start] = self._samples[start : self._given, np.newaxis]
        out[self._given - start :] = 0.0
        self._note(start, heard_at)

    def _heard_at(self, device_time: float) -> float:
        """A time of the device's clock in ours; where a driver gives none, after the buffer's length."""
        there = device_time + self._offset
        now = time.monotonic()
        known = abs(there - now) < _LATENCY_SECONDS + portaudio.STARVED_SECONDS
        return there if known else now + self._latency

    def _note(self, start: int, heard_at: float) -> None:
        if self._ends_at is not None:
            return
        self._anchor = (start, heard_at)
        if self.audible_at is None and self._audible is not None and self._given > self._audible:
            self.audible_at = heard_at + (self._audible - start) / self._rate
        if self._given == len(self._samples):
            self._ends_at = heard_at + (self._given - start) / self._rate


def _faded(clip: Clip) -> NDArray[np.float32]:
    """The samples with their very beginning and end made soft: after a pause they begin in mid-word."""
    samples = np.nan_to_num(clip.samples).astype(np.float32)
    length = min(len(samples) // 2, round(_FADE_SECONDS * clip.rate))
    fade = np.linspace(0.0, 1.0, length, dtype=np.float32)
    samples[:length] *= fade
    samples[len(samples) - length :] *= fade[::-1]
    return samples


def _first_audible(samples: NDArray[np.float32]) -> int | None:
    loud = np.flatnonzero(np.abs(samples) > _AUDIBLE)
    return int(loud[0]) if len(loud) else None
