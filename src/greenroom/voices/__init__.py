"""Text to speech: the voices, and the table of them.

A new voice is one module and one line in VOICES.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from greenroom.errors import UsageError
from greenroom.records import Clip
from greenroom.voices.cache import CachedVoice
from greenroom.voices.pyttsx3_voice import load_pyttsx3
from greenroom.voices.silent import SilentVoice

__all__ = ["VOICES", "CachedVoice", "Voice", "load_voice"]


class Voice(Protocol):
    """Turns text into sound.

    A voice whose sound depends on settings also has `fingerprint: str`, which names the voice, its version
    and the settings: sound in the cache is used again only under the same fingerprint.
    """

    @property
    def name(self) -> str:
        """The name under which it stands in VOICES."""

    def render(self, text: str) -> Clip | None:
        """The sound of `text` at the voice's own rate; None from a voice that makes no sound.

        Raises:
            ModelError: the voice does not work here.
        """


VOICES: dict[str, Callable[[], Voice]] = {
    "pyttsx3": load_pyttsx3,
    "silent": SilentVoice,
}


def load_voice(name: str = "pyttsx3") -> Voice:
    """The voice of this name.

    Raises:
        UsageError: there is no voice of this name.
        ModelError: the voice is not installed.
    """
    if name not in VOICES:
        raise UsageError(f"no voice is named {name!r}", f"one of: {', '.join(sorted(VOICES))}")
    return VOICES[name]()
