"""From what an engine decoded to the words of record: invented text out, pieces joined, times in order.

Whisper writes text where nobody speaks, because its training data did (closing words, "Music"). Its own
measures of doubt catch part of that; `said` adds what it leaves, measured on recordings of rooms, keyboards,
streets and music: docs/models.md has the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from greenroom.records import Word

# The next three are the defaults of whisper.transcribe, for what it decodes again or skips; faster-whisper
# has the same.
COMPRESSION_RATIO_LIMIT = 2.4
LOG_PROBABILITY_LIMIT = -1.0
NO_SPEECH_LIMIT = 0.6

# Under Whisper's own limit lies a grey zone: rooms and noises that it put words to had 0.37 to 0.90, windows
# of real speech that it had trouble with 0.20 to 0.49.
_DOUBTFUL_NO_SPEECH_LIMIT = 0.5

# whisper.transcribe calls a word of less than this an anomaly (word_anomaly_score). Most that it invented on
# noise had 0.00 to 0.12 on average. Some real syllables have that too (laughter, a word cut off), and go.
_WORD_PROBABILITY_LIMIT = 0.15

# However sure Whisper is of its text as a whole: "Music" over three kinds of music had 0.001 to 0.011 at a
# log probability that passed; of real speech only cut-off syllables without sense had less than 0.15.
_NO_WORD_PROBABILITY = 0.03

# In a window that compresses too well, words said four times running are a loop. People do say a word three
# times, and looped text is held to the same two that speech disfluencies mostly have.
_LOOP_REPEATS = 4
_LOOP_KEPT = 2
_LOOP_WORDS = 12
# "ummmmmmm", to the end of the window.
_LETTER_LOOP = re.compile(r"(\w)\1{3,}")

_MARKS_ALONE = frozenset("-–—….,;:!?*'\"“”‘’")


@dataclass(frozen=True, slots=True)
class Piece:
    """One word as an engine gives it: `text` with its leading space, times in s from the clip's start."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch as an engine decoded it, with Whisper's own measures of doubt.

    Attributes:
        no_speech_probability: of the window (up to 30 s) that the segment was decoded in.
        mean_log_probability: of the window's tokens.
        compression_ratio: of the window's text by zlib; high where it repeats itself.
        temperature: of the try that was kept; over 0 where the first one looped or was in doubt.
    """

    pieces: tuple[Piece, ...]
    no_speech_probability: float
    mean_log_probability: float
    compression_ratio: float
    temperature: float = 0.0

    @property
    def repeats_itself(self) -> bool:
        return self.compression_ratio > COMPRESSION_RATIO_LIMIT

    @property
    def invented(self) -> bool:
        """Whether nobody said this: trouble where there is hardly speech, or doubt about every word."""
        doubtful = self.mean_log_probability < LOG_PROBABILITY_LIMIT
        trouble = doubtful or self.repeats_itself or self.temperature > 0.0
        if trouble and self.no_speech_probability > _DOUBTFUL_NO_SPEECH_LIMIT:
            return True
        probability = _mean_probability(self.pieces)
        return probability < _NO_WORD_PROBABILITY or (doubtful and probability < _WORD_PROBABILITY_LIMIT)


def said(segments: Iterable[Segment], seconds: float, offset: float = 0.0) -> tuple[Word, ...]:
    """The words of `segments` that somebody said.

    Args:
        seconds: length of the clip; no time lies outside it.
        offset: added to every time (s).
    """
    kept = [segment for segment in segments if segment.pieces and not segment.invented]
    return tuple(_timed(_joined(_without_loops(kept)), seconds, offset))


def placed(pieces: Iterable[Piece], seconds: float) -> tuple[Word, ...]:
    """The words of `pieces`, all of them, with times that lie in a clip of so many seconds."""
    return tuple(_timed(_joined(pieces), seconds, 0.0))


def _without_loops(segments: Sequence[Segment]) -> Iterator[Piece]:
    for repeating, group in groupby(segments, key=lambda segment: segment.repeats_itself):
        pieces = [piece for segment in group for piece in segment.pieces]
        yield from _cut(pieces) if repeating else pieces


def _cut(pieces: list[Piece]) -> Iterator[Piece]:
    """`pieces` with every run of a repeated phrase, and of a letter, cut to its first repetitions."""
    pieces = [replace(piece, text=_LETTER_LOOP.sub(r"\1", piece.text)) for piece in pieces]
    texts = ["".join(char for char in piece.text.lower() if char.isalnum()) for piece in pieces]
    at = 0
    while at < len(pieces):
        size, repeats = _loop_at(texts, at)
        yield from pieces[at : at + size * min(repeats, _LOOP_KEPT)]
        at += size * repeats


def _loop_at(texts: list[str], at: int) -> tuple[int, int]:
    """Words of the shortest phrase that loops at `at`, and how often it comes; (1, 1) if none does."""
    for size in range(1, _LOOP_WORDS + 1):
        repeats = _repeats(texts, at, size)
        if repeats >= _LOOP_REPEATS:
            return size, repeats
    return 1, 1


def _repeats(texts: list[str], at: int, size: int) -> int:
    phrase, repeats = texts[at : at + size], 1
    while texts[at + repeats * size : at + (repeats + 1) * size] == phrase:
        repeats += 1
    return repeats


def _joined(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces by word: "well-known" and "50%" come in two, and the second has no space before it."""
    words: list[list[Piece]] = []
    for piece in pieces:
        if not piece.text.strip() or (
            piece.text[0].isspace() and _MARKS_ALONE.issuperset(piece.text.strip())
        ):
            continue
        if words and not piece.text[0].isspace():
            words[-1].append(piece)
        else:
            words.append([piece])
    return words


def _timed(words: Iterable[Sequence[Piece]], seconds: float, offset: float) -> Iterator[Word]:
    """Words whose times lie in the clip and do not overlap; Whisper's alignment keeps neither by itself."""
    now = 0.0
    for pieces in words:
        start = min(max(pieces[0].start, now), seconds)
        now = min(max(pieces[-1].end, start), seconds)
        text = "".join(piece.text for piece in pieces).strip()
        yield Word(
            text, round(start + offset, 3), round(now + offset, 3), round(_mean_probability(pieces), 4)
        )


def _mean_probability(pieces: Sequence[Piece]) -> float:
    return sum(piece.probability for piece in pieces) / len(pieces) if pieces else 0.0
