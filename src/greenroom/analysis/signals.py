"""Which signals an answer sends, by evidence and never by the mere claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from greenroom.records import SignalEvidence, Span

from .evidence import speaking_for
from .query import DONE, found, told_deeds
from .quoting import quotes
from .reading import Clause, Reading
from .rules import SignalRule
from .scorer import Scores
from .verdicts import HINTED, SENT, Verdicts

# More quotes than that help nobody to find the place.
MOST_QUOTES = 3

# These are shown by something done, so a clause without a deed is not quoted for them; one's own comes first.
_BY_DEEDS = ("ownership", "execution", "leadership", "accountability", "proactivity")
# And this by what the teller knew, asked or tried, not by what the others did.
_BY_THE_TELLER = ("ambiguity",)
# And the gain is told of where it ends, not of where it began: "about 30 a week" was the trouble.
_PARTS: Mapping[str, tuple[str, ...]] = {"business_impact": ("result",)}
_AGAINST = frozenset({"trouble", "own_miss"})


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for one signal.

    Attributes:
        strength: how far the rule's evidence goes: 0 nothing, 1 its threshold, 2 what is called strong.
        clauses: the rule's clauses, the weightiest first.
        chance: how likely the answer sends the signal, by rule and scorer together.
        quotes: words that show it, in the order of the answer; where there are no `clauses`, the place where
            the scorer finds it likeliest.
    """

    strength: float
    clauses: tuple[Clause, ...]
    chance: float = 0.0
    quotes: tuple[Span, ...] = ()

    @property
    def sent(self) -> bool:
        return self.chance >= SENT

    @property
    def hinted(self) -> bool:
        return self.sent or self.strength >= 0.5 or self.chance >= HINTED


def support_of(reading: Reading, rule: SignalRule) -> Support:
    """What the rule by itself sees."""
    if reading.asks == "would":
        reading = reading.with_clauses(_as_done(clause) for clause in reading.clauses)
    clauses = sorted(found(reading, rule.evidence), key=lambda item: (-item[1], item[0].first))
    weight = sum(w for _, w in clauses)
    if weight < rule.threshold:
        strength = weight / rule.threshold
    else:
        strength = 1 + min(1.0, (weight - rule.threshold) / max(rule.strong - rule.threshold, 0.1))
    return Support(strength, tuple(clause for clause, _ in clauses))


def _as_done(clause: Clause) -> Clause:
    """A step of a plan, where a plan was asked for, like a step that was taken: it shows the same."""
    planned = clause.subject in ("i", "we") and clause.mood in ("would", "future", "present")
    return replace(clause, mood="past", conditional=False) if planned else clause


def supports(
    reading: Reading, rules: Sequence[SignalRule], scores: Scores, verdicts: Verdicts
) -> dict[str, Support]:
    """Rule and scorer together, for every signal but clarity."""
    weighed = {}
    for rule in rules:
        seen = support_of(reading, rule)
        chance = verdicts.chance("signals", rule.id, scores, seen.strength / 2)
        clauses = seen.clauses[:MOST_QUOTES]
        if chance >= SENT and not clauses:
            places = _places(reading, rule.id)
            clauses = tuple(speaking_for(reading, scores, "signals", rule.id, most=1, among=places))
        weighed[rule.id] = replace(seen, chance=chance, quotes=quotes(reading, clauses))
    return weighed


def _places(reading: Reading, signal: str) -> Sequence[Clause]:
    """Where in an answer a signal is shown; nothing is ruled out where that is nowhere.

    What went wrong, and the teller's own miss, prove no deed and no gain.
    """
    if signal in _BY_DEEDS:
        deeds = told_deeds(reading)
        good = deeds if signal == "accountability" else _without_trouble(deeds)
        return [clause for clause in good if clause.subject == "i"] or good
    if signal in _BY_THE_TELLER:
        return [clause for clause in reading.clauses if clause.subject in ("i", "we") and clause.mood in DONE]
    return _without_trouble([clause for clause in reading.clauses if clause.part in _PARTS.get(signal, ())])


def _without_trouble(clauses: Sequence[Clause]) -> Sequence[Clause]:
    return [clause for clause in clauses if clause.tags.isdisjoint(_AGAINST)] or clauses


def signals_sent(supported: Mapping[str, Support]) -> tuple[SignalEvidence, ...]:
    """The signals that are likely, each with its weightiest quotes."""
    return tuple(
        SignalEvidence(id, support.quotes, round(support.chance, 2), by_rule=bool(support.clauses))
        for id, support in supported.items()
        if support.sent and support.quotes
    )
