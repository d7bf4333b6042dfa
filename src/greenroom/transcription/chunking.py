"""Where to cut an answer so that its beginning can be decoded while the rest of it is spoken.

Cuts lie in pauses, never in speech unless it goes on and on. They follow from the speech alone, not from how
fast it was decoded: an answer cut while it is spoken and the same answer cut afterwards give the same chunks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from greenroom.records import SAMPLE_RATE_HZ, Word

PRE_ROLL = 0.5
"""Sound decoded before speech (s): voice activity misses soft onsets (OpenAI keeps 300 ms, LiveKit and
Pipecat 500 ms). More is not: Whisper invents words in silence."""

STALL_CHUNK = 5.0
"""Length of a forced chunk (s) after one that ended without words. Speech that brings no words is noise, and
whoever listens ends the answer after 6 s of it."""

STALL_SECONDS = 3.0
"""Sound without words at the end of a forced chunk (s) that raises that suspicion: no pause inside a chunk is
as long as this."""

_HOP = SAMPLE_RATE_HZ // 100
_QUIET_HOPS = 15  # the closure of a consonant, 50 to 150 ms, is where a word ends even in fluent speech

Speech = Sequence[tuple[float, float]]
"""(start, end) of every stretch of speech (s), in order and apart; only the last one may still grow."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """How long chunks and pauses are, all in seconds.

    Measured on three minutes of speech whose words are known, openai-whisper base (docs/measurements.md):
    more errors with `shortest` 6, as many with 12 (but three times as much is decoded in vain); more with
    `pause` 0.35, and more with 0.6.

    Attributes:
        shortest: a chunk is cut from here on at the next pause; a shorter one costs accuracy.
        longest: without a pause, a chunk is cut here in the middle of speech.
        pause: the shortest pause to cut in.
        long_pause: one to cut in even after a chunk that is too short, so that it need not be decoded.
        hangover: sound decoded after speech, where a last consonant dies away; at most half of `pause`, so
            that the next chunk gets as much of it.
        tail: silence after which what is left is decoded, because it may have been the last of the answer.
        short_tail: the same where less than `shortest` is left. That is decoded in vain whenever speech
            resumes, mostly within 0.8 s, and it takes less time.
        context: sound before each chunk that is decoded with it, at most.
    """

    shortest: float = 8.0
    longest: float = 20.0
    pause: float = 0.5
    long_pause: float = 2.5
    hangover: float = 0.25
    tail: float = 0.6
    short_tail: float = 0.8
    context: float = 4.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the recording to decode at once (s); `forced` where its end is not in a pause."""

    start: float
    end: float
    forced: bool = False


class Chunker:
    """Follows the speech of one answer and cuts it.

    Attributes:
        cuts: its settings.
    """

    def __init__(self, cuts: Cuts | None = None) -> None:
        self.cuts = cuts or Cuts()
        self._floor = 0.0  # where the last chunk ended: no sound is in two chunks
        self._first = 0  # index of the stretch of speech that the open chunk begins with
        self._last = 0  # of the one after which it may be cut next
        self._stalled = False

    def start(self, speech: Speech) -> float | None:
        """Where the open chunk begins (s); None while no speech has come since the last cut."""
        if self._first >= len(speech):
            return None
        return max(self._floor, speech[self._first][0] - PRE_ROLL)

    def tail(self, speech: Speech) -> Chunk | None:
        """The open chunk, if the answer were to end with the speech that is known."""
        start = self.start(speech)
        return None if start is None else Chunk(start, speech[-1][1] + self.cuts.hangover)

    def tail_due(self, speech: Speech, silence: float) -> bool:
        """Whether a silence is so long that the tail should be decoded."""
        start = self.start(speech)
        if start is None:
            return False
        long_enough = speech[-1][1] - start >= self.cuts.shortest
        return silence >= (self.cuts.tail if long_enough else self.cuts.short_tail)

    def last(self, speech: Speech) -> Chunk | None:
        """The open chunk, closed because the answer has ended; None once it is taken."""
        chunk = self.tail(speech)
        self._first = self._last = len(speech)
        return chunk

    def next(self, speech: Speech, quietest: Callable[[float, float], float]) -> Chunk | None:
        """The next chunk that is certain, or None. Takes the time of one comparison where nothing is new.

        Args:
            quietest: finds the best place to cut in a stretch of speech (s).
        """
        start = self.start(speech)
        while start is not None and self._last < len(speech):
            if speech[self._last][1] - start > self._longest:
                return self._force(start, speech, quietest)
            if self._last + 1 == len(speech):
                break
            self._last += 1
            if self._cuts_before(self._last, start, speech):
                return self._close(start, speech)
        return None

    def note(self, chunk: Chunk, words: Sequence[Word]) -> None:
        """Takes what a chunk brought: after a forced one without words at its end the next is shorter."""
        heard = max((word.end or 0.0 for word in words), default=chunk.start)
        self._stalled = chunk.forced and chunk.end - heard >= STALL_SECONDS

    @property
    def _longest(self) -> float:
        return STALL_CHUNK if self._stalled else self.cuts.longest

    def _cuts_before(self, index: int, start: float, speech: Speech) -> bool:
        end = speech[index - 1][1]
        long_enough = end - start >= self.cuts.shortest
        return speech[index][0] - end >= (self.cuts.pause if long_enough else self.cuts.long_pause)

    def _close(self, start: float, speech: Speech) -> Chunk:
        self._floor = speech[self._last - 1][1] + self.cuts.hangover
        self._first = self._last
        return Chunk(start, self._floor)

    def _force(self, start: float, speech: Speech, quietest: Callable[[float, float], float]) -> Chunk:
        self._floor = quietest(start + self._longest * 2 / 3, start + self._longest)
        while speech[self._first][1] <= self._floor:
            self._first += 1
        self._last = self._first
        return Chunk(start, self._floor, forced=True)


def quietest_place(samples: NDArray[np.float32]) -> float:
    """Seconds from the start of `samples` (16 kHz) to the middle of their quietest 150 ms."""
    hops = samples[: len(samples) // _HOP * _HOP].reshape(-1, _HOP)
    power = np.convolve(np.einsum("ij,ij->i", hops, hops), np.ones(_QUIET_HOPS), mode="valid")
    return (int(power.argmin()) + _QUIET_HOPS / 2) * _HOP / SAMPLE_RATE_HZ
