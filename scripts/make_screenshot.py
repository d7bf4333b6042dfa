"""Draws docs/interview.svg: the terminal during the demo interview, as it really looked.

Runs `greenroom practice --candidate demo` in tmux and draws its screen once the first feedback is there.
Needs tmux, and greenroom installed beside this Python: .venv/bin/python scripts/make_screenshot.py
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

SHOWN = Path(__file__).parents[1] / "docs" / "interview.svg"
COLUMNS, ROWS = 96, 60
WAIT_FOR = (
    "─ follow-up"  # the screen then shows a question, the answer's words, feedback and the next question
)


def tmux(*arguments: str, check: bool = True) -> str:
    return subprocess.run(
        ["tmux", "-L", "greenroom-screenshot", *arguments], check=check, capture_output=True, text=True
    ).stdout


def quit_interview() -> None:
    """Ends it with its key, and waits: it saves its session before the folder goes."""
    tmux("send-keys", "q", check=False)
    given_up = time.monotonic() + 30
    while tmux("list-sessions", check=False) and time.monotonic() < given_up:
        time.sleep(0.2)
    tmux("kill-server", check=False)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        # A neutral place: the picture shows where sessions are kept.
        command = [sys.executable, "-m", "greenroom", "practice", "--candidate", "demo"]
        inside = (
            f"cd {shlex.quote(folder)} && TERM=xterm-256color {shlex.join(command)} --recordings recordings"
        )
        tmux("-f", "/dev/null", "new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), inside)
        try:
            deadline = time.monotonic() + 300
            while WAIT_FOR not in tmux("capture-pane", "-p"):
                if time.monotonic() > deadline:
                    raise SystemExit(f"“{WAIT_FOR}” did not show within five minutes")
                time.sleep(1)
            time.sleep(2)
            screen = tmux("capture-pane", "-p", "-e").rstrip()
        finally:
            quit_interview()
    with Path("/dev/null").open("w") as nowhere:
        console = Console(
            record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor"
        )
        console.print(Text.from_ansi(screen))
    drawn = console.export_svg(title="greenroom practice", theme=MONOKAI)
    SHOWN.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL))  # fonts from the net
    print(SHOWN)


if __name__ == "__main__":
    main()
