"""Words, and stretches of them."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_FILLED_PAUSE = 1.5
"""Seconds; a longer one is not believed."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: float | None = None
    end: float | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of an answer; `engine` and `model` are None where it was typed."""

    text: str
    language: str = "en"
    engine: str | None = None
    model: str | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the transcript: words[first_word] to words[last_word], both included."""

    text: str
    start: float | None
    end: float | None
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A stretch of an answer (s) decoded once more, by a model that was primed to write filled pauses.

    Its words tell where an "um" was said; for the rest they are less to be believed than the transcript's.
    """

    start: float
    end: float
    words: tuple[Word, ...]
