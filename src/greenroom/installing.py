"""The line that installs a package for the Python that runs greenroom, as a person would type it."""

from __future__ import annotations

import re
import sys

_PLAIN = re.compile(r"[\w./\\:+~=@-]+")


def install_line(*packages: str, again: bool = False) -> str:
    """What brings `packages` to this Python: '/.../bin/python -m pip install "greenroom[piper]"'.

    Plain `pip` would be that of whatever environment is active, if any. Quotes are double ones, which every
    system's shells know.

    Args:
        packages: as pip takes them: "openai-whisper", "greenroom[weights]".
        again: they are there and damaged, so that pip has to put them there once more. Never greenroom
            itself, which may be a checkout that no index has.
    """
    python = _quoted(sys.executable or "python")
    options = ("--force-reinstall",) if again else ()
    return " ".join((python, "-m pip install", *options, *map(_quoted, packages)))


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else f'"{word}"'
