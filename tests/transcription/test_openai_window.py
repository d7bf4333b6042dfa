"""Windows cut to their sound: a tiny model with random weights against whisper itself, then real weights."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from greenroom.records import SAMPLE_RATE_HZ, Clip
from greenroom.transcription import Transcriber, openai_window
from greenroom.transcription.openai_window import (
    PADDING_FRAMES,
    Layers,
    WindowedWhisper,
    encode_any_length,
)

pytestmark = pytest.mark.slow

FRAMES = 3000


@dataclass
class Tiny:
    """A model of two small layers, its decoder packed; `windows` are the frames it was asked to encode.

    Attributes:
        plain: the same model as whisper leaves it.
    """

    plain: Any
    model: Any
    layers: Layers
    windows: list[int]

    def windowed(self) -> WindowedWhisper:
        return WindowedWhisper(self.model, self.layers)


@pytest.fixture(scope="module")
def tiny_model() -> Any:
    import torch
    from whisper.model import ModelDimensions, Whisper

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model = Whisper(ModelDimensions(80, 1500, 128, 2, 2, 51865, 448, 128, 2, 2)).eval()
        for parameter in model.parameters():
            # As published: float16. Large enough that attention and order of tokens make a difference.
            parameter.data = (torch.randn_like(parameter) * 0.15).half().float()
    return model


@pytest.fixture
def tiny(tiny_model: Any) -> Tiny:
    model, windows = deepcopy(tiny_model), list[int]()
    encode = encode_any_length(model.encoder)

    def counted(mel: Any) -> Any:
        windows.append(mel.shape[-1])
        return encode(mel)

    model.encoder.forward = counted
    return Tiny(tiny_model, model, Layers(model.decoder), windows)


def window(sound: int, seed: int = 0) -> Any:
    """A spectrogram with `sound` frames, then padding."""
    import torch

    mel = torch.zeros(80, FRAMES)
    mel[:, :sound] = torch.from_numpy(np.random.default_rng(seed).normal(size=(80, sound)))
    return mel


def options(**changed: Any) -> Any:
    from whisper import DecodingOptions

    settings = {"language": "en", "fp16": False, "temperature": 0.0, "sample_len": 30}
    return DecodingOptions(**{**settings, **changed})


def test_a_whole_window_is_encoded_as_whisper_does(tiny_model: Any) -> None:
    import torch

    mel = window(FRAMES)[None]
    with torch.no_grad():
        assert torch.equal(encode_any_length(tiny_model.encoder)(mel), tiny_model.encoder(mel))


def test_the_decoder_gives_whisper_s_tokens_and_measures(tiny: Tiny) -> None:
    import whisper

    mel = window(FRAMES)
    ours, theirs = tiny.windowed().decode(mel, options()), whisper.decode(tiny.plain, mel, options())
    assert ours.tokens == theirs.tokens
    assert len(set(ours.tokens)) > 5  # not one token over and over, which a broken cache would give too
    assert ours.avg_logprob == pytest.approx(theirs.avg_logprob, abs=1e-4)
    assert ours.no_speech_prob == pytest.approx(theirs.no_speech_prob, rel=1e-3)


def test_whisper_s_own_way_through_a_packed_decoder_stays_open(tiny: Tiny) -> None:
    import whisper

    mel = window(FRAMES)
    packed, plain = (whisper.decode(model, mel, options()) for model in (tiny.model, tiny.plain))
    assert packed.tokens == plain.tokens
    assert packed.avg_logprob == pytest.approx(plain.avg_logprob, abs=1e-4)


def test_a_packed_decoder_keeps_its_weights_once(tiny: Tiny) -> None:
    weights = [(each.dtype, each.numel()) for each in tiny.model.decoder.parameters()]
    wide = sum(count for dtype, count in weights if str(dtype) == "torch.float32")
    assert wide < 0.1 * sum(each.numel() for each in tiny.plain.decoder.parameters())


def test_without_fbgemm_the_weights_are_used_as_they_are(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    def missing(*args: object) -> None:
        raise RuntimeError("no such engine here")

    with_it = tiny.windowed().decode(window(FRAMES), options())
    monkeypatch.setattr(torch.ops.quantized, "linear_prepack_fp16", missing)
    model = deepcopy(tiny.plain)
    without = WindowedWhisper(model, Layers(model.decoder)).decode(window(FRAMES), options())
    assert without.tokens == with_it.tokens
    assert model.state_dict().keys() == tiny.plain.state_dict().keys()


def test_a_window_is_cut_to_its_sound(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_window, "_in_trouble", lambda result, limit: False)
    for sound in (801, 2900):
        tiny.windowed().decode(window(sound), options())
    assert tiny.windows == [800 + PADDING_FRAMES, FRAMES]


def test_in_trouble_the_padding_is_put_back_and_the_limit_is_the_usual(tiny: Tiny) -> None:
    # Random weights are always in doubt: their mean log probability is far under -1.
    result = tiny.windowed().decode(window(100), options(sample_len=60))
    assert tiny.windows == [400, FRAMES]
    assert len(result.tokens) > 27


def test_a_hotter_try_is_made_with_the_padding(tiny: Tiny) -> None:
    tiny.windowed().decode(window(500), options(temperature=0.4))
    assert tiny.windows == [FRAMES]


def test_a_short_clip_is_decoded_and_a_short_rest_of_one_is_silence(tiny: Tiny) -> None:
    windowed = tiny.windowed()
    windowed.decode(window(60), options())
    before = len(tiny.windows)
    rest = windowed.decode(window(60), options())
    assert (rest.tokens, rest.no_speech_prob, len(tiny.windows)) == ([], 1.0, before)
    windowed.decode(window(150), options())
    assert len(tiny.windows) > before


@pytest.mark.parametrize(
    ("measures", "trouble"),
    [
        ({}, False),
        ({"compression_ratio": 2.5}, True),
        ({"tokens": [1] * 39}, True),
        ({"avg_logprob": -1.1}, True),
        ({"avg_logprob": -1.1, "no_speech_prob": 0.7}, False),
    ],
    ids=["none", "repeats itself", "at the limit", "in doubt", "silence"],
)
def test_what_counts_as_trouble(measures: dict[str, Any], trouble: bool) -> None:
    import torch
    from whisper import DecodingResult

    good = {"tokens": [1, 2], "avg_logprob": -0.3, "compression_ratio": 1.2, "no_speech_prob": 0.1}
    result = DecodingResult(torch.empty(0), "en", **{**good, **measures})
    assert openai_window._in_trouble(result, 40) == trouble


def test_word_times_come_from_the_context_that_was_decoded(tiny: Tiny) -> None:
    import torch

    windowed = tiny.windowed()
    windowed._run(window(800)[:, :1100], options())
    tokens = torch.tensor([[50258, 50259, 50359, 50363, 11, 22, 33]])
    with torch.no_grad():
        expected = tiny.plain.decoder(tokens, tiny.model.encoder(window(800)[None, :, :1100]))
        tiny.windows.clear()
        assert torch.allclose(windowed(None, tokens), expected, atol=1e-3)
    assert tiny.windows == []


@pytest.mark.weights
def test_a_chunk_has_the_words_and_times_of_the_whole_window(
    transcriber_of: Callable[[str, str], Transcriber], jfk: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcriber = transcriber_of("openai-whisper", "base")
    padded = Clip(np.concatenate([np.zeros(8000, np.float32), jfk.samples, np.zeros(8000, np.float32)]))
    cut = transcriber.transcribe(padded)
    monkeypatch.setattr("greenroom.transcription.openai_whisper.LONGEST_SECONDS", 0.0)
    whole = transcriber.transcribe(padded)
    assert cut.text == whole.text
    starts = np.array([[word.start for word in each.words] for each in (cut, whole)], float)
    assert np.abs(starts[0] - starts[1]).max() <= 0.15


@pytest.mark.weights
def test_a_clip_of_half_a_second_is_heard(
    transcriber_of: Callable[[str, str], Transcriber], jfk: Clip
) -> None:
    country = Clip(jfk.samples[int(9.75 * SAMPLE_RATE_HZ) : int(10.6 * SAMPLE_RATE_HZ)])
    assert "country" in transcriber_of("openai-whisper", "base").transcribe(country).text.lower()
