"""Draws docs/replay.svg: the terminal while the first answer of recordings/sample is played back.

Needs tmux, and greenroom installed beside this Python: .venv/bin/python scripts/make_replay_screenshot.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from terminal_picture import draw, screen_of

ROOT = Path(__file__).parents[1]
COLUMNS, ROWS = 96, 28


def main() -> None:
    command = [sys.executable, "-m", "greenroom", "replay", "recordings/sample", "--turn", "1"]
    # Without sound: what the loudspeaker is called differs from one computer to the next.
    command += ["--from", "38", "--quiet"]
    screen = screen_of(command, ROOT, lambda text: "▶ 0:42" in text, COLUMNS, ROWS, settles=0.3)
    draw(screen, "greenroom replay", COLUMNS, ROOT / "docs" / "replay.svg")


if __name__ == "__main__":
    main()
