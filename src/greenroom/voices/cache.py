"""Rendered phrases kept for the next time: all of them in memory, fixed ones also on disk.

Only what is the same for everybody (questions, greetings) may go to the disk: feedback quotes the person, and
nothing of the person's lies outside the session's folder. A cache is never a reason for an error: what cannot
be read is rendered again, what cannot be written is not kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from greenroom.errors import ModelError
from greenroom.private_files import make_private_folder, replacing
from greenroom.records import Clip
from greenroom.voices.ahead import Ahead
from greenroom.voices.fallback import FallbackVoice

if TYPE_CHECKING:
    from greenroom.voices import Voice

FORMAT = 2
"""Part of every key: raise it when the way sound is rendered or stored changes."""

MEMORY_PHRASES = 32
"""Phrases held in memory: an interview's worth, at about 2 MB each (25 s at 22 kHz)."""


class CachedVoice:
    """A voice that renders each text once. May be used from several threads.

    Args:
        voice: the voice that renders.
        folder: where phrases are kept on disk; by default in the user's cache folder.
    """

    def __init__(self, voice: Voice, folder: Path | None = None) -> None:
        self._voice = voice
        self._folder = folder
        self._memory: OrderedDict[str, Clip | None] = OrderedDict()
        self._under_way: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._ahead = Ahead(lambda text, keep: self.render(text, keep=keep))

    @property
    def name(self) -> str:
        return self._voice.name

    def tell_of_fallback(self, tell: Callable[[str], None]) -> None:
        """Have a person told, in one sentence, where another voice has to take over."""
        if isinstance(self._voice, FallbackVoice):
            self._voice.on_fallback = tell

    def prepare(self, *texts: str, keep: bool = False) -> None:
        """Render these before they are needed, in the background; `keep` as in render()."""
        self._ahead.prepare(*texts, keep=keep)

    def render(self, text: str, *, keep: bool = False) -> Clip | None:
        """The sound of `text`, rendered only if it is not known yet; None from a voice without sound.

        `keep` also looks on the disk and stores it there: for fixed phrases only, never for words that
        quote the person.
        """
        # A phrase asked for twice at once is rendered once, and what is known waits for no other.
        with self._lock:
            turn = self._under_way.setdefault(text, threading.Lock())
        with turn:
            try:
                clip = self._known_or_rendered(text, keep)
            finally:
                with self._lock:
                    self._under_way.pop(text, None)
            if keep and clip is not None:
                self._keep(text, clip)
        return clip

    def _known_or_rendered(self, text: str, keep: bool) -> Clip | None:
        with self._lock:
            if text in self._memory:
                self._memory.move_to_end(text)
                return self._memory[text]
        clip = self._find_or_render(text, keep)
        with self._lock:
            self._remember(text, clip)
        return clip

    def _find_or_render(self, text: str, keep: bool) -> Clip | None:
        if not keep:
            return self._voice.render(text)
        path = self._path(text)
        stored = load(path)
        if stored is not None:
            return stored
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)  # a damaged file would stand in the way of a good one
        return self._voice.render(text)

    def _remember(self, text: str, clip: Clip | None) -> None:
        self._memory[text] = clip
        self._memory.move_to_end(text)
        if len(self._memory) > MEMORY_PHRASES:
            self._memory.popitem(last=False)

    def _keep(self, text: str, clip: Clip) -> None:
        with contextlib.suppress(OSError, ModelError):  # a voice may go while it speaks
            path = self._path(text)
            if not path.exists():
                store(path, clip)

    def _path(self, text: str) -> Path:
        settings = getattr(self._voice, "fingerprint", self._voice.name)
        key = json.dumps([FORMAT, settings, text]).encode()
        return (self._folder or default_folder()) / f"{hashlib.sha256(key).hexdigest()}.flac"


def default_folder() -> Path:
    """Where fixed phrases are kept: the user's cache folder, greenroom/voices."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("greenroom", appauthor=False)) / "voices"


def load(path: Path) -> Clip | None:
    """The clip stored in `path`; None if there is none, or not all of one."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            samples = file.read(dtype="float32")
            complete = len(samples) == file.frames
            rate = file.samplerate
    except (OSError, soundfile.SoundFileError):
        return None
    return Clip(samples, rate) if complete and samples.ndim == 1 and np.any(samples) else None


def store(path: Path, clip: Clip) -> None:
    """Writes the clip as FLAC, readable by its owner only; a reader never sees half of it.

    Raises:
        OSError: it cannot be written.
    """
    import soundfile

    make_private_folder(path.parent)
    try:
        with replacing(path, prefix=".part-", synced=False) as file:
            soundfile.write(file, clip.samples, clip.rate, format="FLAC", subtype="PCM_16")
    except soundfile.SoundFileError as error:
        raise OSError(str(error)) from error
