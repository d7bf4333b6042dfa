"""Lint, format and types, by the settings in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYTHON_FOLDERS = ("src", "tests", "scripts")

CHECKS = {
    "lint": ("ruff", "check", *PYTHON_FOLDERS),
    "format": ("ruff", "format", "--check", *PYTHON_FOLDERS),
    "types": ("mypy",),
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_code_passes(check: str) -> None:
    command = [sys.executable, "-m", *CHECKS[check]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
