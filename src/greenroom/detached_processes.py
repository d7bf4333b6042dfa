"""Processes that are greenroom's own: how they are started apart from the terminal, and ended."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import Any


def own_group() -> dict[str, Any]:
    """Keeps Ctrl-C and the end of the terminal from one: whoever starts it decides when it ends."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def end(child: subprocess.Popen[bytes]) -> None:
    """Kills: there is nothing that the child would have to save."""
    with suppress(OSError):
        child.kill()
    child.wait()
    # Not its output: whoever waits for an answer reads that, and gets its end.
    with suppress(OSError):
        if child.stdin is not None:
            child.stdin.close()
