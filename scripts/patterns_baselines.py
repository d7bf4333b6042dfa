"""What the analyzer has to beat: always the commoner label, the answer's length, and plain lists of keywords.

The first two are fitted to one file and measured on another; the keywords are what one would write down
first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from labelled_answers import LABELS, Label, Labelled

Guess = Callable[[Labelled], bool]

KEYWORDS: dict[Label, tuple[str, ...]] = {
    ("patterns", "hypothetical"): ("would", "usually", "always", "generally", "typically", "might"),
    ("patterns", "hidden_in_team"): ("we", "our team", "the team", "together"),
    ("patterns", "reactive"): ("asked me", "told me", "was asked", "was told", "assigned"),
    ("patterns", "generality"): ("communication", "team player", "hard work", "passionate"),
    ("signals", "ownership"): ("I decided", "I owned", "responsible", "I chose"),
    ("signals", "technical_fluency"): ("architecture", "trade-off", "database", "API", "algorithm"),
    ("signals", "execution"): ("delivered", "launched", "shipped", "completed", "implemented"),
    ("signals", "business_impact"): ("revenue", "cost", "saved", "profit", "sales", "budget"),
    ("signals", "leadership"): ("led", "team", "convinced", "mentored", "coached", "trained"),
    ("signals", "customer_focus"): ("customer", "customers", "client", "clients", "user", "users"),
    ("signals", "ambiguity"): ("unclear", "ambiguous", "uncertain", "no clear", "unknown"),
    ("signals", "accountability"): ("mistake", "my fault", "responsibility", "accountable", "followed up"),
    ("signals", "proactivity"): ("noticed", "proactive", "proactively", "nobody asked", "initiative"),
    ("parts", "situation"): ("when", "was", "were"),
    ("parts", "task"): ("task", "had to", "needed to", "goal", "asked"),
    ("parts", "action"): ("I", "we"),
    ("parts", "result"): ("result", "in the end", "finally", "after that", "%"),
}  # fmt: skip
# Patterns of what is missing: found where none of the words is.
MISSING: dict[Label, tuple[str, ...]] = {
    ("patterns", "buried_problem"): ("problem", "issue", "challenge", "broken", "slow", "wrong", "failed"),
    ("patterns", "no_outcome"): ("%", "percent", *"0123456789"),
    ("patterns", "no_business"): ("customer", "client", "user", "revenue", "cost", "business", "deadline"),
}


def commoner(fitted_to: Sequence[Labelled]) -> dict[Label, Guess]:
    return {label: _always(_share(fitted_to, label) > 0.5) for label in LABELS}


def by_length(fitted_to: Sequence[Labelled]) -> dict[Label, Guess]:
    """The bound on the number of words, and the side of it, that does best where it is fitted."""
    return {label: _best_bound(fitted_to, label) for label in LABELS}


def by_keywords() -> dict[Label, Guess]:
    found = {label: _holding(words, present=True) for label, words in KEYWORDS.items()}
    return found | {label: _holding(words, present=False) for label, words in MISSING.items()}


def _share(answers: Sequence[Labelled], label: Label) -> float:
    return sum(each.labels[label] for each in answers) / max(1, len(answers))


def _always(value: bool) -> Guess:
    return lambda _: value


def _best_bound(answers: Sequence[Labelled], label: Label) -> Guess:
    lengths = sorted({len(each.answer.split()) for each in answers})
    bounds = [_beyond(length, longer) for length in [0, *lengths] for longer in (True, False)]
    return max(bounds, key=lambda guess: _f1(answers, label, guess))


def _beyond(length: int, longer: bool) -> Guess:
    return lambda each: (len(each.answer.split()) > length) == longer


def _f1(answers: Sequence[Labelled], label: Label, guess: Guess) -> float:
    got = [guess(each) for each in answers]
    hits = sum(each.labels[label] and g for each, g in zip(answers, got, strict=True))
    return 2 * hits / max(1, sum(got) + sum(each.labels[label] for each in answers))


def _holding(words: tuple[str, ...], *, present: bool) -> Guess:
    joined = "|".join(
        rf"\b{re.escape(word)}\b" if word.isalpha() or " " in word else re.escape(word) for word in words
    )
    pattern = re.compile(joined, re.I)
    return lambda each: bool(pattern.search(each.answer)) == present
