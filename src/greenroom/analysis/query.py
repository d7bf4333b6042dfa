"""Asking a reading for clauses: the conditions that rules in data are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from .lexicon import read_toml
from .reading import Clause, Reading

_VERBS = read_toml("lexicons", "verbs.toml")

# Verbs of being, having and thinking: with them as its verb a clause tells no deed.
STATES = frozenset(_VERBS["states"])
# "I had to restart it", "we managed to move": the deed is in the infinitive.
LIGHT = frozenset(_VERBS["light"])
DONE = ("past", "perfect")
# Nouns that name nothing one could point at.
ABSTRACT = frozenset(read_toml("lexicons", "abstract.toml")["abstract"])
_IRREGULAR_PASTS = frozenset(_VERBS["irregular_pasts"])


def looks_past(form: str) -> bool:
    """The tagger takes rarer pasts ("rewrote") for something else; their form tells them."""
    form = form.removeprefix("re")
    return form.endswith("ed") or form in _IRREGULAR_PASTS


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Conditions on one clause, all of which must hold; empty ones hold always.

    `any` and `all` and `without` are tags; `deed` asks for a verb of doing; `weight` is what a match counts.
    """

    weight: float = 1.0
    subject: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    verb: tuple[str, ...] = ()
    not_verb: tuple[str, ...] = ()
    deed: bool | None = None
    passive: bool | None = None
    negated: bool | None = None
    conditional: bool | None = None

    def matches(self, clause: Clause) -> bool:
        return (
            _among(clause.subject, self.subject)
            and _among(clause.mood, self.mood)
            and _among(clause.part, self.part)
            and (not self.any or not clause.tags.isdisjoint(self.any))
            and clause.tags.issuperset(self.all)
            and clause.tags.isdisjoint(self.without)
            and (not self.verb or not clause.verbs.isdisjoint(self.verb))
            and clause.verbs.isdisjoint(self.not_verb)
            and _same(self.passive, clause.passive)
            and _same(self.negated, clause.negated)
            and _same(self.conditional, clause.conditional)
            and _same(self.deed, is_deed(clause))
        )


def _among(value: str, wanted: Sequence[str]) -> bool:
    return not wanted or value in wanted


def _same(wanted: bool | None, value: bool) -> bool:
    return wanted is None or wanted == value


def is_deed(clause: Clause) -> bool:
    """Whether its verb, or the infinitive on it, tells something done rather than a state."""
    if clause.verb in STATES and clause.verb not in LIGHT:
        return False
    return bool(clause.verbs - STATES) and not clause.progressive


def found(reading: Reading, queries: Sequence[Query]) -> Iterator[tuple[Clause, float]]:
    """Each clause that any query matches, with the highest weight among them."""
    for clause in reading.clauses:
        weights = [query.weight for query in queries if query.matches(clause)]
        if weights:
            yield clause, max(weights)


def weigh(reading: Reading, queries: Sequence[Query]) -> float:
    return sum(weight for _, weight in found(reading, queries))


def told_deeds(reading: Reading) -> list[Clause]:
    """The clauses in which somebody of the teller's side did something, or it was done."""
    return [
        c
        for c in reading.clauses
        if c.mood in DONE and is_deed(c) and (c.subject in ("i", "we", "team", "none") or c.passive)
    ]
