"""A terminal as a picture: a command run in tmux until something is seen, and its screen drawn as an SVG."""

from __future__ import annotations

import re
import shlex
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

SERVER = "greenroom-screenshot"


def screen_of(
    command: Sequence[str],
    folder: Path,
    seen: Callable[[str], bool],
    columns: int,
    rows: int,
    *,
    keys: Sequence[str] = (),
    settles: float = 1.0,
) -> str:
    """The screen of `command` run in `folder`, with its colours, some seconds after `seen` is true of it.

    `keys` are pressed before it settles; "q" ends it, so that it saves what it has to before the folder goes.
    """
    inside = f"cd {shlex.quote(str(folder))} && TERM=xterm-256color {shlex.join(command)}; sleep 600"
    _tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), inside)
    try:
        deadline = time.monotonic() + 300
        while not seen(_tmux("capture-pane", "-p")):
            if time.monotonic() > deadline:
                raise SystemExit("what is waited for did not show within five minutes")
            time.sleep(0.2)
        for key in keys:
            _tmux("send-keys", key)
        time.sleep(settles)
        return _tmux("capture-pane", "-p", "-e").rstrip()
    finally:
        _tmux("send-keys", "q", check=False)
        time.sleep(3)
        _tmux("kill-server", check=False)


def draw(screen: str, title: str, columns: int, path: Path) -> None:
    with Path("/dev/null").open("w") as nowhere:
        console = Console(
            record=True, width=columns, file=nowhere, force_terminal=True, color_system="truecolor"
        )
        console.print(Text.from_ansi(f"{screen}\n"))  # without room below the last line would touch the edge
    drawn = console.export_svg(title=title, theme=MONOKAI)
    path.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL))  # fonts from the net
    print(path)


def _tmux(*arguments: str, check: bool = True) -> str:
    command = ["tmux", "-L", SERVER, *arguments]
    return subprocess.run(command, check=check, capture_output=True, text=True).stdout
