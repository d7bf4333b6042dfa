"""openai-whisper on clips of up to 30 s, with no more work than their sound needs; the words stay the same.

Two things cost most on a processor (docs/measurements.md has the figures). The encoder works through 30 s
even if only 8 of them hold sound: here the rest is cut off. The decoder reads all of its weights from memory
for each token: here they lie there as the float16 they were published in, still multiplied in float32.

Everything else (which windows are silent, where segments end, trying again, word times) remains whisper's
own: `WindowedWhisper` stands in for the model in whisper.transcribe and whisper.timing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from greenroom.transcription.segments import (
    COMPRESSION_RATIO_LIMIT,
    LOG_PROBABILITY_LIMIT,
    NO_SPEECH_LIMIT,
)

PADDING_FRAMES = 300
"""Padding left after the sound (10 ms frames). With 1 s, 3 of 29 chunks of speech looped; with 3 s none."""

# A decoder that loops goes on to its limit: a near one is noticed soon. It allows 300 words a minute at 1.3
# tokens a word, with as much again for fast speech and segment times; then the usual limit is tried.
_TOKENS_PER_SECOND = 7
_TOKENS_AT_LEAST = 20
_FRAMES_PER_SECOND = 100

_DYNAMIC_RANGE = 2.0
"""From the loudest point of a spectrogram to silence (whisper.audio.log_mel_spectrogram: 8 decades, by 4)."""

_SHORTEST_REST = 100
"""Frames. whisper.transcribe goes on after the last word where it is not certain that nothing follows. What
is left of a clip that ends in a pause is that pause, and in 0.02 to 0.34 s of it "Thank you" was heard."""

Linear = Callable[[Any], Any]


class WindowedWhisper:
    """A loaded model as whisper.transcribe uses it, for one clip of up to 30 s.

    Args:
        model: a whisper.model.Whisper whose encoder takes windows of any length (`encode_any_length`) and
            remembers the last one.
        layers: its decoder's.
    """

    def __init__(self, model: Any, layers: Layers) -> None:
        self._model = model
        self._layers = layers
        self._steps = _Steps(layers)
        self._begun = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def decode(self, mel: Any, options: Any) -> Any:
        """whisper.decode of one window, cut to its sound; in doubt the padding is put back.

        Args:
            mel: spectrogram, shape (bands, 3000), zeros after its sound.
            options: whisper.DecodingOptions; a hotter try is always one with the whole padding.
        """
        frames = _sound_frames(mel)
        if options.temperature == 0.0:
            if self._begun and frames < _SHORTEST_REST:
                return _nothing(options)
            self._begun = True
            limit = _TOKENS_AT_LEAST + _TOKENS_PER_SECOND * frames // _FRAMES_PER_SECOND
            near = replace(options, sample_len=min(limit, options.sample_len))
            result = self._run(_cut(mel, frames), near)
            if not _in_trouble(result, near.sample_len):
                return result
        return self._run(mel, options)

    def read(self, mel: Any, tokens: Any, wanted: list[int]) -> Any:
        """How likely each token of `wanted` follows each of `tokens`, in the window cut to its sound.

        Args:
            mel: as for `decode`.
            tokens: all that the decoder is to have before it, shape (n,).

        Returns:
            Probabilities, shape (n, len(wanted)).
        """
        import torch

        with torch.inference_mode():
            self._steps = _Steps(self._layers)
            encoded = self._model.encoder(_cut(mel, _sound_frames(mel))[None])
            logits = self._steps.logits(tokens[None], encoded)[0]
            return (logits[:, wanted] - logits.logsumexp(dim=-1, keepdim=True)).exp()

    def __call__(self, _mel: Any, tokens: Any) -> Any:
        """Logits for word times, of the window that was decoded last, in the context that it was decoded in.

        Whoever wants the attention too hooks it in `decoder`, as whisper.timing does.
        """
        steps = self._steps
        return self._model.decoder(tokens, steps.encoded, kv_cache=steps.cross_attention_cache())

    def _run(self, mel: Any, options: Any) -> Any:
        import torch
        from whisper.decoding import DecodingTask

        task = DecodingTask(self._model, options)
        task.inference = self._steps = _Steps(self._layers)
        with torch.inference_mode():
            return task.run(mel[None])[0]


def encode_any_length(encoder: Any) -> Callable[[Any], Any]:
    """Replaces `forward` of a whisper.model.AudioEncoder: the same for 30 s, and takes shorter windows."""
    from torch.nn import functional

    def encode(mel: Any) -> Any:
        x = functional.gelu(encoder.conv1(mel))
        x = functional.gelu(encoder.conv2(x)).permute(0, 2, 1)
        x = x + encoder.positional_embedding[: x.shape[1]]
        for block in encoder.blocks:
            x = block(x)
        return encoder.ln_post(x)

    return encode


def _sound_frames(mel: Any) -> int:
    """Frames up to the last that is not padding."""
    sound = (mel != 0).any(dim=0).nonzero()
    return int(sound[-1]) + 1 if len(sound) else 0


def _cut(mel: Any, frames: int) -> Any:
    """The sound, and a little silence: zeros, as whisper.transcribe pads with, would be a hiss."""
    cut = mel[:, : (frames + PADDING_FRAMES) // 2 * 2].clone()
    cut[:, frames:] = mel.max() - _DYNAMIC_RANGE
    return cut


def _nothing(options: Any) -> Any:
    """What whisper.transcribe takes for silence."""
    import torch
    from whisper.decoding import DecodingResult

    return DecodingResult(
        torch.empty(0), options.language, no_speech_prob=1.0, avg_logprob=-math.inf, temperature=0.0
    )


def _in_trouble(result: Any, limit: int) -> bool:
    if result.compression_ratio > COMPRESSION_RATIO_LIMIT or len(result.tokens) >= limit - 1:
        return True
    silent = result.no_speech_prob > NO_SPEECH_LIMIT
    return bool(result.avg_logprob < LOG_PROBABILITY_LIMIT and not silent)


class Layers:
    """A decoder whose weights are kept in float16 and multiplied in float32: for whisper's code and `_Steps`.

    That is half of the memory, and half of what must be read from it for a token. Whisper's weights were
    published in float16, so it changes no digit of them. FBGEMM, which does it, is there on x86 processors;
    elsewhere the weights are used as they are.

    Args:
        decoder: a whisper.model.TextDecoder, changed in place.
    """

    def __init__(self, decoder: Any) -> None:
        from torch.nn.functional import linear

        self.decoder = decoder
        self.heads = decoder.blocks[0].attn.n_head
        embedding = decoder.token_embedding
        packed = _packed(embedding.weight, None)
        self.logits = packed or (lambda x: linear(x, embedding.weight))
        if packed:
            embedding.weight.data = embedding.weight.data.half()
            for each in _linear_layers(decoder):
                each.forward = _packed(each.weight, each.bias)
                del each.weight, each.bias
            decoder.forward = self._decode

    def embed(self, tokens: Any, position: int) -> Any:
        places = self.decoder.positional_embedding[position : position + tokens.shape[-1]]
        return self.decoder.token_embedding(tokens) + places

    def _decode(self, tokens: Any, encoded: Any, kv_cache: Any = None) -> Any:
        """whisper.model.TextDecoder.forward."""
        x = self.embed(tokens, next(iter(kv_cache.values())).shape[1] if kv_cache else 0)
        for block in self.decoder.blocks:
            x = block(x, encoded, mask=self.decoder.mask, kv_cache=kv_cache)
        return self.logits(self.decoder.ln(x))


def _linear_layers(decoder: Any) -> Iterator[Any]:
    """All but the keys and values of cross-attention, each of which is one multiplication for a window."""
    for block in decoder.blocks:
        own, cross = block.attn, block.cross_attn
        yield from (own.query, own.key, own.value, own.out, cross.query, cross.out, *block.mlp[::2])


def _packed(weight: Any, bias: Any) -> Linear | None:
    """x @ weight.T + bias, with a copy of the weight in float16; None where there is no FBGEMM."""
    import torch

    try:
        with torch.no_grad():
            packed = torch.ops.quantized.linear_prepack_fp16(weight, bias)
        multiply = torch.ops.quantized.linear_dynamic_fp16
        multiply(torch.zeros(1, weight.shape[1]), packed)
    except (RuntimeError, AttributeError):
        return None
    return lambda x: multiply(x, packed)


class _Steps:
    """The decoder at one window: a whisper.decoding.Inference for one sequence, as greedy decoding asks it.

    Attributes:
        encoded: the encoded window, shape (1, positions, width).
    """

    def __init__(self, layers: Layers) -> None:
        self._layers = layers
        self._position = 0
        self._cross: list[tuple[Any, Any]] = []
        self._own: list[Any] = []
        self.encoded: Any = None

    def logits(self, tokens: Any, encoded: Any) -> Any:
        """Logits of the tokens that have not been asked for before; shape (1, tokens, vocabulary).

        Args:
            tokens: all so far, shape (1, tokens).
        """
        if self._position == 0:
            self._begin(encoded)
        new = tokens[0, self._position :]
        x = self._layers.embed(new, self._position)
        end = self._position + len(new)
        for block, cross, own in zip(self._layers.decoder.blocks, self._cross, self._own, strict=True):
            x = self._through(x, block, cross, own, end)
        self._position = end
        return self._layers.logits(_normed(x, self._layers.decoder.ln))[None]

    def cleanup_caching(self) -> None:
        """Part of whisper's protocol. The cross-attention is kept for the word times."""
        self._own.clear()

    def cross_attention_cache(self) -> dict[Any, Any]:
        """Keys and values of the window, as whisper.model.TextDecoder takes them."""
        # The decoder takes the length of the first entry for the number of tokens it has seen: none.
        cache: dict[Any, Any] = {"no tokens yet": self.encoded[:, :0]}
        for block, (keys, values) in zip(self._layers.decoder.blocks, self._cross, strict=True):
            cache[block.cross_attn.key] = keys.transpose(0, 1).flatten(1)[None]
            cache[block.cross_attn.value] = values.transpose(0, 1).flatten(1)[None]
        return cache

    def _begin(self, encoded: Any) -> None:
        self.encoded = encoded
        self._cross = [self._keys_and_values(block.cross_attn) for block in self._layers.decoder.blocks]
        longest, width = self._layers.decoder.positional_embedding.shape
        room = (2, self._layers.heads, longest, width // self._layers.heads)
        self._own = [encoded.new_empty(room) for _ in self._cross]

    def _keys_and_values(self, attention: Any) -> tuple[Any, Any]:
        # Copied head by head: each token reads all of it, and in whisper's order that takes longer.
        keys, values = attention.key(self.encoded[0]), attention.value(self.encoded[0])
        return self._by_head(keys).contiguous(), self._by_head(values).contiguous()

    def _by_head(self, x: Any) -> Any:
        return x.unflatten(-1, (self._layers.heads, -1)).transpose(0, 1)

    def _through(self, x: Any, block: Any, cross: tuple[Any, Any], own: Any, end: int) -> Any:
        from torch.nn.functional import gelu

        attend, look = block.attn, block.cross_attn
        normed = _normed(x, block.attn_ln)
        for kept, new in zip(own, (attend.key(normed), attend.value(normed)), strict=True):
            kept[:, end - len(x) : end] = self._by_head(new)
        query = self._by_head(attend.query(normed))
        x = x + attend.out(_attention(query, own[0, :, :end], own[1, :, :end]))
        query = self._by_head(look.query(_normed(x, block.cross_attn_ln)))
        x = x + look.out(_attention(query, *cross, look_ahead=True))
        return x + block.mlp[2](gelu(block.mlp[0](_normed(x, block.mlp_ln))))


def _attention(query: Any, keys: Any, values: Any, *, look_ahead: bool = False) -> Any:
    """Shapes (heads, tokens, width of a head) to (tokens, width)."""
    import torch

    # With Whisper's 64 numbers a head the scale is 1/8: exact.
    weights = torch.bmm(query * query.shape[-1] ** -0.5, keys.transpose(1, 2))
    count = query.shape[1]
    if count > 1 and not look_ahead:
        # Only the first tokens come together, and nothing was kept before them.
        weights = weights + torch.full((count, count), -torch.inf).triu(1)
    return torch.bmm(weights.softmax(dim=-1), values).transpose(0, 1).flatten(1)


def _normed(x: Any, norm: Any) -> Any:
    from torch.nn.functional import layer_norm

    return layer_norm(x, norm.normalized_shape, norm.weight, norm.bias, norm.eps)
