"""One answer's source that outlasts its device: another may take its place, and the answer goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.source import AudioSource
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ

_FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE_HZ


class LastingSource:
    """An AudioSource that listens through another, which replace() changes.

    The clock tells seconds of the whole recording: what a new device captures follows what was read before.
    """

    def __init__(self, source: AudioSource) -> None:
        self._source = source
        self._overflowed = False
        self._before = 0.0  # s that were read of the devices before this one
        self._read = 0.0
        self._kept: NDArray[np.float32] | None = None

    @property
    def overflowed(self) -> bool:
        """Whether samples were lost in any of the devices."""
        return self._overflowed or self._source.overflowed

    @overflowed.setter
    def overflowed(self, value: bool) -> None:
        self._overflowed = value

    def replace(self, source: AudioSource) -> None:
        """Listen through another source from now on, which is to be opened; the one before is closed."""
        self._source.close()
        self._kept = None
        self._overflowed = self.overflowed
        self._before, self._read = self._before + self._read, 0.0
        self._source = source

    def open(self) -> None:
        self._source.open()

    def await_sound(self, timeout: float) -> bool:
        """Whether a frame comes in that time (s); the next read() gives it.

        Raises:
            DeviceError: the device is lost.
        """
        if self._kept is None:
            self._kept = self._source.read(timeout)
        return self._kept is not None

    def read(self, timeout: float) -> NDArray[np.float32] | None:
        frame, self._kept = self._kept, None
        if frame is None:
            frame = self._source.read(timeout)
        if frame is not None:
            self._read += _FRAME_SECONDS
        return frame

    def pause(self) -> None:
        self._source.pause()

    def resume(self) -> None:
        self._source.resume()

    def clock(self) -> float:
        return self._before + self._source.clock()

    def close(self) -> None:
        self._source.close()
