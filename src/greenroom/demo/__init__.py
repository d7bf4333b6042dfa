"""The demo candidate: recorded answers to a bank of two questions, for where there is no microphone.

README.md in this folder says whose voice it is and how the recordings were made.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def demo_bank_path() -> Path:
    """The question bank that the recordings answer; its questions are meant to be asked in their order."""
    return _folder() / "demo.toml"


def demo_recordings() -> tuple[Path, ...]:
    """The answers in the order they are given: to question 1, to its follow-up `no_outcome`, to question 2.

    FLAC, 16 kHz, mono.
    """
    return tuple(sorted(_folder().glob("*.flac")))


def _folder() -> Path:
    return Path(str(files(__name__)))
