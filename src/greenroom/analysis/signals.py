"""Which signals an answer sends, by evidence and never by the mere claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from greenroom.records import SignalEvidence, Span

from .query import found
from .quoting import quotes, whole_clauses
from .reading import Clause, Reading
from .rules import SignalRule
from .scorer import UNREAD, Scores
from .verdicts import HINTED, SENT, Verdicts, logistic

# More quotes than that help nobody to find the place.
MOST_QUOTES = 3

# What a rule's word on a clause adds to the logit that the clause shows the signal (about best on 70 answers
# in which readers marked the clauses; anything from 0 to 1 is as good).
_RULE = 0.5
# From here on words are quoted for a signal: half of such quotes are right on those 70 answers; from 0.4 on
# fewer would be found.
_SHOWN = 0.3
# And from here on there are words to point at: when it was chosen, 87 of 100 high scores had a right quote
# with it, and 82 without.
_NEARLY_SHOWN = 0.2


@dataclass(frozen=True, slots=True)
class ByRule:
    """A rule's word on one signal.

    Attributes:
        strength: how far its evidence goes: 0 nothing, 1 its threshold, 2 what is called strong.
        clauses: those that it knows, the weightiest first.
    """

    strength: float
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for one signal.

    Attributes:
        strength: how far the rule's evidence goes, see ByRule.
        chance: how likely the answer sends the signal, by rule and scorer together.
        clauses: those that show it, in the order of the answer; where none does, the one that comes nearest.
        quotes: their words.
        shown: how likely the best of them shows it by itself.
        by_rule: whether a rule knows one of them.
    """

    strength: float
    chance: float = 0.0
    clauses: tuple[Clause, ...] = ()
    quotes: tuple[Span, ...] = ()
    shown: float = 0.0
    by_rule: bool = False

    @property
    def sent(self) -> bool:
        return self.chance >= SENT

    @property
    def placed(self) -> bool:
        """Whether there are words to point at: the whole may sound like it without any."""
        return self.shown >= _NEARLY_SHOWN

    @property
    def hinted(self) -> bool:
        return self.sent or self.strength >= 0.5 or self.chance >= HINTED


def by_rule(reading: Reading, rule: SignalRule) -> ByRule:
    """What the rule by itself sees."""
    if reading.asks == "would":
        reading = reading.with_clauses(_as_done(clause) for clause in reading.clauses)
    clauses = sorted(found(reading, rule.evidence), key=lambda item: (-item[1], item[0].first))
    weight = sum(w for _, w in clauses)
    if weight < rule.threshold:
        strength = weight / rule.threshold
    else:
        strength = 1 + min(1.0, (weight - rule.threshold) / max(rule.strong - rule.threshold, 0.1))
    return ByRule(strength, tuple(clause for clause, _ in clauses))


def _as_done(clause: Clause) -> Clause:
    """A step of a plan, where a plan was asked for, like a step that was taken: it shows the same."""
    planned = clause.subject in ("i", "we") and clause.mood in ("would", "future", "present")
    return replace(clause, mood="past", conditional=False) if planned else clause


ClauseEvidence = Mapping[int, Mapping[str, float]]
"""By each clause's first word how likely it shows each of EVIDENCE, in logits."""


def clause_evidence(reading: Reading, scores: Scores) -> ClauseEvidence:
    return {clause.first: scores.evidence_in(clause.words) for clause in reading.clauses}


def shown_by(reading: Reading, evidence: ClauseEvidence, id: str, seen: ByRule) -> dict[int, float]:
    """How likely each clause shows one signal, in logits, the rule's word on it included.

    Fragments are left out, but for those that the rule knows ("I decided").
    """
    whole = {clause.first for clause in whole_clauses(reading.clauses)}
    known = {clause.first for clause in seen.clauses}
    return {first: evidence[first][id] + _RULE * (first in known) for first in sorted(whole | known)}


def in_all(shown: Mapping[int, float]) -> float:
    """How much an answer shows a signal by its clauses: by a strong one, or by several weak ones."""
    return float(np.logaddexp.reduce(list(shown.values()))) if shown else UNREAD


def supports(
    reading: Reading,
    rules: Sequence[SignalRule],
    scores: Scores,
    evidence: ClauseEvidence,
    verdicts: Verdicts,
) -> dict[str, Support]:
    """Rule and scorer together, for every signal but clarity."""
    weighed = {}
    for rule in rules:
        seen = by_rule(reading, rule)
        shown = shown_by(reading, evidence, rule.id, seen)
        chance = verdicts.chance("signals", rule.id, scores, seen.strength / 2, in_all(shown))
        clauses = (clause for clause in reading.clauses if clause.first in shown)
        best = sorted(clauses, key=lambda clause: -shown[clause.first])[:MOST_QUOTES]
        told = [c for n, c in enumerate(best) if n == 0 or logistic(shown[c.first]) >= _SHOWN]
        told.sort(key=lambda clause: clause.first)
        weighed[rule.id] = Support(
            seen.strength,
            chance,
            tuple(told),
            quotes(reading, told),
            shown=logistic(shown[best[0].first]) if best else 0.0,
            by_rule=not {clause.first for clause in told}.isdisjoint(clause.first for clause in seen.clauses),
        )
    return weighed


def signals_sent(supported: Mapping[str, Support]) -> tuple[SignalEvidence, ...]:
    """The signals that are likely, each with its quotes."""
    return tuple(
        SignalEvidence(id, support.quotes, round(support.chance, 2), support.by_rule, round(support.shown, 2))
        for id, support in supported.items()
        if support.sent and support.quotes
    )
