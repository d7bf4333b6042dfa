"""Loaded models, shared by all tests of a run: each takes seconds and hundreds of megabytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from greenroom.records import Clip
from greenroom.transcription import Transcriber, load_transcriber
from greenroom.transcription.process import ProcessTranscriber

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="session")
def transcriber_of() -> Callable[[str, str], Transcriber]:
    """Loads an engine with a model once, without the network."""
    return cache(lambda engine, model: load_transcriber(engine, model, threads=2))


@pytest.fixture(scope="session")
def transcriber_in_child_of() -> Iterator[Callable[[str, str], ProcessTranscriber]]:
    """The same in a process of its own."""
    started: list[ProcessTranscriber] = []

    @cache
    def start(engine: str, model: str) -> ProcessTranscriber:
        started.append(ProcessTranscriber(engine, model, threads=2))
        return started[-1]

    yield start
    for transcriber in started:
        transcriber.close()


@pytest.fixture(scope="session")
def jfk() -> Clip:
    samples, rate = soundfile.read(DATA / "jfk.flac", dtype="float32")
    return Clip(np.ascontiguousarray(samples), rate)
