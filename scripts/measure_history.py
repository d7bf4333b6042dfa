"""How long `greenroom history` takes over an archive of many sessions: the first time, and then again.

    python scripts/measure_history.py [--sessions N] [--folder DIR]

Sessions are made from the sample's session.json, each with its own day, bank and numbers, and kept in DIR
where one is named. Every run is a process of its own, as a person starts it: seconds on the clock, and those
that the processor worked. "changed" is a run after one session was saved again, "no index" one without its
cache but with the files still in memory. Linux and macOS only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from greenroom.review.history_index import INDEX_FILE
from greenroom.review.pages import HISTORY_FILE
from greenroom.session import SESSION_FILE

SAMPLE = Path(__file__).resolve().parents[1] / "recordings" / "sample" / SESSION_FILE
BANKS = ("behavioural", "leadership", "technical", "conflict", "failure", "ambiguity", "customer")
LAST_DAY = datetime(2026, 11, 21, 20, 15, tzinfo=timezone.utc)
AN_HOUR_NS = 3600 * 10**9


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as temporary:
        recordings = options.folder or Path(temporary)
        newest = _make(recordings, options.sessions)
        held = sum(each.stat().st_size for each in recordings.glob(f"*/{SESSION_FILE}"))
        print(f"{options.sessions} sessions, {held / 2**20:.0f} MB of {SESSION_FILE}")
        print("| run | clock | processor |\n|---|---|---|")
        for name, seconds, processor in _runs(recordings, newest):
            print(f"| {name} | {seconds:.2f} s | {processor:.2f} s |")
        for file in (INDEX_FILE, HISTORY_FILE):
            print(f"{file}: {(recordings / file).stat().st_size / 2**20:.1f} MB")


def _runs(recordings: Path, newest: Path) -> Iterator[tuple[str, float, float]]:
    (recordings / INDEX_FILE).unlink(missing_ok=True)
    yield "first", *_run(recordings)
    for name in ("second", "third"):
        yield name, *_run(recordings)
    _settle(newest, -1)
    yield "changed", *_run(recordings)
    (recordings / INDEX_FILE).unlink()
    yield "no index", *_run(recordings)


def _run(recordings: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    command = [sys.executable, "-m", "greenroom", "history", "--recordings", str(recordings)]
    before, began = _processor_seconds(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began, _processor_seconds() - before


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _make(recordings: Path, count: int) -> Path:
    """So many sessions, three a day up to LAST_DAY; the session.json of the newest."""
    draw = random.Random(1)
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for number in range(count):
        began = LAST_DAY - timedelta(hours=8 * number)
        bank = BANKS[number % len(BANKS)]  # by number, so that a kept folder is not added to
        folder = recordings / f"{began:%Y-%m-%dT%H-%M-%S}-{bank}"
        path = folder / SESSION_FILE
        if path.exists():
            continue
        folder.mkdir(parents=True)
        _vary(sample, folder.name, began, bank, draw)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(sample), indent=2))
        _settle(path, 1)
        if draw.random() < 0.5:
            (folder / "report.html").touch()
    return max(recordings.glob(f"*/{SESSION_FILE}"))


def _vary(session: dict[str, Any], name: str, began: datetime, bank: str, draw: random.Random) -> None:
    session.update(id=name, started_at=began.isoformat())
    session["settings"] = {"bank": [bank]}
    for turn in session["turns"]:
        turn["asked"]["bank"] = bank
        turn["delivery"]["speech_rate_wpm"] = draw.gauss(150, 12)


def _settle(path: Path, hours: int) -> None:
    """Set a file's time back: what was written just now is read once more."""
    its = path.stat()
    os.utime(path, ns=(its.st_atime_ns, its.st_mtime_ns - hours * AN_HOUR_NS))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where to make them, and to keep them")
    return parser.parse_args()


if __name__ == "__main__":
    main()
