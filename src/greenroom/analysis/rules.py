"""The rules as data: rules/*.toml, one file a pattern, and rules/signals/*.toml, one file a signal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from greenroom.records import KINDS, MARKERS, PATTERNS, SIGNALS

from .lexicon import read_toml, toml_names
from .query import Query

_Rule = TypeVar("_Rule", "PatternRule", "SignalRule", "MarkerRule")


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text for the rule's test: brackets mark the words of the evidence; without any it stays quiet."""

    text: str
    question: str = ""


class PatternRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One pattern.

    Attributes:
        asks: what a question must ask for (see `asked.asks_for`) for the rule to apply.
        told: with this many deeds told, it applies to questions on habits or knowledge too; 0 never.
        never_for: what a question may ask for so that this is no fault, whatever the learned scorer says.
        unless_asked: words in the question that make the rule not apply.
        matcher: name in `matchers.MATCHERS`; `parameters` are its own, checked by it.
    """

    id: str
    title: str
    why: str
    source: str
    advice: str
    applies_to_kinds: tuple[str, ...]
    asks: tuple[str, ...]
    matcher: str
    parameters: Mapping[str, Any]
    fires: tuple[Example, ...]
    quiet: tuple[Example, ...]
    told: int = 0
    never_for: tuple[str, ...] = ()
    unless_asked: tuple[str, ...] = ()


class EvidenceRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something shown where the matching clauses weigh `threshold` together; never by the mere claim."""

    id: str
    title: str
    shows: str
    threshold: float
    evidence: tuple[Query, ...]
    fires: tuple[Example, ...]
    quiet: tuple[Example, ...]


class SignalRule(EvidenceRule, frozen=True, forbid_unknown_fields=True):
    """One signal, and the weight from which its evidence is called strong."""

    strong: float = 6.0


class MarkerRule(EvidenceRule, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of records.MARKERS: there only where its `signal` is sent as well."""

    signal: str


def load_patterns() -> tuple[PatternRule, ...]:
    """Every pattern, in the order of records.PATTERNS. Raises ValueError that names the file at fault."""
    rules = _load_all("rules", PatternRule, PATTERNS)
    for rule in rules:
        _check(rule.id, set(rule.applies_to_kinds) <= set(KINDS), "unknown kind")
    return rules


def load_signals() -> tuple[SignalRule, ...]:
    """Every signal but clarity, in the order of records.SIGNALS."""
    return _load_all("rules/signals", SignalRule, SIGNALS)


def load_markers() -> tuple[MarkerRule, ...]:
    """Every senior marker, in the order of records.MARKERS."""
    rules = _load_all("rules/markers", MarkerRule, MARKERS)
    for rule in rules:
        _check(rule.id, rule.signal in SIGNALS, "unknown signal")
    return rules


def _load_all(folder: str, kind: type[_Rule], order: Sequence[str]) -> tuple[_Rule, ...]:
    """Every rule of a folder; `order` holds the ids there are."""
    rules = [_load(f"{folder}/{name}", kind) for name in toml_names(folder)]
    for rule in rules:
        _check(rule.id, rule.id in order, "unknown id")
    return tuple(sorted(rules, key=lambda rule: order.index(rule.id)))


def _load(path: str, kind: type[_Rule]) -> _Rule:
    try:
        return msgspec.convert(read_toml(*path.split("/")), kind)
    except (msgspec.ValidationError, ValueError) as fault:
        raise ValueError(f"{path}: {fault}") from fault


def _check(name: str, holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(f"rule {name}: {message}")
