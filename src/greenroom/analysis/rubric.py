"""The rubric: 1 (not shown) to 4 (shown fully), with reasons and words; docs/rubric.md has the levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenroom.records import (
    ASSERTED,
    ENOUGH_WORDS,
    OPEN_END,
    Delivery,
    Finding,
    Opening,
    Question,
    RubricScore,
    Span,
    StoryPart,
    how_wanted,
)

from .quoting import quote, whole_clauses
from .reading import Clause, Reading
from .signals import Support

ALWAYS = ("clarity", "ownership", "technical_fluency", "execution", "business_impact")

# A pattern that stands against a quality caps its score: the evidence is there, but it did not come across.
_CAPS: Mapping[str, tuple[str, ...]] = {
    "ownership": ("hidden_in_team", "hypothetical"),
    "execution": ("hypothetical",),
    "business_impact": ("no_business", "hypothetical"),
    "technical_fluency": ("generality",),
    "proactivity": ("reactive",),
}
_REASONS = {
    1: "Nothing in the answer shows {shows}.",
    2: "There is a hint of it, but not enough to show {shows}.",
    3: "The answer shows {shows}.",
    4: "The answer shows {shows}, more than once and in words that can be checked.",
}
_IN_THE_WHOLE = "The answer as a whole sounds like it, but no single place shows {shows}."
_SPECIAL = {
    "hidden_in_team": "The deeds are told of the team or of nobody, so your own part stays open.",
    "hypothetical": "It is told as what you would or usually do, so nothing shows that you did it.",
    "generality": "Nothing named or chosen is told that only you could know.",
    "no_business": "Nothing says who gained by it or what would have been lost.",
    "reactive": "The answer starts from what you were told, and shows nothing that you started.",
}
_FEW_WORDS = "There were too few words to go by."
_CHECKABLE = frozenset({"percent", "money", "duration", "count", "checkable", "technical"})
# "More than once": so many clauses that each show it.
_SEVERAL = 2


def rubric(
    reading: Reading,
    supported: Mapping[str, Support],
    shows: Mapping[str, str],
    findings: Sequence[Finding],
    parts: Sequence[StoryPart],
    openings: Sequence[Opening],
    delivery: Delivery,
    question: Question | None,
) -> tuple[RubricScore, ...]:
    """Scores for clarity, ownership, technical fluency, execution, impact, and what the question probes."""
    qualities = _qualities(question, supported)
    if reading.content < ENOUGH_WORDS:
        return tuple(RubricScore(quality, 1, _FEW_WORDS) for quality in qualities)
    found = {finding.id: finding for finding in findings if finding.confidence >= ASSERTED}
    return tuple(
        _clarity(reading, _missing(reading, parts, openings, question), found, delivery)
        if quality == "clarity"
        else _scored(reading, quality, supported[quality], shows[quality], found)
        for quality in qualities
    )


def _qualities(question: Question | None, known: Mapping[str, Support]) -> tuple[str, ...]:
    """A quality that is not known here comes from a session of a later greenroom, and is passed over."""
    probed = question.signals if question else ()
    return ALWAYS + tuple(signal for signal in probed if signal in known and signal not in ALWAYS)


def _scored(
    reading: Reading, quality: str, support: Support, shows: str, found: Mapping[str, Finding]
) -> RubricScore:
    cap = next((pattern for pattern in _CAPS.get(quality, ()) if pattern in found), None)
    if cap:
        return RubricScore(quality, 2 if support.hinted else 1, _SPECIAL[cap], found[cap].evidence)
    # The others often show only in several clauses together, so no single one is asked for.
    sent = support.sent and (support.placed or quality not in ALWAYS)
    score = _level(reading, support) if sent else 2 if support.hinted else 1
    reason = _IN_THE_WHOLE if support.sent and not sent else _REASONS[score]
    words = support.quotes if support.hinted and (sent or support.placed) else ()
    return RubricScore(quality, score, reason.format(shows=shows), words)


def _level(reading: Reading, support: Support) -> int:
    several = len(support.clauses) >= _SEVERAL
    return 4 if several and any(_is_checkable(reading, clause) for clause in support.clauses) else 3


def _is_checkable(reading: Reading, clause: Clause) -> bool:
    """Whether it holds an amount, a technical term, or a name that is not the first word of its sentence."""
    words = set(clause.words)
    named = any(noun[0].isupper() and word in words and word != clause.first for noun, word in reading.nouns)
    return not clause.tags.isdisjoint(_CHECKABLE) or named


def _missing(
    reading: Reading, parts: Sequence[StoryPart], openings: Sequence[Opening], question: Question | None
) -> list[str]:
    """The parts that a listener waits for in vain; a follow-up asks for one thing in a story already told."""
    if reading.asks != "episode" or (question is not None and question.follows):
        return []
    told = {part.id for part in parts}
    if how_wanted(openings, "outcome") >= OPEN_END:
        told.discard("result")
    return [_MISSING[part] for part in ("situation", "action", "result") if part not in told]


def _clarity(
    reading: Reading, missing: list[str], found: Mapping[str, Finding], delivery: Delivery
) -> RubricScore:
    """From structure first: a listener follows a story that has a scene, a deed and an end, in that order."""
    faults: list[Span] = []
    for pattern, fault in _UNCLEAR.items():
        if pattern in found:
            missing.append(fault)
            faults += found[pattern].evidence
    if delivery.bands.get("length") == "too long":
        missing.append("it runs past three minutes")
    if delivery.bands.get("fillers") == "harmful" or delivery.bands.get("speech_rate") == "fast":
        missing.append("the delivery made it harder to follow")
    if missing:
        return RubricScore("clarity", max(1, 4 - len(missing)), _sentence(missing), tuple(faults))
    return RubricScore("clarity", 4, "It is told in an order that is easy to follow.", _frame(reading))


def _frame(reading: Reading) -> tuple[Span, ...]:
    """The clauses that set the scene and say how it ended: what made the rest easy to follow."""
    whole = whole_clauses(reading.clauses)
    scene = next((clause for clause in whole if clause.part == "situation"), None)
    end = next((clause for clause in reversed(whole) if clause.part == "result"), None)
    return tuple(quote(reading, clause) for clause in (scene, end) if clause)


_UNCLEAR = {
    "buried_problem": "what was wrong is not said before what was done",
    "generality": "it stays general",
}
_MISSING = {
    "situation": "the scene is not set",
    "action": "no step is told that was taken",
    "result": "it stops before it says what came of it",
}


def _sentence(faults: list[str]) -> str:
    joined = faults[0] if len(faults) == 1 else ", ".join(faults[:-1]) + " and " + faults[-1]
    return joined[0].upper() + joined[1:] + "."
