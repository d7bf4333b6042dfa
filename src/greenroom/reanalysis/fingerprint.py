"""Which rules read an answer: a short text that changes with them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_HOUSE = Path(__file__).parents[1]
_READERS = ("analysis", "coaching", "prosody", "transcription")
"""The rooms that make a saved turn out of sound and words: rules, word lists, learned scorer, and code."""

_LEFT_OUT = "__pycache__"
_LENGTH = 16  # hexadecimal digits: 64 bits


@cache
def rules_fingerprint(house: Path = _HOUSE) -> str:
    """Of every file that takes part in reading an answer; the weights of Whisper are named apart."""
    digest = hashlib.sha256()
    for room in _READERS:
        for path in sorted((house / room).rglob("*")):
            if path.is_file() and path.parent.name != _LEFT_OUT:
                digest.update(f"{path.relative_to(house).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_LENGTH]
