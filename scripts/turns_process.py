"""What a process and its children take: processor time and memory, by /proc; nothing where there is none."""

from __future__ import annotations

import os
import threading
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def family(root: int | None = None) -> list[int]:
    """A process, this one unless another is named, and everything under it."""
    root = os.getpid() if root is None else root
    parents: dict[int, int] = {}
    for folder in PROC.iterdir() if PROC.is_dir() else ():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            parents[int(folder.name)] = int(fields[1])
    found, members = [root], {root}
    for pid in found:
        children = [child for child, parent in parents.items() if parent == pid and child not in members]
        found += children
        members.update(children)
    return found


def processor_seconds() -> float:
    """Of all of them since they began, children that have ended included."""
    stats = [fields for pid in family() if (fields := _stat(pid))]
    return sum(int(value) for fields in stats for value in fields[11:15]) / _TICKS


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on: the parent is number 1, the times are 11 to 14."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def seconds_of(pid: int) -> float:
    """Processor seconds of one process since it began."""
    return sum(int(value) for value in _stat(pid)[11:13]) / _TICKS


def memory_bytes(pid: int, field: str = "VmHWM") -> int:
    """Of one process: VmRSS is what is resident now, VmHWM the most that ever was."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:")), 0)


def forget_peak(pid: int) -> None:
    """VmHWM begins again at what is resident now."""
    (PROC / str(pid) / "clear_refs").write_text("5")


class MemoryWatch:
    """The sum of the peaks of all processes seen; a little too much where they were not at the same time."""

    def __init__(self, every: float = 0.5) -> None:
        self._peaks: dict[int, int] = {}
        self._done = threading.Event()
        self._every = every
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int | None:
        """Bytes."""
        self._done.set()
        self._thread.join()
        self._look()
        return sum(self._peaks.values()) or None

    def _watch(self) -> None:
        while not self._done.wait(self._every):
            self._look()

    def _look(self) -> None:
        for pid in family():
            self._peaks[pid] = max(self._peaks.get(pid, 0), memory_bytes(pid))
