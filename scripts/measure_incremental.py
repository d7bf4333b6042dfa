"""What transcribing while somebody speaks costs and loses, against decoding the whole recording at once.

    python scripts/measure_incremental.py [--engine NAME] [--model NAME] [--detector NAME]
        [--shortest S ...] [--tail S ...] [--real] FILE ...

The recordings pass frame by frame, with silence after them, in a time of their own, in which decoding takes
the processor time that it takes here: frames wait for nothing else, and it does not matter what else the
computer does. The model runs on one thread. With --real frames come every 30 ms, and nothing is pretended.
A row for each setting:

- word error rate against the whole recording, both after Whisper's normaliser for English;
- chunks, and sound that was decoded in vain, because speech resumed;
- processor time per second of recording (for the whole recording at once: the first line);
- ready: from the last speech until all words were known, median and longest; at best the setting of --tail;
- behind: the most sound that was due and not decoded;
- follow: what a frame cost the thread that follows, median and 99.9th percentile.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from pathlib import Path
from statistics import median

import jiwer
import numpy as np
from whisper.normalizers import EnglishTextNormalizer

from greenroom.audio.clip import load_clip
from greenroom.listening.segmenter import Segmenter, seconds_in
from greenroom.listening.voice_activity import frames_of, load_detector, speech_intervals
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip, Transcript
from greenroom.transcription import Transcriber, load_transcriber
from greenroom.transcription.chunking import PRE_ROLL, Chunk, Cuts
from greenroom.transcription.incremental import IncrementalTranscriber

FRAME = FRAME_SAMPLES / SAMPLE_RATE_HZ
SILENCE_AFTER = 4.0  # s: the longest patience after a full stop
normalised = EnglishTextNormalizer()


@dataclass
class Run:
    """One recording under one setting; times in seconds."""

    text: str = ""
    decoded: list[Chunk] = field(default_factory=list)
    processor: float = 0.0
    ready: float = 0.0
    behind: float = 0.0
    followed: list[float] = field(default_factory=list)

    @property
    def wasted(self) -> float:
        return sum(old.end - old.start for old, new in pairwise(self.decoded) if new.start == old.start)

    @property
    def kept(self) -> int:
        return len({chunk.start for chunk in self.decoded})


class Timed:
    """A transcriber that keeps a record, and is done no sooner in the recording's time than in its own.

    Attributes:
        due: when what it has decoded may be known (s of the recording's time); None while it has nothing.
    """

    def __init__(self, transcriber: Transcriber, run: Run, now: Callable[[], float] | None) -> None:
        self._transcriber = transcriber
        self._run = run
        self._now = now
        self._may_return = threading.Event()
        self.engine, self.model = transcriber.engine, transcriber.model
        self.due: float | None = None

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        asked = self._now() if self._now else 0.0
        before = time.process_time()
        transcript = self._transcriber.transcribe(clip, offset=offset)
        used = time.process_time() - before
        self._run.processor += used
        self._run.decoded.append(Chunk(offset, offset + clip.seconds))
        if self._now:
            self._may_return.clear()
            self.due = asked + used
            self._may_return.wait()
        return transcript

    def release(self) -> None:
        self.due = None
        self._may_return.set()

    def close(self) -> None:
        """The transcriber goes on to the next setting."""


class Passage:
    """A recording passing by, frame by frame."""

    def __init__(self, transcriber: Transcriber, cuts: Cuts, *, real: bool) -> None:
        self.run = Run()
        self._real = real
        self._segmenter = Segmenter()
        self._timed = Timed(transcriber, self.run, None if real else self._seconds)
        self._words = IncrementalTranscriber(lambda: self._timed, cuts)

    def pass_by(self, clip: Clip, detector_name: str) -> Run:
        detector = load_detector(detector_name)
        began = time.monotonic()
        for frame in frames_of(clip):
            self._hear(frame, detector.is_speech(frame))
            self._wait(began)
        while not self._words.settled:
            self._hear(np.zeros(FRAME_SAMPLES, np.float32), False)
            self._wait(began)
        self.run.text = self._words.finish(self._segmenter.intervals).text
        self._words.close()
        return self.run

    def _seconds(self) -> float:
        return seconds_in(self._segmenter.frames)

    def _hear(self, frame: np.ndarray, voiced: bool) -> None:
        self._segmenter.push(voiced)
        speech, speaking = self._segmenter.intervals, self._segmenter.speaking
        silence = 0.0 if speaking else seconds_in(self._segmenter.frames - self._segmenter.speech_end_frame)
        before = time.perf_counter()
        self._words.feed(frame)
        self._words.follow(speech, silence)
        self.run.followed.append(time.perf_counter() - before)
        self.run.behind = max(self.run.behind, self._words.behind)

    def _wait(self, began: float) -> None:
        if self._real:
            time.sleep(max(0.0, began + self._seconds() - time.monotonic()))
        else:
            self._let_decode()
        if not self._words.settled:
            self.run.ready = self._seconds() - seconds_in(self._segmenter.speech_end_frame) + FRAME

    def _let_decode(self) -> None:
        """Until the worker has nothing to do, or what it did would not be done yet."""
        while self._words.behind or self._timed.due is not None:
            self._words.check()
            if self._timed.due is not None:
                if self._timed.due > self._seconds():
                    return
                self._timed.release()
            time.sleep(0.0005)


def main() -> None:
    options = _options()
    transcriber = load_transcriber(options.engine, options.model, threads=1)
    clips = [_with_silence(load_clip(file)) for file in options.files]
    wholes = [_whole(transcriber, clip, options.detector) for clip in clips]
    seconds = sum(clip.seconds - SILENCE_AFTER for clip in clips)
    used = sum(run.processor for run in wholes)
    print(f"{options.engine} {options.model}, {options.detector}, {len(clips)} recordings, {seconds:.0f} s")
    print(f"at once: processor {used / seconds:.2f} s/s\n")
    print("| shortest | tail | WER | chunks | in vain | processor | ready | behind | follow |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for shortest, tail in product(options.shortest, options.tail):
        cuts = Cuts(shortest=shortest, tail=tail, short_tail=max(tail, Cuts().short_tail))
        runs = [Passage(transcriber, cuts, real=options.real).pass_by(c, options.detector) for c in clips]
        print(f"| {shortest:g} s | {tail:g} s | {_row(runs, wholes, seconds)} |", flush=True)
        if options.verbose:
            _print_differences(options.files, runs, wholes)


def _row(runs: Sequence[Run], wholes: Sequence[Run], seconds: float) -> str:
    errors = jiwer.wer([normalised(run.text) for run in wholes], [normalised(run.text) for run in runs])
    followed = np.concatenate([run.followed for run in runs]) * 1000
    cells = [
        f"{errors:.2%}",
        f"{sum(run.kept for run in runs)}",
        f"{sum(run.wasted for run in runs):.0f} s",
        f"{sum(run.processor for run in runs) / seconds:.2f} s/s",
        f"{median(run.ready for run in runs):.2f}, {max(run.ready for run in runs):.2f} s",
        f"{max(run.behind for run in runs):.0f} s",
        f"{np.median(followed):.3f}, {np.quantile(followed, 0.999):.3f} ms",
    ]
    return " | ".join(cells)


def _print_differences(files: Sequence[Path], runs: Sequence[Run], wholes: Sequence[Run]) -> None:
    for file, run, whole in zip(files, runs, wholes, strict=True):
        words = jiwer.process_words(normalised(whole.text), normalised(run.text))
        if words.wer:
            print(f"{file.name}: {words.wer:.1%}")
            print(jiwer.visualize_alignment(words, show_measures=False))


def _with_silence(clip: Clip) -> Clip:
    after = np.zeros(round(SILENCE_AFTER * SAMPLE_RATE_HZ), np.float32)
    return Clip(np.concatenate([clip.samples, after]))


def _whole(transcriber: Transcriber, clip: Clip, detector: str) -> Run:
    speech, run = speech_intervals(clip, load_detector(detector)), Run()
    if speech:
        start, end = max(0.0, speech[0][0] - PRE_ROLL), speech[-1][1] + PRE_ROLL
        spoken = Clip(clip.samples[round(start * SAMPLE_RATE_HZ) : round(end * SAMPLE_RATE_HZ)])
        run.text = Timed(transcriber, run, None).transcribe(spoken).text
    return run


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--engine", default="openai-whisper")
    parser.add_argument("--model", default="base")
    parser.add_argument("--detector", default="webrtc")
    parser.add_argument("--shortest", nargs="+", type=float, default=[Cuts().shortest])
    parser.add_argument("--tail", nargs="+", type=float, default=[Cuts().tail])
    parser.add_argument("--real", action="store_true", help="in real time")
    parser.add_argument("--verbose", action="store_true", help="show every word that differs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
