"""A recording that answers in place of a person."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.clip import resample
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip

_FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE_HZ


class RecordedCandidate:
    """An AudioSource that gives a clip frame by frame, as a microphone would, and then silence without end.

    In real time a frame comes when its last sample would have been captured; each is due by the time since
    open(), so waiting never adds up to a drift. With `fast` every frame comes at once, and the clock counts
    the samples given plus the time since the last of them was.

    Where pause() makes a microphone lose what is said, a recorded candidate waits and goes on where it was.

    Attributes:
        is_last: no other recording answers after it.
    """

    def __init__(self, clip: Clip, *, fast: bool = False, is_last: bool = False) -> None:
        self.overflowed = False
        self.is_last = is_last
        self._samples = resample(clip, SAMPLE_RATE_HZ).samples
        self._fast = fast
        self._given = 0
        self._closed = True
        self._began: float | None = None
        self._paused_at: float | None = None

    def open(self) -> None:
        self._given = 0
        self._closed = False
        self._paused_at = None
        self._began = time.monotonic()

    def read(self, timeout: float) -> NDArray[np.float32] | None:
        if self._closed or self._paused_at is not None:
            time.sleep(max(0.0, timeout))
            return None
        wait = 0.0 if self._fast else (self._given + 1) * _FRAME_SECONDS - self.clock()
        if wait > 0.0:
            time.sleep(max(0.0, min(wait, timeout)))
        return self._next() if wait <= timeout else None

    def pause(self) -> None:
        if self._began is not None and self._paused_at is None:
            self._paused_at = time.monotonic()

    def resume(self) -> None:
        if self._began is not None and self._paused_at is not None:
            self._began += time.monotonic() - self._paused_at
            self._paused_at = None

    def clock(self) -> float:
        if self._began is None:
            return 0.0
        now = time.monotonic() if self._paused_at is None else self._paused_at
        return now - self._began

    def close(self) -> None:
        self._closed = True  # the clock runs on: what comes after the answer is timed by it, too

    def _next(self) -> NDArray[np.float32]:
        start = self._given * FRAME_SAMPLES
        part = self._samples[start : start + FRAME_SAMPLES]
        frame = np.zeros(FRAME_SAMPLES, dtype=np.float32)
        frame[: len(part)] = part
        self._given += 1
        if self._fast:  # the clock is set to the samples given, and runs on from there
            self._began = time.monotonic() - self._given * _FRAME_SECONDS
        return frame
