"""The faster engine: the same models on CTranslate2, in int8."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.errors import ModelError
from greenroom.transcription import ENGINES
from greenroom.transcription.faster_reader import FasterReader
from greenroom.transcription.segments import (
    COMPRESSION_RATIO_LIMIT,
    LOG_PROBABILITY_LIMIT,
    NO_SPEECH_LIMIT,
    Piece,
    Segment,
)
from greenroom.transcription.weight_files import MODEL_FILE, Weights, check_hash, find, read_joined
from greenroom.transcription.whisper_engine import (
    LANGUAGE,
    MOST_TOKENS,
    SEED,
    TEMPERATURES,
    WhisperEngine,
    remembering,
    thread_count,
)

# Without this file faster-whisper would ask a hub for it.
_TOKENIZER = "tokenizer.json"
_COMPANIONS = (_TOKENIZER, "config.json", "vocabulary.txt", "vocabulary.json", "preprocessor_config.json")


class FasterWhisper(WhisperEngine):
    engine = "faster-whisper"

    def __init__(self, model: str, threads: int | None = None) -> None:
        weights = find(model, ENGINES[self.engine].layouts)
        super().__init__(weights.name)
        self._whisper = _load(weights, thread_count(threads))
        self._whisper.encode = remembering(self._whisper.encode, np.array_equal)

    def _decode(self, samples: NDArray[np.float32]) -> Iterator[Segment]:
        segments, _ = self._whisper.transcribe(
            samples,
            language=LANGUAGE,
            # Greedy with one candidate, as openai-whisper decodes by default: the engines then agree.
            beam_size=1,
            best_of=1,
            temperature=TEMPERATURES,
            compression_ratio_threshold=COMPRESSION_RATIO_LIMIT,
            log_prob_threshold=LOG_PROBABILITY_LIMIT,
            no_speech_threshold=NO_SPEECH_LIMIT,
            condition_on_previous_text=False,
            word_timestamps=True,
            max_new_tokens=MOST_TOKENS,
        )
        return (_segment(segment) for segment in segments)

    def _reader(self, samples: NDArray[np.float32]) -> FasterReader:
        return FasterReader(self._whisper, samples)


def _segment(segment: Any) -> Segment:
    pieces = (
        Piece(word.word, float(word.start), float(word.end), float(word.probability))
        for word in segment.words
    )
    return Segment(
        tuple(pieces),
        segment.no_speech_prob,
        segment.avg_logprob,
        segment.compression_ratio,
        segment.temperature,
    )


def _load(weights: Weights, threads: int) -> Any:
    if not (weights.folder / _TOKENIZER).is_file():
        raise ModelError(f"{weights.folder} has no {_TOKENIZER}", weights.repair)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read by the hub's client when it is first imported
    from ctranslate2 import set_random_seed
    from faster_whisper import WhisperModel

    # Of use only before the first decoding: CTranslate2's threads then keep generators of their own, so the
    # second try of a later clip depends on what was decoded before it.
    set_random_seed(SEED)

    try:
        return WhisperModel(
            str(weights.folder),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            local_files_only=True,
            files=_files(weights),
        )
    except ModelError:
        raise
    except Exception as error:  # tokenizers raises nothing narrower
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        problem = f"{weights.files[0]} is not a model that faster-whisper can use: {reason}"
        raise ModelError(problem, weights.repair) from error


def _files(weights: Weights) -> dict[str, bytes] | None:
    """The model in memory where it comes in parts; None where CTranslate2 can read the folder itself."""
    if weights.files == (weights.folder / MODEL_FILE,):
        check_hash(weights)
        return None
    companions = (weights.folder / name for name in _COMPANIONS)
    files = {file.name: file.read_bytes() for file in companions if file.is_file()}
    return {**files, MODEL_FILE: bytes(read_joined(weights))}
