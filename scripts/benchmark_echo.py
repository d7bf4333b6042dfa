"""Does greenroom hear itself over loudspeakers, and does it still hear the person?

    .venv/bin/python scripts/benchmark_echo.py [SPEECH ...] [--cases N] [--seed N] [--voice NAME]

SPEECH are recordings of people (default: the demo candidate's and the tests'). A case is 1.5 s of room noise,
in which nobody speaks, and then the end sound and a feedback text of the voice (pyttsx3), as a simulated room
gives them back to the microphone: delay 5 to 300 ms, reverberation time 0.2 to 0.6 s, direct sound 3 dB below
to 8 dB above the reverberation, band-limited as small loudspeakers and microphones are, room noise 15 to
40 dB below the echo. The time we are told is wrong by up to 0.3 s, and in three of ten cases by 0.1 to 0.3 s
more (Bluetooth). A person begins 0.05 to 1.6 s after the end sound, at a place after a pause.

Printed for each row and detector, without and with the gate, by the segmenter that re-opens answers: how
often it re-opened wrongly (before the person had spoken for 0.1 s), in how many cases the person was noticed
within 2 s, the median and the 90th percentile of the delay from their first sound; and the share of the
person's voiced frames that were taken for echo.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.clip import load_clip, resample
from greenroom.audio.end_sound import end_sound, joined
from greenroom.demo import demo_recordings
from greenroom.listening.echo import EchoGate
from greenroom.listening.segmenter import Segmenter, seconds_in
from greenroom.listening.voice_activity import frames_of, load_detector
from greenroom.records import SAMPLE_RATE_HZ, Clip
from greenroom.voices import load_voice

Samples = NDArray[np.float32]

TEXTS = (
    "You gave a clear reason for the change, and I could follow each step. Next time, say how it ended.",
    "Thank you. I liked how you named the people you spoke to. What was the result, if you have a number?",
    "That was easy to follow. You said we moved it to queues; tell me which part was yours.",
    "A good start. Half of your answer was about the situation. Begin with what you did.",
    "So your team had two weeks. It would help me to hear what you decided yourself, and why.",
    "Well told. One thing to add is what the customers noticed afterwards.",
    "Six services stopped that night, and you stayed with them. What did you change afterwards?",
)
DETECTORS = ("silero", "webrtc")
BEFORE_SECONDS = 1.5
WINDOW_SECONDS = 2.0
CASE_SECONDS = 5.4
PERSON_LEVEL = 0.05
TESTS_OWN = Path(__file__).parents[1] / "tests" / "data" / "jfk.flac"


@dataclass(frozen=True)
class Row:
    """A kind of case: `echo` is the room's gain (dB), `person` their level beside the echo (dB)."""

    name: str
    echo: tuple[float, float] | None
    person: float | None = None
    direct: tuple[float, float] = (-3.0, 8.0)
    swallowed: float = 0.0


ROWS = (
    Row("headphones, person", None, 0.0),
    Row("loudspeakers, -10 to 0 dB, nobody", (-10.0, 0.0)),
    Row("loudspeakers, -20 to -10 dB, nobody", (-20.0, -10.0)),
    Row("loudspeakers, -30 to -20 dB, nobody", (-30.0, -20.0)),
    Row("far loudspeakers (direct sound -8 to -3 dB), nobody", (-20.0, 0.0), direct=(-8.0, -3.0)),
    Row("loudspeakers that swallow the first 0.2 s, nobody", (-20.0, 0.0), swallowed=0.2),
    Row("loudspeakers, person 6 dB below the echo", (-20.0, 0.0), -6.0),
    Row("loudspeakers, person as loud as the echo", (-20.0, 0.0), 0.0),
    Row("loudspeakers, person 6 dB above the echo", (-20.0, 0.0), 6.0),
    Row("leaking headphones, person 25 dB above the echo", (-30.0, -20.0), 25.0),
)


@dataclass(frozen=True)
class Case:
    """What is heard, what was played, when we are told that it began (s), when the person begins (s)."""

    heard: Clip
    played: Samples
    told: float
    onset: float | None
    person: Samples


@dataclass
class Outcome:
    """One case through one detector: when speech was noticed (s), or None; voiced frames of the person."""

    case: Case
    without: float | None
    with_gate: float | None
    voiced: int
    explained: int


def level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) or 1e-9


def room(generator: np.random.Generator, direct_db: tuple[float, float]) -> Samples:
    """An impulse response of energy 1: direct sound, tail of decaying noise, small devices at both ends."""
    delay = round(generator.uniform(0.005, 0.3) * SAMPLE_RATE_HZ)
    decay = generator.uniform(0.2, 0.6)
    times = np.arange(round(1.2 * decay * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    tail = generator.normal(size=len(times)) * 10 ** (-3 * times / decay) * (times > 0.002)
    tail *= 10 ** (-generator.uniform(*direct_db) / 20) / np.linalg.norm(tail)
    tail[0] = 1.0
    size = 1 << (delay + len(tail)).bit_length()
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    low, high = generator.uniform(100, 350), generator.uniform(3400, 7500)
    devices = (hz / low) ** 2 / np.sqrt(1 + (hz / low) ** 4) / np.sqrt(1 + (hz / high) ** 8)
    response = np.fft.irfft(np.fft.rfft(np.concatenate([np.zeros(delay), tail]), size) * devices, size)
    return (response / np.linalg.norm(response)).astype(np.float32)


def convolved(samples: Samples, response: Samples) -> Samples:
    size = 1 << (len(samples) + len(response)).bit_length()
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size).astype(np.float32)


def someone(generator: np.random.Generator, people: Sequence[Samples], samples: int) -> Samples:
    """Speech from a place where a person begins after a pause of 0.25 s, at a level of 1."""
    while True:
        speech = people[generator.integers(len(people))]
        start = int(generator.integers(4_000, len(speech) - 3 * SAMPLE_RATE_HZ))
        before, after = speech[start - 4_000 : start], speech[start : start + 4_800]
        blocks = np.sqrt(np.mean(np.square(before.reshape(-1, 400)), axis=1))
        if blocks.max() < 0.1 * level(speech) and level(after) > 0.5 * level(speech):
            spoken = np.resize(speech[start:], samples)
            return (spoken / level(spoken[: round(1.5 * SAMPLE_RATE_HZ)])).astype(np.float32)


def make_case(
    row: Row, generator: np.random.Generator, voices: Sequence[Samples], people: Sequence[Samples]
) -> Case:
    played = voices[generator.integers(len(voices))]
    late = generator.uniform(-0.3, 0.3) + (generator.uniform(0.1, 0.3) if generator.random() < 0.3 else 0.0)
    begins, total = (round(seconds * SAMPLE_RATE_HZ) for seconds in (BEFORE_SECONDS, CASE_SECONDS))
    gain = 10 ** (generator.uniform(*row.echo) / 20) if row.echo else 0.0
    audible = played.copy()
    audible[: round(row.swallowed * SAMPLE_RATE_HZ)] = 0.0
    echo = np.zeros(total, dtype=np.float32)
    echo[begins:] = gain * convolved(audible, room(generator, row.direct))[: total - begins]
    loudness = gain * level(played) if row.echo else PERSON_LEVEL
    noise = np.convolve(generator.normal(size=total), [1.0, 0.6, 0.3], "same")
    noise *= loudness * 10 ** (-generator.uniform(15, 40) / 20) / level(noise)
    person, onset = np.zeros(total, dtype=np.float32), None
    if row.person is not None:
        onset = BEFORE_SECONDS + generator.uniform(0.05, 1.6)
        first = round(onset * SAMPLE_RATE_HZ)
        person[first:] = someone(generator, people, total - first) * loudness * 10 ** (row.person / 20)
    heard = np.clip(echo + noise + person, -1, 1).astype(np.float32)
    return Case(Clip(heard), played, BEFORE_SECONDS - late, onset, person)


def explained(case: Case) -> tuple[list[bool], float]:
    """The gate's answer for each frame, and processor seconds a frame."""
    gate, answers = EchoGate(), []
    before = time.process_time()
    for index, frame in enumerate(frames_of(case.heard)):
        if seconds_in(index) >= BEFORE_SECONDS and seconds_in(index - 1) < BEFORE_SECONDS:
            gate.playing(case.played, case.told)
        answers.append(gate.explains(frame, seconds_in(index)))
    return answers, (time.process_time() - before) / len(answers)


def noticed(voiced: Sequence[bool]) -> float | None:
    """When the segmenter knew that there is speech (s)."""
    segmenter = Segmenter()
    for flag in voiced:
        segmenter.push(flag)
        if segmenter.speaking:
            return seconds_in(segmenter.frames)
    return None


def outcome(case: Case, detector_name: str, gate: Sequence[bool]) -> Outcome:
    detector = load_detector(detector_name)
    voiced = [detector.is_speech(frame) for frame in frames_of(case.heard)]
    levels = np.array([level(frame) for frame in frames_of(Clip(case.person))])
    theirs = np.array(voiced) & (levels > 0.2 * levels.max()) & (case.onset is not None)
    both = [flag and not ours for flag, ours in zip(voiced, gate, strict=True)]
    return Outcome(
        case, noticed(voiced), noticed(both), int(theirs.sum()), int((theirs & np.array(gate)).sum())
    )


def report(row: Row, detector: str, outcomes: Sequence[Outcome]) -> str:
    def figures(times: Sequence[float | None]) -> str:
        onsets = [case.case.onset for case in outcomes]
        wrong = sum(
            at is not None and (on is None or at < on + 0.1) for at, on in zip(times, onsets, strict=True)
        )
        if row.person is None:
            return f"{wrong} | - | -"
        delays = [
            at - on if at is not None and on is not None and at >= on + 0.1 else np.inf
            for at, on in zip(times, onsets, strict=True)
        ]
        in_time = sum(delay <= WINDOW_SECONDS for delay in delays)
        middle, late = np.quantile(delays, [0.5, 0.9], method="higher")
        return f"{wrong} | {in_time} | {middle:.2f} / {late:.2f} s"

    share = sum(case.explained for case in outcomes) / max(1, sum(case.voiced for case in outcomes))
    return (
        f"| {row.name} | {detector} | {len(outcomes)} | {figures([case.without for case in outcomes])} |"
        f" {figures([case.with_gate for case in outcomes])} |"
        f" {f'{100 * share:.1f} %' if row.person is not None else '-'} |"
    )


def spoken_texts(name: str) -> Iterator[Samples]:
    voice = load_voice(name)
    for text in TEXTS:
        clip = voice.render(text)
        if clip is not None:
            yield resample(joined(end_sound(), clip), SAMPLE_RATE_HZ).samples


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("speech", nargs="*", type=Path)
    parser.add_argument("--cases", type=int, default=50, help="cases in each row")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--voice", default="pyttsx3", help="what speaks the feedback")
    arguments = parser.parse_args()
    people = [load_clip(path).samples for path in arguments.speech or [*demo_recordings(), TESTS_OWN]]
    voices = list(spoken_texts(arguments.voice))
    print("| | | | without the gate | | | with the gate | | | |")
    print("| situation | detector | cases | wrong | noticed | delay | wrong | noticed | delay | for echo |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    costs = []
    for row in ROWS:
        generator = np.random.default_rng(arguments.seed)
        cases = [make_case(row, generator, voices, people) for _ in range(arguments.cases)]
        answers = [explained(case) for case in cases]
        costs += [cost for _, cost in answers]
        for detector in DETECTORS:
            pairs = zip(cases, answers, strict=True)
            outcomes = [outcome(case, detector, gate) for case, (gate, _) in pairs]
            print(report(row, detector, outcomes), flush=True)
    print(f"\nprocessor time of the gate: {1000 * np.mean(costs):.2f} ms a frame")


if __name__ == "__main__":
    main()
