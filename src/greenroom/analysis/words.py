"""The words of an answer, spans of them, and the clips of them that a person is quoted."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import Span, Transcript, Word, is_filled_pause


def transcript_of(text: str) -> Transcript:
    """A typed answer as a transcript: words without times, no engine."""
    return Transcript(text=text, words=tuple(Word(word) for word in text.split()))


def words_of(transcript: Transcript) -> tuple[Word, ...]:
    """The words of a transcript, split from its text where it has none of its own."""
    return transcript.words or transcript_of(transcript.text).words


def is_word(text: str) -> bool:
    """Whether it counts as a word: holds a letter or a digit and is no filled pause."""
    return any(map(str.isalnum, text)) and not is_filled_pause(text)


def span_of(words: Sequence[Word], first: int, last: int) -> Span:
    """words[first] to words[last], both included, with the times of the two."""
    text = " ".join(word.text.strip() for word in words[first : last + 1]).strip()
    return Span(text, words[first].start, words[last].end, first, last)
