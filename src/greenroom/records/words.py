"""Words, how they are compared, which of them are filled pauses, and stretches of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

FILLED_PAUSES = frozenset(
    {"um", "umm", "ummm", "uhm", "uh", "uhh", "er", "err", "erm", "hm", "hmm", "mm", "mmm", "mhm"}
    | {"ah", "ahh", "eh"}
)
"""What Whisper and transcribers write for a voiced hesitation; "mm hmm" as a yes is rare in monologue."""

LONGEST_FILLED_PAUSE = 1.5
"""Seconds; a longer one is not believed."""

_SENTENCE_END = re.compile(r"""[.?!]["'”’)\]]*$""")
_INITIALS = re.compile(r"(?!i\.$)(?:[a-z]\.)+$", re.I)  # "J." Smith, "U.S.", "e.g."; not "so did I."
_ABBREVIATIONS = frozenset(
    ("mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "etc.", "inc.", "ltd.", "co.", "approx.")
)

_PUNCTUATION = ".,;:!?…\"“”‘’'()[]{}*—–-/ "


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


def bare(text: str) -> str:
    """A word as it is compared: lower case, without the punctuation around it."""
    return text.strip(_PUNCTUATION).replace("’", "'").lower()


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends with this word, as Whisper writes it: not with "Dr." nor with "U.S."."""
    word = text.strip()
    if not _SENTENCE_END.search(word):
        return False
    return not _INITIALS.match(word) and word.lower() not in _ABBREVIATIONS


def is_filled_pause(text: str, before: str = "") -> bool:
    """Whether a word, as Whisper writes it ("Um,"), is a voiced hesitation.

    All in capitals it is a name: "the ER". `before`: the word before it, as after "5" an "mm" is a unit.
    """
    word = bare(text)
    is_unit = word == "mm" and before.rstrip()[-1:].isdigit()
    return word in FILLED_PAUSES and not text.isupper() and not is_unit


def filled_pauses(texts: Sequence[str]) -> frozenset[int]:
    """Which of these words, one after the other, are voiced hesitations."""
    pairs = zip(texts, ["", *texts], strict=False)
    return frozenset(i for i, (text, before) in enumerate(pairs) if is_filled_pause(text, before))
