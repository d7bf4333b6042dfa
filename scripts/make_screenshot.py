"""Draws docs/interview.svg: the terminal during the demo interview, as it really looked.

Runs `greenroom practice --candidate demo` in tmux and draws its screen once the first feedback is there.
Needs tmux, and greenroom installed beside this Python: .venv/bin/python scripts/make_screenshot.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from terminal_picture import draw, screen_of

SHOWN = Path(__file__).parents[1] / "docs" / "interview.svg"
COLUMNS, ROWS = 96, 60
WAIT_FOR = (
    "─ follow-up"  # the screen then shows a question, the answer's words, feedback and the next question
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # A neutral place: the picture shows where sessions are kept.
        command = [sys.executable, "-m", "greenroom", "practice", "--candidate", "demo"]
        command += ["--recordings", "recordings"]
        screen = screen_of(command, Path(folder), lambda text: WAIT_FOR in text, COLUMNS, ROWS, settles=2.0)
    draw(screen, "greenroom practice", COLUMNS, SHOWN)


if __name__ == "__main__":
    main()
