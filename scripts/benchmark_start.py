"""How soon greenroom is there, and what it takes: time to --help, to the first word, and memory.

    scripts/benchmark start [--repeats N] [--helps N] [--engine NAME] [--model NAME]

A real `greenroom practice` on a virtual sound card (PulseAudio, as for the tests). The first word is the
first sound of the loudspeaker, counted from the start of the process: warm with the question's sound in the
cache, as from the second interview on; cold with an empty cache and, where allowed (as root), with none
of its files in memory either. Memory is that of all its processes together, shared pages divided among
those that share them (PSS): idle while it listens and nobody speaks, listening while an answer is spoken,
decoding from its end through the feedback. Takes three to five minutes. Linux only.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

from turns_process import PROC, family

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from candidate_program import Candidate  # noqa: E402
from end_to_end import Terminal, environment  # noqa: E402
from soundcard import SoundCard  # noqa: E402

from greenroom.demo import demo_recordings  # noqa: E402

BANK = """\
name = "start"
title = "Start"
description = "One question for measuring how soon it is heard."

[[question]]
id = "started"
text = "Tell me about a problem that you solved."
kind = "behavioural"
signals = ["ownership"]
about = "Nothing but the time."
"""
CALM = "xterm-256color"
DROP_CACHES = PROC / "sys" / "vm" / "drop_caches"
SAMPLE_SECONDS = 0.25
SILENT_SECONDS = 8.0
"""How long nobody speaks, for the idle memory: by then everything that is loaded ahead is there."""


class Memory:
    """The most that a program and all its processes took (bytes), in each phase that is named."""

    def __init__(self, pid: int) -> None:
        self.most: dict[str, int] = {}
        self.phase = "starting"
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            phase, now = self.phase, sum(map(proportional_bytes, family(self._pid)))
            self.most[phase] = max(self.most.get(phase, 0), now)


def proportional_bytes(pid: int) -> int:
    """Memory of one process, pages that n processes share counted as an n-th; 0 once it has ended."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    options = _options()
    print("| what | median | fastest to slowest |\n| --- | --- | --- |")
    helps = [_help_seconds() for _ in range(options.helps)]
    _row("`greenroom --help`", [passed for passed, _ in helps])
    _row("of it processor time", [used for _, used in helps])
    with tempfile.TemporaryDirectory() as folder:
        card = SoundCard()
        try:
            for name, seconds in _first_words(Path(folder), card, options):
                _row(name, seconds)
            memory = _memory(Path(folder) / "memory", card, options)
        finally:
            card.close()
    print("\n| memory of all processes, at most | |\n| --- | --- |")
    for phase in ("idle", "listening", "decoding"):
        print(f"| {phase} | {memory[phase] / 2**20:.0f} MB |")


def _row(name: str, seconds: list[float]) -> None:
    print(f"| {name} | {median(seconds):.2f} s | {min(seconds):.2f} to {max(seconds):.2f} s |", flush=True)


def _help_seconds() -> tuple[float, float]:
    """By the clock, and of the processor: the second says something on a busy machine, too."""
    began, before = time.monotonic(), _children_seconds()
    command = [str(Path(sys.executable).parent / "greenroom"), "--help"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began, _children_seconds() - before


def _children_seconds() -> float:
    """Of the processor, by all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _first_words(
    folder: Path, card: SoundCard, options: argparse.Namespace
) -> Iterator[tuple[str, list[float]]]:
    cold = [
        _first_word(folder / f"cold-{number}", card, options, cold=True) for number in range(options.repeats)
    ]
    how = "nothing cached, no file in memory" if _forget_files() else "nothing cached"
    yield f"first word, cold ({how})", cold
    warm = folder / "warm"
    _first_word(warm, card, options)
    yield "first word, warm", [_first_word(warm, card, options) for _ in range(options.repeats)]


def _first_word(home: Path, card: SoundCard, options: argparse.Namespace, *, cold: bool = False) -> float:
    """Seconds from the start of the process to the first sound of the loudspeaker."""
    if cold:
        _forget_files()
    with card.record() as lines, _interview(home, card.env, options) as terminal:
        terminal.await_text("Listening", timeout=120)
        terminal.press("q")
        terminal.status()
    return lines.loudspeaker.sounds()[0][0] - terminal.started


def _memory(home: Path, card: SoundCard, options: argparse.Namespace) -> Mapping[str, int]:
    """The most (bytes) in each phase of one answer."""
    home.mkdir()
    answer = demo_recordings()[0]
    with (
        Candidate([answer], environment(home, card.env), home / "candidate") as candidate,
        _interview(home, card.env, options) as terminal,
    ):
        terminal.await_text("Listening", timeout=120)
        memory = Memory(terminal.pid)
        memory.phase = "idle"
        time.sleep(SILENT_SECONDS)
        memory.phase = "listening"
        candidate.go()
        candidate.await_event("answer_ended", timeout=120)
        memory.phase = "decoding"
        terminal.await_text("feedback", timeout=120)
        time.sleep(SILENT_SECONDS)  # filled pauses are looked for while the feedback is spoken
        memory.close()
        terminal.press("q")
        terminal.status()
    return memory.most


def _interview(home: Path, env: Mapping[str, str], options: argparse.Namespace) -> Terminal:
    home.mkdir(exist_ok=True)
    bank = home / "start.toml"
    bank.write_text(BANK)
    chosen = ["--engine", options.engine, "--model", options.model, "--patience", "short"]
    return Terminal(
        ["practice", "--bank", bank, "--questions", 1, "--follow-ups", 0, "--no-look-back", *chosen],
        environment(home, env),
        CALM,
    )


def _forget_files() -> bool:
    """Have the system forget what files it holds in memory; whether it did."""
    try:
        subprocess.run(["sync"], check=True)
        DROP_CACHES.write_text("3")
    except OSError:
        return False
    return True


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--helps", type=int, default=10, help="starts of --help")
    parser.add_argument("--repeats", type=int, default=3, help="interviews begun warm, and as many cold")
    parser.add_argument("--engine", default="openai-whisper")
    parser.add_argument("--model", default="base")
    return parser.parse_args()


if __name__ == "__main__":
    main()
