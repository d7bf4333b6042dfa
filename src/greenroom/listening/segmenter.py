"""Speech segmentation: from voiced and unvoiced frames to stretches of speech, with hysteresis.

A detector flickers: it misses a frame inside a word and hears one in a key click. The segmenter turns its
frames into stretches of speech by three rules (reference figures: 300 ms window as in Pipecat's 200 ms and
Silero's 250 ms; a 100 % rule instead of 90 % costs 0.1 s and gains nothing in our measurements):

- speech begins when 6 of the last 10 frames are voiced, dated back to the first voiced one of them;
- it is speech only once 250 ms of it are voiced, so that a knock or a click is none and an "um" is;
- it ends when 90 % of the last 10 frames are unvoiced, dated back to the last voiced frame.

Frames are counted, not clock time: nothing here can depend on how busy the computer is.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ

WINDOW_FRAMES = 10
ONSET_FRAMES = 6
"""Voiced frames in the window that begin speech: 60 % of 300 ms."""

LEAVE_FRAMES = 1
"""Voiced frames in the window at which speech has ended: 90 % of it is unvoiced."""

BURST_SECONDS = 0.25
"""Sound shorter than this is a noise, not a word: filled pauses are longer, key clicks and knocks shorter."""


def frames_in(seconds: float) -> int:
    """The fewest whole frames that last at least `seconds`."""
    samples = round(seconds * SAMPLE_RATE_HZ)
    return -(-samples // FRAME_SAMPLES)


def seconds_in(frames: int) -> float:
    """How long `frames` frames last (s)."""
    return frames * FRAME_SAMPLES / SAMPLE_RATE_HZ


BURST_FRAMES = frames_in(BURST_SECONDS)


@dataclass
class _Stretch:
    """Speech under way, in frames: first voiced frame, the frame after the last voiced one, voiced count."""

    start: int
    end: int
    voiced: int


class Segmenter:
    """Follows one recording frame by frame.

    Attributes:
        frames: frames pushed so far.
        onset: sound that has begun and may yet prove to be a burst of noise.
        speaking: speech that is long enough to be speech and has not ended.
    """

    def __init__(self) -> None:
        self.frames = 0
        self._window: deque[bool] = deque(maxlen=WINDOW_FRAMES)
        self._candidate: _Stretch | None = None
        self._open: _Stretch | None = None
        self._stretches: list[_Stretch] = []

    @property
    def onset(self) -> bool:
        return self._candidate is not None

    @property
    def speaking(self) -> bool:
        return self._open is not None

    @property
    def speech_start_frame(self) -> int | None:
        """The first voiced frame of speech; None if there was no speech."""
        return self._stretches[0].start if self._stretches else None

    @property
    def speech_end_frame(self) -> int:
        """The frame after the last voiced frame of speech; 0 if there was no speech."""
        return self._stretches[-1].end if self._stretches else 0

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """(start, end) of every stretch of speech (s), in order and apart, one under way included."""
        return tuple((seconds_in(stretch.start), seconds_in(stretch.end)) for stretch in self._stretches)

    def push(self, voiced: bool) -> None:
        """Takes the next frame."""
        self._window.append(voiced)
        self.frames += 1
        if self._open:
            self._follow_speech(self._open, voiced)
        else:
            self._follow_onset(voiced)

    def _follow_speech(self, stretch: _Stretch, voiced: bool) -> None:
        self._extend(stretch, voiced)
        if len(self._window) == WINDOW_FRAMES and sum(self._window) <= LEAVE_FRAMES:
            self._open = None
            # The next stretch must not begin inside this one.
            self._window.clear()

    def _follow_onset(self, voiced: bool) -> None:
        if sum(self._window) < ONSET_FRAMES:
            self._candidate = None
            return
        if self._candidate is None:
            self._candidate = self._candidate_from_window()
        else:
            self._extend(self._candidate, voiced)
        if self._candidate.voiced >= BURST_FRAMES:
            self._open, self._candidate = self._candidate, None
            self._stretches.append(self._open)

    def _candidate_from_window(self) -> _Stretch:
        start = self.frames - len(self._window) + self._window.index(True)
        return _Stretch(start=start, end=self.frames, voiced=sum(self._window))

    def _extend(self, stretch: _Stretch, voiced: bool) -> None:
        if voiced:
            stretch.voiced += 1
            stretch.end = self.frames
