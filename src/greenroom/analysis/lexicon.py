"""The word lists in lexicons/*.toml: which words and phrases carry which tag.

An entry is one or more tokens. Each matches the word as said or its dictionary form, so "be asked to" finds
"was asked to"; `_` stands for any one word. Entries are split as spaCy splits ("do n't").
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from itertools import product
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ANY = "_"
Phrase = tuple[str, ...]


def read_toml(*path: str) -> dict[str, Any]:
    """A data file of this package."""
    data: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath(*path).read_text("utf-8"))
    return data


def toml_names(folder: str) -> tuple[str, ...]:
    """Names of the TOML files in a folder of this package, sorted."""
    files = resources.files(__package__).joinpath(folder).iterdir()
    return tuple(sorted(f.name for f in files if f.name.endswith(".toml")))


def load_tags() -> dict[str, tuple[str, ...]]:
    """Every tag of every lexicon, with its entries; a tag may be spread over files."""
    tags: dict[str, tuple[str, ...]] = {}
    for name in toml_names("lexicons"):
        for tag, entries in read_toml("lexicons", name).get("tags", {}).items():
            tags[tag] = tags.get(tag, ()) + tuple(entries)
    return tags


class PhraseFinder:
    """Finds all entries of all tags in one walk over the tokens."""

    def __init__(self, tags: dict[str, tuple[str, ...]], split: Callable[[str], Sequence[str]]) -> None:
        # By the first two tokens: "be" alone begins hundreds of entries.
        self._by_beginning: dict[tuple[str, str], list[tuple[str, Phrase]]] = {}
        for tag, entries in tags.items():
            for entry in entries:
                phrase = tuple(entry.split() if ANY in entry.split() else split(entry))
                second = phrase[1] if len(phrase) > 1 else ANY
                self._by_beginning.setdefault((phrase[0], second), []).append((tag, phrase))

    def find(self, forms: Sequence[str], lemmas: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """(tag, first token, last token) of every match; both included."""
        said = list(zip(forms, lemmas, strict=True))
        for i, first in enumerate(said):
            second = {ANY, *said[i + 1]} if i + 1 < len(said) else {ANY}
            for beginning in product(set(first), second):
                for tag, phrase in self._by_beginning.get(beginning, ()):
                    if _matches(phrase, forms, lemmas, i):
                        yield tag, i, i + len(phrase) - 1


def _matches(phrase: Phrase, forms: Sequence[str], lemmas: Sequence[str], at: int) -> bool:
    if at + len(phrase) > len(forms):
        return False
    return all(want in (ANY, forms[at + k], lemmas[at + k]) for k, want in enumerate(phrase[1:], start=1))
