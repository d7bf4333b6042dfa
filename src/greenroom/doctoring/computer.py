"""The computer: room on the disk for recordings, the processor, the memory."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from greenroom.errors import EXIT_BAD_INPUT
from greenroom.records import SAMPLE_RATE_HZ

from .findings import Finding, cures

GROUP = "Computer"

BYTES_PER_MINUTE = 2 * 2 * SAMPLE_RATE_HZ * 60
"""An answer's raw sound has 16 bits a sample; when it ends the raw file and the FLAC made of it are both
there, and the FLAC is not larger."""

LEAST_MINUTES, COMFORTABLE_MINUTES = 5, 60
"""With less room than the first not one interview may fit; under the second it is worth a look.
(Judgement.)"""

COMFORTABLE_BYTES = 2_000_000_000
"""Memory of the computer. greenroom with `base` came to 1 GB at most (docs/models.md), the analysis to 0.5 GB
beside it. (Judgement, from these.)"""


def examine(recordings: Path) -> Iterator[Finding]:
    yield _disk(recordings)
    yield Finding(GROUP, "processor", "ok", f"{processor_name()}, {processors()} usable")
    yield _memory(memory_bytes())


def processors() -> int:
    """How many processors this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # only Linux has it
    return platform.processor() or platform.machine() or "unknown"


def memory_bytes() -> int | None:
    """The computer's memory; None where the system does not tell by this way (Windows)."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _memory(size: int | None) -> Finding:
    if size is None:
        return Finding(GROUP, "memory", "ok", "not known")
    told = f"{size / 1e9:.1f} GB"
    if size < COMFORTABLE_BYTES:
        return Finding(GROUP, "memory", "look here", f"{told}, which is little", cures("memory"))
    return Finding(GROUP, "memory", "ok", told)


def _disk(recordings: Path) -> Finding:
    there = _nearest_that_exists(recordings)
    try:
        # Tried, not asked for: a disk may be read-only, or full for everybody but the administrator.
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"greenroom")
        free = shutil.disk_usage(there).free
    except OSError as error:
        told = f"{recordings} cannot be written: {error.strerror or error}"
        return Finding(GROUP, "recordings", "missing", told, cures("folder"), EXIT_BAD_INPUT)
    minutes = free / BYTES_PER_MINUTE
    told = f"{free / 1e9:,.1f} GB free in {recordings}: {duration(minutes)} of recording"
    if minutes < LEAST_MINUTES:
        return Finding(GROUP, "recordings", "missing", told, cures("disk"), EXIT_BAD_INPUT)
    if minutes < COMFORTABLE_MINUTES:
        return Finding(GROUP, "recordings", "look here", told, cures("disk"))
    return Finding(GROUP, "recordings", "ok", told)


def duration(minutes: float) -> str:
    """So many minutes in words that can be pictured."""
    if minutes < 120:
        return f"{minutes:,.0f} minutes"
    return f"{minutes:,.0f} minutes ({minutes / 60:,.0f} hours)"


def _nearest_that_exists(folder: Path) -> Path:
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
