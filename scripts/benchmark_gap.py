"""The response gap of whole interviews, measured from outside: what the loudspeaker and the microphone heard.

    scripts/benchmark gap [--engine NAME] [--model NAME] [--voice NAME] [--patience P] [--lengths S ...]

A virtual sound card (PulseAudio, as for the tests) stands between a real `greenroom practice` and a candidate
who plays answers of the given lengths, made of the demo recordings with thinking pauses between them. The gap
is the time from the decision that the answer has ended to the first sound of the reply, both in time of the
microphone's recording: the same sound is found in what the microphone heard and in the answer's file. Beside
it stands the program's own figure from session.json. Run on a quiet machine; it takes as long as the answers.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from turns_process import family, seconds_of

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from candidate_program import Candidate  # noqa: E402
from end_to_end import ENTER, Terminal, environment, only_session, session_of  # noqa: E402
from soundcard import RATE_HZ, Heard, Recording, SoundCard, read_sound  # noqa: E402

from greenroom.demo import demo_recordings  # noqa: E402

LENGTHS = (15, 15, 15, 15, 15, 60, 60, 180, 300)
LONGEST_PAUSE = 2.2  # s; under every patience, so that the answer's end is the only one
ROOM_TONE = 10 ** (-70 / 20)
QUESTIONS = """\
name = "gap"
title = "Gap"
description = "Questions for measuring how soon the reply comes."
"""
QUESTION = """
[[question]]
id = "q{number}"
text = "Tell me about number {number}."
kind = "behavioural"
signals = ["ownership"]
about = "Nothing but the time."
target_seconds = 60

[question.follow_ups]
no_outcome = "What changed?"
"""


@dataclass(frozen=True)
class Gap:
    """One answer: length, silence before the decision, gap heard, gap by session.json (s)."""

    seconds: float
    silence: float
    heard: float
    own: float
    feedback: bool
    overflowed: bool


def answer(seconds: float, seed: int) -> np.ndarray:
    """Demo recordings cut into sentences, with pauses between them, of `seconds` at most."""
    generator = np.random.default_rng(seed)
    parts: list[np.ndarray] = []
    wanted, have = round(seconds * RATE_HZ), 0
    for sentence in _sentences(seed):
        length = round(min(LONGEST_PAUSE, generator.lognormal(-0.5, 0.8)) * RATE_HZ)
        pause = ROOM_TONE * generator.standard_normal(length)
        if have and have + len(sentence) + len(pause) > wanted:
            break
        parts += [sentence, pause.astype(np.float32)]
        have += len(sentence) + len(pause)
    return np.concatenate(parts[:-1])


def _sentences(seed: int) -> Iterator[np.ndarray]:
    sounds = [read_sound(path) for path in demo_recordings()]
    for index in range(seed, seed + 100):
        yield from _cut(sounds[index % len(sounds)])


def _cut(sound: np.ndarray) -> Iterator[np.ndarray]:
    """Pieces between silences of 0.3 s and more, and of at least two seconds."""
    stretches = Heard(sound, 0.0).sounds(quiet=0.3)
    start = 0.0
    for number, (_, end) in enumerate(stretches):
        if end - start >= 2.0 or number == len(stretches) - 1:
            yield sound[round(start * RATE_HZ) : round((end + 0.1) * RATE_HZ)]
            start = end + 0.1


class Watch:
    """Peak memory of a process tree (MB) and its processor time (s), looked at twice a second."""

    def __init__(self, pid: int) -> None:
        self.peak_mb, self.cpu = 0.0, 0.0
        self._pid, self._stop = pid, threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while not self._stop.wait(0.5):
            tree = family(self._pid)
            self.peak_mb = max(self.peak_mb, sum(_resident_mb(pid) for pid in tree))
            self.cpu = max(self.cpu, sum(seconds_of(pid) for pid in tree))

    def stop(self) -> None:
        self._stop.set()


def _resident_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def interview(options: argparse.Namespace, lengths: Sequence[float]) -> tuple[list[Gap], Watch]:
    card = SoundCard()
    try:
        with tempfile.TemporaryDirectory(prefix="greenroom-gap-") as folder:
            return _interview(Path(folder), card, options, lengths)
    finally:
        card.close()


def _interview(
    home: Path, card: SoundCard, options: argparse.Namespace, lengths: Sequence[float]
) -> tuple[list[Gap], Watch]:
    import soundfile

    answers = []
    for number, seconds in enumerate(lengths, start=1):
        answers.append(home / f"answer-{number}.wav")
        soundfile.write(answers[-1], answer(seconds, number), RATE_HZ)
    bank = home / "gap.toml"
    bank.write_text(QUESTIONS + "".join(QUESTION.format(number=n + 1) for n in range(len(lengths))))
    env = environment(home, card.env)
    command = ["practice", "--bank", bank, "--questions", len(lengths), "--follow-ups", 0]
    command += ["--voice", options.voice]
    command += ["--patience", options.patience, "--engine", options.engine, "--model", options.model]
    with (
        card.record() as lines,
        Candidate(answers, env, home / "candidate") as candidate,
        Terminal(command, env, "xterm-256color") as terminal,
    ):
        watch = Watch(terminal.pid)
        for number in range(1, len(lengths) + 1):
            terminal.await_text("Listening", timeout=120)
            candidate.go()
            candidate.await_event("answer_ended", number, timeout=lengths[number - 1] + 60)
            terminal.await_text("◆ Feedback", timeout=180)
            time.sleep(1.5)  # the beginning of the feedback has to be heard
            terminal.press(ENTER)
            print(f"answer {number} of {len(lengths)} measured", file=sys.stderr)
        terminal.await_text("Saved: ", timeout=120)
        terminal.status()
        watch.stop()
        began = [event["at"] for event in candidate.events() if event["event"] == "answer_started"]
    return list(_gaps(only_session(home), lines, began)), watch


def _gaps(folder: Path, lines: Recording, answers_began: Sequence[float]) -> Iterator[Gap]:
    for turn, answer_began in zip(session_of(folder)["turns"], answers_began, strict=True):
        recording = Heard(read_sound(folder / turn["recording"]), 0.0)
        # The same sound, its first moment, in the microphone's time and in the recording's.
        first = min(start for start, _ in lines.microphone.sounds() if start > answer_began - 0.1)
        began = first - recording.sounds()[0][0]
        timing = turn["timing"]
        decided = began + timing["decided"]
        reply = min(start for start, _ in lines.loudspeaker.sounds(quiet=0.02) if start > decided - 0.1)
        own = timing["feedback_started"] - timing["decided"]
        yield Gap(
            seconds=timing["speech_end"],
            silence=timing["decided"] - timing["speech_end"],
            heard=reply - decided,
            own=own,
            feedback=abs(reply - decided - own) < 0.3,
            overflowed=turn["overflowed"],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--engine", default="openai-whisper")
    parser.add_argument("--model", default="base")
    parser.add_argument("--voice", default="pyttsx3")
    parser.add_argument("--patience", default="short")
    parser.add_argument("--lengths", type=float, nargs="+", default=LENGTHS, help="of the answers (s)")
    options = parser.parse_args()
    gaps, watch = interview(options, options.lengths)
    print(f"{options.engine} {options.model}, {options.voice}, patience {options.patience}")
    print(
        "| answer | silence before the decision | gap heard | gap by session.json | first sound is feedback |"
    )
    print("|---|---|---|---|---|")
    for gap in gaps:
        print(
            f"| {gap.seconds:.0f} s | {gap.silence:.2f} s | {gap.heard:.2f} s | {gap.own:.2f} s"
            f" | {'yes' if gap.feedback else 'no, thanks came first'} |"
        )
    heard = [gap.heard for gap in gaps]
    error = (
        max(abs(gap.heard - gap.own) for gap in gaps if gap.feedback) if any(g.feedback for g in gaps) else 0
    )
    print(
        f"\nmedian {statistics.median(heard):.2f} s, longest {max(heard):.2f} s;"
        f" session.json differs by at most {error * 1000:.0f} ms;"
        f" samples lost in {sum(gap.overflowed for gap in gaps)} of {len(gaps)} answers;"
        f" peak memory {watch.peak_mb:.0f} MB, processor time {watch.cpu:.0f} s"
    )


if __name__ == "__main__":
    main()
