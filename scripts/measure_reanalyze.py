"""How many sessions an hour `greenroom reanalyze` reads: alone, with two processes, and on a Dask cluster.

    python scripts/measure_reanalyze.py [--sessions N] [--runs N] [--engine E] [--model M]

Sessions are copies of the sample. Every run is a process of its own, as a person starts it, with the time
that loading the models takes; the ways take turns, and of each the median counts. The cluster is a scheduler
of this computer with two workers of one thread, running before it is timed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from greenroom.session import load_session

SAMPLE = Path(__file__).resolve().parents[1] / "recordings" / "sample"


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as temporary, _cluster() as address:
        recordings = Path(temporary)
        for number in range(options.sessions):
            shutil.copytree(SAMPLE, recordings / f"2026-11-{number + 1:02}T20-00-00-demo")
        how = ("--engine", options.engine, "--model", options.model)
        ways = {
            "one process": how,
            "`--jobs 2`": (*how, "--jobs", "2"),
            "`--cluster`, two workers": (*how, "--cluster", address),
            "`--keep-words`, one process": ("--keep-words",),
            "`--keep-words --jobs 2`": ("--keep-words", "--jobs", "2"),
        }
        took: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(options.runs):
            for way, arguments in ways.items():
                took[way].append(_run(recordings, arguments))
    _tell(options, took)


def _run(recordings: Path, arguments: tuple[str, ...]) -> float:
    command = [sys.executable, "-m", "greenroom", "reanalyze", "--all", "--again", *arguments]
    began = time.monotonic()
    subprocess.run(
        [*command, "--recordings", str(recordings)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.monotonic() - began


def _tell(options: argparse.Namespace, took: dict[str, list[float]]) -> None:
    sound = sum(turn.seconds or 0.0 for turn in load_session(SAMPLE).turns)
    print(
        f"{options.sessions} sessions of {sound:.0f} s of sound, {options.engine} {options.model}, "
        f"{options.runs} runs\n"
    )
    print("| way | seconds, each run | sessions an hour | by one process | sound by time |")
    print("| --- | --- | --- | --- | --- |")
    seconds = {way: median(runs) for way, runs in took.items()}
    for way, runs in took.items():
        alone = seconds["`--keep-words`, one process" if "keep" in way else "one process"]
        print(
            f"| {way} | {', '.join(f'{run:.1f}' for run in runs)} "
            f"| {3600 * options.sessions / seconds[way]:.0f} | {alone / seconds[way]:.2f} "
            f"| {options.sessions * sound / seconds[way]:.1f} |"
        )


@contextmanager
def _cluster() -> Iterator[str]:
    """The address of a scheduler with two workers."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as cluster:
        yield cluster.scheduler_address


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=6)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--engine", default="openai-whisper")
    parser.add_argument("--model", default="base")
    return parser.parse_args()


if __name__ == "__main__":
    main()
