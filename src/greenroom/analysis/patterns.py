"""Which of the seven patterns an answer shows: the rules' findings, weighed with the learned scorer's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenroom.records import ENOUGH_WORDS, OF_THE_PAST, Finding

from .matchers import MATCHERS, Match
from .query import told_deeds
from .quoting import quotes, whole_clauses
from .reading import Clause, Reading
from .rules import PatternRule
from .scorer import Scores
from .story import form_of
from .verdicts import FOUND, Verdicts

_NO_REAL_TIME = 0.7
"""How sure it is that no real time was told where one was asked for and the answer as a whole tells what one
usually does or would do: readers called 51 of 51 such hypothetical (tuning, weighing, published)."""


def matches_of(reading: Reading, rules: Sequence[PatternRule]) -> dict[str, Match]:
    """What each rule by itself makes of the answer; 0 where it does not apply to the question."""
    if reading.content < ENOUGH_WORDS:
        return {rule.id: Match(0.0, ()) for rule in rules}
    found = {}
    for rule in rules:
        match = MATCHERS[rule.matcher](reading, rule.parameters)
        sure = match.confidence if match.clauses and applies(rule, reading) else 0.0
        found[rule.id] = Match(sure, match.clauses)
    return found


def patterns_found(
    reading: Reading,
    rules: Sequence[PatternRule],
    matches: Mapping[str, Match],
    scores: Scores,
    verdicts: Verdicts,
) -> tuple[Finding, ...]:
    """The patterns that are likely, each with its quotes."""
    if reading.content < ENOUGH_WORDS:
        return ()
    found = []
    for rule in rules:
        if reading.asks in rule.never_for:
            continue
        match = matches[rule.id]
        chance = verdicts.chance("patterns", rule.id, scores, match.confidence)
        if rule.id == "hypothetical" and reading.asks in OF_THE_PAST and form_of(scores) == "pseudo_story":
            chance = max(chance, _NO_REAL_TIME)
        clauses = _evidence(reading, match, scores, rule.id)
        if chance >= FOUND and clauses:
            evidence = quotes(reading, clauses)
            found.append(Finding(rule.id, round(chance, 2), evidence, rule.why, rule.advice))
    return tuple(found)


def _evidence(reading: Reading, match: Match, scores: Scores, id: str) -> Sequence[Clause]:
    """The rule knows where something is missing; what is there and the rule did not see, the scorer shows.

    Clauses are weighed by the sum of their words, so a long one that says it in passing may stand before a
    short one.
    """
    if match.clauses or not reading.clauses:
        return match.clauses
    whole = whole_clauses(reading.clauses)
    return (max(whole, key=lambda clause: scores.weight("patterns", id, clause.words)),)


def applies(rule: PatternRule, reading: Reading) -> bool:
    """Whether the question asks for what the rule looks for, or the answer tells it all the same."""
    if any(words in reading.question for words in rule.unless_asked):
        return False
    if rule.told and reading.asks in ("practice", "knowledge") and len(told_deeds(reading)) >= rule.told:
        return True
    return reading.kind in rule.applies_to_kinds and reading.asks in rule.asks
