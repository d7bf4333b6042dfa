"""Choosing words: varied, drawn with a seed, and no sentence twice in a session."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from string import Formatter
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# 25 s at 155 words a minute are 64 words; two are held back, as numbers are longer said than written.
MOST_SPOKEN_WORDS = 62

# Slots that hold words of the person's, which are marked as such.
_QUOTES = ("quote", "mine")

Slots = Mapping[str, str]
Memory = tuple[Any, dict[str, int], frozenset[str]]


@cache
def load_phrases() -> dict[str, Any]:
    phrases: dict[str, Any] = tomllib.loads(
        resources.files(__package__).joinpath("phrases.toml").read_text("utf-8")
    )
    return phrases


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to say, for the eye and for the ear; `template` is what it was made from."""

    written: str
    spoken: str
    template: str = ""
    quote: str = ""


class Chooser:
    """Draws from lists with a seed, and keeps what it has drawn and what was said with it."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        # When each part was drawn last, the first draw being 1.
        self._drawn: dict[str, int] = {}
        self._said: set[str] = set()

    def memory(self) -> Memory:
        """What was drawn and said so far, for `return_to`."""
        return self._random.getstate(), dict(self._drawn), frozenset(self._said)

    def return_to(self, memory: Memory) -> None:
        """Forget what was drawn since `memory` was taken."""
        state, drawn, said = memory
        self._random.setstate(state)
        self._drawn, self._said = dict(drawn), set(said)

    def pick(self, options: Sequence[str]) -> str:
        """One that was not drawn yet; when all were, the one that was drawn longest ago."""
        longest_ago = min(self._when(option) for option in options)
        choice = self._random.choice([option for option in options if self._when(option) == longest_ago])
        self._draw(choice)
        return choice

    def _when(self, part: str) -> int:
        return self._drawn.get(part, 0)

    def _draw(self, *parts: str) -> None:
        self._drawn |= dict.fromkeys(parts, max(self._drawn.values(), default=0) + 1)

    def has_drawn(self, options: Sequence[str]) -> bool:
        """Whether any of these was drawn before."""
        return any(option in self._drawn for option in options)

    def line(self, lines: Sequence[str], slots: Slots, most: int | None = None) -> Remark | None:
        """The one of `lines` that was heard longest ago; None where none can be filled and is new."""
        return self.remark([(line, "{0}") for line in lines], slots, most)

    def remark(self, ways: Sequence[tuple[str, ...]], slots: Slots, most: int | None = None) -> Remark | None:
        """The one of `ways` whose parts were heard longest ago; None where none can be filled and is new.

        The parts of a way are joined by its last one: ("{quote} ...", "say ...", "{0}. {1}."). It is
        `most` words long at most when spoken.
        """
        named = [(way, _joined(way)) for way in ways]
        fit = [(way, template) for way, template in named if names_in(template) <= slots.keys()]
        self._random.shuffle(fit)
        for way, template in sorted(fit, key=lambda each: max(map(self._when, each[0][:-1]))):
            aloud = spoken(template, slots)
            if most is not None and word_count(aloud) > most:
                continue
            if self._said.isdisjoint(sentences := sentences_of(aloud)):
                self._said.update(sentences)
                self._draw(*way[:-1])
                return Remark(written(template, slots), aloud, template, slots.get("quote", ""))
        return None


def _joined(way: Sequence[str]) -> str:
    """Parts put together; after a full stop and at the start a part begins with a capital."""
    *parts, frame = way
    text = re.sub(r"\{(\d)\}", lambda match: parts[int(match[1])], frame)
    return re.sub(r"(^|[.?!] )([a-z])", lambda match: match[1] + match[2].upper(), text)


@cache
def names_in(template: str) -> frozenset[str]:
    """The slots of a template."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def sentences_of(text: str) -> list[str]:
    return re.split(r"(?<=[.?!]) ", text)


def unlike(templates: Sequence[str], said: Sequence[str]) -> list[str]:
    """Those that lead to their quote by no two words that were used before: no "You said" after "You said".

    All of them where none is left.
    """
    taken = {pair for template in said for pair in _lead(template)}
    return [each for each in templates if taken.isdisjoint(_lead(each))] or list(templates)


def _lead(template: str) -> set[tuple[str, str]]:
    words = re.findall(r"[a-z']+", template.lower().split("{quote}")[0])
    return set(pairwise(words))


def written(template: str, slots: Slots) -> str:
    """A template for the eye: quotes in quotation marks."""
    return template.format(**{n: f"“{text}”" if n in _QUOTES else text for n, text in slots.items()})


def spoken(template: str, slots: Slots) -> str:
    """A template for the ear: a quote stands between two short pauses, which is how a voice marks it."""
    filled = template.format(**{n: f", {text}," if n in _QUOTES else text for n, text in slots.items()})
    filled = re.sub(r"\s*,(\s*,)+", ",", re.sub(r"\s+,", ",", filled))
    filled = re.sub(r",\s*([.;:?!])", r"\1", filled)
    return re.sub(r"([.;:?!]),", r"\1", filled)


def word_count(text: str) -> int:
    return len(text.split())
