"""greenroom called within this process, which is a hundred times as quick as in one of its own.

What needs a terminal, a sound card, or the end of a process is tested from outside.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from unittest.mock import patch

import greenroom.cli


def call(*arguments: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """`greenroom` with these arguments, in the test's environment or in `env` alone."""
    words = ["greenroom", *map(str, arguments)]
    out, err = io.StringIO(), io.StringIO()
    left: list[int] = []

    def leave(status: int) -> None:
        left.append(status)
        raise SystemExit

    with (
        patch.object(greenroom.cli, "_leave", leave),
        patch.object(greenroom.cli, "save_in_peace"),
        patch.object(sys, "argv", words),
        patch.object(sys, "stdin", io.StringIO()),
        patch.dict(os.environ, env or {}, clear=env is not None),
        redirect_stdout(out),
        redirect_stderr(err),
        suppress(SystemExit),
    ):
        greenroom.cli.main()
    return subprocess.CompletedProcess(words, left[0], out.getvalue(), err.getvalue())
