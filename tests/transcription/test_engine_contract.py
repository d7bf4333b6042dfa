"""What every engine must do with real weights; the same tests for each engine and each carried model."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile

from greenroom.records import SAMPLE_RATE_HZ, Clip, Transcript
from greenroom.transcription import ENGINES, Transcriber, load_transcriber

pytestmark = pytest.mark.weights

JFK_SAID = (
    "and so my fellow americans ask not what your country can do for you ask what you can do for your country"
)
RUNS = [
    *((engine, model, "here") for engine in ENGINES for model in ("base", "tiny.en")),
    *((engine, "tiny.en", "in a child") for engine in ENGINES),
]
Load = Callable[[str, str], Transcriber]
Hear = Callable[[Transcriber], Transcript]


@pytest.fixture(params=RUNS, ids=" ".join)
def transcriber(
    request: pytest.FixtureRequest, transcriber_of: Load, transcriber_in_child_of: Load
) -> Transcriber:
    engine, model, where = request.param
    return (transcriber_of if where == "here" else transcriber_in_child_of)(engine, model)


@pytest.fixture(scope="session")
def heard(jfk: Clip) -> Hear:
    """The transcript of the jfk clip, decoded once for each transcriber."""
    return cache(lambda transcriber: transcriber.transcribe(jfk))


def plain(text: str) -> str:
    """For counting word errors. Only case and punctuation go; Whisper itself would drop fillers too."""
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower()).split())


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)


def noise(seconds: float, level_db: float, seed: int) -> Clip:
    samples = np.random.default_rng(seed).normal(
        scale=10 ** (level_db / 20), size=round(seconds * SAMPLE_RATE_HZ)
    )
    return Clip(samples.astype(np.float32))


def starts(transcript: Transcript) -> np.ndarray:
    return np.array([word.start for word in transcript.words])


def test_it_writes_what_was_said(transcriber: Transcriber, heard: Hear) -> None:
    transcript = heard(transcriber)
    assert jiwer.wer(JFK_SAID, plain(transcript.text)) == 0.0
    assert transcript.text == " ".join(word.text for word in transcript.words)
    assert (transcript.engine, transcript.language) == (transcriber.engine, "en")
    assert transcript.model == transcriber.model


def test_words_have_their_places(transcriber: Transcriber, jfk: Clip, heard: Hear) -> None:
    words = heard(transcriber).words
    assert (words[-1].end or 0.0) <= jfk.seconds
    times = [time for word in words for time in (word.start, word.end)]
    assert all(isinstance(time, float) for time in times)
    assert times == sorted(times)  # type: ignore[type-var]
    assert all(word.text and word.text == word.text.strip() for word in words)
    assert all(0.0 < (word.probability or 0.0) <= 1.0 for word in words)
    # Ends, by ear and by the level: an alignment by attention gives the pause before a word to the word.
    said = [plain(word.text) for word in words]
    ends = [(words[i].end or 0.0) for i in (said.index("americans"), said.index("ask"), len(said) - 1)]
    assert ends == pytest.approx([2.2, 3.8, 10.4], abs=0.35)


def test_times_follow_the_sound(transcriber: Transcriber, jfk: Clip, heard: Hear) -> None:
    later = Clip(np.concatenate([silence(2.0), jfk.samples]))
    pairs = list(zip(transcriber.transcribe(later).words, heard(transcriber).words, strict=False))
    # In 8 bits a machine may hear one word more late in the sentence; what comes before it is the same.
    same = [(late.start or 0.0) - (early.start or 0.0) for late, early in pairs if late.text == early.text]
    assert len(same) >= 15
    assert np.median(same) == pytest.approx(2.0, abs=0.1)


def test_the_offset_moves_every_time_and_nothing_else_changes(
    transcriber: Transcriber, jfk: Clip, heard: Hear
) -> None:
    here, there = heard(transcriber), transcriber.transcribe(jfk, offset=100.0)
    assert starts(there) == pytest.approx(starts(here) + 100.0)
    assert [(word.text, word.probability) for word in there.words] == [
        (word.text, word.probability) for word in here.words
    ]


def test_a_clip_longer_than_a_window_is_heard_to_its_end(transcriber: Transcriber, jfk: Clip) -> None:
    long = Clip(np.concatenate([jfk.samples, silence(0.5)] * 4))
    transcript = transcriber.transcribe(long)
    assert jiwer.wer(" ".join([JFK_SAID] * 4), plain(transcript.text)) < 0.05
    assert (transcript.words[-1].end or 0.0) > 43.0


@pytest.mark.parametrize(
    "clip",
    [
        Clip(silence(0.0)),
        Clip(silence(5.0)),
        Clip(silence(40.0)),
        noise(8.0, -70.0, seed=1),
        noise(8.0, -45.0, seed=2),
        noise(3.0, -30.0, seed=3),
        noise(35.0, -40.0, seed=4),
    ],
    ids=["empty", "5 s", "40 s", "hiss -70", "hiss -45", "short hiss -30", "long hiss -40"],
)
def test_nothing_is_written_where_nothing_was_said(transcriber: Transcriber, clip: Clip) -> None:
    transcript = transcriber.transcribe(clip)
    assert transcript.text == ""
    assert transcript.words == ()


ROOMS = (
    "alumae__silence",
    "livekit__keyboard-typing",
    "livekit__keyboard-typing2",
    "livekit__office-ambience",
)


def test_a_child_hears_the_same(transcriber_of: Load, transcriber_in_child_of: Load, heard: Hear) -> None:
    for engine in ENGINES:
        here, there = (load(engine, "tiny.en") for load in (transcriber_of, transcriber_in_child_of))
        assert heard(there) == heard(here)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_written_in_a_room_where_nobody_speaks(
    transcriber_of: Load, shared_audio: Path, engine: str, room: str
) -> None:
    samples, rate = soundfile.read(shared_audio / f"{room}.flac", dtype="float32")
    transcriber = transcriber_of(engine, "base")
    assert transcriber.transcribe(Clip(samples, rate)).text == ""
    assert transcriber.transcribe(Clip(samples[: 12 * rate], rate)).text == ""  # as a chunk of an answer


def test_the_engines_agree(transcriber_of: Load, heard: Hear) -> None:
    one, other = (heard(transcriber_of(engine, "base")) for engine in ENGINES)
    assert plain(one.text) == plain(other.text)
    assert np.abs(starts(one) - starts(other)).max() <= 0.1


def test_two_threads_may_ask_at_once(transcriber_of: Load, jfk: Clip) -> None:
    transcribers = [transcriber_of(engine, "tiny.en") for engine in ENGINES] * 2
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda transcriber: transcriber.transcribe(jfk).text, transcribers))
    assert {plain(text) for text in texts} == {JFK_SAID}


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_asked_of_the_network(engine: str, jfk: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        pytest.fail(f"the network was asked: {args}")

    for way in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, way, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert load_transcriber(engine, "tiny.en", threads=2).transcribe(jfk).words
