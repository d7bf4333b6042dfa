"""Piper, a natural voice, in a process of its own; an extra that the person installs."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import numpy as np

from greenroom.detached_processes import end, own_group
from greenroom.errors import ModelError
from greenroom.records import Clip
from greenroom.voices import piper_child
from greenroom.voices.piper_models import ENGINE_PACKAGE, SHA256, PiperModel, find_piper
from greenroom.voices.pyttsx3_voice import trim_silence
from greenroom.voices.speakable import speakable
from greenroom.voices.speech_rate import DEFAULT_WPM

TIMEOUT = 60.0
"""Seconds until Piper counts as hung, its start included: 2 s of processor time, and 35 s by the clock on a
machine with twenty times as much to do as it has processors."""

TIMEOUT_PER_CHARACTER = 0.1
"""Seconds more for each character, about ten times what the slowest rendering took."""

PAUSE_SECONDS = 0.25
"""Between two sentences at DEFAULT_WPM, beside what the voice itself leaves. (Judgement: a breath.)"""

THREADS = max(1, min(2, (os.cpu_count() or 1)))
"""Two: with one, a long feedback comes half as fast again later; more take them from Whisper."""

# joe's seconds for a word, at twelve questions of the behavioural bank with length_scale 1.2, 1.4 and 1.6:
# 0.283, 0.324, 0.368, a straight line (scripts/measure_voices.py). Other voices of Piper come near it.
_SCALE, _SECONDS_AT_SCALE, _SECONDS_PER_SCALE = 1.2, 0.283, 0.2125
_SHARE_OF_PAUSES = 0.006  # s for a word: one pause in about forty words

_HINT = "--voice pyttsx3, or --quiet to read instead of listening"


def length_scale(rate_wpm: int) -> float:
    """How much longer than it was taught Piper has to hold its sounds for so many words a minute."""
    seconds = 60 / rate_wpm - _SHARE_OF_PAUSES * DEFAULT_WPM / rate_wpm
    return _SCALE + (seconds - _SECONDS_AT_SCALE) / _SECONDS_PER_SCALE


class _StoppedError(Exception):
    """The child is gone."""


class PiperVoice:
    """Renders in a child process that is started with the first text, or by begin(), and ends with this one.

    May be used from several threads; texts are rendered one after the other.

    Args:
        timeout: seconds after which it counts as hung, besides those for the length of the text.
    """

    def __init__(self, model: PiperModel, rate_wpm: int = DEFAULT_WPM, *, timeout: float = TIMEOUT) -> None:
        self.name = "piper" if model.sha256 == SHA256 else f"piper:{model.name}"
        self._model = model
        self._rate_wpm = rate_wpm
        self._timeout = timeout
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._rate_hz = 0

    @property
    def fingerprint(self) -> str:
        """ModelError: the voice's file is not there any more."""
        try:
            found = self._model.path.stat()
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ModelError(f"the voice piper cannot be read: {why}", _HINT) from None
        which = self._model.sha256 or f"{self._model.path} {found.st_size} {found.st_mtime_ns}"
        return f"piper {_engine_version()} {which} {self._rate_wpm}"

    def begin(self) -> None:
        """Load in the background; what goes wrong shows when it first speaks."""
        threading.Thread(target=self._load, name="piper-loading", daemon=True).start()

    def render(self, text: str) -> Clip | None:
        """The sound of `text`; None if there is nothing in it to say.

        Raises:
            ModelError: Piper does not start, the voice's file is damaged, or it gives no sound.
        """
        spoken = speakable(text)
        if not spoken:
            return None
        with self._lock:
            try:
                return self._say(spoken)
            except _StoppedError:
                pass
            try:
                return self._say(spoken)
            except _StoppedError as error:
                raise ModelError(f"the voice piper {error}", _HINT) from None

    def close(self) -> None:
        """End the child at once, whatever it does; the next text starts another."""
        child, self._child = self._child, None
        if child is not None:
            end(child)

    def _load(self) -> None:
        with self._lock, suppress(ModelError, _StoppedError):
            self._ready()

    def _say(self, text: str) -> Clip:
        try:
            return self._said(text)
        except (ModelError, _StoppedError):
            raise
        except BaseException:  # its answer, still to come, must not be taken for that to the next text
            self.close()
            raise

    def _said(self, text: str) -> Clip:
        child = self._ready()
        scale = length_scale(self._rate_wpm)
        pause = PAUSE_SECONDS * DEFAULT_WPM / self._rate_wpm
        request = {"text": text, "length_scale": scale, "pause": pause}
        with self._watched(child, TIMEOUT_PER_CHARACTER * len(text)):
            head = self._ask(child, request)
            if "fault" in head:
                raise ModelError(f"the voice piper cannot say this: {head['fault']}", _HINT)
            assert child.stdout is not None
            content = child.stdout.read(4 * int(head["samples"]))
            if len(content) != 4 * int(head["samples"]):
                raise _StoppedError("has stopped")
        samples = trim_silence(np.frombuffer(content, dtype="<f4").astype(np.float32), self._rate_hz)
        if not len(samples):
            raise ModelError("the voice piper gave no sound", _HINT)
        return Clip(samples, self._rate_hz)

    def _ready(self) -> subprocess.Popen[bytes]:
        """The child with its voice loaded."""
        child = self._child
        if child is not None and child.poll() is None:
            return child
        self.close()
        child = self._child = start()
        request = {
            "model": str(self._model.path),
            "config": str(self._model.config),
            "sha256": self._model.sha256,
            "threads": THREADS,
        }
        with self._watched(child):
            head = self._ask(child, request)
        if "fault" in head:
            self.close()
            raise ModelError(f"the voice piper does not work here: {head['fault']}", _HINT)
        self._rate_hz = int(head["rate"])
        return child

    def _ask(self, child: subprocess.Popen[bytes], request: dict[str, Any]) -> dict[str, Any]:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
            line = child.stdout.readline()
            answer: dict[str, Any] = json.loads(line)
        except (OSError, ValueError) as error:
            self.close()
            raise _StoppedError("has stopped") from error
        return answer

    @contextmanager
    def _watched(self, child: subprocess.Popen[bytes], more: float = 0.0) -> Iterator[None]:
        """Ends the child if it takes too long; whoever reads from it then gets the end of its output."""
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._timeout + more, give_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        except _StoppedError as error:
            if late.is_set():  # once is enough: nobody shall wait for it twice
                raise ModelError("the voice piper does not answer", _HINT) from error
            raise
        finally:
            timer.cancel()


@cache
def _engine_version() -> str:
    """Looked up once: every phrase that is kept asks for it."""
    return importlib.metadata.version(ENGINE_PACKAGE)


def load_piper(which: str = "", rate_wpm: int = DEFAULT_WPM) -> PiperVoice:
    """The packaged voice, or the one at the path `which`.

    Raises:
        ModelError: it is not installed, or there is no such file.
    """
    return PiperVoice(find_piper(which), rate_wpm)


def start() -> subprocess.Popen[bytes]:
    """The child, to which nothing has been said yet; it ends with its input."""
    try:
        return subprocess.Popen(
            [sys.executable, piper_child.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what its libraries have to say would stand across the screen
            **own_group(),
        )
    except OSError as error:
        raise ModelError(f"the voice piper does not start: {error}", _HINT) from error
