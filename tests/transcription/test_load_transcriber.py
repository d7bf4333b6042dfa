"""Choosing an engine, and what an engine does around the model: a fake one, without weights."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from numpy.typing import NDArray

from greenroom import transcription
from greenroom.errors import EXIT_NO_MODEL, EXIT_USAGE, ModelError, UsageError
from greenroom.installing import install_line
from greenroom.records import SAMPLE_RATE_HZ, Clip
from greenroom.transcription import ENGINES, Transcriber, find_engine, load_transcriber
from greenroom.transcription.segments import Piece, Segment
from greenroom.transcription.verbatim import Reader
from greenroom.transcription.whisper_engine import WhisperEngine, thread_count


class FakeEngine(WhisperEngine):
    engine = "fake"
    heard = 0

    def _decode(self, samples: NDArray[np.float32]) -> Iterable[Segment]:
        self.heard += 1
        return [Segment((Piece(" word", 0.1, 0.4, 0.9),), 0.1, -0.2, 1.2)]

    def _reader(self, samples: NDArray[np.float32]) -> Reader:
        raise AssertionError("nobody asked for filled pauses")


def tone(seconds: float, level_db: float) -> Clip:
    times = np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    samples = np.sqrt(2) * 10 ** (level_db / 20) * np.sin(2 * np.pi * 200 * times)
    return Clip(samples.astype(np.float32))


def test_an_unknown_engine_is_named_with_the_known() -> None:
    with pytest.raises(UsageError, match='"slower-whisper"') as caught:
        load_transcriber("slower-whisper")
    assert caught.value.status == EXIT_USAGE
    assert caught.value.hint == "one of these: openai-whisper, faster-whisper"


def test_an_engine_that_is_not_installed_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription, "find_spec", lambda name: None)
    with pytest.raises(ModelError) as caught:
        find_engine("faster-whisper")
    assert caught.value.status == EXIT_NO_MODEL
    assert caught.value.hint == install_line("greenroom[faster]")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_unknown_model_is_told_before_anything_heavy_is_done(engine: str) -> None:
    with pytest.raises(ModelError, match='"bass"') as caught:
        load_transcriber(engine, "bass")
    assert caught.value.status == EXIT_NO_MODEL


def test_a_clip_becomes_a_transcript() -> None:
    transcriber: Transcriber = FakeEngine("tiny.en")
    transcript = transcriber.transcribe(tone(1.0, -20.0), offset=3.0)
    assert (transcript.text, transcript.language) == ("word", "en")
    assert (transcript.engine, transcript.model) == ("fake", "tiny.en")
    assert (transcript.words[0].start, transcript.words[0].end) == (3.1, 3.4)


def test_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="48000"):
        FakeEngine("base").transcribe(Clip(np.zeros(48_000, np.float32), 48_000))


@pytest.mark.parametrize(
    ("clip", "decoded"),
    [
        (Clip(np.zeros(0, np.float32)), False),
        (Clip(np.full(100, 0.5, np.float32)), False),  # less than a frame
        (Clip(np.zeros(SAMPLE_RATE_HZ, np.float32)), False),
        (tone(1.0, -65.0), False),
        (tone(1.0, -50.0), True),  # quieter than whispering
    ],
)
def test_only_what_can_be_heard_is_decoded(clip: Clip, decoded: bool) -> None:
    engine = FakeEngine("base")
    assert bool(engine.transcribe(clip).words) == decoded
    assert engine.heard == decoded


def test_one_loud_word_in_a_long_silence_is_decoded() -> None:
    samples = np.zeros(30 * SAMPLE_RATE_HZ, np.float32)
    samples[5000:8200] = tone(0.2, -40.0).samples
    assert FakeEngine("base").transcribe(Clip(samples)).words


def test_threads_are_as_wanted_or_leave_one_for_the_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 32)
    assert (thread_count(None), thread_count(3)) == (8, 3)
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert thread_count(None) == 3
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert thread_count(None) == 1
