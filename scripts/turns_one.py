"""One answer, transcribed one way, in a process of its own: what `turns_transcription` starts.

    python turns_one.py '{"way": "live", "engine": ..., "model": ..., "sound": FILE.flac, "speed": 1.0}'

Prints one line of JSON. Ways: "live", as an interview follows an answer; "whole", as one file after it ended.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from turns_process import MemoryWatch, processor_seconds
from turns_sound import Samples

from greenroom.assessment import Assessor
from greenroom.audio.clip import load_clip
from greenroom.coaching import Coach
from greenroom.following import Follower, Prepared, Sound
from greenroom.listening.endpointer import Endpointer, EndpointerSettings
from greenroom.listening.patience import Patience
from greenroom.listening.voice_activity import frames_of, load_detector, speech_intervals
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Analysis, Clip, Delivery, Transcript, Utterance
from greenroom.transcription import Transcriber
from greenroom.transcription.incremental import IncrementalTranscriber
from greenroom.transcription.process import ProcessTranscriber
from greenroom.voices import load_voice

PATIENCES = (2.5, 4.0)
FRAME_SECONDS = FRAME_SAMPLES / SAMPLE_RATE_HZ
KEPT_SECONDS = 0.5
"""Sound kept on both sides of the speech for the whole file."""


@dataclass
class Ready:
    """When what was made of the answer was ready (`time.monotonic()`), and its words."""

    speech: tuple[tuple[float, float], ...] = ()
    text: str = ""
    transcribed: float = 0.0
    analysed: float = 0.0
    rendered: float = 0.0


@dataclass
class Backlog:
    """How long at most there was sound that was due and not decoded (s)."""

    longest: float = 0.0
    since: float | None = None

    def note(self, behind: float) -> None:
        now = time.monotonic()
        self.since = (self.since or now) if behind > 0 else None
        self.longest = max(self.longest, now - self.since if self.since else 0.0)


@dataclass
class Stage:
    """Transcriber, analyzer, coach and voice, loaded before the answer begins as in an interview."""

    engine: str
    model: str
    feedback: bool
    ready: Ready = field(default_factory=Ready)

    def __post_init__(self) -> None:
        self.assessor = Assessor(self._load, Coach())
        self.voice = load_voice("pyttsx3")
        self.assessor.transcriber()
        if self.feedback:
            self.assessor.assess_text("I was ready.", None, None).result()
            self.voice.render("Ready.")

    def prepare(self, transcript: Transcript, utterance: Utterance) -> Prepared:
        ready = Ready(utterance.speech, transcript.text, time.monotonic())
        assessed = None
        if self.feedback:
            assessed = self.assessor.read(transcript, None, utterance, None)
            ready.analysed = time.monotonic()
            self.voice.render(assessed.answer.feedback.spoken)
            ready.rendered = time.monotonic()
        self.ready = ready
        return Prepared(assessed)  # type: ignore[arg-type]

    def _load(self) -> Transcriber:
        return ProcessTranscriber(self.engine, self.model)


def live(samples: Samples, stage: Stage, speed: float) -> dict[str, Any]:
    """Every frame at its time, as a microphone brings it."""
    words = IncrementalTranscriber(stage.assessor.transcriber)
    longest = PATIENCES[-1]
    worker = ThreadPoolExecutor(1)
    heard = Clip(samples)
    follower = Follower(
        words,
        stage.prepare,
        lambda transcript, *_: (transcript, Analysis(Delivery(0))),  # comes when nobody waits any more
        worker.submit,
        lambda: heard,
        Patience(longest, longest, longest),
        lambda _: Sound(Clip(np.zeros(0, np.float32))),
    )
    endpointer, detector = Endpointer(EndpointerSettings(patience=longest, max_answer=3600)), load_detector()
    backlog, late, passed = Backlog(), 0.0, dict[float, float]()
    for frame, lateness in paced(samples, speed):
        state = endpointer.push(detector.is_speech(frame))
        follower.hear(frame, endpointer, state)
        backlog.note(words.behind)
        late = max(late, lateness)
        if state.phase == "speaking":
            passed.clear()
        for patience in PATIENCES:
            if state.silence >= patience and state.phase in ("silence", "ended"):
                passed.setdefault(patience, time.monotonic())
        if state.final:
            break
    if not state.final:
        raise SystemExit("the answer has not ended; is there noise in it?")
    follower.finish(endpointer.utterance(heard, "silence")).result()
    follower.close()
    return {**gaps(stage.ready, passed), "behind": backlog.longest, "late": late, "text": stage.ready.text}


def paced(samples: Samples, speed: float) -> Iterator[tuple[Samples, float]]:
    """Each frame not before its time, and how late it came (s): a late one means that no core was free."""
    began = time.monotonic()
    for number, frame in enumerate(frames_of(Clip(samples)), start=1):
        due = began + number * FRAME_SECONDS / speed
        time.sleep(max(0.0, due - time.monotonic()))
        yield frame, time.monotonic() - due


def gaps(ready: Ready, passed: dict[float, float]) -> dict[str, Any]:
    """From each decision to the words and to the feedback's sound (s); 0.0 if they were there before."""
    times = {"words": ready.transcribed, "feedback": ready.rendered}
    return {
        f"{what}_{patience:g}": max(0.0, when - passed[patience]) if when else None
        for what, when in times.items()
        for patience in PATIENCES
    }


def whole(samples: Samples, stage: Stage) -> dict[str, Any]:
    """The naive way: all of it when it has ended, from the first speech to the last."""
    speech = speech_intervals(Clip(samples), load_detector())
    first = max(0, round((speech[0][0] - KEPT_SECONDS) * SAMPLE_RATE_HZ))
    last = round((speech[-1][1] + KEPT_SECONDS) * SAMPLE_RATE_HZ)
    began = time.monotonic()
    transcript = stage.assessor.transcriber().transcribe(
        Clip(samples[first:last]), offset=first / SAMPLE_RATE_HZ
    )
    stage.prepare(transcript, Utterance(Clip(samples), speech, "silence", speech[-1][1], speech[-1][1]))
    return {**gaps(stage.ready, dict.fromkeys(PATIENCES, began)), "text": transcript.text}


def measured(job: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any]:
    before = processor_seconds()
    result = job()
    return {**result, "processor": (processor_seconds() - before) / seconds}


def main() -> None:
    task = json.loads(sys.argv[1])
    watch = MemoryWatch()
    samples = load_clip(Path(task["sound"])).samples
    stage = Stage(task["engine"], task["model"], task["feedback"])
    jobs = {"live": lambda: live(samples, stage, task["speed"]), "whole": lambda: whole(samples, stage)}
    result = measured(jobs[task["way"]], task["seconds"])
    peak = watch.stop()
    print(json.dumps({**result, "memory_mb": peak and peak / 1e6, "threads": threading.active_count()}))
    stage.assessor.close()


if __name__ == "__main__":
    main()
