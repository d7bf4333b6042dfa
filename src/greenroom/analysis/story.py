"""How an answer is told, and its parts: each clause is situation, task, action, result or an aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from greenroom.records import FORMS, PARTS, StoryPart

from .query import DONE, is_deed
from .reading import Clause, Reading
from .scorer import ROLES, Floats, Scores
from .verdicts import TOLD, Verdicts
from .words import span_of

_TELLERS = ("i", "we", "team", "none")
_LABELS = {"explicit_situation": "situation", "explicit_action": "action"}
_GENERAL = ("would", "future")
_ASIDE = "aside"
# What the rules' word on a clause adds to its logit, and that the clause before it in the sentence tells the
# same: about best on each half of 70 answers whose words were labelled. Without them 2 words of 100 more are
# wrong.
_RULE = 1.0
_SAME_SENTENCE = 0.8


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
    """Every clause with the part that it tells, of the parts that the answer likely has.

    Which parts it has, rules and scorer say together of the whole answer; where they lie, of each clause. No
    part that it has goes without a clause.
    """
    if not reading.clauses:
        return reading
    there = _parts_told(reading, scores, verdicts)
    weights = np.stack([_role_weights(clause, scores) for clause in reading.clauses])
    allowed = [ROLES.index(role) for role in (*there, _ASIDE)]
    best = _likeliest(weights[:, allowed], [clause.sentence for clause in reading.clauses])
    parts = [ROLES[allowed[role]] for role in best]
    for part in there:
        if part not in parts:
            free = [i for i, own in enumerate(parts) if own == _ASIDE or parts.count(own) > 1]
            lost = {i: weights[i, ROLES.index(parts[i])] - weights[i, ROLES.index(part)] for i in free}
            if lost:
                parts[min(lost, key=lost.__getitem__)] = part
    return reading.with_clauses(replace(c, part=p) for c, p in zip(reading.clauses, parts, strict=True))


def _parts_told(reading: Reading, scores: Scores, verdicts: Verdicts) -> list[str]:
    had = {clause.part for clause in reading.clauses}
    plainly = {"task"} if _tells_task_plainly(reading) else set()
    return [
        part
        for part in PARTS
        if part in plainly or verdicts.chance("parts", part, scores, float(part in had)) >= TOLD
    ]


def _role_weights(clause: Clause, scores: Scores) -> Floats:
    """(roles,) how much speaks for each of ROLES: its words' mean logits, and the rules' word on it."""
    logits = scores.roles[list(clause.words)].mean(axis=0)
    ruled = np.array([role == clause.part for role in ROLES], dtype=np.float32)
    return np.asarray(logits - np.logaddexp.reduce(logits) + _RULE * ruled, dtype=np.float32)


def _likeliest(weights: Floats, sentences: Sequence[int]) -> list[int]:
    """The columns of `weights` (clauses, roles) that together are likeliest (Viterbi 1967).

    A clause tells the same as the one before it in its sentence, if little speaks against that.
    """
    best, came_from, same = weights[0], [], np.eye(weights.shape[1])
    for row, sentence, before in zip(weights[1:], sentences[1:], sentences, strict=False):
        kept = best[:, None] + _SAME_SENTENCE * (sentence == before) * same
        came_from.append(kept.argmax(axis=0))
        best = kept.max(axis=0) + row
    path = [int(best.argmax())]
    for back in reversed(came_from):
        path.append(int(back[path[-1]]))
    return path[::-1]


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
