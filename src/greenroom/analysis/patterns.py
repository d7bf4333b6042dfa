"""Which of the seven patterns an answer shows."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import Finding

from .matchers import MATCHERS
from .query import told_deeds
from .quoting import quote
from .reading import Reading
from .rules import PatternRule

# Below this there is too little to go by, and nothing is asserted.
LEAST_WORDS = 10


def patterns_found(reading: Reading, rules: Sequence[PatternRule]) -> tuple[Finding, ...]:
    """The patterns whose rule applies to the question and fires, each with its quotes."""
    if reading.content < LEAST_WORDS:
        return ()
    found = []
    for rule in rules:
        match = MATCHERS[rule.matcher](reading, rule.parameters) if applies(rule, reading) else None
        if match and match[1]:
            confidence, clauses = match
            evidence = tuple(quote(reading, clause) for clause in clauses)
            found.append(Finding(rule.id, confidence, evidence, rule.why, rule.advice))
    return tuple(found)


def applies(rule: PatternRule, reading: Reading) -> bool:
    """Whether the question asks for what the rule looks for, or the answer tells it all the same."""
    if any(words in reading.question for words in rule.unless_asked):
        return False
    if rule.told and reading.asks in ("practice", "knowledge") and len(told_deeds(reading)) >= rule.told:
        return True
    return reading.kind in rule.applies_to_kinds and reading.asks in rule.asks
