"""Hedges: words that make a deed sound like a guess, where they are not content."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import Span, Word, bare

from .lexicon import read_toml
from .words import span_of

_HEDGES = read_toml("lexicons", "hedges.toml")
_PHRASES: dict[str, list[tuple[str, ...]]] = {}  # by their first word
for _entry in _HEDGES["hedges"]:
    _PHRASES.setdefault(_entry.split()[0], []).append(tuple(_entry.split()))


def find_hedges(words: Sequence[Word]) -> tuple[Span, ...]:
    """Hedges, where the words around do not make them content ("that kind of bug", "just before")."""
    said = [bare(word.text) for word in words]
    found = []
    for i in range(len(said)):
        for phrase in _PHRASES.get(said[i], ()):
            if tuple(said[i : i + len(phrase)]) == phrase and not _is_content(said, i, phrase):
                found.append(span_of(words, i, i + len(phrase) - 1))
    return tuple(found)


def _is_content(said: Sequence[str], at: int, phrase: tuple[str, ...]) -> bool:
    before = said[at - 1] if at else ""
    after = said[at + len(phrase)] if at + len(phrase) < len(said) else ""
    if phrase == ("just",):
        return bool(
            after in _HEDGES["content_after_just"]
            or after[:1].isdigit()
            or before in ("not", "had", "was", "have")
        )
    return phrase[0] in ("kind", "sort") and bool(before in _HEDGES["content_before"])
