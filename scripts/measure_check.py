"""What the thresholds of `greenroom check` were read from: its measures on a folder of recordings.

Four tables, for speech and noise of a folder with an INDEX.tsv (its kind of each file says which it is):

- each recording of speech, its first 8 s: its level, the band above a telephone's, the same at a telephone's
  8 kHz, and the share of frames with a flat top; then that share with peaks 3, 6, 9 and 12 dB above full
  scale, cut off at 48 kHz;
- speech made ever quieter, with 16 bits: how much of it is still heard as speech;
- speech in noise of another recording: the signal-to-noise ratio that was set, and the one that was measured;
- each recording played and heard again, later and fainter: how often it was found; and other recordings heard
  in its place: how often one was taken for it.

Usage: scripts/measure_check.py FOLDER
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from greenroom.audio.clip import from_pcm16, load_clip, to_pcm16
from greenroom.checking.levels import Speech, hear_quiet, hear_speech, signal_to_noise_db
from greenroom.checking.loudspeaker_echo import echo_of
from greenroom.listening.voice_activity import Detector, load_detector
from greenroom.records import SAMPLE_RATE_HZ, Clip

Floats = NDArray[np.float32]

SECONDS = 8.0
OVERDRIVES_DB = (3, 6, 9, 12)
LEVELS_DB = (-27, -37, -45, -50, -55, -60, -65, -70)
SNRS_DB = (0, 5, 10, 15, 20, 25, 30)
FAINTER_DB = (0, 12, 24)
DELAYS = (0.05, 0.15, 0.3)
STARTS = 0.6
ROOM_DB = -65.0
OTHERS = (5, 11, 17, 23)
"""How far on in the list the recordings lie that are heard in a recording's place."""
NO_SPEECH = ("noise", "silence")


def recordings(folder: Path) -> Iterator[tuple[str, str, Floats]]:
    """Name, kind and samples (16 kHz) of each recording in the index."""
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = [row for row in csv.DictReader(index, delimiter="\t") if (folder / row["file"]).is_file()]
    for row in rows:
        samples = load_clip(folder / row["file"]).samples
        yield Path(row["file"]).stem, row["kind"], samples[: round(SECONDS * SAMPLE_RATE_HZ)]


def overdriven(samples: Floats, db: float) -> Floats:
    """With its peak so far above full scale, and cut off there as a converter at 48 kHz does it."""
    at_48_khz = soxr.resample(samples / np.abs(samples).max(), SAMPLE_RATE_HZ, 48_000)
    cut = np.clip(at_48_khz * 10 ** (db / 20), -1.0, 1.0)
    return np.clip(soxr.resample(cut, 48_000, SAMPLE_RATE_HZ), -1.0, 1.0).astype(np.float32)


def narrowed(samples: Floats) -> Floats:
    """As a telephone's 8 kHz give it."""
    there = soxr.resample(samples, SAMPLE_RATE_HZ, 8_000)
    return np.asarray(soxr.resample(there, 8_000, SAMPLE_RATE_HZ), dtype=np.float32)


def at_level(samples: Floats, speech: Speech, db: float) -> Floats:
    """With its speech at a level (dBov), in 16 bits."""
    assert speech.level_db is not None
    return from_pcm16(to_pcm16(samples * np.float32(10 ** ((db - speech.level_db) / 20))))


def measure_levels(spoken: dict[str, Floats], detector: Detector) -> None:
    print("| recording | speech (s) | level | above 4 kHz | at 8 kHz | flat tops | +3 dB | +6 | +9 | +12 |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    over: dict[int, list[float]] = {db: [] for db in (0, *OVERDRIVES_DB)}
    levels = []
    for name, samples in spoken.items():
        speech = hear_speech(Clip(samples), detector)
        if speech.level_db is None or speech.high_db is None:
            print(f"| {name} | no speech was found |")
            continue
        levels.append(speech.level_db)
        cut = [hear_speech(Clip(overdriven(samples, db)), detector).clipped for db in OVERDRIVES_DB]
        narrow = hear_speech(Clip(narrowed(samples)), detector).high_db
        for db, share in zip(over, (speech.clipped, *cut), strict=True):
            over[db].append(share)
        cells = " | ".join(f"{100 * share:.0f} %" for share in (speech.clipped, *cut))
        told = f"{narrow:.0f}" if narrow is not None else "-"
        head = f"{name} | {speech.spoken:.1f} | {speech.level_db:.0f} | {speech.high_db:.0f} | {told}"
        print(f"| {head} | {cells} |")
    print(f"\nlevel: median {np.median(levels):.0f}, {min(levels):.0f} to {max(levels):.0f}")
    for db, shares in over.items():
        flagged = sum(share > 0.05 for share in shares)
        print(f"+{db} dB: flat tops {100 * min(shares):.1f} to {100 * max(shares):.1f} %, {flagged} over 5 %")


def measure_quiet(spoken: dict[str, Floats], detector: Detector) -> None:
    print(
        "\n| level (dBov) | speech still heard, median | fewest | recordings under half |\n|---|---|---|---|"
    )
    for db in LEVELS_DB:
        shares = []
        for samples in spoken.values():
            usual = hear_speech(Clip(samples), detector)
            if usual.level_db is not None:
                quiet = hear_speech(Clip(at_level(samples, usual, db)), detector)
                shares.append(quiet.spoken / usual.spoken)
        under = sum(share < 0.5 for share in shares)
        print(f"| {db} | {np.median(shares):.2f} | {min(shares):.2f} | {under} of {len(shares)} |")


def measure_noise(spoken: dict[str, Floats], noises: dict[str, Floats], detector: Detector) -> None:
    print("\n| SNR set (dB) | measured, median | middle half | all | no voice heard |\n|---|---|---|---|---|")
    for wanted in SNRS_DB:
        measured, unheard = [], 0
        for samples in spoken.values():
            usual = hear_speech(Clip(samples), detector)
            if usual.level_db is None:
                continue
            for noise in noises.values():
                quiet = hear_quiet(Clip(noise[: 2 * SAMPLE_RATE_HZ]), detector)
                louder = np.float32(10 ** ((usual.level_db - wanted - quiet.noise_db) / 20))
                room = hear_quiet(Clip(noise[: 2 * SAMPLE_RATE_HZ] * louder), detector)
                mixed = np.clip(samples + np.resize(noise, len(samples)) * louder, -1.0, 1.0)
                speech = hear_speech(Clip(mixed), detector)
                if speech.level_db is None:
                    unheard += 1
                else:
                    measured.append(signal_to_noise_db(speech.level_db, room.noise_db))
        low, middle, high = np.percentile(measured, (25, 50, 75))
        print(
            f"| {wanted} | {middle:.1f} | {low:.1f} to {high:.1f} "
            f"| {min(measured):.1f} to {max(measured):.1f} | {unheard} of {unheard + len(measured)} |"
        )


def heard_at(start: float, samples: Floats) -> Clip:
    """Sound that begins at `start` (s) in a quiet room, and half a second of that room after it."""
    begins = round(start * SAMPLE_RATE_HZ)
    room = np.random.default_rng(1).normal(0, 10 ** (ROOM_DB / 20), begins + len(samples) + 8_000)
    room[begins : begins + len(samples)] += samples
    return Clip(np.clip(room, -1.0, 1.0).astype(np.float32))


def measure_echo(spoken: dict[str, Floats]) -> None:
    names, played = list(spoken), {name: samples[: 5 * SAMPLE_RATE_HZ] for name, samples in spoken.items()}
    print(
        "\n| fainter by (dB) | "
        + " | ".join(f"{1000 * late:.0f} ms" for late in DELAYS)
        + " |\n|---|---|---|---|"
    )
    for fainter in FAINTER_DB:
        cells = []
        for late in DELAYS:
            echoes = [
                heard_at(STARTS + late, own * np.float32(10 ** (-fainter / 20))) for own in played.values()
            ]
            found = [
                echo_of(Clip(own), heard, STARTS) for own, heard in zip(played.values(), echoes, strict=True)
            ]
            cells.append(f"{sum(each.found for each in found)} of {len(found)}")
        print(f"| {fainter} | {' | '.join(cells)} |")
    taken, pairs = [], 0
    for number, name in enumerate(names):
        for step in OTHERS:
            other = names[(number + step) % len(names)]
            pairs += 1
            if echo_of(Clip(played[name]), heard_at(STARTS, played[other]), STARTS).found:
                taken.append(f"{other} for {name}")
    print(f"\nother recordings taken for an echo: {len(taken)} of {pairs} {'; '.join(taken)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="recordings and their INDEX.tsv")
    folder = parser.parse_args().folder
    spoken, noises = {}, {}
    for name, kind, samples in recordings(folder):
        (noises if kind.startswith(NO_SPEECH) else spoken)[name] = samples
    noises = {
        name: noise for name, noise in noises.items() if len(noise) > 3 * SAMPLE_RATE_HZ and noise.any()
    }
    detector = load_detector()
    print(f"{len(spoken)} recordings of speech, {len(noises)} of noise\n")
    measure_levels(spoken, detector)
    measure_quiet(spoken, detector)
    # Steady noises only: two seconds of a tap or of music say nothing about the seconds that follow.
    steady = {name: noise for name, noise in noises.items() if "music" not in name and "typing" not in name}
    measure_noise(spoken, steady, detector)
    measure_echo(spoken)


if __name__ == "__main__":
    main()
