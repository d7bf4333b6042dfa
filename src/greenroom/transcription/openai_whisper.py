"""The reference engine: OpenAI's own Whisper, on PyTorch, in float32 on the processor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.errors import ModelError
from greenroom.records import SAMPLE_RATE_HZ
from greenroom.transcription import ENGINES, ctranslate2_weights
from greenroom.transcription.openai_alignment import lighten_alignment
from greenroom.transcription.openai_reader import OpenAIReader
from greenroom.transcription.openai_window import Layers, WindowedWhisper, encode_any_length
from greenroom.transcription.segments import (
    COMPRESSION_RATIO_LIMIT,
    LOG_PROBABILITY_LIMIT,
    NO_SPEECH_LIMIT,
    Piece,
    Segment,
)
from greenroom.transcription.weight_files import Weights, check_hash, find, openai_sha256, read_joined
from greenroom.transcription.whisper_engine import (
    LANGUAGE,
    LONGEST_SECONDS,
    MOST_TOKENS,
    SEED,
    TEMPERATURES,
    WhisperEngine,
    remembering,
    thread_count,
)

# large-v3, the largest there is (whisper.model.ModelDimensions of its checkpoint). What claims to be larger
# would be built, and fill the memory, before its weights turned out not to fit.
_LARGEST = {
    "n_mels": 128,
    "n_audio_ctx": 1500,
    "n_audio_state": 1280,
    "n_audio_head": 20,
    "n_audio_layer": 32,
    "n_vocab": 51866,
    "n_text_ctx": 448,
    "n_text_state": 1280,
    "n_text_head": 20,
    "n_text_layer": 32,
}


class OpenAIWhisper(WhisperEngine):
    engine = "openai-whisper"

    def __init__(self, model: str, threads: int | None = None) -> None:
        weights = find(model, ENGINES[self.engine].layouts)
        super().__init__(weights.name)
        lighten_alignment()
        import torch

        torch.set_num_threads(thread_count(threads))
        self._whisper = _load(weights)
        encode = encode_any_length(self._whisper.encoder)
        self._whisper.encoder.forward = remembering(encode, torch.equal)
        self._layers = Layers(self._whisper.decoder)

    def _decode(self, samples: NDArray[np.float32]) -> Iterator[Segment]:
        import torch

        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(SEED)
            decoded = self._transcribe(samples)
        return (_segment(segment) for segment in decoded["segments"])

    def _reader(self, samples: NDArray[np.float32]) -> OpenAIReader:
        return OpenAIReader(WindowedWhisper(self._whisper, self._layers), samples)

    def _transcribe(self, samples: NDArray[np.float32]) -> Any:
        from whisper import transcribe

        short = len(samples) <= LONGEST_SECONDS * SAMPLE_RATE_HZ
        return transcribe(
            WindowedWhisper(self._whisper, self._layers) if short else self._whisper,
            samples,
            language=LANGUAGE,
            temperature=TEMPERATURES,
            compression_ratio_threshold=COMPRESSION_RATIO_LIMIT,
            logprob_threshold=LOG_PROBABILITY_LIMIT,
            no_speech_threshold=NO_SPEECH_LIMIT,
            condition_on_previous_text=False,
            word_timestamps=True,
            sample_len=MOST_TOKENS,
            fp16=False,
        )


def _segment(segment: dict[str, Any]) -> Segment:
    pieces = (
        Piece(word["word"], float(word["start"]), float(word["end"]), float(word["probability"]))
        for word in segment["words"]
    )
    return Segment(
        tuple(pieces),
        segment["no_speech_prob"],
        segment["avg_logprob"],
        segment["compression_ratio"],
        segment["temperature"],
    )


def _load(weights: Weights) -> Any:
    try:
        model = _from_checkpoint(weights) if weights.layout == "openai" else _from_ctranslate2(weights)
    except ModelError:
        raise
    except Exception as error:  # there is no end to what a file may hold in place of weights
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        problem = f"{weights.files[0]} is not a model that openai-whisper can use: {reason}"
        raise ModelError(problem, weights.repair) from error
    return model.eval()


def _from_checkpoint(weights: Weights) -> Any:
    import torch

    sha256 = check_hash(weights)
    checkpoint = torch.load(weights.files[0], map_location="cpu", weights_only=True)
    # A path may well lead to one of OpenAI's files; then its word times deserve the heads chosen for it.
    published = next((name for name, known in openai_sha256().items() if known == sha256), None)
    return _build(checkpoint["dims"], checkpoint["model_state_dict"], published)


def _from_ctranslate2(weights: Weights) -> Any:
    import torch

    variables = ctranslate2_weights.parse(read_joined(weights))
    state = ctranslate2_weights.openai_state(variables)
    tensors = {name: torch.from_numpy(array) for name, array in state.items()}
    published = weights.name if weights.source == "package" else None
    return _build(ctranslate2_weights.dimensions(variables), tensors, published)


def _build(dimensions: dict[str, int], state: dict[str, Any], published: str | None) -> Any:
    import whisper
    from whisper.model import ModelDimensions, Whisper

    for name, largest in _LARGEST.items():
        if type(dimensions[name]) is not int or not 0 < dimensions[name] <= largest:
            raise ValueError(f"its {name} is {dimensions[name]!r:.40}, and no Whisper's is over {largest}")
    model = Whisper(ModelDimensions(**dimensions))
    # Copied, and not assigned: so they become float32 one by one, and not all of them beside the model.
    model.load_state_dict(state)
    if published is not None:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[published])
    return model
