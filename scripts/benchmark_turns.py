"""How answers end, and how long a person waits for feedback: the tables of docs/measurements.md.

    scripts/benchmark turns --part endings          cut off, lost, late, never: for each detector and patience
    scripts/benchmark turns --part endings --with-tails   also with the patience that last words extend
    scripts/benchmark turns --part transcription    the response gap, and what transcribing costs; on a quiet
                                                    machine, and it takes as long as the answers
    scripts/benchmark turns --small                 a try of both with few answers, in under a minute

Answers are made of real speech from a folder of recordings (--audio, or GREENROOM_AUDIO, or ../shared/audio
beside the checkout; left out where there is none), of the project's own recordings, and of synthetic voices.
Tables go to stdout, progress to stderr. What takes long is kept in --cache and used again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import turns_endings
import turns_testset
import turns_transcription
from turns_endings import Row, Turn
from turns_sound import Samples
from turns_sources import Source, audio_folder, noises, real_sources, synthetic_sources
from turns_tails import Follower, KeptTranscriber
from turns_testset import Spoken

from greenroom.listening.patience import NAMED
from greenroom.transcription import ENGINES

PROCESSES = 2
SEED = 1


@dataclass(frozen=True)
class TestSet:
    """What every process needs to make its answers."""

    sources: list[Source]
    noises: dict[str, Samples]
    options: argparse.Namespace

    @property
    def plans(self) -> list[turns_testset.Plan]:
        longest = 30.0 if self.options.small else turns_testset.LONGEST_ANSWER
        return turns_testset.plans(self.sources, self.options.answers, SEED, longest)


_set: TestSet | None = None


def load_set(options: argparse.Namespace) -> TestSet:
    folder = audio_folder(options.audio)
    if folder is None:
        tell("no folder of recordings (--audio): the project's own recordings and generated noise only")
    sources = [*real_sources(folder), *synthetic_sources(options.cache, small=options.small)]
    return TestSet(sources, noises(folder, SEED), options)


def endings_of(plan: turns_testset.Plan) -> list[Row]:
    """One answer under all its conditions, for every detector and patience; runs in a process of its own."""
    if _set is None:
        raise RuntimeError("the test set is made before the processes start")
    options = _set.options
    answers = {
        variant: turns_testset.spoken(plan, _set.sources[plan.source], SEED, variant)
        for variant in ("natural", "stress")
    }
    return [
        row
        for condition in _conditions(plan, _set)
        for detector in options.detector
        for row in _rows(answers[condition.variant], condition, detector, _set)
    ]


def _conditions(plan: turns_testset.Plan, test_set: TestSet) -> list[turns_testset.Condition]:
    options = test_set.options
    found = turns_testset.conditions(list(test_set.noises), plan.number, every_noise=options.every_noise)
    # With words, only those that decide: decoding hours of sound takes hours.
    return [each for each in found if each.snr_db in (None, 15)] if options.with_tails else found


def _rows(
    answer: Spoken, condition: turns_testset.Condition, detector: str, test_set: TestSet
) -> Iterator[Row]:
    options = test_set.options
    samples = turns_testset.mixed(answer, condition, test_set.noises, SEED)
    flags = turns_endings.voiced(samples, detector, options.cache)

    def row(name: str, turn: Turn) -> Row:
        patience = NAMED[name.partition(",")[0]].base
        ending = turns_endings.listen(flags, answer.end, patience, turn)
        return turns_endings.row(answer, condition, detector, name, ending)

    for name in options.patience:
        yield row(name, turns_endings.nothing)
        if options.with_tails:
            follower = Follower(samples, _transcriber(options), NAMED[name])
            yield row(f"{name}, extended", follower)
            follower.close()


@lru_cache(maxsize=1)
def _transcriber_of(engine: str, model: str, cache: Path) -> KeptTranscriber:
    return KeptTranscriber(engine, model, cache)


def _transcriber(options: argparse.Namespace) -> KeptTranscriber:
    return _transcriber_of(options.engine[0], options.model[0], options.cache)


def measure_endings(options: argparse.Namespace) -> Iterator[Row]:
    global _set
    _set = load_set(options)  # before the processes start: they share it
    plans = _set.plans
    minutes = sum(plan.seconds for plan in plans) / 60
    tell(f"{len(plans)} answers, {minutes:.0f} minutes of talk, each several times")
    # The longest first, so that no process is left alone with one of them at the end.
    plans.sort(key=lambda plan: -plan.seconds)
    with ProcessPoolExecutor(PROCESSES) as pool:
        for number, rows in enumerate(pool.map(endings_of, plans), start=1):
            tell(f"endings: {number} of {len(plans)} answers", passing=True)
            yield from rows


def tell(text: str, *, passing: bool = False) -> None:
    end = "\r" if passing and sys.stderr.isatty() else "\n"
    print(text, file=sys.stderr, flush=True, end=end)


def options_from(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark turns",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--part", choices=["endings", "transcription", "all"], default="all")
    parser.add_argument("--audio", type=Path, metavar="FOLDER", help="the folder of recordings")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "greenroom-benchmark")
    parser.add_argument("--answers", type=int, help="how many answers (64; with --small 6)")
    parser.add_argument(
        "--detector", action="append", help="webrtc, silero or auto (default: webrtc and silero)"
    )
    parser.add_argument("--patience", action="append", choices=list(NAMED), help="default: all")
    parser.add_argument(
        "--with-tails", action="store_true", help="also with the words, which extend the patience"
    )
    parser.add_argument("--engine", action="append", choices=list(ENGINES), help="default: all")
    parser.add_argument("--model", action="append", help="default: base")
    parser.add_argument(
        "--length", action="append", type=int, help="of answers to transcribe (15, 60, 180, 300 s)"
    )
    parser.add_argument(
        "--speech", choices=["real", "read", "both"], help="what to transcribe (both; with --small real)"
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="faster than speech; then gaps are not honest"
    )
    parser.add_argument("--no-feedback", action="store_true", help="transcribe only")
    parser.add_argument(
        "--realtimestt", type=Path, metavar="PYTHON", help="of an environment with RealtimeSTT"
    )
    parser.add_argument(
        "--every-noise", action="store_true", help="each answer with every noise at each level"
    )
    parser.add_argument("--small", action="store_true", help="few and short answers: does it work?")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all single results, too")
    options = parser.parse_args(arguments)
    options.answers = options.answers or (6 if options.small else 64)
    options.detector = options.detector or ["webrtc", "silero"]
    options.patience = options.patience or list(NAMED)
    options.engine = options.engine or list(ENGINES)[: 1 if options.small else None]
    options.speech = options.speech or ("real" if options.small else "both")
    options.model = options.model or ["base"]
    return options


def main() -> None:
    options = options_from()
    options.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The libraries' own threads would only wait for each other beside two processes.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    results: dict[str, object] = {}
    began = time.monotonic()
    if options.part in ("endings", "all"):
        rows = list(measure_endings(options))
        results["endings"] = [row.as_json() for row in rows]
        print(turns_endings.tables(rows), flush=True)
    if options.part in ("transcription", "all"):
        sources = _set.sources if _set else load_set(options).sources
        runs = turns_transcription.measure(sources, options, SEED, tell)
        results["transcription"] = [turns_transcription.as_json(run) for run in runs]
        print(turns_transcription.table(runs), flush=True)
    tell(f"{time.monotonic() - began:.0f} s; load of the machine {os.getloadavg()[0]:.1f}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
