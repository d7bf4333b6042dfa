"""What both Whisper engines share: how they decode, the guards around it, and the transcript."""

from __future__ import annotations

import hashlib
import os
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip, Transcript, Word
from greenroom.transcription.segments import Segment, placed, said
from greenroom.transcription.verbatim import Reader, with_fillers

LANGUAGE = "en"

# Whisper tries again, hotter, where it loops or is in doubt: up to six times by default. Two bound the wait;
# 0.4 is the third step of its own ladder, hot enough to leave a loop.
TEMPERATURES = (0.0, 0.4)

# The hotter try is drawn at random; with a seed, the same sound gives the same words each time.
SEED = 0

# Tokens of one 30 s window: openai-whisper's own limit (half the text context). Speech at 200 wpm takes ~150.
MOST_TOKENS = 224

# faster-whisper's README measures with 8; more give little on models of this size.
_MOST_THREADS = 8

LONGEST_SECONDS = 30.0
"""One window: what the models were trained on, and what one look at the sound can cover."""

# Windows whose encoding is kept for the verbatim pass: up to 4 MB each, with base.
_ENCODED = 6

# Clips whose words are remembered, so that a later verbatim pass need not decode them again: five minutes.
_REMEMBERED = 32

# Level of the loudest frame under which nobody can have spoken: whispering measured -42 dBFS, digital silence
# and a muted microphone are under -90. Whisper would write "Thank you." here, and take a second to do so.
_SILENCE_DBFS = -60.0


class WhisperEngine(ABC):
    """A `Transcriber`; engines say what they are called and give the segments of a clip."""

    engine: str
    # Shared by all engines: alignment installs hooks in its model, and switches whisper's fast attention off
    # for all models meanwhile.
    _one_at_a_time = threading.Lock()

    def __init__(self, model: str) -> None:
        self.model = model
        self._known: OrderedDict[bytes, tuple[Word, ...]] = OrderedDict()

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        """See `greenroom.transcription.Transcriber`."""
        _check(clip)
        words = said(self._segments(clip), clip.seconds) if _audible(clip.samples) else ()
        self._remember(clip, words)
        return self._transcript(words, offset)

    def transcribe_verbatim(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        """See `greenroom.transcription.Transcriber`."""
        _check(clip)
        if clip.seconds > LONGEST_SECONDS:
            raise ValueError(f"the verbatim pass takes {LONGEST_SECONDS} s, and this is {clip.seconds} s")
        words = self._known.get(_digest(clip))
        if words is None:
            words = self.transcribe(clip).words
        if words:
            words = self._with_fillers(clip, words)
        return self._transcript(words, offset)

    def close(self) -> None:  # noqa: B027 - a default: the model goes with the object
        """See `greenroom.transcription.Transcriber`."""

    def _segments(self, clip: Clip) -> list[Segment]:
        with self._one_at_a_time:
            return list(self._decode(np.ascontiguousarray(clip.samples, dtype=np.float32)))

    def _with_fillers(self, clip: Clip, words: tuple[Word, ...]) -> tuple[Word, ...]:
        with self._one_at_a_time:
            reader = self._reader(np.ascontiguousarray(clip.samples, dtype=np.float32))
            pieces = with_fillers(reader, [word.text for word in words])
        return placed(pieces, clip.seconds) or words

    def _remember(self, clip: Clip, words: tuple[Word, ...]) -> None:
        self._known[_digest(clip)] = words
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _transcript(self, words: tuple[Word, ...], offset: float) -> Transcript:
        text = " ".join(word.text for word in words)
        return Transcript(text, LANGUAGE, self.engine, self.model, tuple(_later(words, offset)))

    @abstractmethod
    def _decode(self, samples: NDArray[np.float32]) -> Iterable[Segment]: ...

    @abstractmethod
    def _reader(self, samples: NDArray[np.float32]) -> Reader:
        """The model at one window: `samples`, up to `LONGEST_SECONDS` of them."""


def remembering(encode: Callable[[Any], Any], same: Callable[[Any, Any], bool]) -> Callable[[Any], Any]:
    """`encode`, which answers at once when it is asked for one of the last windows again.

    openai-whisper encodes a window to decode it, again for each hotter try, and again to time its words, and
    the verbatim pass comes a little later; encoding is about half of the work with a model of base's size.

    Args:
        same: whether two windows are one; `==` compares arrays element by element.
    """
    last: deque[tuple[Any, Any]] = deque(maxlen=_ENCODED)

    def remembered(window: Any) -> Any:
        for known, encoded in last:
            if same(known, window):
                return encoded
        last.append((window, encode(window)))
        return last[-1][1]

    return remembered


def thread_count(wanted: int | None) -> int:
    """`wanted`, or one fewer than the processor has, up to eight.

    One is left for capturing sound. On two cores that leaves one thread, which measured no slower than two:
    what the second gains, waking it for every small step of the decoder loses again (docs/measurements.md).
    """
    return wanted or max(1, min((os.cpu_count() or 1) - 1, _MOST_THREADS))


def _check(clip: Clip) -> None:
    if clip.rate != SAMPLE_RATE_HZ:
        raise ValueError(f"Whisper takes {SAMPLE_RATE_HZ} Hz, and this clip has {clip.rate} Hz")


def _digest(clip: Clip) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(clip.samples).tobytes(), digest_size=16).digest()


def _later(words: tuple[Word, ...], offset: float) -> Iterator[Word]:
    for word in words:
        start, end = (None if time is None else round(time + offset, 3) for time in (word.start, word.end))
        yield replace(word, start=start, end=end)


def _audible(samples: NDArray[np.float32]) -> bool:
    frames = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    loudest = float(np.square(frames, dtype=np.float64).mean(axis=1).max(initial=0.0))
    return loudest > 10 ** (_SILENCE_DBFS / 10)
