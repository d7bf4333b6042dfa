"""A candidate at the desk: a program of its own, which hears the loudspeaker and speaks into the microphone.

    python tests/candidate_program.py --folder DIR [--quiet SECONDS] [--uncued] ANSWER...

It gives its answers in order. Each is given when three things hold: something was heard since the answer
before, it has been quiet for a while, and a line "go" has come on stdin. Quiet alone cannot tell the end of a
question from a breath between feedback and question; a person sees "listening" on the screen, and the test
that watches the screen passes that on as "go". With --uncued quiet is enough. It leaves when stdin is closed.

DIR/events.jsonl: one object a line: {"event", "at" (time.monotonic(), s), "number" (of the next answer)}. The
events: listening, question_started and question_ended (a pair for every stretch of sound that a long quiet
follows), answer_started, answer_ended, left. DIR/heard-N.wav: what came from the loudspeaker before answer N;
the last one holds what came after the last answer.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from soundcard import BLOCK_SAMPLES, RATE_HZ, Samples, blocks, is_sound, start_playing

QUIET_SECONDS = 1.2
"""Longer than the pauses that a synthetic voice makes between sentences, shorter than a person's patience."""

EVENTS = "events.jsonl"
LEAD_SECONDS = 0.25
"""Kept around the sound in heard-N.wav: a recogniser loses words that are cut off sharply."""


class _Cue:
    """The lines of stdin, read in a thread: how many "go" there were that no answer has used, and the end."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self._go = threading.Semaphore(0)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            if line.strip() == "go":
                self._go.release()
        self.closed.set()

    def take(self) -> bool:
        return self._go.acquire(blocking=False)


class _Desk:
    """What the candidate knows: what it has heard since its last answer, and whether it is speaking."""

    def __init__(self, answers: Sequence[Path], folder: Path, quiet: float, cued: bool) -> None:
        self._answers = list(answers)
        self._folder = folder
        self._quiet = quiet
        self._cue = _Cue()
        self._cued = cued
        self._number = 1
        self._heard: list[Samples] = []
        self._last_sound: float | None = None  # None: nothing since the last answer
        self._in_question = False
        self._speaking: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        for arrival, block in blocks(os.environ):
            if not self._heard and self._number == 1:
                self._log("listening", arrival)
            self._heard.append(block)
            self._follow(arrival, is_sound(block))
            self._speak_or_wait(arrival)
            if self._cue.closed.is_set():
                break
        if self._speaking:
            self._speaking.terminate()
        self._save_heard()
        self._log("left", time.monotonic())

    def _follow(self, arrival: float, sound: bool) -> None:
        if sound:
            if not self._in_question:
                self._log("question_started", arrival - BLOCK_SAMPLES / RATE_HZ)
            self._in_question = True
            self._last_sound = arrival
        elif self._in_question and self._quiet_for(arrival):
            assert self._last_sound is not None
            self._log("question_ended", self._last_sound)
            self._in_question = False

    def _quiet_for(self, arrival: float) -> bool:
        return self._last_sound is not None and arrival - self._last_sound >= self._quiet

    def _speak_or_wait(self, arrival: float) -> None:
        if self._speaking:
            if self._speaking.poll() is not None:
                self._speaking = None
                self._log("answer_ended", time.monotonic())
                self._number += 1
        elif self._answers and self._quiet_for(arrival) and (not self._cued or self._cue.take()):
            self._save_heard()
            self._heard, self._last_sound, self._in_question = [], None, False
            self._speaking = start_playing(self._answers.pop(0), os.environ)
            self._log("answer_started", time.monotonic())

    def _save_heard(self) -> None:
        import soundfile

        loud = [index for index, block in enumerate(self._heard) if is_sound(block)]
        if not loud:
            return
        lead = round(LEAD_SECONDS * RATE_HZ / BLOCK_SAMPLES)
        kept = self._heard[max(0, loud[0] - lead) : loud[-1] + 1 + lead]
        soundfile.write(self._folder / f"heard-{self._number}.wav", np.concatenate(kept), RATE_HZ)

    def _log(self, event: str, at: float) -> None:
        line = json.dumps({"event": event, "at": at, "number": self._number})
        with (self._folder / EVENTS).open("a") as events:
            events.write(line + "\n")


class Candidate:
    """Runs the program at a virtual sound card (its `env`) and tells what it has done so far."""

    def __init__(
        self,
        answers: Sequence[Path],
        env: Mapping[str, str],
        folder: Path,
        *,
        quiet: float = QUIET_SECONDS,
        cued: bool = True,
    ) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, __file__, "--folder", str(folder), "--quiet", str(quiet)]
        command += ([] if cued else ["--uncued"]) + [str(answer) for answer in answers]
        self._process = subprocess.Popen(command, env=dict(env), stdin=subprocess.PIPE, text=True)
        self.await_event("listening")

    def go(self) -> None:
        """Says that the interview listens: the next answer comes as soon as it is quiet."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def events(self) -> tuple[dict[str, Any], ...]:
        log = self._folder / EVENTS
        return tuple(json.loads(line) for line in log.read_text().splitlines()) if log.exists() else ()

    def await_event(self, event: str, number: int | None = None, timeout: float = 60.0) -> float:
        """When the event happened (s); waits for it, for that number of answer or for any."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and (self._process.poll() is None or event == "left"):
            for found in self.events():
                if found["event"] == event and number in (None, found["number"]):
                    return float(found["at"])
            time.sleep(0.05)
        raise AssertionError(f"the candidate never came to {event!r}; so far: {self.events()}")

    def heard(self, number: int) -> Path:
        """The sound of what was asked before that answer (from 1)."""
        return self._folder / f"heard-{number}.wav"

    def leave(self) -> None:
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def __enter__(self) -> Candidate:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Listens to the loudspeaker and answers into the microphone."
    )
    parser.add_argument("answers", nargs="*", type=Path)
    parser.add_argument("--folder", required=True, type=Path)
    parser.add_argument("--quiet", type=float, default=QUIET_SECONDS)
    parser.add_argument("--uncued", action="store_true")
    options = parser.parse_args()
    _Desk(options.answers, options.folder, options.quiet, not options.uncued).run()


if __name__ == "__main__":
    main()
