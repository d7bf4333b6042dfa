"""Draws docs/retake.svg: the first question of recordings/sample answered again, old and new side by side.

Needs tmux, and greenroom installed beside this Python: .venv/bin/python scripts/make_retake_screenshot.py
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from terminal_picture import draw, screen_of

from greenroom.demo import demo_recordings

ROOT = Path(__file__).resolve().parents[1]
COLUMNS, ROWS = 96, 76
SESSION = "2026-11-20T20-15-03-demo"  # where the sample lies while it is answered again


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # A neutral place: the picture shows where sessions are kept.
        shutil.copytree(ROOT / "recordings" / "sample", Path(folder, "recordings", SESSION))
        command = [sys.executable, "-m", "greenroom", "retake", "1", "--recordings", "recordings"]
        command += ["--candidate", str(demo_recordings()[1]), "--fast", "--quiet"]
        screen = screen_of(command, Path(folder), lambda text: "on one timeline" in text, COLUMNS, ROWS)
    # Below it stands the folder again, which is the result on standard output.
    screen = screen[: screen.rindex("recordings/")].rstrip()
    draw(screen, "greenroom retake", COLUMNS, ROOT / "docs" / "retake.svg")


if __name__ == "__main__":
    main()
