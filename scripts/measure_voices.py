"""How soon each voice is heard, how much it takes from the processor, and how well Whisper understands it.

    .venv/bin/python scripts/measure_voices.py [--voices piper pyttsx3] [--questions 12] [--tries 5]

Twelve questions of the behavioural bank. Times are from the moment when a question is to be asked until its
samples are there to be played, as Narrator.say() waits for them; the loudspeaker adds the same to all. Cold:
the first question of a new program, nothing cached, and the voice not loaded. Warm: a later one that nothing
was done for. Ahead: one that was rendered while the one before was said. Kept: from the disk. Medians, with
the longest in brackets. Word errors: of Whisper's transcript; the mean, and the worst in brackets.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import jiwer
import numpy as np

from greenroom.audio.clip import resample
from greenroom.questions import load_banks
from greenroom.records import SAMPLE_RATE_HZ, Clip
from greenroom.transcription import load_transcriber
from greenroom.voices import CachedVoice, load_voice

_NORMAL = jiwer.Compose(
    [
        jiwer.ToLowerCase(),
        jiwer.RemovePunctuation(),
        jiwer.RemoveMultipleSpaces(),
        jiwer.Strip(),
        jiwer.ReduceToListOfListOfWords(),
    ]
)

_COLD = """
import sys, time
began = time.monotonic()
from greenroom.voices import load_voice
load_voice({voice!r}).render({text!r})
print(time.monotonic() - began)
"""


def texts_of(count: int) -> list[str]:
    (bank,) = load_banks(["behavioural"])
    return [question.text for question in bank.questions[:count]]


def rendered(voice: CachedVoice, text: str, *, keep: bool = False) -> tuple[Clip, float]:
    """The sound, and how long it took (s)."""
    began = time.monotonic()
    clip = voice.render(text, keep=keep)
    assert clip is not None
    return clip, time.monotonic() - began


def cold(name: str, text: str) -> float:
    """Seconds to the first sound in a program of its own, imports included."""
    command = [sys.executable, "-c", _COLD.format(voice=name, text=text)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def ahead(name: str, texts: Sequence[str]) -> list[float]:
    """Each text prepared while the one before is said in real time, at most for 6 s."""
    with tempfile.TemporaryDirectory() as folder:
        voice = CachedVoice(load_voice(name), Path(folder))
        clip, _ = rendered(voice, texts[0])
        took = []
        for text in texts[1:]:
            voice.prepare(text)
            time.sleep(min(clip.seconds, 6.0))
            clip, seconds = rendered(voice, text)
            took.append(seconds)
    return took


def kept(name: str, texts: Sequence[str]) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        first = CachedVoice(load_voice(name), Path(folder))
        for text in texts:
            first.render(text, keep=True)
        again = CachedVoice(load_voice(name), Path(folder))
        return [rendered(again, text, keep=True)[1] for text in texts]


def milliseconds(values: Sequence[float]) -> str:
    return f"{statistics.median(values) * 1000:.0f} ms ({max(values) * 1000:.0f})"


def word_errors(clips: Sequence[Clip], texts: Sequence[str], model: str) -> list[float]:
    engine = load_transcriber("faster-whisper", model)
    errors = []
    for clip, text in zip(clips, texts, strict=True):
        heard = engine.transcribe(Clip(resample(clip, SAMPLE_RATE_HZ).samples, SAMPLE_RATE_HZ)).text
        error = jiwer.wer(text, heard, reference_transform=_NORMAL, hypothesis_transform=_NORMAL)
        if error:
            print(f"  {error:.2f}  {text}\n        {heard}", file=sys.stderr)
        errors.append(error)
    return errors


def measure(name: str, texts: Sequence[str], tries: int, model: str, rate: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        voice = CachedVoice(load_voice(name, rate), Path(folder))
        voice.render("Ready.")
        found = [rendered(voice, text) for text in texts]
    clips, warm = [clip for clip, _ in found], [seconds for _, seconds in found]
    seconds = sum(clip.seconds for clip in clips)
    errors = word_errors(clips, texts, model)
    words = sum(len(text.split()) for text in texts) / seconds * 60
    colds = [cold(name, texts[0]) for _ in range(tries)] if tries else [0.0]
    prepared = ahead(name, texts[: tries + 1]) if tries else [0.0]
    disk = kept(name, texts[:tries]) if tries else [0.0]
    return (
        f"| {name} at {rate} | {milliseconds(colds)} | {milliseconds(warm)} | {milliseconds(prepared)} "
        f"| {milliseconds(disk)} | {sum(warm) / seconds:.2f} | {words:.0f} "
        f"| {np.mean(errors):.2f} ({max(errors):.2f}) |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", nargs="+", default=["pyttsx3", "piper"])
    parser.add_argument("--questions", type=int, default=12)
    parser.add_argument("--tries", type=int, default=5, help="of everything but the questions")
    parser.add_argument("--rates", type=int, nargs="+", default=[165], help="words a minute")
    parser.add_argument("--model", default="base", help="Whisper model that listens")
    wanted = parser.parse_args()
    texts = texts_of(wanted.questions)
    print("| voice | cold | warm | ahead | kept | real-time factor | words a minute | word errors |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in wanted.voices:
        for rate in wanted.rates:
            print(measure(name, texts, wanted.tries, wanted.model, rate), flush=True)


if __name__ == "__main__":
    main()
