"""Text to speech: the voices, and the table of them.

A new voice is one module and one line in VOICES.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from greenroom.errors import ModelError, UsageError
from greenroom.records import Clip
from greenroom.voices.cache import CachedVoice
from greenroom.voices.fallback import FallbackVoice
from greenroom.voices.piper_voice import load_piper
from greenroom.voices.pyttsx3_voice import load_pyttsx3
from greenroom.voices.silent import load_silent
from greenroom.voices.speech_rate import DEFAULT_WPM, FASTEST_WPM, SLOWEST_WPM

__all__ = [
    "AUTO",
    "DEFAULT_WPM",
    "FASTEST_WPM",
    "SLOWEST_WPM",
    "VOICES",
    "CachedVoice",
    "FallbackVoice",
    "Voice",
    "check_name",
    "load_voice",
]


class Voice(Protocol):
    """Turns text into sound.

    A voice whose sound depends on settings also has `fingerprint: str`, which names the voice, its version
    and the settings: sound in the cache is used again only under the same fingerprint. One that takes its
    time to load has `begin()`, which does so in the background.
    """

    @property
    def name(self) -> str:
        """The name under which it stands in VOICES; behind a colon, which of the engine's voices it is."""

    def render(self, text: str) -> Clip | None:
        """The sound of `text` at the voice's own rate; None from a voice that makes no sound.

        Raises:
            ModelError: the voice does not work here.
        """


VOICES: dict[str, Callable[[str, int], Voice]] = {
    "piper": load_piper,
    "pyttsx3": load_pyttsx3,
    "silent": load_silent,
}
"""What makes each voice, of which of the engine's voices is wanted ("": its usual one) and words a minute."""

AUTO = "auto"
"""Piper where it and its voice are installed, else pyttsx3."""


def load_voice(name: str, rate_wpm: int = DEFAULT_WPM) -> Voice:
    """The voice of this name; one that loads slowly has begun to.

    Args:
        name: AUTO, or one of VOICES, with which of its voices behind a colon: "piper:my-voice.onnx".
        rate_wpm: words a minute.

    Raises:
        UsageError: there is no voice of this name.
        ModelError: the voice is not installed.
    """
    check_name(name)
    return _automatic(rate_wpm) if name == AUTO else _begun(name, rate_wpm)


def check_name(name: str) -> None:
    """UsageError unless there is such a voice; whether it is installed is another question."""
    if name != AUTO and name.partition(":")[0] not in VOICES:
        raise UsageError(f"no voice is named {name!r}", f"one of: {AUTO}, {', '.join(sorted(VOICES))}")


def _begun(name: str, rate_wpm: int) -> Voice:
    engine, _, which = name.partition(":")
    voice = VOICES[engine](which, rate_wpm)
    getattr(voice, "begin", lambda: None)()
    return voice


def _automatic(rate_wpm: int) -> Voice:
    try:
        piper = _begun("piper", rate_wpm)
    except ModelError:
        return _begun("pyttsx3", rate_wpm)
    return FallbackVoice(piper, lambda: _begun("pyttsx3", rate_wpm))
