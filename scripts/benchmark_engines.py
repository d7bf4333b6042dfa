"""How long each engine takes to load and to decode, and how much memory: the table of docs/models.md.

    python scripts/benchmark_engines.py [--engine NAME] [--model NAME] [--threads N] [--repeats N] [FILE ...]

Decodes 10, 30 and 60 s cut from the recordings given, or from the clip of the tests; run on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from greenroom.audio.clip import load_clip
from greenroom.records import Clip
from greenroom.transcription import ENGINES, Transcriber, load_transcriber

JFK = Path(__file__).parent.parent / "tests" / "data" / "jfk.flac"
LENGTHS_S = (10, 30, 60)


def main() -> None:
    options = _options()
    if options.measure:
        print(json.dumps(_measure(options)))
        return
    lengths = " | ".join(f"{length} s" for length in LENGTHS_S)
    print(f"| engine | model | load | {lengths} | word times | processor, 60 s | memory |")
    print("|---|---" + "|---" * (len(LENGTHS_S) + 4) + "|")
    for engine in options.engine or ENGINES:
        for model in options.model or ("base", "tiny.en"):
            print(_row(engine, model, options))


def _row(engine: str, model: str, options: argparse.Namespace) -> str:
    """Each repeat in a process of its own: only then does loading include the imports."""
    command = [sys.executable, __file__, "--measure", "--engine", engine, "--model", model]
    command += ["--threads", str(options.threads), *map(str, options.files)]
    runs = [json.loads(subprocess.check_output(command)) for _ in range(options.repeats)]
    load, *decodes, aligning, busy, memory = (median(values) for values in zip(*runs, strict=True))
    shares = f"{aligning:.0%}" if engine == "openai-whisper" else "-"
    times = " | ".join(f"{seconds:.1f} s" for seconds in (load, *decodes))
    return f"| {engine} | {model} | {times} | {shares} | {busy:.1f} s | {memory:.0f} MB |"


def _measure(options: argparse.Namespace) -> list[float]:
    """Seconds to load and to decode each length, share of that for word times, processor time, memory (MB).

    The processor time, of all threads, is that of the last length; it too varies with what else runs.
    """
    sound = np.concatenate([load_clip(file).samples for file in options.files or [JFK]])
    began = time.perf_counter()
    transcriber = load_transcriber(options.engine[0], options.model[0], threads=options.threads)
    load = time.perf_counter() - began
    aligned = _watch_alignment() if options.engine[0] == "openai-whisper" else [0.0]
    decodes = [_decode(transcriber, _cut(sound, length)) for length in LENGTHS_S[:-1]]
    before = time.process_time()
    decodes.append(_decode(transcriber, _cut(sound, LENGTHS_S[-1])))
    busy = time.process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [load, *decodes, sum(aligned) / sum(decodes), busy, memory]


def _decode(transcriber: Transcriber, clip: Clip) -> float:
    began = time.perf_counter()
    assert transcriber.transcribe(clip).words
    return time.perf_counter() - began


def _watch_alignment() -> list[float]:
    # The package has a function of the module's name, so the module is only to be had from here.
    module = sys.modules["whisper.transcribe"]
    align, spent = module.add_word_timestamps, [0.0]

    def timed(**arguments: object) -> None:
        began = time.perf_counter()
        align(**arguments)
        spent.append(time.perf_counter() - began)

    module.add_word_timestamps = timed  # type: ignore[attr-defined]
    return spent


def _cut(sound: np.ndarray, seconds: int) -> Clip:
    wanted = seconds * 16_000
    return Clip(np.tile(sound, -(-wanted // len(sound)))[:wanted])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--model", action="append")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--measure", action="store_true", help="one run of one engine, as JSON")
    parser.add_argument("files", nargs="*", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
