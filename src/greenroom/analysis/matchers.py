"""The few ways in which a pattern shows. Each takes a reading and its parameters and returns what it found.

A matcher returns how sure it is, 0 where the pattern is not there, and in either case the clauses to quote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from greenroom.records import OF_THE_PAST

from .query import ABSTRACT, Query, found, told_deeds, weigh
from .quoting import whole_clauses
from .reading import Clause, Reading


class Match(NamedTuple):
    confidence: float
    clauses: Sequence[Clause]


Matcher = Callable[[Reading, Mapping[str, Any]], Match]


class Balance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fires where `pro` outweighs `con`: share of pro >= `share`, pro >= `least`, con <= `most`."""

    pro: tuple[Query, ...]
    con: tuple[Query, ...]
    share: float
    least: float
    most: float
    quotes: int = 2
    context: tuple[Query, ...] = ()
    context_least: float = 0.0


def balance(reading: Reading, parameters: Mapping[str, Any]) -> Match:
    p = msgspec.convert(parameters, Balance)
    pro = list(found(reading, p.pro))
    weight, against = sum(w for _, w in pro), weigh(reading, p.con)
    places = _heaviest(pro, p.quotes)
    if weight < p.least or against > p.most or weight / (weight + against) < p.share:
        return Match(0.0, places)
    if p.context and weigh(reading, p.context) < p.context_least:
        return Match(0.0, places)
    margin = (weight / (weight + against) - p.share) / max(1 - p.share, 0.01)
    return Match(_sure(0.6 + 0.35 * margin), places)


class Absent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fires where work is told (`work` weighs `least`) and what is `wanted` weighs under `enough`."""

    work: tuple[Query, ...]
    least: float
    wanted: tuple[Query, ...]
    enough: float
    where: tuple[Query, ...] = ()
    quotes: int = 1


def absent(reading: Reading, parameters: Mapping[str, Any]) -> Match:
    """The evidence is the stretch where it should have been: the last clauses that match `where`."""
    p = msgspec.convert(parameters, Absent)
    work, have = list(found(reading, p.work)), weigh(reading, p.wanted)
    where = [clause for clause, _ in found(reading, p.where)] or [clause for clause, _ in work]
    places = whole_clauses(where)[-p.quotes :]
    if sum(w for _, w in work) < p.least or have >= p.enough:
        return Match(0.0, places)
    return Match(_sure(0.9 - 0.3 * have / p.enough), places)


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fires where `before` deeds have nothing `wanted` beside them, or `before_named` come before it.

    The `wanted` counts as in time if it is in the same sentence as the first deed.
    """

    wanted: tuple[Query, ...]
    deeds: tuple[Query, ...]
    before: int
    before_named: int
    quotes: int = 1


def late(reading: Reading, parameters: Mapping[str, Any]) -> Match:
    p = msgspec.convert(parameters, Late)
    deeds = [clause for clause, _ in found(reading, p.deeds)]
    places = deeds[: p.quotes]
    if len(deeds) < p.before:
        return Match(0.0, places)
    named = next((clause for clause, _ in found(reading, p.wanted)), None)
    if named is None:
        return Match(_sure(0.8), places)
    earlier = [clause for clause in deeds if clause.first < named.first and clause.sentence < named.sentence]
    return Match(_sure(0.65) if len(earlier) >= p.before_named else 0.0, places)


class Sparse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fires where particulars (concrete nouns, names, numbers, `concrete` clauses) weigh under `enough`.

    Attributes:
        untold: what a noun outside the story counts, as a share, where a story was asked for.
        least_words: below that an answer is too short to be called general.
        per_words: the length (words) that `enough` is for; it is scaled to the answer, not below `floor`.
    """

    concrete: tuple[Query, ...]
    vague: tuple[Query, ...]
    enough: float
    floor: float
    least_words: int
    per_words: int
    untold: float = 0.4
    noun: float = 1.0
    name: float = 1.5
    number: float = 1.0
    quotes: int = 2


def sparse(reading: Reading, parameters: Mapping[str, Any]) -> Match:
    p = msgspec.convert(parameters, Sparse)
    need = max(p.floor, p.enough * reading.content / p.per_words)
    have = particulars(reading, p) + weigh(reading, p.concrete)
    vague = list(found(reading, p.vague))
    places = _heaviest(vague, p.quotes) or list(told_deeds(reading) or reading.clauses)[: p.quotes]
    if have >= need or reading.content < p.least_words:
        return Match(0.0, places)
    return Match(_sure(0.6 + 0.35 * (1 - have / need)), places)


def particulars(reading: Reading, p: Sparse) -> float:
    """Distinct concrete nouns, names and numbers, weighed; outside the told story they count for less."""
    worth: dict[str, float] = {}
    told = {word for clause in reading.clauses if clause.part != "aside" for word in clause.words}
    story = reading.asks in OF_THE_PAST
    for noun, word in reading.nouns:
        if noun.lower() not in ABSTRACT:
            full = p.name if noun[0].isupper() else p.noun
            worth[noun] = max(worth.get(noun, 0.0), full if word in told or not story else full * p.untold)
    numbers = {hit.first_word for hit in reading.hits if hit.tag == "number"}
    return sum(worth.values()) + len(numbers) * p.number


def _heaviest(clauses: Sequence[tuple[Clause, float]], count: int) -> list[Clause]:
    """The `count` weightiest (fragments last), the earlier first among equals, in the order of the answer."""
    best = sorted(clauses, key=lambda item: (len(item[0].words) < 3, -item[1], item[0].first))[:count]
    return sorted((clause for clause, _ in best), key=lambda clause: clause.first)


def _sure(confidence: float) -> float:
    return round(min(0.95, max(0.5, confidence)), 2)


MATCHERS: dict[str, Matcher] = {"balance": balance, "absent": absent, "late": late, "sparse": sparse}
