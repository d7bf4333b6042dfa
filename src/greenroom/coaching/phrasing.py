"""Choosing words: varied, drawn with a seed, and never the same twice in a session while others are left."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise, product
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# 25 s at 155 words a minute are 64 words; two are held back, as numbers are longer said than written.
MOST_SPOKEN_WORDS = 62
MOST_QUOTE_WORDS = 12


@cache
def load_phrases() -> dict[str, Any]:
    phrases: dict[str, Any] = tomllib.loads(
        resources.files(__package__).joinpath("phrases.toml").read_text("utf-8")
    )
    return phrases


_QUOTING = {name: frozenset(words) for name, words in load_phrases()["quoting"].items()}


class Chooser:
    """Draws from lists with a seed and keeps what it has drawn."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._used: set[str] = set()

    def memory(self) -> tuple[Any, frozenset[str]]:
        """What was drawn so far, for `return_to`."""
        return self._random.getstate(), frozenset(self._used)

    def return_to(self, memory: tuple[Any, frozenset[str]]) -> None:
        """Forget what was drawn since `memory` was taken."""
        state, used = memory
        self._random.setstate(state)
        self._used = set(used)

    def pick(self, options: Sequence[str]) -> str:
        """One option that was not drawn before; when all were, they start anew."""
        fresh = [option for option in options if option not in self._used]
        if not fresh:
            self._used -= set(options)
            fresh = list(options)
        choice = self._random.choice(fresh)
        self._used.add(choice)
        return choice

    def has_drawn(self, options: Sequence[str]) -> bool:
        """Whether any of these was drawn before."""
        return not self._used.isdisjoint(options)

    def line(self, *parts: Sequence[str]) -> tuple[str, ...]:
        """One of each of `parts`, in a combination that was not drawn before."""
        combined = {"\0".join(combination): combination for combination in product(*parts)}
        return combined[self.pick(sorted(combined))]


def quotable(text: str, most: int = MOST_QUOTE_WORDS) -> str:
    """What to quote of a stretch: no filled pauses, no "and so" in front, cut where a clause ends."""
    words = [word for word in text.split() if word.lower().strip(".,!?") not in _QUOTING["pauses"]]
    while len(words) > 1 and words[0].lower().strip(",.") in _QUOTING["openers"]:
        words = words[1:]
    if len(words) > most:
        words = words[: _cut(words, most)]
    while len(words) > 3 and words[-1].lower().strip(",.") in _QUOTING["edges"] | {"or"}:
        words = words[:-1]
    if len(words) > 3 and words[0].lower() == "that" and words[1].lower() in _QUOTING["determiners"]:
        words = words[1:]
    cleaned = " ".join(words).strip(' ,.;:!?-—–"“”*')
    return re.sub(r"\s+", " ", cleaned)


def _cut(words: Sequence[str], most: int) -> int:
    """How many words to keep: up to a clause's edge if one is near, else not ending on a function word."""
    for n in range(most, max(4, most // 2) - 1, -1):
        if words[n - 1][-1] in ",.;:" or words[n].lower() in _QUOTING["edges"]:
            return n
    for n in range(most, 3, -1):
        if words[n - 1].lower().strip(",.") not in _QUOTING["dangling"]:
            return n
    return most


def in_first_person(quote: str) -> str | None:
    """ "we moved it" as "I moved it", None where that cannot be done by changing one word."""
    match = re.match(r"we (?!were |are |'re |have |was )", quote, re.I)
    return (
        "I " + quote[match.end() :] if match and not re.search(r"\b(we|our|us)\b", quote[3:], re.I) else None
    )


def unlike(leads: Sequence[str], said: Sequence[str]) -> list[str]:
    """Those of `leads` that share no two words in a row with what was said: no "You said" after "You said".

    All of them where none is left.
    """
    taken = {pair for lead in said for pair in _pairs(lead)}
    return [lead for lead in leads if taken.isdisjoint(_pairs(lead))] or list(leads)


def _pairs(lead: str) -> set[tuple[str, str]]:
    words = re.findall(r"[a-z']+", lead.lower().replace("{quote}", ""))
    return set(pairwise(words))


def written(template: str, **slots: str) -> str:
    """A template for the eye: quotes in quotation marks."""
    return template.format(**{name: f"“{text}”" for name, text in slots.items()})


def spoken(template: str, **slots: str) -> str:
    """A template for the ear: a quote follows a pause, which is how a voice shows quotation marks."""
    filled = template.format(**{name: f": {text}" for name, text in slots.items()})
    return re.sub(r"\s*:+\s*:*\s*", ": ", filled)


def word_count(text: str) -> int:
    return len(text.split())
