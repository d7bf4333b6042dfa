"""The microphone: what PortAudio captures, as 16 kHz mono frames."""

from __future__ import annotations

import math
import queue
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.audio import portaudio
from greenroom.audio.clip import resampler
from greenroom.audio.devices import Device
from greenroom.audio.pace import Pace
from greenroom.errors import DeviceError
from greenroom.records import FRAME_SAMPLES

_CALLED = "microphone"

_LATENCY_SECONDS = 0.4
"""Length of the device's buffer: nothing is lost while the interpreter's lock is held that long elsewhere
(importing torch holds it for 0.24 s at a stretch, measured). PortAudio hands over a quarter at a time, so
this is also what delays a frame: by 0.1 s at most."""

_EXACT_SECONDS = 0.1
"""Times of capture that differ by less (s) are the same: drivers give them roughly, or not at all."""

_NOTHING: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
_NEVER = 1 << 62


class RateChangedError(DeviceError):
    """The microphone goes on at another sample rate than it was opened with; opened again it is well."""


class _Timeline:
    """Which sample was captured when: they follow each other at the sample rate, until some are lost."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._known: list[tuple[float, int]] = []  # from these times on, samples are counted from these

    def came(self, at: float, number: int, *, lost: bool) -> None:
        """A block came whose first sample was captured at `at`, and is `number` of all that came.

        A block that is later than the device's buffer is long tells that sound was lost before it; where the
        driver says so, too (`lost`), less is enough. Blocks that only came late are made up for by those that
        follow, which then are early: nothing was lost.
        """
        if not self._known:
            self._known.append((at, number))
            return
        since, first = self._known[-1]
        late = at - since - (number - first) / self._rate
        if late > (_EXACT_SECONDS if lost else _LATENCY_SECONDS):
            self._known.append((at, number))
        elif late < -_EXACT_SECONDS:
            self._known[-1] = (since + late, first)

    def number(self, at: float) -> int:
        """The sample that was captured then; 0 before the first, and the next that came where it was lost."""
        following = _NEVER
        for since, first in reversed(self._known):
            if at >= since:
                return min(following, first + int((at - since) * self._rate))
            following = first
        return 0


class Microphone:
    """An AudioSource that listens to a device at its own rate and with up to two channels.

    The channels are averaged: with a stereo microphone that has one dead side this costs 6 dB of level,
    where taking one channel could cost everything.

    Attributes:
        overflowed: whether samples were lost.
        heeds_pace: whether sound that comes faster or slower than the sample rate says ends the listening.
    """

    def __init__(self, device: Device) -> None:
        self.overflowed = False
        self.heeds_pace = True
        self._device = device
        self._stream: Any = None
        self._forget(self._device.rate)

    def _forget(self, rate: int) -> None:
        self._queue: queue.SimpleQueue[tuple[int, NDArray[np.float32]]] = queue.SimpleQueue()
        self._ready: NDArray[np.float32] = _NOTHING
        self._captured = 0
        self._came = 0.0  # when the newest block came, by time.monotonic()
        self._overflows = 0
        self._starved = 0.0
        self._paused = False
        # Stretches to leave out, by time.monotonic(); without an end while paused. They tell when sound was
        # captured, not when a block arrives: what was said just before pause() is still on its way then, and
        # belongs to the answer. Nor do they count samples: that some were lost is known only with the next.
        self._cuts: list[tuple[float, float | None]] = []
        self._rate = rate
        self._timeline = _Timeline(rate)
        self._pace, self._overflows_known = Pace(rate), 0
        self._rate_changed = False
        self._offset = 0.0
        self._resampler: Any = None

    def open(self) -> None:
        self.close()
        channels = min(2, self._device.inputs)
        self._stream = portaudio.begin_stream(self._make, self._device, channels, _CALLED, self._begin_anew)

    def _begin_anew(self, stream: Any, rate: int) -> None:
        self._forget(rate)
        self.overflowed = False
        self._resampler = resampler(rate)
        self._offset = portaudio.clock_offset(stream)

    def read(self, timeout: float) -> NDArray[np.float32] | None:
        until = time.monotonic() + timeout
        while len(self._ready) < FRAME_SAMPLES:
            block = self._next_block(until)
            if block is None:
                return None
            self._ready = np.concatenate((self._ready, self._at_16_khz(block)))
        frame, self._ready = self._ready[:FRAME_SAMPLES], self._ready[FRAME_SAMPLES:]
        return frame

    def pause(self) -> None:
        if not self._paused:
            # Before the first sample nothing was said yet.
            self._cuts.append((time.monotonic() if self._captured else -math.inf, None))
            self._paused = True

    def resume(self) -> None:
        if self._paused:
            start, _ = self._cuts[-1]
            self._cuts[-1] = (start, time.monotonic())
            self._paused = False

    def clock(self) -> float:
        now = self._timeline.number(time.monotonic())
        cut = sum(min(end, now) - start for start, end in self._cut_samples() if start < now)
        return (now - cut) / self._rate

    def close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            self._resampler = None  # a stream that never closes would keep it, and soxr complains at the end
            portaudio.close(stream)

    def _make(self, rate: int, channels: int) -> Any:
        return portaudio.load().InputStream(
            device=self._device.index,
            samplerate=rate,
            channels=channels,
            dtype="float32",
            latency=_LATENCY_SECONDS,
            callback=self._capture,
        )

    def _capture(self, data: NDArray[np.float32], frames: int, when: Any, status: Any) -> None:
        """PortAudio's callback, in its own thread: copies, notes when that was, and nothing else."""
        if status.input_overflow:
            self.overflowed = True
            self._overflows += 1
        at = self._captured_at(float(when.inputBufferAdcTime), frames)
        self._timeline.came(at, self._captured, lost=bool(status.input_overflow))
        start, self._captured = self._captured, self._captured + frames
        self._came = time.monotonic()
        paused = self._paused and start >= self._timeline.number(self._cuts[-1][0])
        if not paused:  # a long pause must not fill the memory
            self._queue.put((start, data.copy()))

    def _captured_at(self, device_time: float, frames: int) -> float:
        """A time of the device's clock in ours; where a driver gives none, when the block must have begun."""
        now, there = time.monotonic(), device_time + self._offset
        return there if now - portaudio.STARVED_SECONDS < there <= now else now - frames / self._rate

    def _cut_samples(self) -> list[tuple[int, int]]:
        """What to leave out, in samples as they came."""
        number = self._timeline.number
        return [(number(start), _NEVER if end is None else number(end)) for start, end in self._cuts]

    def _next_block(self, until: float) -> NDArray[np.float32] | None:
        """The next block as captured, mono and without what was paused; None if none came in time."""
        if self._rate_changed:
            raise RateChangedError(
                f"the microphone “{self._device.name}” changed its sample rate", "see `greenroom devices`"
            )
        timeout = max(0.0, until - time.monotonic())
        try:
            start, data = self._queue.get(timeout=timeout)
        except queue.Empty:
            self._miss(timeout)
            return None
        self._starved = 0.0
        self._keep_pace()
        kept = np.ones(len(data), dtype=bool)
        for first, last in self._cut_samples():
            kept[max(0, first - start) : max(0, last - start)] = False
        mono: NDArray[np.float32] = data[kept].mean(axis=1, dtype=np.float32)
        return mono

    def _keep_pace(self) -> None:
        lost = self._overflows != self._overflows_known
        self._overflows_known = self._overflows
        # Told with the next block: this one is at hand, and belongs to the answer.
        changed = self._pace.changed(self._came, self._captured, lost=lost)
        self._rate_changed = changed and self.heeds_pace

    def _miss(self, waited: float) -> None:
        """Count how long was waited in vain; not by the clock, which leaps when a computer sleeps."""
        if self._stream is None or self._paused:
            return
        self._starved += waited
        if self._starved > portaudio.STARVED_SECONDS or not portaudio.is_active(self._stream):
            raise portaudio.lost(self._device, _CALLED)

    def _at_16_khz(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._resampler is None:
            return block
        resampled: NDArray[np.float32] = self._resampler.resample_chunk(block)
        return np.clip(resampled, -1.0, 1.0)
