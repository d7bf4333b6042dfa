"""An engine without weights for tests of the child process; its model's name says how it behaves."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from greenroom.errors import BadInputError, ModelError
from greenroom.records import Clip, Transcript, Word
from greenroom.transcription import ENGINES, Engine

FAKE = Engine("fake_engines", "FakeEngine", "json", "fake", ())


def install() -> None:
    ENGINES["fake"] = FAKE


class FakeEngine:
    engine = "fake"

    def __init__(self, model: str, threads: int | None) -> None:
        self.model = model
        self.threads = threads
        if model == "absent":
            raise ModelError("no such model", "fetch it", details=("one", "two"))
        if model == "slow to load":
            time.sleep(60)

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        self._misbehave()
        text = (
            f"{len(clip.samples)} {float(np.abs(clip.samples).sum()):.3f} {clip.samples.dtype} {self.threads}"
        )
        return Transcript(text, "en", "fake", self.model, (Word(text, offset, offset + 1.0, 0.5),))

    def transcribe_verbatim(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        plain = self.transcribe(clip, offset=offset)
        words = (Word("um", offset, offset + 0.5, 0.9), *plain.words)
        return Transcript(f"um {plain.text}", "en", "fake", self.model, words)

    def _misbehave(self) -> None:
        if self.model == "refuses":
            raise BadInputError("not this clip", "another one")
        if self.model == "has a bug":
            raise ZeroDivisionError("by nought\nand a second line")
        if self.model == "crashes":
            os._exit(7)
        if self.model.endswith("crashes once") and not Path(self.model).exists():
            Path(self.model).touch()
            os.kill(os.getpid(), signal.SIGTERM)
        if self.model == "takes long":
            time.sleep(60)
        if self.model == "prints":
            print("a library says hello", flush=True)
            os.write(1, b"and one in C does too\n")
