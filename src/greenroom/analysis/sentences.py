"""Where sentences end, by their marks alone: of an answer that goes on, what was cut before stays cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from greenroom.records import ends_sentence

_TRAILS_OFF = re.compile(r"""(\.\.+|…)["'”’)\]]*$""")


def sentences_of(words: Sequence[str]) -> list[tuple[int, int]]:
    """(first word, one after the last) of each sentence, in order; all words are in one.

    Without marks all of it is one. Three dots end a sentence only before a capital.
    """
    bounds: list[tuple[int, int]] = []
    first = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or _ends(words[end - 1].strip(), words[end].strip()):
            bounds.append((first, end))
            first = end
    return bounds


def _ends(word: str, following: str) -> bool:
    if _TRAILS_OFF.search(word):
        return following[:1].isupper()
    return ends_sentence(word)
