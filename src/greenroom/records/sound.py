"""Sound, and where speech lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `greenroom --help` reads records, and shall not wait for numpy
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
"""Every stage after the microphone works at this rate: what Whisper, webrtcvad and Silero take."""

FRAME_SAMPLES = 480
"""Samples in a frame: 30 ms, the longest that webrtcvad takes."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound: mono samples, float32, shape (n,), in [-1, 1]; `rate` in Hz."""

    samples: NDArray[np.float32]
    rate: int = SAMPLE_RATE_HZ

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class Utterance:
    """One answer as it was heard.

    Attributes:
        clip: the whole recording, from the moment the microphone opened, 16 kHz mono.
        speech: (start, end) of each stretch of speech in the clip (s), in order; empty if nobody spoke.
        ended_by: "silence", "key", "limit" or "stall".
        speech_end: end of the last voiced frame (s), 0.0 if nobody spoke.
        decided: when the end was decided (s from the start of the clip).
    """

    clip: Clip
    speech: tuple[tuple[float, float], ...]
    ended_by: str
    speech_end: float
    decided: float


@dataclass(frozen=True, slots=True)
class Silence:
    """A pause as the endpointer met it: when it began, how long it was (s), and whether speech resumed.

    The last one of an answer, which ended it, did not.
    """

    start: float
    seconds: float
    resumed: bool
