"""The voice that is chosen by itself: the natural one where it works, else that of the operating system."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from greenroom.errors import ModelError
from greenroom.records import Clip

if TYPE_CHECKING:
    from greenroom.voices import Voice


class FallbackVoice:
    """Speaks with `preferred`; from the first text on that it cannot say, with the other. Thread-safe.

    Attributes:
        on_fallback: is told in one sentence, once, that the other voice speaks, and why.
    """

    def __init__(self, preferred: Voice, other: Callable[[], Voice]) -> None:
        self._voice = preferred
        self._other: Callable[[], Voice] | None = other
        self._lock = threading.Lock()
        self.on_fallback: Callable[[str], None] = lambda _: None

    @property
    def name(self) -> str:
        return self._voice.name

    @property
    def fingerprint(self) -> str:
        """ModelError: neither works."""
        voice = self._voice
        try:
            return _fingerprint(voice)
        except ModelError as error:
            self._fall_back(voice, error)
            return _fingerprint(self._voice)

    def render(self, text: str) -> Clip | None:
        """As the voice that speaks.

        Raises:
            ModelError: neither works.
        """
        voice = self._voice
        try:
            return voice.render(text)
        except ModelError as error:
            self._fall_back(voice, error)
            return self._voice.render(text)

    def _fall_back(self, failed: Voice, error: ModelError) -> None:
        with self._lock:
            if self._voice is not failed:
                return  # another thread has done it
            if self._other is None:
                raise error
            self._voice, self._other = self._other(), None
        why = error.sentence.rstrip(".")
        self.on_fallback(f"{why}; {self._voice.name} speaks instead.")


def _fingerprint(voice: Voice) -> str:
    return str(getattr(voice, "fingerprint", voice.name))
