"""Endpointing: when has an answer ended? A state machine over voiced and unvoiced frames.

Time is counted in frames, so the same frames always give the same decision, on any computer at any speed.
The silence is measured from the last voiced frame of speech, so an answer ends `patience` seconds after it.
The end is held back only while a sound is just beginning that may turn out to be the next word (at most
MAX_HOLD_SECONDS, and never in plain silence).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from greenroom.errors import UsageError
from greenroom.listening.segmenter import (
    BURST_FRAMES,
    ONSET_FRAMES,
    WINDOW_FRAMES,
    Segmenter,
    frames_in,
    seconds_in,
)
from greenroom.records import Clip, Utterance

PATIENCE_SECONDS = {"short": 2.5, "patient": 4.0}
"""Named patience (s). 2.5 s is the 95th percentile of pauses inside a turn in call-centre talk (LiveKit);
3 s still drew complaints of being cut off in a voice agent, and answers from memory have longer pauses."""

SHORTEST_PATIENCE = 0.5
LONGEST_PATIENCE = 60.0

LIMIT_PAUSE = 1.0
"""Past the limit the answer ends in the first pause this long (s): never in mid-word."""

LIMIT_GRACE = 20.0
"""How long past the limit we wait for such a pause (s) before ending all the same."""

MAX_HOLD_SECONDS = seconds_in(BURST_FRAMES - 1 + WINDOW_FRAMES - ONSET_FRAMES)
"""The longest that a beginning sound can hold the end back (s): a burst just too short to be a word, and the
frames until the window has forgotten it."""

Phase = Literal["waiting", "speaking", "silence", "ended"]


@dataclass(frozen=True, slots=True)
class EndpointerSettings:
    """How long to wait for what; everything in seconds.

    Attributes:
        patience: silence after speech that ends the answer.
        max_answer: length of an answer, counted from its first word, after which its next pause ends it.
        no_speech: how long to wait for a first word.
    """

    patience: float = 4.0
    max_answer: float = 300.0
    no_speech: float = 75.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the answer stands after a frame.

    Attributes:
        phase: "waiting" (nobody has spoken), "speaking", "silence" (a pause after speech), "ended".
        elapsed: sound heard so far (s).
        silence: since the last voiced frame of speech, or since the start (s); 0.0 while speaking.
        remaining: silence still to pass until the end (s); None except in the phase "silence".
        ended_by: "silence", "limit" or "no_speech" once ended, else None.
    """

    phase: Phase
    elapsed: float
    silence: float
    remaining: float | None = None
    ended_by: str | None = None


class Endpointer:
    """Listens to one answer. Push every frame's voiced flag until the phase is "ended".

    Attributes:
        patience: the silence (s) that ends the answer; may be changed at any time while listening.
    """

    def __init__(self, settings: EndpointerSettings | None = None) -> None:
        self.settings = settings or EndpointerSettings()
        self.patience = self.settings.patience
        self._segmenter = Segmenter()
        self._held = False
        self._ended_by: str | None = None

    @property
    def seconds(self) -> float:
        """Sound heard so far (s)."""
        return seconds_in(self._segmenter.frames)

    @property
    def speech(self) -> tuple[tuple[float, float], ...]:
        """(start, end) of every stretch of speech (s), in order and apart."""
        return self._segmenter.intervals

    @property
    def speech_end(self) -> float:
        """End of the last voiced frame of speech (s); 0.0 if nobody spoke."""
        return seconds_in(self._segmenter.speech_end_frame)

    def push(self, voiced: bool) -> Listening:
        """Takes the next frame (30 ms) and says where the answer stands; after the end nothing changes."""
        if self._ended_by is None:
            self._segmenter.push(voiced)
            # A beginning sound may be the next word: the end waits until it is known to be one or not.
            self._held = voiced or self._segmenter.onset
            self._ended_by = self._reason_to_end()
        return self.listening()

    def listening(self) -> Listening:
        """Where the answer stands now."""
        phase = self._phase()
        return Listening(
            phase=phase,
            elapsed=self.seconds,
            silence=seconds_in(self._silent_frames()),
            remaining=seconds_in(self._frames_to_end()) if phase == "silence" else None,
            ended_by=self._ended_by,
        )

    def utterance(self, clip: Clip, ended_by: str) -> Utterance:
        """The answer as a record: `clip` is its whole recording, decided now."""
        return Utterance(
            clip=clip,
            speech=self.speech,
            ended_by=ended_by,
            speech_end=self.speech_end,
            decided=self.seconds,
        )

    def _phase(self) -> Phase:
        if self._ended_by is not None:
            return "ended"
        if self._segmenter.speaking:
            return "speaking"
        if self._segmenter.speech_start_frame is not None:
            return "silence"
        # The first sound shows at once, though it may yet prove to be a knock and lead back to waiting.
        return "speaking" if self._segmenter.onset else "waiting"

    def _silent_frames(self) -> int:
        if self._segmenter.speaking:
            return 0
        return self._segmenter.frames - self._segmenter.speech_end_frame

    def _limit_frame(self) -> int:
        return (self._segmenter.speech_start_frame or 0) + frames_in(self.settings.max_answer)

    def _frames_to_end(self) -> int:
        """Frames of silence until the answer ends, if nothing more is said."""
        silent = self._silent_frames()
        by_patience = frames_in(self.patience) - silent
        by_limit = max(frames_in(LIMIT_PAUSE) - silent, self._limit_frame() - self._segmenter.frames)
        return max(0, min(by_patience, by_limit))

    def _reason_to_end(self) -> str | None:
        if self._segmenter.speech_start_frame is None:
            return self._reason_to_stop_waiting()
        if self._segmenter.frames >= self._limit_frame() + frames_in(LIMIT_GRACE):
            return "limit"
        if self._held or self._segmenter.speaking or self._frames_to_end() > 0:
            return None
        return "silence" if self._silent_frames() >= frames_in(self.patience) else "limit"

    def _reason_to_stop_waiting(self) -> str | None:
        waited_out = self._segmenter.frames >= frames_in(self.settings.no_speech)
        return "no_speech" if waited_out and not self._held else None


def patience_seconds(text: str) -> float:
    """The patience (s) that `text` names: "short", "patient" or a number of seconds.

    Raises:
        UsageError: it is neither, or a number outside 0.5 to 60 s.
    """
    if text.strip().lower() in PATIENCE_SECONDS:
        return PATIENCE_SECONDS[text.strip().lower()]
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not SHORTEST_PATIENCE <= seconds <= LONGEST_PATIENCE:
        raise UsageError(
            f"patience {text!r} is neither short, patient nor a number of seconds from"
            f" {SHORTEST_PATIENCE:g} to {LONGEST_PATIENCE:g}",
            "--patience patient",
        )
    return seconds
