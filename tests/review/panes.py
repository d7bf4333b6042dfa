"""A program in a terminal of tmux: its screen as a person sees it, colours included."""

from __future__ import annotations

import re
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

_LIT = re.compile(r"\x1b\[(?:[0-9;]*;)?7(?:;[0-9;]*)?m(?:\x1b\[[0-9;]*m)*([^\x1b]*)")
"""What is shown in reverse, as `capture-pane -e` writes it."""

_ENDED = "ended with status "


class Pane:
    """greenroom in a terminal of its own, on a tmux server of its own.

    The shell in it says how the program ended, and waits. `inside` is set where the program runs: tmux gives
    a TERM of its own to it.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        env: Mapping[str, str],
        columns: int = 80,
        lines: int = 24,
        inside: Mapping[str, str] | None = None,
    ) -> None:
        self._server = f"greenroom-{secrets.token_hex(6)}"
        self._env = dict(env)
        settings = [f"{name}={value}" for name, value in (inside or {}).items()]
        command = shlex.join(["env", *settings, sys.executable, "-m", "greenroom", *map(str, arguments)])
        shell = f'{command}; echo "\n{_ENDED}$?"; cat > /dev/null'
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines), shell)

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        command = ["tmux", "-L", self._server, *arguments]
        return subprocess.run(
            command, env=self._env, capture_output=True, check=check, text=True, timeout=20
        ).stdout

    def press(self, *keys: str) -> float:
        """Keys by tmux's names; when that was (s, monotonic)."""
        self._tmux("send-keys", *keys)
        return time.monotonic()

    def resize(self, columns: int, lines: int) -> None:
        self._tmux("resize-window", "-x", str(columns), "-y", str(lines))

    @property
    def text(self) -> str:
        return self._tmux("capture-pane", "-p")

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.text.splitlines()]

    @property
    def lit(self) -> str:
        """What is shown in reverse, "" for nothing."""
        return "".join(_LIT.findall(self._tmux("capture-pane", "-p", "-e"))).strip()

    @property
    def status(self) -> int | None:
        """How the program ended, None while it runs."""
        ended = re.search(rf"{_ENDED}(\d+)", self.text)
        return int(ended.group(1)) if ended else None

    def await_(self, seen: Callable[[str], bool] | str, timeout: float = 30.0) -> str:
        """The screen once `seen` is on it, or is true of it."""
        deadline = time.monotonic() + timeout
        while True:
            text = self.text
            if seen in text if isinstance(seen, str) else seen(text):
                return text
            if time.monotonic() > deadline:
                raise AssertionError(f"it was never seen; the screen is:\n{text}")
            time.sleep(0.05)

    def __enter__(self) -> Pane:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tmux("kill-server", check=False)
