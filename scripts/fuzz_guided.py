"""atheris in place of chance: inputs that reach lines which none before them reached.

It is no dependency: `pip install atheris` (Linux and macOS, CPython 3.11 to 3.13). Only Python is followed,
so it is of use for what parses text; soundfile, FFmpeg and msgspec are closed to it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random
from shutil import rmtree

from fuzz_targets import TARGETS, run

_FOLLOWED = ["tomllib", "tomli", "tomlkit", "json", "greenroom"]
_SEEDS = 200  # hostile files to begin with
_LARGEST = 20_000  # bytes; what is larger only takes longer
_UNITS_SECONDS = 10  # by the clock, for one input
_MEMORY_MB = 500


def guided(kind: str, seconds: int, keep: Path) -> int:
    """Look for so long; libFuzzer ends the process with another status at the first finding, and keeps it."""
    import atheris

    target = TARGETS[kind]
    with tempfile.TemporaryDirectory(prefix="greenroom-seeds-") as corpus:
        for number in range(_SEEDS):
            data = target.make(Random(f"guided {kind} {number}"))
            if len(data) <= _LARGEST:
                (Path(corpus) / str(number)).write_bytes(data)
        for name in [each for each in sys.modules if each.partition(".")[0] in ("tomllib", "tomli", "json")]:
            del sys.modules[name]  # imported already, and so without being followed
        with atheris.instrument_imports(include=_FOLLOWED):
            run(target, target.make(Random("first")), _emptied(kind))  # imports all of it
        keep.mkdir(parents=True, exist_ok=True)
        options = (
            f"-max_total_time={seconds}",
            f"-max_len={_LARGEST}",
            f"-timeout={_UNITS_SECONDS}",
            f"-rss_limit_mb={_MEMORY_MB}",
            f"-artifact_prefix={keep}/{kind}-",
            "-verbosity=0",
            "-print_final_stats=1",
        )
        atheris.Setup([sys.argv[0], *options, corpus], lambda data: _once(kind, data))
        atheris.Fuzz()
    return 0


def _once(kind: str, data: bytes) -> None:
    run(TARGETS[kind], data, _emptied(kind))


def _emptied(kind: str) -> Path:
    folder = Path(tempfile.gettempdir()) / f"greenroom-guided-{kind}"
    rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
