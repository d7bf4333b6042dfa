"""What a text can be recognised by: its names, its numbers by value, and words that are not everybody's."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from greenroom.preparation.stories.stories import Story
from greenroom.preparation.telling.spoken_numbers import amounts
from greenroom.records import bare

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAME, NUMBER, WORD, HINT = "name", "number", "word", "hint"
"""Kinds of marks: a HINT is a word that one answer in fifty holds, or a number that is in any answer."""

_SMALL = 12
"""Numbers up to here, without a percent sign, are in any story: they hint and no more. (Judgement.)"""

_LEAST_SOUNDS = 3
"""A sound of fewer consonants is like that of too many other words."""

_ENDINGS = (
    "ations",
    "ation",
    "ingly",
    "ions",
    "ings",
    "ers",
    "ing",
    "ion",
    "ies",
    "ied",
    "es",
    "ed",
    "er",
    "ly",
    "s",
    "e",
    "y",
)
_LEAST_STEM = 3
_LEAST_NAME = 3  # letters; "Dr" is nobody's name

_SPELLINGS = "ph>f ck>k qu>k ch>k c>k q>k z>s x>ks th>t d>t b>p v>f g>k j>k"
_SOUNDS = tuple(pair.split(">") for pair in _SPELLINGS.split())
"""Letters that Whisper takes for one another in names that it does not know, in the order to change them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to recognise a text by.

    Attributes:
        kind: NAME, NUMBER, WORD or HINT.
        said: as it was said first.
    """

    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a text by their key: a word's stem, "#40" for a number, "#40%" for a share.

    Attributes:
        sounds: by how a name, a word or two of them together sound, the keys that sound so.
    """

    by_key: Mapping[str, Mark]
    sounds: Mapping[str, frozenset[str]]


@cache
def common_words() -> tuple[frozenset[str], frozenset[str]]:
    """Stems that count for nothing, and those that are a hint and no more."""
    text = resources.files(__package__).joinpath("common_words.toml").read_text("utf-8")
    data = tomllib.loads(text)
    nothing = frozenset(stem(word) for name in ("grammar", "interviews", "told_often") for word in data[name])
    return nothing, frozenset(stem(word) for word in data["told_at_times"]) - nothing


def stem(word: str) -> str:
    """A bare word without its ending, so that "migrated" and "migration" are the same."""
    word = _plain(word.removesuffix("'s").replace("'", ""))
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > _LEAST_STEM and word[-1:] == word[-2:-1] else word


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """How a bare word sounds, so that "Annika" and "Annica" are the same; "" if too little is left to tell.

    That is its first vowel, if it begins with one, and its consonants.
    """
    word = re.sub(r"[^a-z]", "", _plain(word))
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    word = re.sub(r"[hwy]", "", word)
    word = re.sub(r"^[aeiou]", "a", word[:1]) + re.sub(r"[aeiou]", "", word[1:])
    word = re.sub(r"(.)\1+", r"\1", word)
    return word if len(word) >= _LEAST_SOUNDS else ""


def _plain(word: str) -> str:
    """Without accents: Whisper leaves them out more often than not."""
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()


@lru_cache(maxsize=256)
def marks_of_story(story: Story) -> Marks:
    """The marks of a story: of its title and parts, and what its lists name."""
    listed = (*story.numbers, *story.people, *story.technologies)
    return marks_of(" . ".join((story.title, story.text, *listed)), names_of(story))


@lru_cache(maxsize=256)
def names_of(story: Story) -> frozenset[str]:
    """Stems of the people and technologies that a story lists."""
    listed = (bare(word) for each in (*story.people, *story.technologies) for word in each.split())
    return frozenset(stem(word) for word in listed if len(word) >= _LEAST_NAME)


def marks_of(text: str, named: frozenset[str] = frozenset()) -> Marks:
    """The marks of a text; stems that are `named` count however usual they are."""
    said = text.replace("%", " % ").replace("—", " ").split()
    words = [bare(word) or word for word in said]
    marks: dict[str, Mark] = {}
    numbers: set[int] = set()
    for amount in amounts(words):
        numbers.update(range(amount.first, amount.last + 1))
        key = f"#{amount.value:.12g}" + "%" * amount.percent
        kind = NUMBER if amount.percent or amount.value > _SMALL else HINT
        spoken = " ".join(said[amount.first : amount.last + 1]).strip(".,;:")
        marks.setdefault(key, Mark(kind, f"{spoken} %" if amount.percent else spoken))
    for at, key, kind in _words(said, words, numbers, named):
        marks.setdefault(key, Mark(kind, said[at].strip(".,;:!?\"'()“”")))
    return Marks(marks, _sounds(words, numbers, marks))


def _words(
    said: Sequence[str], words: Sequence[str], numbers: set[int], named: frozenset[str]
) -> Iterator[tuple[int, str, str]]:
    nothing, hints = common_words()
    begins = True
    for at, word in enumerate(words):
        begun, begins = begins, said[at].endswith((".", "!", "?", ":"))
        if at in numbers or not word[:1].isalpha():
            continue
        for piece in word.split("-"):
            key = stem(piece)
            if key in named:
                yield at, key, WORD if key in nothing else NAME
            elif key not in nothing and len(piece) > 2:
                capital = said[at][:1].isupper() and not begun
                yield at, key, NAME if capital else HINT if key in hints else WORD


def _sounds(words: Sequence[str], numbers: set[int], marks: Mapping[str, Mark]) -> dict[str, frozenset[str]]:
    """How names and words sound, and two words together, which may be one that was written in two."""
    found: dict[str, set[str]] = {}
    for at, word in enumerate(words):
        if at not in numbers and (key := stem(word)) in marks and (heard := sound(word)):
            found.setdefault(heard, set()).add(key)
    for (at, one), (_, two) in pairwise(enumerate(words)):
        if not numbers & {at, at + 1} and (heard := sound(one + two)) and len(heard) > _LEAST_SOUNDS:
            found.setdefault(heard, set()).add(f"{one} {two}")
    return {heard: frozenset(keys) for heard, keys in found.items()}
