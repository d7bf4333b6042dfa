"""CTranslate2's model.bin, read without CTranslate2, and its tensors under openai-whisper's names.

The file (written by ctranslate2.specs.model_spec.ModelSpec) is, little-endian: version u32, name of the
specification, its revision u32, number of variables u32; each variable a name, rank u8, dimensions u32 each,
type u8, bytes u32, data; then the number of aliases u32, each an alias and a variable's name. A string is its
length u16 with the closing zero, then its bytes.

Which variable is which weight: ctranslate2.converters.transformers.WhisperLoader. Two things differ from
OpenAI's layout: query, key and value are one matrix, stacked by rows, and the key has a bias, which is zero.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[Any]
Variables = Mapping[str, Tensor]
Named = Iterator[tuple[str, Tensor]]

_BINARY_VERSION = 6
_SPECIFICATION = ("WhisperSpec", 3)
# CTranslate2's DataType; bfloat16 (5) has no counterpart in numpy.
_TYPES = {0: "<f4", 1: "i1", 2: "<i2", 3: "<i4", 4: "<f2"}
_EMBEDDING = "decoder/embeddings/weight"


class _Reader:
    def __init__(self, data: bytearray) -> None:
        self._data = memoryview(data)
        self._at = 0

    def take(self, size: int) -> memoryview:
        if self._at + size > len(self._data):
            raise ValueError("the model file ends in the middle")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, code: str) -> int:
        layout = f"<{code}"
        return int(struct.unpack(layout, self.take(struct.calcsize(layout)))[0])

    def string(self) -> str:
        return bytes(self.take(self.number("H"))).rstrip(b"\0").decode("utf-8", "replace")

    def tensor(self) -> Tensor:
        shape = tuple(self.number("I") for _ in range(self.number("B")))
        kind, size = self.number("B"), self.number("I")
        if kind not in _TYPES or size != int(np.prod(shape)) * np.dtype(_TYPES[kind]).itemsize:
            raise ValueError("the model file holds a tensor of an unknown kind")
        return np.frombuffer(self.take(size), _TYPES[kind]).reshape(shape)

    @property
    def finished(self) -> bool:
        return self._at == len(self._data)


def parse(data: bytearray) -> dict[str, Tensor]:
    """Every variable and alias of a Whisper model.bin, by CTranslate2's name; views into `data`.

    Raises:
        ValueError: not such a file, another version of it, or damaged.
    """
    reader = _Reader(data)
    version = reader.number("I")
    if version != _BINARY_VERSION:
        raise ValueError(f"not a CTranslate2 model of version {_BINARY_VERSION} (it says {version})")
    specification = (reader.string(), reader.number("I"))
    if specification != _SPECIFICATION:
        raise ValueError(f"not a Whisper model: {specification[0]}, revision {specification[1]}")
    variables = {reader.string(): reader.tensor() for _ in range(reader.number("I"))}
    for _ in range(reader.number("I")):
        alias, name = reader.string(), reader.string()
        variables[alias] = _get(variables, name)
    if not reader.finished:
        raise ValueError("the model file is longer than it says")
    return variables


def dimensions(variables: Variables) -> dict[str, int]:
    """The fields of whisper.model.ModelDimensions, from the shapes."""
    encoder = _get(variables, "encoder/position_encodings/encodings")
    decoder = _get(variables, "decoder/position_encodings/encodings")
    return {
        "n_mels": _get(variables, "encoder/conv1/weight").shape[1],
        "n_audio_ctx": encoder.shape[0],
        "n_audio_state": encoder.shape[1],
        "n_audio_head": int(_get(variables, "encoder/num_heads")),
        "n_audio_layer": _layers(variables, "encoder"),
        "n_vocab": _get(variables, _EMBEDDING).shape[0],
        "n_text_ctx": decoder.shape[0],
        "n_text_state": decoder.shape[1],
        "n_text_head": int(_get(variables, "decoder/num_heads")),
        "n_text_layer": _layers(variables, "decoder"),
    }


def openai_state(variables: Variables) -> dict[str, Tensor]:
    """The state dict of whisper.model.Whisper, as numpy arrays (views, in the file's type).

    Raises:
        ValueError: quantised, or not of Whisper's shape.
    """
    if _get(variables, _EMBEDDING).dtype.kind != "f":
        raise ValueError("a quantised CTranslate2 model cannot be read into openai-whisper")
    if _get(variables, "decoder/projection/weight") is not variables[_EMBEDDING]:
        raise ValueError("the model's output layer is not its embedding, as Whisper's is")
    return dict([*_encoder(variables), *_decoder(variables)])


def _encoder(variables: Variables) -> Named:
    yield "encoder.positional_embedding", _get(variables, "encoder/position_encodings/encodings")
    yield from _linear(variables, "encoder/conv1", "encoder.conv1")
    yield from _linear(variables, "encoder/conv2", "encoder.conv2")
    yield from _norm(variables, "encoder/layer_norm", "encoder.ln_post")
    for layer in range(_layers(variables, "encoder")):
        theirs, ours = f"encoder/layer_{layer}", f"encoder.blocks.{layer}"
        yield from _block(variables, theirs, ours)


def _decoder(variables: Variables) -> Named:
    yield "decoder.positional_embedding", _get(variables, "decoder/position_encodings/encodings")
    yield "decoder.token_embedding.weight", _get(variables, _EMBEDDING)
    yield from _norm(variables, "decoder/layer_norm", "decoder.ln")
    for layer in range(_layers(variables, "decoder")):
        theirs, ours = f"decoder/layer_{layer}", f"decoder.blocks.{layer}"
        yield from _block(variables, theirs, ours)
        yield from _cross_attention(variables, f"{theirs}/attention", f"{ours}.cross_attn")


def _block(variables: Variables, theirs: str, ours: str) -> Named:
    yield from _self_attention(variables, f"{theirs}/self_attention", f"{ours}.attn")
    yield from _norm(variables, f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln")
    yield from _linear(variables, f"{theirs}/ffn/linear_0", f"{ours}.mlp.0")
    yield from _linear(variables, f"{theirs}/ffn/linear_1", f"{ours}.mlp.2")


def _self_attention(variables: Variables, theirs: str, ours: str) -> Named:
    yield from _norm(variables, f"{theirs}/layer_norm", f"{ours}_ln")
    yield from _split(variables, f"{theirs}/linear_0", ours, ("query", "key", "value"))
    yield from _linear(variables, f"{theirs}/linear_1", f"{ours}.out")


def _cross_attention(variables: Variables, theirs: str, ours: str) -> Named:
    yield from _norm(variables, f"{theirs}/layer_norm", f"{ours}_ln")
    yield from _linear(variables, f"{theirs}/linear_0", f"{ours}.query")
    yield from _split(variables, f"{theirs}/linear_1", ours, ("key", "value"))
    yield from _linear(variables, f"{theirs}/linear_2", f"{ours}.out")


def _split(variables: Variables, theirs: str, ours: str, names: tuple[str, ...]) -> Named:
    weights = np.split(_get(variables, f"{theirs}/weight"), len(names))
    biases = np.split(_get(variables, f"{theirs}/bias"), len(names))
    for name, weight, bias in zip(names, weights, biases, strict=True):
        yield f"{ours}.{name}.weight", weight
        if name != "key":
            yield f"{ours}.{name}.bias", bias
        elif np.any(bias):
            raise ValueError("the model's keys have a bias, and Whisper's have none")


def _linear(variables: Variables, theirs: str, ours: str) -> Named:
    yield f"{ours}.weight", _get(variables, f"{theirs}/weight")
    yield f"{ours}.bias", _get(variables, f"{theirs}/bias")


def _norm(variables: Variables, theirs: str, ours: str) -> Named:
    yield f"{ours}.weight", _get(variables, f"{theirs}/gamma")
    yield f"{ours}.bias", _get(variables, f"{theirs}/beta")


def _layers(variables: Variables, side: str) -> int:
    names = (name.split("/") for name in variables)
    return len({parts[1] for parts in names if parts[0] == side and re.fullmatch(r"layer_\d+", parts[1])})


def _get(variables: Variables, name: str) -> Tensor:
    try:
        return variables[name]
    except KeyError:
        raise ValueError(f"the model file lacks {name}") from None
