"""CTranslate2's Whisper at one window of sound, for the verbatim pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.transcription.segments import Piece
from greenroom.transcription.verbatim import PROMPT


class FasterReader:
    """A `greenroom.transcription.verbatim.Reader`.

    CTranslate2 has no call that reads a text. A text given as the beginning of what is to be decoded, with no
    room to go on, comes to the same: it steps through it, and tells the logits of each step.

    Args:
        whisper: a faster_whisper.WhisperModel.
        samples: 16 kHz, up to 30 s.
    """

    def __init__(self, whisper: Any, samples: NDArray[np.float32]) -> None:
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer

        self._whisper = whisper
        self._vocabulary = whisper.hf_tokenizer
        multilingual = whisper.model.is_multilingual
        self._tokenizer = Tokenizer(self._vocabulary, multilingual, task="transcribe", language="en")
        tokenizer = self._tokenizer
        self._head = [
            tokenizer.sot_prev,
            *self.encode(PROMPT),
            *tokenizer.sot_sequence,
            tokenizer.no_timestamps,
        ]
        features = whisper.feature_extractor(samples)[:, :-1]
        self._frames = min(features.shape[-1], whisper.feature_extractor.nb_max_frames)
        self._encoded = whisper.encode(pad_or_trim(features))

    @property
    def most_tokens(self) -> int:
        return int(self._whisper.max_length) // 2 - 1

    def encode(self, text: str) -> list[int]:
        """See `Reader`. Word by word: the tokenizer of one package has lost merges, and takes "the" apart."""
        if text.startswith(" ") and (parts := text.split()):
            return [token for part in parts for token in self._encode_word(part)]
        return list(self._tokenizer.encode(text))

    def read(self, tokens: Sequence[int], wanted: Sequence[int]) -> NDArray[np.float32]:
        """See `Reader`."""
        # Of the length, half at most and what the prompt leaves is for the text.
        prompt, steps = [*self._head, *tokens], len(tokens) + 1
        result = self._whisper.model.generate(
            self._encoded,
            [prompt],
            beam_size=1,
            max_length=max(2 * steps, len(self._head) + steps),
            suppress_blank=False,
            suppress_tokens=[],
            return_logits_vocab=True,
        )[0]
        logits = np.stack([np.asarray(row, dtype=np.float32).reshape(-1) for row in result.logits[0]])
        return _probabilities(logits[:steps], wanted)

    def timed(self, tokens: Sequence[int]) -> list[tuple[int, Piece]]:
        """See `Reader`."""
        aligned = self._whisper.find_alignment(self._tokenizer, [list(tokens)], self._encoded, self._frames)
        return [(len(word["tokens"]), _piece(word)) for word in aligned[0]]

    def _encode_word(self, word: str) -> list[int]:
        whole = self._vocabulary.token_to_id(f"Ġ{word}")
        return list(self._tokenizer.encode(f" {word}")) if whole is None else [whole]


def _piece(word: dict[str, Any]) -> Piece:
    return Piece(word["word"], float(word["start"]), float(word["end"]), float(word["probability"]))


def _probabilities(logits: NDArray[np.float32], wanted: Sequence[int]) -> NDArray[np.float32]:
    highest = logits.max(axis=1, keepdims=True)
    whole = np.exp(logits - highest).sum(axis=1, keepdims=True)
    probabilities: NDArray[np.float32] = np.exp(logits[:, list(wanted)] - highest) / whole
    return probabilities
