"""openai-whisper's model at one window of sound, for the verbatim pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.transcription.openai_window import WindowedWhisper
from greenroom.transcription.segments import Piece
from greenroom.transcription.verbatim import PROMPT

_HOP_SAMPLES = 160  # whisper.audio.HOP_LENGTH
_TASK = {"language": "en", "task": "transcribe"}


class OpenAIReader:
    """A `greenroom.transcription.verbatim.Reader`.

    Args:
        samples: 16 kHz, up to 30 s.
    """

    def __init__(self, model: WindowedWhisper, samples: NDArray[np.float32]) -> None:
        from whisper.tokenizer import get_tokenizer

        self._model = model
        self._tokenizer = get_tokenizer(model.is_multilingual, num_languages=model.num_languages, **_TASK)
        tokenizer = self._tokenizer
        self._head = [
            tokenizer.sot_prev,
            *tokenizer.encode(PROMPT),
            *tokenizer.sot_sequence_including_notimestamps,
        ]
        self._mel, self._frames = _spectrogram(samples, model.dims.n_mels)

    @property
    def most_tokens(self) -> int:
        return int(self._model.dims.n_text_ctx) - len(self._head) - 1

    def encode(self, text: str) -> list[int]:
        """See `Reader`."""
        return list(self._tokenizer.encode(text))

    def read(self, tokens: Sequence[int], wanted: Sequence[int]) -> NDArray[np.float32]:
        """See `Reader`."""
        import torch

        read = self._model.read(self._mel, torch.tensor([*self._head, *tokens]), list(wanted))
        probabilities: NDArray[np.float32] = read[len(self._head) - 1 :].numpy()
        return probabilities

    def timed(self, tokens: Sequence[int]) -> list[tuple[int, Piece]]:
        """See `Reader`."""
        from whisper.timing import find_alignment

        aligned: Any = find_alignment(self._model, self._tokenizer, list(tokens), self._mel, self._frames)
        return [
            (len(word.tokens), Piece(word.word, float(word.start), float(word.end), float(word.probability)))
            for word in aligned
        ]


def _spectrogram(samples: NDArray[np.float32], bands: int) -> tuple[Any, int]:
    """The window as whisper.transcribe makes it, and the frames (10 ms) of it that are sound."""
    import torch
    from whisper.audio import N_FRAMES, N_SAMPLES, log_mel_spectrogram, pad_or_trim

    mel = log_mel_spectrogram(torch.from_numpy(samples), bands, padding=N_SAMPLES)
    frames = min(len(samples) // _HOP_SAMPLES, N_FRAMES)
    return pad_or_trim(mel[:, :frames], N_FRAMES), frames
