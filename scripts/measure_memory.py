"""What the engine's process holds and uses: loaded, with windows decoded, and with them read again.

    python scripts/measure_memory.py [--engine NAME] [--model NAME] [--threads N] [--repeats N] [FILE ...]

Five windows of 24 s, spread over the recordings given or those of the demo, are decoded and then gone through
once more for their filled pauses, in a process of its own as in an interview. Memory is what is resident at
the end of each step and the most in it; the processor time is that of the child. Medians of the repeats.
The last line tells whether two versions gave the same words, times and probabilities; --words keeps them.
Linux only.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from turns_process import forget_peak, memory_bytes, seconds_of

from greenroom.audio.clip import load_clip
from greenroom.demo import demo_recordings
from greenroom.records import SAMPLE_RATE_HZ, Clip, Word
from greenroom.transcription.process import ProcessTranscriber

WINDOWS, WINDOW_SECONDS = 5, 24
STEPS = ("loaded", "decoded", "read again")


@dataclass(frozen=True)
class Step:
    """Memory in MB, processor time in seconds."""

    resident: float
    peak: float
    processor: float


class Meter:
    """Looks at a process after each thing that it does."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._used = 0.0

    def look(self) -> Step:
        used = seconds_of(self._pid)
        resident, peak = (memory_bytes(self._pid, field) / 2**20 for field in ("VmRSS", "VmHWM"))
        step = Step(resident, peak, used - self._used)
        self._used = used
        forget_peak(self._pid)
        return step


def main() -> None:
    options = _options()
    windows = list(_windows(options.files or demo_recordings()))
    runs, said = zip(*(_run(windows, options) for _ in range(options.repeats)), strict=True)
    print(f"{options.engine} {options.model}, {len(windows)} windows of {WINDOW_SECONDS} s")
    print("| | resident | at most | processor |\n|---|---|---|---|")
    for name, steps in zip(STEPS, zip(*runs, strict=True), strict=True):
        resident, peak, processor = (
            median(getattr(step, field) for step in steps) for field in ("resident", "peak", "processor")
        )
        print(f"| {name} | {resident:.0f} MB | {peak:.0f} MB | {processor:.2f} s |")
    print(f"said: {', '.join(sorted(set(said)))}")


def _run(windows: list[Clip], options: argparse.Namespace) -> tuple[list[Step], str]:
    transcriber = ProcessTranscriber(options.engine, options.model, threads=options.threads)
    assert transcriber._child is not None
    meter = Meter(transcriber._child.pid)
    steps, words = [meter.look()], list[Word]()
    for transcribe in (transcriber.transcribe, transcriber.transcribe_verbatim):
        for window in windows:
            words += transcribe(window).words
        steps.append(meter.look())
    transcriber.close()
    said = "\n".join(f"{word.text} {word.start} {word.end} {word.probability}" for word in words)
    if options.words:
        options.words.write_text(said)
    return steps, hashlib.sha256(said.encode()).hexdigest()[:12]


def _windows(files: list[Path]) -> Iterator[Clip]:
    sound = np.concatenate([load_clip(file).samples for file in files])
    length = WINDOW_SECONDS * SAMPLE_RATE_HZ
    for start in np.linspace(0, len(sound) - length, WINDOWS).astype(int):
        yield Clip(sound[start : start + length])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", default="openai-whisper")
    parser.add_argument("--model", default="base")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--words", type=Path, help="file for the words, to compare")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    return parser.parse_args()


if __name__ == "__main__":
    main()
