"""scripts/fuzz: hostile inputs for one kind of file or all, in a process that may die, hang or grow.

A finding is whatever is neither success nor a UserError of one line, an input that takes over 5 s of the
processor (whatever else the machine does), or a process that comes over 500 MB. Inputs follow from seed and
number alone, so each can be had again: --only.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any, NoReturn

from fuzz_targets import ROOT, TARGETS, run

SLOW_SECONDS = 5.0
LARGE_MB = 500
_STUCK_SECONDS = 90.0  # by the clock, and the process is ended: C code that no signal interrupts
_MOST_ADDRESSES = 8 * 2**30  # bytes; what asks for more gets a MemoryError instead of the machine
_SHOWN = 3  # frames of a traceback


class _TooSlowError(BaseException):
    """Past every `except Exception` on the way."""


@dataclass
class Tally:
    """What became of the inputs of one kind; `findings` by their places, with one input's number each."""

    tried: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_number: int = 0
    peak_mb: float = 0.0
    base_mb: float = 0.0
    seconds: float = 0.0
    findings: dict[str, list[int]] = field(default_factory=dict)


def input_of(kind: str, seed: int, number: int) -> bytes:
    """The bytes of one input."""
    return TARGETS[kind].make(Random(f"{seed} {kind} {number}"))


def fuzz(kind: str, inputs: int, seed: int, keep: Path) -> Tally:
    """Try so many inputs; the first of each finding is kept in the folder."""
    tally, begun, first = Tally(), time.monotonic(), 0
    while first < inputs:
        first = _supervise(kind, range(first, inputs), seed, tally)
    tally.seconds = time.monotonic() - begun
    for place, numbers in tally.findings.items():
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{kind}-{numbers[0]}").write_bytes(input_of(kind, seed, numbers[0]))
        (keep / f"{kind}-{numbers[0]}.txt").write_text(f"{len(numbers)} inputs: {place}\n")
    return tally


def _supervise(kind: str, numbers: range, seed: int, tally: Tally) -> int:
    """Let a process of its own try them, and return where the next has to begin."""
    ours, its = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_try_all, args=(kind, numbers, seed, its), daemon=True
    )
    process.start()
    its.close()
    now = numbers.start
    while True:
        try:
            if not ours.poll(_STUCK_SECONDS + 60 * (now == numbers.start)):
                process.kill()
                _note(tally, "hang: it did not come back, and was ended", now)
                return now + 1
            message = ours.recv()
        except EOFError:  # it has ended, by itself or not
            process.join()
            if now < numbers.stop - 1 or process.exitcode:
                _note(tally, f"the process died with status {process.exitcode}", now)
                return now + 1
            return numbers.stop
        now = message["number"]
        if "base" in message:
            tally.base_mb = message["base"]
        elif "seconds" in message:
            _count(tally, message)
        if message.get("end"):
            process.join()
            return now + 1


def _count(tally: Tally, message: dict[str, Any]) -> None:
    tally.tried += 1
    tally.refused += message["refused"]
    tally.peak_mb = max(tally.peak_mb, message["mb"])
    if message["seconds"] > tally.slowest:
        tally.slowest, tally.slowest_number = message["seconds"], message["number"]
    if message["finding"]:
        _note(tally, message["finding"], message["number"])
    if message["mb"] > LARGE_MB:
        _note(tally, f"memory: over {LARGE_MB} MB", message["number"])
    if message["seconds"] > SLOW_SECONDS:
        _note(tally, f"slow: over {SLOW_SECONDS:g} s", message["number"])


def _note(tally: Tally, place: str, number: int) -> None:
    if place not in tally.findings:
        print(f"  finding, input {number}: {place}", flush=True)
    tally.findings.setdefault(place, []).append(number)


def _try_all(kind: str, numbers: range, seed: int, report: Connection) -> None:
    """In the child. A process that has grown is left for a fresh one."""
    _limit_addresses()
    signal.signal(signal.SIGPROF, _stop)
    with contextlib.suppress(Exception), _folder() as folder:
        _try(kind, TARGETS[kind].warm, folder)  # what is imported, and models, are not counted
    report.send({"number": numbers.start, "base": _peak_mb()})
    for number in numbers:
        data = input_of(kind, seed, number)
        report.send({"number": number})
        with _folder() as folder:
            refused, finding, seconds, peak = _try(kind, data, folder)
        message = {"number": number, "refused": refused, "finding": finding, "seconds": seconds, "mb": peak}
        grown = peak > LARGE_MB
        report.send({**message, "end": grown or number == numbers.stop - 1})
        if grown:
            return


def _try(kind: str, data: bytes, folder: Path) -> tuple[bool, str, float, float]:
    finding, refused = "", False
    _forget_peak()
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, SLOW_SECONDS * 2)
    try:
        refused = bool(run(TARGETS[kind], data, folder))
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        finding = _place_of(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return refused, finding, time.process_time() - begun, _peak_mb()


def _place_of(error: BaseException) -> str:
    """What went wrong and where: the last frames that are ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if str(ROOT / "src") in each.filename]
    at = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(ours[-_SHOWN:]))
    said = str(error)[:160] if not ours or type(error).__name__ == "FindingError" else str(error)[:80]
    return (
        f"{type(error).__name__} at {at}: {said!r}"
        if not ours
        else f"{type(error).__name__} at {at} ({said!r})"
    )


def _stop(*_: object) -> NoReturn:
    raise _TooSlowError(f"over {SLOW_SECONDS * 2:g} s")


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """An empty folder, in memory where there is such a place: thousands of files are synced."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="greenroom-fuzz-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _limit_addresses() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_ADDRESSES, _MOST_ADDRESSES))


def _forget_peak() -> None:
    with contextlib.suppress(OSError):  # elsewhere than on Linux the peak is that of all inputs so far
        Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    try:
        line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            2**20 if sys.platform == "darwin" else 1024
        )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/fuzz", description=__doc__, epilog="Example: scripts/fuzz banks --inputs 1000"
    )
    parser.add_argument("kind", choices=(*TARGETS, "all"))
    parser.add_argument("--inputs", type=int, help="how many of each kind; else as many as fits it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="try this input alone, here, with its traceback")
    parser.add_argument("--guided", type=int, metavar="SECONDS", help="let atheris look for paths as well")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "greenroom-fuzz")
    options = parser.parse_args()
    if options.only is not None:
        with _folder() as folder:
            print(
                run(TARGETS[options.kind], input_of(options.kind, options.seed, options.only), folder) or "ok"
            )
        return 0
    if options.guided:
        from fuzz_guided import guided

        return guided(options.kind, options.guided, options.keep)
    kinds = tuple(TARGETS) if options.kind == "all" else (options.kind,)
    found = 0
    print("| kind | inputs | a second | refused | findings | peak MB (of it before) | slowest (s) |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for kind in kinds:
        tally = fuzz(kind, options.inputs or TARGETS[kind].inputs, options.seed, options.keep)
        found += len(tally.findings)
        print(
            f"| {kind} | {tally.tried} | {tally.tried / tally.seconds:.0f} | {tally.refused} "
            f"| {len(tally.findings)} | {tally.peak_mb:.0f} ({tally.base_mb:.0f}) | {tally.slowest:.2f} |",
            flush=True,
        )
    if found:
        print(f"the inputs are in {options.keep}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
