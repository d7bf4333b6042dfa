"""One of several scripts, run by a Python that has greenroom; itself it needs nothing but Python."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESTARTED = "GREENROOM_SCRIPT_RESTARTED"


def run_one_of(kinds: Mapping[str, str]) -> None:
    """Runs the script that the first argument names; its own arguments are those behind it.

    Args:
        kinds: from that argument to a file beside this one.
    """
    if len(sys.argv) < 2 or sys.argv[1] not in kinds:
        sys.exit(f"usage: scripts/{Path(sys.argv[0]).name} {{{','.join(kinds)}}} ...")
    _use_the_environment()
    script = HERE / kinds[sys.argv.pop(1)]
    runpy.run_path(str(script), run_name="__main__")


def _use_the_environment() -> None:
    """Goes on in the environment that scripts/test makes, unless this Python has greenroom already."""
    if find_spec("greenroom"):
        return
    folder = Path(os.environ.get("GREENROOM_VENV") or HERE.parent / ".venv")
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists() or RESTARTED in os.environ:
        sys.exit("error: greenroom is not installed\ntry: scripts/test --quick, which sets it up")
    os.environ[RESTARTED] = "yes"  # once only: that Python may not have it either
    os.execv(python, [str(python), *sys.argv])
