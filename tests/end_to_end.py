"""greenroom from outside: a process in a pseudo-terminal, and what it leaves in its session's folder."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import jiwer
import numpy as np
import pexpect

from greenroom.audio.clip import load_clip
from greenroom.records import Clip
from greenroom.transcription import Transcriber, load_transcriber
from greenroom.voices import Voice, load_voice

DATA = Path(__file__).parent / "data"
JFK = DATA / "jfk.flac"
JFK_SAID = (
    "And so my fellow Americans ask not what your country can do for you ask what you can do for your country"
)

PATIENCE = 3.0
"""Silence (s) that ends an answer in these tests: longer than any in the jfk clip, and than Whisper takes."""

_SEQUENCES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
ENTER, SPACE, CTRL_C = "\r", " ", "\x03"


class Terminal:
    """A program in a pseudo-terminal, as a person sees and uses it.

    A thread reads all the time, as a terminal does: a program whose screen nobody takes stands still.
    """

    def __init__(self, arguments: Sequence[str | Path], env: Mapping[str, str], term: str) -> None:
        self.started = time.monotonic()
        self._process = pexpect.spawn(
            sys.executable,
            ["-m", "greenroom", *map(str, arguments)],
            env={**env, "TERM": term},
            dimensions=(40, 120),
            encoding="utf-8",
            codec_errors="replace",
        )
        self._shown = ""
        self._changed = threading.Condition()
        self._ended = False
        self._hung_up = False
        self._passed = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while not self._hung_up and not self._ended:
            try:
                part = self._process.read_nonblocking(4096, timeout=0.1)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                part, self._ended = "", True
            with self._changed:
                self._shown += part
                self._changed.notify_all()

    @property
    def pid(self) -> int:
        return int(self._process.pid)

    @property
    def text(self) -> str:
        """All that was shown so far, without colours and movements of the cursor."""
        with self._changed:
            return _SEQUENCES.sub("", self._shown).replace("\r", "")

    def await_text(self, *wanted: str, timeout: float = 60.0) -> float:
        """Wait until one of `wanted` is shown after what was waited for before; when it was seen (s)."""
        deadline = time.monotonic() + timeout
        while True:
            ended = self._ended  # asked before the text is: what came last counts, too
            text = self.text
            places = [(text.find(each, self._passed), each) for each in wanted]
            if shown := [place for place in places if place[0] >= 0]:
                at, first = min(shown)
                self._passed = at + len(first)
                return time.monotonic()
            if ended or time.monotonic() > deadline:
                raise AssertionError(
                    f"{' or '.join(wanted)} was never shown; the screen ended with:\n{self.text[-1500:]}"
                )
            with self._changed:
                self._changed.wait(0.2)

    def press(self, keys: str) -> float:
        """Press keys; when that was (s, monotonic)."""
        self._process.send(keys)
        return time.monotonic()

    def hang_up(self) -> None:
        """The terminal's window is closed."""
        self._hung_up = True
        self._reader.join(5)
        self._process.ptyproc.fileobj.close()  # the system tells the program by SIGHUP

    def status(self, timeout: float = 60.0) -> int:
        """Wait for the end; the exit status."""
        deadline = time.monotonic() + timeout
        self._reader.join(timeout)  # until the end: it asks for the process, too, and only one may at a time
        while self._process.isalive() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self._process.isalive():
            raise AssertionError(f"the program did not end; the screen ended with:\n{self.text[-1500:]}")
        if self._process.signalstatus is not None:
            raise AssertionError(f"ended by signal {self._process.signalstatus}:\n{self.text[-1500:]}")
        return int(self._process.exitstatus)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.isalive():
            self._process.kill(signal.SIGKILL)
        self._hung_up = True
        self._reader.join(5)
        self._process.close(force=True)


def environment(home: Path, base: Mapping[str, str] = os.environ, voice: str = "pyttsx3") -> dict[str, str]:
    """An environment in which greenroom keeps everything under `home`, and finds no settings there.

    Its voice is the one everybody has, unless the very words at the loudspeaker are looked at: "piper" is
    the one that Whisper understands.
    """
    ours = {name: value for name, value in base.items() if not name.startswith("GREENROOM_")}
    return {
        **ours,
        "GREENROOM_RECORDINGS": str(home / "recordings"),
        "GREENROOM_DATA": str(home / "data"),
        "GREENROOM_CONFIG": str(home / "config.toml"),
        "GREENROOM_VOICE": voice,
        "XDG_CACHE_HOME": str(home / "cache"),
    }


def only_session(home: Path) -> Path:
    """The one session's folder under `home`."""
    (folder,) = (home / "recordings").iterdir()
    return folder


def session_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "session.json").read_text()))


def names_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def plain(text: str) -> str:
    """Without case and punctuation; everything else stays."""
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower().replace("’", "'")).split())


def word_error_rate(said: str, recognised: str) -> float:
    """Over words as Whisper's authors compare them: without fillers, and figures for number words."""
    from whisper.normalizers import EnglishTextNormalizer

    normal = EnglishTextNormalizer()
    return float(jiwer.wer(normal(said), normal(recognised)))


def share_of_words(said: str, recognised: str) -> float:
    """How many of the words said were recognised, wherever (0 to 1)."""
    words = plain(said).split()
    return sum(word in set(plain(recognised).split()) for word in words) / len(words)


@cache
def _transcriber() -> Transcriber:
    return load_transcriber("faster-whisper", "base")


def recognise(sound: Path | np.ndarray) -> str:
    """The words in a file, or in 16 kHz mono samples."""
    clip = load_clip(sound) if isinstance(sound, Path) else Clip(sound)
    return _transcriber().transcribe(clip).text


def is_heard(phrase: str, recognised: str) -> bool:
    """Whether a phrase is among the words recognised, one slip of a made voice's recognition forgiven.

    "What game of it" is "what came of it": the run of as many words that is most alike decides, and has to
    share eight letters of ten.
    """
    wanted, words = plain(phrase), plain(recognised).split()
    length = len(wanted.split())
    runs = (" ".join(words[at : at + length]) for at in range(max(1, len(words) - length + 1)))
    return any(SequenceMatcher(None, wanted, run, autojunk=False).ratio() >= 0.8 for run in runs)


@cache
def _another() -> Voice:
    return load_voice("piper")


def said_by_another(text: str) -> Clip:
    """A text as the person at the desk says it: in the made voice that Whisper understands best.

    Whisper base mishears 3 words of 100 of Piper, and 11 of pyttsx3's (docs/measurements.md).
    """
    clip = _another().render(text)
    assert clip is not None
    return clip
