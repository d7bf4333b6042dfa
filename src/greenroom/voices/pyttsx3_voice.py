"""The voice of the operating system's own speech engine, through pyttsx3: espeak-ng, SAPI 5 or NSSpeech."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.detached_processes import own_group
from greenroom.errors import ModelError
from greenroom.installing import install_line
from greenroom.records import Clip
from greenroom.voices import pyttsx3_child
from greenroom.voices.speakable import speakable
from greenroom.voices.speech_rate import DEFAULT_WPM

TIMEOUT = 20.0
"""Seconds for a short text, the start of the engine included; SAPI's very first start takes several."""

TIMEOUT_PER_CHARACTER = 0.02
"""Seconds more for each character: ten times slower than the slowest rendering we saw is still in time."""

AUDIBLE = 1e-3
"""Level (of full scale, -60 dB) below which rendered sound counts as silence."""

KEPT_SILENCE = 0.1
"""Silence (s) left at either end, so that players which swallow the first samples swallow no word."""

_HINT = "--voice silent, or --quiet to read instead of listening"


class _PassingError(ModelError):
    """What may go well the next time: no sound, or a crash."""


class Pyttsx3Voice:
    """Renders each text in a process of its own: a speech engine that hangs or crashes takes nothing along.

    May be used from several threads; texts are rendered one after the other.

    Args:
        rate_wpm: speaking rate asked of the engine.
        voice: language ("en-us"), id or part of the name of a voice of the engine; "" for an English one.
        timeout: seconds after which the engine counts as hung, besides those for the length of the text.
    """

    def __init__(self, rate_wpm: int = DEFAULT_WPM, voice: str = "", *, timeout: float = TIMEOUT) -> None:
        self.name = f"pyttsx3:{voice}" if voice else "pyttsx3"
        self._rate_wpm = rate_wpm
        self._voice = voice
        self._timeout = timeout
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        version = importlib.metadata.version("pyttsx3")
        return f"pyttsx3 {version} {sys.platform} {self._rate_wpm} {self._voice}"

    def render(self, text: str) -> Clip | None:
        """The sound of `text`; None if there is nothing in it to say.

        Raises:
            ModelError: the engine does not start, hangs, has no English voice, or gives no sound twice.
        """
        spoken = speakable(text)
        if not spoken:
            return None
        try:
            with self._lock:
                return self._render_at_second_go(spoken)
        except OSError as error:
            raise ModelError(f"the voice pyttsx3 does not start: {error}", _HINT) from error

    def voices(self) -> list[dict[str, str]]:
        """The engine's English voices: id, name, language and gender, as far as it knows them.

        Raises:
            ModelError: the engine does not start, or hangs.
        """
        try:
            with self._lock, _place_for_sound() as (path, handles):
                self._ask({"list": True, "path": str(path)}, handles, self._timeout)
                found: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"the voice pyttsx3 does not start: {error}", _HINT) from error
        return found

    def _render_at_second_go(self, text: str) -> Clip:
        try:
            return self._render_once(text)
        except _PassingError:
            return self._render_once(text)

    def _render_once(self, text: str) -> Clip:
        # The text may quote the person: its sound lies nowhere that a crash could leave it.
        with _place_for_sound() as (path, handles):
            self._speak_into(path, text, handles)
            clip = _read(path)
        if clip is None:
            raise _PassingError("the voice pyttsx3 gave no sound", _HINT)
        return clip

    def _speak_into(self, path: Path, text: str, handles: Sequence[int]) -> None:
        request = {"text": text, "path": str(path), "rate": self._rate_wpm, "voice": self._voice}
        self._ask(request, handles, self._timeout + TIMEOUT_PER_CHARACTER * len(text))

    def _ask(self, request: dict[str, Any], handles: Sequence[int], timeout: float) -> None:
        try:
            done = subprocess.run(
                [sys.executable, pyttsx3_child.__file__],
                # On stdin: arguments can be read by every user of the computer.
                input=json.dumps(request).encode(),
                capture_output=True,
                timeout=timeout,
                check=False,
                pass_fds=handles,
                **own_group(),
            )
        except subprocess.TimeoutExpired as error:
            raise ModelError("the voice pyttsx3 does not answer", _HINT) from error
        self._check(done)

    def _check(self, done: subprocess.CompletedProcess[bytes]) -> None:
        if done.returncode == 0:
            return
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        last = lines[-1] if lines else f"status {done.returncode}"
        if done.returncode == pyttsx3_child.NO_VOICE:
            wanted = f"named {self._voice!r}" if self._voice else "that speaks English"
            raise ModelError(f"the speech engine has no voice {wanted}", _HINT, details=(f"it has: {last}",))
        raise _PassingError(f"the voice pyttsx3 does not work here: {last}", _HINT)


def load_pyttsx3(which: str = "", rate_wpm: int = DEFAULT_WPM) -> Pyttsx3Voice:
    """The pyttsx3 voice; whether its engine works, and has the voice `which`, shows when it first speaks.

    Raises:
        ModelError: pyttsx3 is not installed.
    """
    if importlib.util.find_spec("pyttsx3") is None:
        hint = f"{install_line('pyttsx3')}, or --voice silent"
        raise ModelError("the voice pyttsx3 is not installed", hint)
    return Pyttsx3Voice(rate_wpm, which)


@contextmanager
def _place_for_sound() -> Iterator[tuple[Path, Sequence[int]]]:
    """Where a child writes a file, and which handles it needs for that. In memory on Linux.

    Elsewhere it is a private folder of the system's temporary one, gone as soon as the sound is read; what a
    crash leaves there goes when the system next tidies up.
    """
    if sys.platform.startswith("linux"):
        handle = os.memfd_create("greenroom-speech")
        try:
            yield Path(f"/proc/self/fd/{handle}"), (handle,)
        finally:
            os.close(handle)
    else:
        with tempfile.TemporaryDirectory(prefix="greenroom-") as folder:
            yield Path(folder) / "speech.wav", ()


def _read(path: Path) -> Clip | None:
    """The sound of a WAV or AIFF file, mono; None if there is none in it."""
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError):
        return None
    mono = samples.mean(axis=1, dtype=np.float32)
    trimmed = trim_silence(mono, rate)
    return Clip(trimmed, rate) if len(trimmed) else None


def trim_silence(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Samples without the silence at either end beyond KEPT_SILENCE; none if all are silent."""
    audible = np.flatnonzero(np.abs(samples) > AUDIBLE)
    if not len(audible):
        return samples[:0]
    kept = int(KEPT_SILENCE * rate)
    return samples[max(0, audible[0] - kept) : audible[-1] + 1 + kept]
