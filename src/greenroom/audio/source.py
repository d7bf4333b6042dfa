"""What the interview listens to."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class AudioSource(Protocol):
    """A microphone, or a recorded candidate: 16 kHz mono in frames of FRAME_SAMPLES.

    Attributes:
        overflowed: whether samples were lost since open().
    """

    overflowed: bool

    def open(self) -> None:
        """Begin to listen. The recording's time starts with the first sample captured from now on.

        Raises:
            DeviceError: the device cannot be opened.
        """

    def read(self, timeout: float) -> NDArray[np.float32] | None:
        """The next frame, float32 of shape (FRAME_SAMPLES,); None if none came within `timeout` (s).

        Raises:
            DeviceError: the device was lost.
        """

    def pause(self) -> None:
        """Drop what is captured until resume(); clock() stands still."""

    def resume(self) -> None:
        """Go on after pause()."""

    def clock(self) -> float:
        """Seconds since the first sample of the recording was captured, paused time left out.

        Sound takes a while to arrive, so this runs ahead of the frames that were read. 0.0 before the first.
        After close() it runs on: what comes after an answer is timed by it, too.
        """

    def close(self) -> None:
        """Stop listening and free the device; harmless when done twice."""
