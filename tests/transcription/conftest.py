"""Loaded models, shared by all tests of a run: each takes seconds and hundreds of megabytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from greenroom.records import Clip
from greenroom.transcription import Transcriber, load_transcriber

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="session")
def transcriber_of() -> Callable[[str, str], Transcriber]:
    """Loads an engine with a model once, without the network."""
    return cache(lambda engine, model: load_transcriber(engine, model, threads=2))


@pytest.fixture(scope="session")
def jfk() -> Clip:
    samples, rate = soundfile.read(DATA / "jfk.flac", dtype="float32")
    return Clip(np.ascontiguousarray(samples), rate)
