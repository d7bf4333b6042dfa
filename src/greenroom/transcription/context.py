"""Decoding a chunk with the sound before it, so that Whisper hears how the speech leads up to it.

The seconds before the chunk are decoded once more, and the words that are known already are dropped again.
Word errors on 479 words whose text is known (openai-whisper base; docs/measurements.md): 3.3 % for whole
recordings, 4.6 % for chunks alone, 3.5 to 3.8 % with 4 s before each, 4.4 % with 2 s. With the text before
as a prompt 7.7 %: Whisper then goes on from the text rather than listen.
"""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import Word, bare

_NEAR = 0.05
"""How far across the cut (s) a word may reach and still be on the other side: the grain of Whisper's times is
20 ms, and a cut lies in at least 150 ms of quiet."""

_SAME = 1.0
"""How far apart (s) two decodings may end the same word: Whisper stretches words over silence."""

_SURE = 2
"""Words that have to be the same to know where the known ones end."""


def after_the_cut(words: Sequence[Word], cut: float, known: Sequence[Word]) -> tuple[Word, ...]:
    """Those of `words` that come after the known ones.

    Where the last known words are found among them, everything behind these is new, also a word that was lost
    at the end of the chunk before. Elsewhere their times tell.

    Args:
        words: of the sound on both sides of the cut.
        cut: where the chunk begins (s).
        known: the words before it, as they were decoded there.
    """
    joint = _joint(words, cut, known)
    end = known[-1].end or 0.0 if known else 0.0
    new = words[joint:] if joint else [word for word in words if _is_after(word, cut, known)]
    return tuple(_from(word, end) for word in new)


def _joint(words: Sequence[Word], cut: float, known: Sequence[Word]) -> int:
    """How many of `words` are known; 0 where that is not certain."""
    tail = [bare(word.text) for word in known[-_SURE:]]
    if len(tail) < _SURE:
        return 0
    ends = {
        index: abs((words[index - 1].end or 0.0) - (known[-1].end or 0.0))
        for index in range(_SURE, len(words) + 1)
        if [bare(word.text) for word in words[index - _SURE : index]] == tail
        and (words[index - 1].start or 0.0) < cut + _NEAR
    }
    nearest = min(ends, key=ends.__getitem__, default=0)
    return nearest if nearest and ends[nearest] <= _SAME else 0


def _is_after(word: Word, cut: float, known: Sequence[Word]) -> bool:
    start, end = word.start or 0.0, word.end or 0.0
    if start >= cut - _NEAR:
        return True
    if end <= cut + _NEAR:
        return False
    # Whisper stretches words over silence, from either side of it. Before a first word there was none to be
    # stretched; else the more of it lies after the cut ...
    if not known:
        return True
    # ... but the last word again is the last word, even if it was stretched.
    return end - cut > cut - start and bare(word.text) != bare(known[-1].text)


def _from(word: Word, least: float) -> Word:
    """The word, beginning no earlier than the last known one ended."""
    if word.start is None or word.start >= least:
        return word
    return Word(word.text, least, max(least, word.end or least), word.probability)
