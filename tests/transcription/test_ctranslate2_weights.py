"""The reader of model.bin, on a tiny model written here byte by byte, and on broken ones."""

from __future__ import annotations

import struct
from dataclasses import fields

import numpy as np
import pytest
from numpy.typing import NDArray

from greenroom.transcription.ctranslate2_weights import dimensions, openai_state, parse

STATE, HEADS, MELS, VOCABULARY, TEXT, AUDIO, MLP = 4, 2, 3, 7, 5, 6, 16
TYPES = {"float32": 0, "int8": 1, "int16": 2, "float16": 4}
Array = NDArray[np.generic]


def tiny() -> dict[str, Array]:
    """One layer each side, every number another one, so that a swap shows."""
    count = iter(range(1, 100_000))

    def of(*shape: int) -> Array:
        return np.array([next(count) / 64 for _ in range(int(np.prod(shape)))], np.float16).reshape(shape)

    def norm(name: str) -> dict[str, Array]:
        return {f"{name}/gamma": of(STATE), f"{name}/beta": of(STATE)}

    def linear(name: str, *shape: int) -> dict[str, Array]:
        return {f"{name}/weight": of(*shape), f"{name}/bias": of(shape[0])}

    def block(name: str) -> dict[str, Array]:
        own = {
            **norm(f"{name}/self_attention/layer_norm"),
            **linear(f"{name}/self_attention/linear_0", 3 * STATE, STATE),
            **linear(f"{name}/self_attention/linear_1", STATE, STATE),
            **norm(f"{name}/ffn/layer_norm"),
            **linear(f"{name}/ffn/linear_0", MLP, STATE),
            **linear(f"{name}/ffn/linear_1", STATE, MLP),
        }
        own[f"{name}/self_attention/linear_0/bias"][STATE : 2 * STATE] = 0
        return own

    cross = {
        **norm("decoder/layer_0/attention/layer_norm"),
        **linear("decoder/layer_0/attention/linear_0", STATE, STATE),
        **linear("decoder/layer_0/attention/linear_1", 2 * STATE, STATE),
        **linear("decoder/layer_0/attention/linear_2", STATE, STATE),
    }
    cross["decoder/layer_0/attention/linear_1/bias"][:STATE] = 0
    return {
        "decoder/activation": np.int8(3),
        "decoder/num_heads": np.int16(HEADS),
        "encoder/num_heads": np.int16(HEADS),
        "decoder/embeddings/weight": of(VOCABULARY, STATE),
        "decoder/position_encodings/encodings": of(TEXT, STATE),
        "encoder/position_encodings/encodings": of(AUDIO, STATE),
        **linear("encoder/conv1", STATE, MELS, 3),
        **linear("encoder/conv2", STATE, STATE, 3),
        **norm("encoder/layer_norm"),
        **norm("decoder/layer_norm"),
        **block("encoder/layer_0"),
        **block("decoder/layer_0"),
        **cross,
    }


def string(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def written(
    variables: dict[str, Array], *, version: int = 6, name: str = "WhisperSpec", aliases: bool = True
) -> bytearray:
    out = struct.pack("<I", version) + string(name) + struct.pack("<II", 3, len(variables))
    for key, value in variables.items():
        out += string(key) + struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape)
        out += struct.pack("<BI", TYPES[value.dtype.name], value.nbytes) + value.tobytes()
    tied = string("decoder/projection/weight") + string("decoder/embeddings/weight")
    return bytearray(out + (struct.pack("<I", 1) + tied if aliases else struct.pack("<I", 0)))


def test_what_was_written_is_read() -> None:
    read = parse(written(tiny()))
    assert set(read) == {*tiny(), "decoder/projection/weight"}
    assert all(np.array_equal(read[name], value) for name, value in tiny().items())


def test_dimensions_come_from_the_shapes() -> None:
    assert dimensions(parse(written(tiny()))) == {
        "n_mels": MELS,
        "n_audio_ctx": AUDIO,
        "n_audio_state": STATE,
        "n_audio_head": HEADS,
        "n_audio_layer": 1,
        "n_vocab": VOCABULARY,
        "n_text_ctx": TEXT,
        "n_text_state": STATE,
        "n_text_head": HEADS,
        "n_text_layer": 1,
    }


def test_the_state_fits_openai_whisper_name_by_name_and_shape_by_shape() -> None:
    from whisper.model import ModelDimensions, Whisper

    variables = parse(written(tiny()))
    sizes = dimensions(variables)
    assert {field.name for field in fields(ModelDimensions)} == set(sizes)
    expected = Whisper(ModelDimensions(**sizes)).state_dict()
    state = openai_state(variables)
    assert {name: array.shape for name, array in state.items()} == {
        name: tuple(tensor.shape) for name, tensor in expected.items()
    }


def test_fused_matrices_are_split_by_rows() -> None:
    variables = tiny()
    state = openai_state(parse(written(variables)))
    fused = variables["decoder/layer_0/self_attention/linear_0/weight"]
    names = ("query", "key", "value")
    split = [state[f"decoder.blocks.0.attn.{name}.weight"] for name in names]
    assert np.array_equal(np.concatenate(split), fused)
    cross = variables["decoder/layer_0/attention/linear_1/weight"]
    assert np.array_equal(state["decoder.blocks.0.cross_attn.value.weight"], cross[STATE:])
    assert "decoder.blocks.0.attn.key.bias" not in state
    bias = variables["decoder/layer_0/self_attention/linear_0/bias"]
    assert np.array_equal(state["decoder.blocks.0.attn.value.bias"], bias[2 * STATE :])


def test_gamma_is_the_weight_and_beta_the_bias() -> None:
    state = openai_state(parse(written(tiny())))
    assert np.array_equal(state["encoder.ln_post.weight"], tiny()["encoder/layer_norm/gamma"])
    assert np.array_equal(state["encoder.ln_post.bias"], tiny()["encoder/layer_norm/beta"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (bytearray(), "ends in the middle"),
        (bytearray(b"not a model at all"), "not a CTranslate2 model"),
        (written(tiny(), version=5), "it says 5"),
        (written(tiny(), name="TransformerSpec"), "not a Whisper model"),
        (written(tiny())[:-200], "ends in the middle"),
        (written(tiny()) + b"more", "longer than it says"),
    ],
)
def test_a_file_of_another_kind_is_refused(data: bytearray, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(data)


def test_a_quantised_model_is_refused() -> None:
    variables = tiny()
    variables["decoder/embeddings/weight"] = np.zeros((VOCABULARY, STATE), np.int8)
    with pytest.raises(ValueError, match="quantised"):
        openai_state(parse(written(variables)))


def test_an_output_layer_of_its_own_is_refused() -> None:
    variables = {**tiny(), "decoder/projection/weight": tiny()["decoder/embeddings/weight"] + np.float16(1)}
    with pytest.raises(ValueError, match="output layer"):
        openai_state(parse(written(variables, aliases=False)))


def test_a_key_with_a_bias_is_refused() -> None:
    variables = tiny()
    variables["encoder/layer_0/self_attention/linear_0/bias"][STATE] = 1
    with pytest.raises(ValueError, match="keys have a bias"):
        openai_state(parse(written(variables)))


def test_a_missing_tensor_is_named() -> None:
    variables = tiny()
    del variables["encoder/conv2/bias"]
    with pytest.raises(ValueError, match="encoder/conv2/bias"):
        openai_state(parse(written(variables)))
