"""How an answer is told, and its parts: each clause is situation, task, action, result or an aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from greenroom.records import FORMS, PARTS, StoryPart

from .evidence import speaking_for
from .query import DONE, is_deed
from .reading import Clause, Reading
from .scorer import Scores
from .verdicts import TOLD, Verdicts
from .words import span_of

_TELLERS = ("i", "we", "team", "none")
_LABELS = {"explicit_situation": "situation", "explicit_action": "action"}
_GENERAL = ("would", "future")


def with_parts(reading: Reading) -> Reading:
    """The reading, every clause carrying its part."""
    deeds = [i for i, clause in enumerate(reading.clauses) if _is_action(clause)]
    first, last = (deeds[0], deeds[-1]) if deeds else (len(reading.clauses), len(reading.clauses))
    told = bool(deeds) or sum(c.mood in DONE for c in reading.clauses) >= 2
    parts = [_part(c, i, first, last, told) for i, c in enumerate(reading.clauses)]
    return reading.with_clauses(replace(c, part=p) for c, p in zip(reading.clauses, parts, strict=True))


def form_of(scores: Scores) -> str:
    """The likeliest of FORMS. Rules have no say: what tells them apart lies in the whole, not in a clause."""
    return max(FORMS, key=lambda form: scores.of("forms", form))


def _tells_task_plainly(reading: Reading) -> bool:
    """Whether the teller says what was to be done: "I was asked to stop it", "the goal was to lose none".

    That is heard whatever the scorer makes of it, which overhears it in spoken answers. Where somebody else
    had to do something, or a post is described ("I was responsible for"), the scorer decides.
    """
    return any(
        clause.part == "task" and ("assigned" in clause.tags or _is_own_aim(clause))
        for clause in reading.clauses
    )


def _is_own_aim(clause: Clause) -> bool:
    """The teller's, with the infinitive: what was to be done."""
    return len(clause.verbs) > 1 and (clause.subject in ("i", "we") or clause.verb == "be")


def with_likely_parts(reading: Reading, scores: Scores, verdicts: Verdicts) -> Reading:
    """With the parts that are likely: one that the rules missed gets the clause that tells it most."""
    had = {clause.part for clause in reading.clauses}
    chances = {part: verdicts.chance("parts", part, scores, float(part in had)) for part in PARTS}
    if _tells_task_plainly(reading):
        chances["task"] = max(chances["task"], TOLD)
    clauses = [
        replace(c, part="aside") if c.part in PARTS and chances[c.part] < TOLD else c for c in reading.clauses
    ]
    for part in PARTS:
        if chances[part] >= TOLD and part not in had:
            best = _to_be(part, reading.with_clauses(clauses), scores)
            clauses = [replace(c, part=part) if c.first in best else c for c in clauses]
    return reading.with_clauses(clauses)


def _to_be(part: str, reading: Reading, scores: Scores) -> set[int]:
    """First words of the clauses that tell a part; no other part loses its only clause to it."""
    own = [c.part for c in reading.clauses]
    free = [c for c in reading.clauses if c.part == "aside" or own.count(c.part) > 1]
    if not free:
        return set()
    return {c.first for c in speaking_for(reading, scores, "parts", part, most=1, among=free)}


def shares_of(parts: Sequence[StoryPart]) -> dict[str, float]:
    """Each part's share of the time they take together; of their words, where there are no times."""
    timed = all(part.start is not None and part.end is not None for part in parts)
    lengths = dict.fromkeys(PARTS, 0.0)
    for part in parts:
        words = part.last_word - part.first_word + 1
        lengths[part.id] += (part.end or 0.0) - (part.start or 0.0) if timed else words
    total = sum(lengths.values())
    return {id: round(length / total, 2) if total else 0.0 for id, length in lengths.items()}


def story_parts(reading: Reading) -> tuple[StoryPart, ...]:
    """Runs of words of one part, in order, not overlapping; asides are left out."""
    by_word = {word: clause.part for clause in reading.clauses for word in clause.words}
    parts = []
    for part, run in groupby(sorted(by_word), key=lambda word: by_word[word]):
        words = list(run)
        if part in PARTS and len(words) >= 2:
            span = span_of(reading.words, words[0], words[-1])
            parts.append(StoryPart(part, span.start, span.end, span.text, words[0], words[-1]))
    return tuple(parts)


def _part(clause: Clause, i: int, first: int, last: int, told: bool) -> str:
    for tag, part in _LABELS.items():
        if tag in clause.tags:
            return part
    if not told:
        return "aside"
    if (
        "explicit_task" in clause.tags
        and "before" not in clause.tags
        and clause.mood in (*DONE, "none", "present")
        and i <= max(last, 1)
    ):
        return "task" if clause.mood in DONE or "assigned" in clause.tags else "aside"
    if _is_result(clause, after_action=i > first, after_last=i >= last):
        return "result"
    if _is_action(clause):
        return "action"
    if clause.mood in DONE and (i < first or not _is_tail(i, last)):
        return "situation"
    if clause.mood in DONE:
        return "result" if clause.subject in ("it", "they", "team") else "aside"
    return (
        "situation"
        if clause.mood in ("present", "none") and i < first and "setting" in clause.tags
        else "aside"
    )


def _is_tail(i: int, last: int) -> bool:
    return i > last


def _is_action(clause: Clause) -> bool:
    teller = clause.subject in _TELLERS and (clause.subject != "none" or clause.mood == "past")
    return clause.mood in DONE and is_deed(clause) and (teller or clause.passive) and not clause.negated


def _is_result(clause: Clause, *, after_action: bool, after_last: bool) -> bool:
    tags = clause.tags
    if "explicit_result" in tags and after_action and clause.mood not in _GENERAL:
        return True
    measured = tags & {"percent", "money", "duration", "count"}
    if "change" in tags and measured and clause.mood not in _GENERAL:
        return after_action or clause.subject in ("i", "we")
    if "checkable" in tags and after_action:
        return True
    if "reaction" in tags and clause.subject in ("it", "they", "team", "we", "none") and after_action:
        return clause.mood in DONE
    return after_last and clause.subject in ("it", "they") and clause.mood in DONE and "change" in tags
