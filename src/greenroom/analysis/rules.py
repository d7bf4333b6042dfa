"""The rules as data: rules/*.toml, one file a pattern, and rules/signals/*.toml, one file a signal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from greenroom.records import KINDS, MARKERS, PATTERNS, SIGNALS

from .lexicon import read_toml, toml_names
from .query import Query


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text for the rule's test: brackets mark the words of the evidence; without any it stays quiet."""

    text: str
    question: str = ""


class PatternRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One pattern.

    Attributes:
        asks: what a question must ask for (see `asked.asks_for`) for the rule to apply.
        told: with this many deeds told, it applies to questions on habits or knowledge too; 0 never.
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
    unless_asked: tuple[str, ...] = ()


class SignalRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One signal: sent when the matching clauses weigh `threshold` together; never by the mere claim."""

    id: str
    title: str
    shows: str
    threshold: float
    evidence: tuple[Query, ...]
    fires: tuple[Example, ...]
    quiet: tuple[Example, ...]
    strong: float = 6.0


class MarkerRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of records.MARKERS: there where its `signal` is sent and the matching clauses weigh `threshold`."""

    id: str
    signal: str
    title: str
    shows: str
    threshold: float
    evidence: tuple[Query, ...]
    fires: tuple[Example, ...]
    quiet: tuple[Example, ...]


def load_patterns() -> tuple[PatternRule, ...]:
    """Every pattern, in the order of records.PATTERNS. Raises ValueError that names the file at fault."""
    rules = [_load(("rules", name), PatternRule) for name in toml_names("rules")]
    for rule in rules:
        _check(
            rule.id, rule.id in PATTERNS and set(rule.applies_to_kinds) <= set(KINDS), "unknown id or kind"
        )
    return tuple(sorted(rules, key=lambda rule: PATTERNS.index(rule.id)))


def load_signals() -> tuple[SignalRule, ...]:
    """Every signal but clarity, in the order of records.SIGNALS."""
    rules = [_load(("rules", "signals", name), SignalRule) for name in toml_names("rules/signals")]
    for rule in rules:
        _check(rule.id, rule.id in SIGNALS, "unknown id")
    return tuple(sorted(rules, key=lambda rule: SIGNALS.index(rule.id)))


def load_markers() -> tuple[MarkerRule, ...]:
    """Every senior marker, in the order of records.MARKERS."""
    rules = [_load(("rules", "markers", name), MarkerRule) for name in toml_names("rules/markers")]
    for rule in rules:
        _check(rule.id, rule.id in MARKERS and rule.signal in SIGNALS, "unknown id or signal")
    return tuple(sorted(rules, key=lambda rule: MARKERS.index(rule.id)))


_Rule = Any


def _load(path: tuple[str, ...], kind: _Rule) -> _Rule:
    try:
        return msgspec.convert(read_toml(*path), kind)
    except (msgspec.ValidationError, ValueError) as fault:
        raise ValueError(f"{'/'.join(path)}: {fault}") from fault


def _check(name: str, holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(f"rule {name}: {message}")
