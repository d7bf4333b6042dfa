"""Transcribing an answer while it is spoken, chunk by chunk, so that at its end only the last one is missing.

The caller's thread feeds sound and says where speech is; both return at once. One worker decodes: chunks
that are certain first, then, in a silence that may be the end, the rest of the answer. If speech goes on
after all, what was decoded of the rest stands where it makes a chunk, and otherwise is decoded again with
what follows. In the time left, while somebody speaks, chunks are decoded once more for their filled pauses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from greenroom.records import (
    LONGEST_FILLED_PAUSE,
    SAMPLE_RATE_HZ,
    Clip,
    Transcript,
    Verbatim,
    Word,
    is_filled_pause,
)
from greenroom.transcription import Transcriber
from greenroom.transcription.chunking import PRE_ROLL, Chunk, Chunker, Cuts, Speech, quietest_place
from greenroom.transcription.context import after_the_cut

_BLOCK = 30 * SAMPLE_RATE_HZ

_LEAST_WORDS = 0.5
"""Words a second under which a chunk is decoded once more without the sound before it. Slow speech has 1.7
(100 a minute), and a chunk may hold a pause of 2.5 s."""


class IncrementalTranscriber:
    """Transcribes one answer.

    Args:
        transcriber: called once, in the worker; may take as long as loading a model does.
    """

    def __init__(self, transcriber: Callable[[], Transcriber], cuts: Cuts | None = None) -> None:
        self._load = transcriber
        self._transcriber: Transcriber | None = None
        self._sound = _Sound()
        self._chunker = Chunker(cuts)
        self._progress = _Progress()
        self._context: dict[Chunk, float] = {}  # the worker's: sound (s) that each was decoded with
        self._speech: Speech = ()
        self._speaking = False
        self._tail_due = False
        self._ended = False
        self._fault: BaseException | None = None
        self._closed = False
        # Guards everything but the sound, which only ever grows at its end.
        self._changed = threading.Condition()
        threading.Thread(target=self._work, name="incremental-transcriber", daemon=True).start()

    @property
    def words(self) -> tuple[Word, ...]:
        """All known now, in order, times in the recording. Only words after the last cut may change."""
        return self._progress.words

    @property
    def until(self) -> float:
        """Where the last known word ends (s); 0.0 without words."""
        return max((word.end or 0.0 for word in self.words[-1:]), default=0.0)

    @property
    def decoded(self) -> float:
        """Up to where the words are known (s): now if all speech is decoded, else the end of the last chunk.

        It falls back when speech resumes after a silence, since that sound is not decoded yet.
        """
        with self._changed:
            return self._sound.seconds if self._is_settled() else self._progress.end

    @property
    def settled(self) -> bool:
        """Whether everything that was spoken until now is decoded."""
        with self._changed:
            return self._is_settled()

    @property
    def behind(self) -> float:
        """Sound that is due and not decoded yet (s), with what is being decoded now."""
        with self._changed:
            return sum(chunk.end - chunk.start for chunk in self._missing())

    def feed(self, frame: NDArray[np.float32]) -> None:
        """Takes the next frame of the recording (16 kHz, any length)."""
        self._sound.append(frame)

    def follow(self, speech: Speech, silence: float) -> None:
        """Takes where speech is, after every frame, and has decoded what has become due.

        Args:
            speech: (start, end) of all stretches so far (s); the last one may be under way.
            silence: since the last of it (s); 0.0 while speaking.
        """
        with self._changed:
            self._speech = speech
            self._speaking = silence == 0.0
            self._cut()
            self._tail_due = self._chunker.tail_due(speech, silence)
            # finish() has to know of speech that goes on, the worker of what there is to do.
            if self._missing() or silence == 0.0:
                self._changed.notify_all()

    def finish(self, speech: Speech, *, everything: bool = False) -> Transcript:
        """Decodes what is missing and gives the whole transcript; blocks until then, so not for the thread
        that follows.

        May be called again after more sound and more speech. If speech goes on meanwhile this end is none:
        then it waits for nothing, and what it gives is only what is known.

        Args:
            everything: where there is no speech, decode the recording all the same: a quiet voice deserves
                a try when the person says that the answer is done.

        Raises:
            RuntimeError: it was closed.
            Exception: what the worker raised: ModelError from loading, anything from decoding.
        """
        if everything and not speech:
            speech = ((0.0, self._sound.seconds),)
        with self._changed:
            if not self._goes_on_after(speech):
                self._speech = speech
                self._tail_due = True
                self._cut()
                self._changed.notify_all()
            self._changed.wait_for(lambda: self._broken() or self._finished(speech))
            self.check()
            if self._closed or self._transcriber is None:
                raise RuntimeError("a transcriber that was closed cannot finish")
            return _transcript(self._transcriber, self.words)

    def finish_verbatim(self) -> tuple[Verbatim, ...]:
        """Every chunk decoded once more for its filled pauses, after the last finish(); blocks until then.

        Where that fails, or this is closed meanwhile, some are missing: the words of record are safe.
        """
        with self._changed:
            self._ended = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._broken() or not self._to_hear_again())
            return self._progress.verbatim

    def check(self) -> None:
        """Raise what the worker has raised so far; never waits."""
        if self._fault is not None:
            raise self._fault

    def close(self) -> None:
        """Stop the worker; a chunk that is being decoded is not waited for."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _broken(self) -> bool:
        return self._closed or self._fault is not None

    def _finished(self, speech: Speech) -> bool:
        return self._transcriber is not None and (self._is_settled() or self._goes_on_after(speech))

    def _goes_on_after(self, speech: Speech) -> bool:
        ends = [stretches[-1][1] if stretches else 0.0 for stretches in (speech, self._speech)]
        return ends[1] > ends[0]

    def _is_settled(self) -> bool:
        return not self._progress.missing(self._chunker.tail(self._speech))

    def _cut(self) -> None:
        while chunk := self._chunker.next(self._speech, self._sound.quietest):
            self._progress.close(chunk)

    def _work(self) -> None:
        try:
            transcriber = self._load()
            with self._changed:
                self._transcriber = transcriber
                self._changed.notify_all()
            while job := self._wait_for_job():
                job(transcriber)
        except BaseException as fault:  # whatever it is, it is raised where somebody waits for the words
            with self._changed:
                self._fault = fault
                self._changed.notify_all()

    def _wait_for_job(self) -> Callable[[Transcriber], None] | None:
        """What to do next, as soon as there is something; None once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._missing() or self._to_hear_again())
            if self._closed:
                return None
            if missing := self._missing():
                return partial(self._decode, missing[0], self._progress.committed)
            return partial(self._hear_again, self._to_hear_again()[0])

    def _decode(self, chunk: Chunk, known: tuple[Word, ...], transcriber: Transcriber) -> None:
        words, self._context[chunk] = _decoded(transcriber, self._sound, chunk, known, self._chunker.cuts)
        with self._changed:
            self._progress.deliver(chunk, words)
            self._chunker.note(chunk, words)
            self._cut()  # what was just learnt may make the next chunk shorter
            self._changed.notify_all()

    def _hear_again(self, chunk: Chunk, transcriber: Transcriber) -> None:
        try:
            verbatim = _verbatim(transcriber, self._sound, chunk, self._context[chunk])
        except Exception:  # the answer is not to be lost for its fillers; a lost transcriber fails again
            verbatim = None
        with self._changed:
            self._progress.hear_again(chunk, verbatim)
            self._changed.notify_all()

    def _to_hear_again(self) -> list[Chunk]:
        """Not in a silence that may be the end of the answer: there the tail comes first."""
        return self._progress.unheard(ended=self._ended) if self._speaking or self._ended else []

    def _missing(self) -> list[Chunk]:
        return self._progress.missing(self._due_tail())

    def _due_tail(self) -> Chunk | None:
        return self._chunker.tail(self._speech) if self._tail_due else None


def transcribe_in_chunks(
    transcriber: Transcriber, clip: Clip, speech: Speech, cuts: Cuts | None = None
) -> Transcript:
    """Transcribes a whole recording (16 kHz) with the cuts that it would have had while it was spoken."""
    return _in_chunks(transcriber, clip, speech, cuts, verbatim=False)[0]


def transcribe_twice(
    transcriber: Transcriber, clip: Clip, speech: Speech, cuts: Cuts | None = None
) -> tuple[Transcript, tuple[Verbatim, ...]]:
    """The same, and every chunk once more for its filled pauses."""
    return _in_chunks(transcriber, clip, speech, cuts, verbatim=True)


def _in_chunks(
    transcriber: Transcriber, clip: Clip, speech: Speech, cuts: Cuts | None, *, verbatim: bool
) -> tuple[Transcript, tuple[Verbatim, ...]]:
    sound, chunker, words, again = _Sound(), Chunker(cuts), list[Word](), list[Verbatim]()
    sound.append(clip.samples)
    while chunk := chunker.next(speech, sound.quietest) or chunker.last(speech):
        decoded, context = _decoded(transcriber, sound, chunk, words, chunker.cuts)
        chunker.note(chunk, decoded)
        words += decoded
        if verbatim:
            again.append(_verbatim(transcriber, sound, chunk, context))
    return _transcript(transcriber, words), tuple(again)


def _decoded(
    transcriber: Transcriber, sound: _Sound, chunk: Chunk, known: Sequence[Word], cuts: Cuts
) -> tuple[tuple[Word, ...], float]:
    """The words of a chunk, and with how much of the sound before it they were decoded (s).

    `known` are the words before it.
    """
    words = _decoded_with(transcriber, sound, chunk, known, cuts.context)
    if cuts.context and len(words) < _LEAST_WORDS * (chunk.end - chunk.start - PRE_ROLL):
        # Whisper may take the silence or the end of a sentence before the chunk for the end of everything.
        alone = _decoded_with(transcriber, sound, chunk, known, 0.0)
        if len(alone) > len(words):
            return alone, 0.0
    return words, cuts.context


def _decoded_with(
    transcriber: Transcriber, sound: _Sound, chunk: Chunk, known: Sequence[Word], context: float
) -> tuple[Word, ...]:
    clip, start = sound.cut(chunk, context)
    words = transcriber.transcribe(clip, offset=start).words
    return after_the_cut(words, chunk.start, known) if context else words


def _verbatim(transcriber: Transcriber, sound: _Sound, chunk: Chunk, context: float) -> Verbatim:
    """The chunk with the sound that it was decoded with, which engines remember."""
    clip, start = sound.cut(chunk, context)
    words = transcriber.transcribe_verbatim(clip, offset=start).words
    inside = tuple(word for word in words if _is_new(word, chunk.start))
    return Verbatim(chunk.start, chunk.end, inside)


def _is_new(word: Word, start: float) -> bool:
    """Whether it was said in the chunk that begins at `start` (s).

    A filled pause also at the end of the one before: some are told only by what follows them.
    """
    middle = ((word.start or 0.0) + (word.end or 0.0)) / 2
    return middle >= (start - LONGEST_FILLED_PAUSE if is_filled_pause(word.text) else start)


def _transcript(transcriber: Transcriber, words: Sequence[Word]) -> Transcript:
    text = " ".join(word.text for word in words)
    return Transcript(text, engine=transcriber.engine, model=transcriber.model, words=tuple(words))


class _Progress:
    """Which chunks there are, which are decoded, and the words they brought.

    Attributes:
        committed: the words of all chunks that are decoded.
        words: these, and those of the tail as it was last decoded.
        end: of what they were decoded from (s).
        verbatim: what was heard again, in order.
    """

    def __init__(self) -> None:
        self.words: tuple[Word, ...] = ()
        self.end = 0.0
        self._chunks: list[Chunk] = []
        self._decoded = 0
        self.committed: tuple[Word, ...] = ()
        self._tail: Chunk | None = None
        self._tail_words: tuple[Word, ...] = ()
        self.verbatim: tuple[Verbatim, ...] = ()
        self._heard_again: set[Chunk] = set()

    def close(self, chunk: Chunk) -> None:
        """Takes the next chunk that is certain; the tail's words stand if it is the same sound."""
        self._chunks.append(chunk)
        if chunk == self._tail and self._decoded == len(self._chunks) - 1:
            self.deliver(chunk, self._tail_words)

    def deliver(self, chunk: Chunk, words: tuple[Word, ...]) -> None:
        """Takes the words of a chunk that `missing` gave."""
        if self._chunks[self._decoded : self._decoded + 1] == [chunk]:
            self._decoded += 1
            self.committed += words
            self._tail, self._tail_words = None, ()
        else:
            self._tail, self._tail_words = chunk, words
        self.words = self.committed + self._tail_words
        self.end = chunk.end

    def hear_again(self, chunk: Chunk, verbatim: Verbatim | None) -> None:
        """Takes what a chunk that `unheard` gave brought; None where it brought nothing."""
        self._heard_again.add(chunk)
        self.verbatim += (verbatim,) if verbatim else ()

    def unheard(self, *, ended: bool) -> list[Chunk]:
        """Chunks that are decoded once, in order; with the tail when nothing can follow it any more."""
        tails = [self._tail] if ended and self._tail is not None else []
        return [c for c in (*self._chunks[: self._decoded], *tails) if c not in self._heard_again]

    def missing(self, tail: Chunk | None) -> list[Chunk]:
        """Those of the chunks and `tail` that are not decoded, in order."""
        tails = [] if tail is None or tail == self._tail else [tail]
        return self._chunks[self._decoded :] + tails


class _Sound:
    """The recording so far, in blocks, so that nothing is ever moved. One thread appends, any reads."""

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.float32]] = []
        self._samples = 0

    @property
    def seconds(self) -> float:
        return self._samples / SAMPLE_RATE_HZ

    def append(self, samples: NDArray[np.float32]) -> None:
        while len(samples):
            at = self._samples % _BLOCK
            if at == 0:
                self._blocks.append(np.empty(_BLOCK, dtype=np.float32))
            fitting = samples[: _BLOCK - at]
            self._blocks[-1][at : at + len(fitting)] = fitting
            self._samples += len(fitting)
            samples = samples[len(fitting) :]

    def cut(self, chunk: Chunk, context: float) -> tuple[Clip, float]:
        """The sound of a chunk and of `context` seconds before it, and where exactly it begins (s)."""
        first = max(0, round((chunk.start - context) * SAMPLE_RATE_HZ))
        return Clip(self._between(first, round(chunk.end * SAMPLE_RATE_HZ))), first / SAMPLE_RATE_HZ

    def quietest(self, start: float, end: float) -> float:
        """The quietest place from `start` to `end` (s)."""
        samples = self._between(round(start * SAMPLE_RATE_HZ), round(end * SAMPLE_RATE_HZ))
        return start + quietest_place(samples)

    def _between(self, first: int, last: int) -> NDArray[np.float32]:
        last = min(last, self._samples)
        pieces = [np.empty(0, np.float32)]
        for number in range(first // _BLOCK, -(-last // _BLOCK)):
            begin = number * _BLOCK
            pieces.append(self._blocks[number][max(0, first - begin) : last - begin])
        return np.concatenate(pieces)
