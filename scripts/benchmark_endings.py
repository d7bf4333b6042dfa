"""How each voice activity detector ends an answer: at once, late, never, or too early.

    .venv/bin/python scripts/benchmark_endings.py [SPEECH ...] [--noise FILE ...]

SPEECH are recordings of one answer each (default: the demo candidate's and the tests'). Behind each lie
twelve seconds of a tail: digital silence; white noise of -60 and -50 dBFS, under the whole recording; and
each noise file, under the whole recording, at 15 dB below the speech. Printed for each detector and tail:
how many answers ended, the median and the longest delay beyond the patience (from the last speech that
Silero hears in the clean recording), and how many ended more than half a second before that.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.clip import load_clip
from greenroom.demo import demo_recordings
from greenroom.listening.endpointer import Endpointer, EndpointerSettings
from greenroom.listening.voice_activity import frames_of, load_detector, speech_intervals
from greenroom.records import SAMPLE_RATE_HZ, Clip

PATIENCE = 4.0
TAIL_SECONDS = 12.0
EARLY_SECONDS = 0.5
TESTS_OWN = Path(__file__).parents[1] / "tests" / "data" / "jfk.flac"

Tail = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def level(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) or 1e-9


def white(dbfs: float) -> Tail:
    def noise(speech: NDArray[np.float32]) -> NDArray[np.float32]:
        generator = np.random.default_rng(1)
        return generator.normal(0, 10 ** (dbfs / 20), len(speech)).astype(np.float32)

    return noise


def recorded(path: Path) -> Tail:
    clip = load_clip(path)

    def noise(speech: NDArray[np.float32]) -> NDArray[np.float32]:
        looped = np.resize(clip.samples, len(speech))
        return looped * np.float32(level(speech[speech != 0]) / level(looped) * 10 ** (-15 / 20))

    return noise


def silence(speech: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.zeros_like(speech)


def decided(detector_name: str, samples: NDArray[np.float32]) -> float | None:
    """When the answer ended (s), or None if it never did."""
    detector, endpointer = load_detector(detector_name), Endpointer(EndpointerSettings(patience=PATIENCE))
    for frame in frames_of(Clip(samples)):
        if endpointer.push(detector.is_speech(frame)).phase == "ended":
            return endpointer.seconds
    return None


def delays(detector_name: str, answers: Sequence[Clip], tail: Tail) -> Iterator[float | None]:
    """Seconds beyond the patience at which each answer ended."""
    for answer in answers:
        spoken_until = speech_intervals(answer, load_detector("silero"))[-1][1]
        padding = np.zeros(round(TAIL_SECONDS * SAMPLE_RATE_HZ), dtype=np.float32)
        samples = np.concatenate([answer.samples, padding])
        end = decided(detector_name, np.clip(samples + tail(samples), -1, 1).astype(np.float32))
        yield None if end is None else end - spoken_until - PATIENCE


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("speech", nargs="*", type=Path)
    parser.add_argument("--noise", action="extend", nargs="+", type=Path, default=[])
    arguments = parser.parse_args()
    answers = [load_clip(path) for path in arguments.speech or [*demo_recordings(), TESTS_OWN]]
    tails: dict[str, Tail] = {"digital silence": silence, "white -60": white(-60), "white -50": white(-50)}
    tails |= {path.stem: recorded(path) for path in arguments.noise}
    print(f"{len(answers)} answers, {sum(clip.seconds for clip in answers):.0f} s; patience {PATIENCE} s")
    print("| behind the answer | detector | ended | median delay | longest | too early |")
    print("|---|---|---|---|---|---|")
    for name, tail in tails.items():
        for detector in ("webrtc", "silero"):
            found = list(delays(detector, answers, tail))
            ended = [delay for delay in found if delay is not None]
            early = sum(delay < -EARLY_SECONDS for delay in ended)
            figures = f"{statistics.median(ended):.2f} s | {max(ended):.2f} s" if ended else "- | -"
            print(f"| {name} | {detector} | {len(ended)} of {len(found)} | {figures} | {early} |", flush=True)


if __name__ == "__main__":
    main()
