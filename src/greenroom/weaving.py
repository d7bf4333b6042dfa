"""Filled pauses put among the words of record, and everything that points at words moved along."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from greenroom.records import Analysis, Filler, Prosody, Transcript, Word, ends_sentence

T = TypeVar("T")


def woven(transcript: Transcript, analysis: Analysis, prosody: Prosody) -> tuple[Transcript, Analysis]:
    """The transcript with the fillers that prosody found and could name, and its analysis.

    Args:
        transcript, analysis: of the words alone; `prosody.before` counts these words.
    """
    named = [
        (before, filler)
        for before, filler in zip(prosody.before, prosody.fillers, strict=True)
        if filler.source == "transcript" and filler.first_word is None
    ]
    if not named:
        return transcript, analysis
    places = [before for before, _ in named]
    moved = _moved(analysis, places)
    fillers = _placed(moved.delivery.fillers, named)
    words = _with_fillers(transcript.words, named)
    text = " ".join(word.text for word in words)
    return replace(transcript, words=words, text=text), replace(
        moved, delivery=replace(moved.delivery, fillers=fillers)
    )


def _with_fillers(words: Sequence[Word], named: Sequence[tuple[int, Filler]]) -> tuple[Word, ...]:
    found = list[Word]()
    waiting = list(named)
    for at in range(len(words) + 1):
        while waiting and waiting[0][0] == at:
            found.append(_written(waiting.pop(0)[1], found, last=at == len(words)))
        found += words[at : at + 1]
    return tuple(found)


def _written(filler: Filler, before: Sequence[Word], *, last: bool) -> Word:
    opens = not before or ends_sentence(before[-1].text)
    text = filler.text.capitalize() if opens else filler.text
    return Word(text + ("." if last else ","), filler.start, filler.end, filler.confidence)


def _placed(fillers: Sequence[Filler], named: Sequence[tuple[int, Filler]]) -> tuple[Filler, ...]:
    """The fillers, those that were put among the words with their place there."""
    places = {filler: before + number for number, (before, filler) in enumerate(named)}
    return tuple(
        replace(each, first_word=places[each], last_word=places[each]) if each in places else each
        for each in fillers
    )


def _moved(record: T, places: Sequence[int]) -> T:
    """`record` with every index of a word, at any depth, moved behind the fillers before that word."""
    value: Any = record
    if isinstance(value, tuple):
        return tuple(_moved(each, places) for each in value)  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return record
    changed = {
        field.name: _index_moved(old, places)
        if field.name in ("first_word", "last_word")
        else _moved(old, places)
        for field in fields(value)
        for old in (getattr(value, field.name),)
    }
    return replace(value, **changed)  # type: ignore[return-value]


def _index_moved(index: int | None, places: Sequence[int]) -> int | None:
    return None if index is None else index + bisect_right(places, index)
