"""The rubric: 1 (not shown) to 4 (shown fully), each with its reason; docs/rubric.md has the levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from greenroom.records import Delivery, Finding, Question, RubricScore, StoryPart

from .patterns import LEAST_WORDS
from .reading import Reading

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
    4: "The answer shows {shows}, more than once and in checkable words.",
}
_SPECIAL = {
    "hidden_in_team": "The deeds are told of the team or of nobody, so your own part stays open.",
    "hypothetical": "It is told as what you would or usually do, so nothing shows that you did it.",
    "generality": "Nothing named or chosen is told that only you could know.",
    "no_business": "Nothing says who gained by it or what would have been lost.",
    "reactive": "The answer starts from what you were told, and shows nothing that you started.",
}
_FEW_WORDS = "There were too few words to go by."


def rubric(
    reading: Reading,
    strengths: Mapping[str, tuple[float, str]],
    findings: Iterable[Finding],
    parts: Iterable[StoryPart],
    delivery: Delivery,
    question: Question | None,
) -> tuple[RubricScore, ...]:
    """Scores for the five qualities of every rubric and whatever else the question probes.

    `strengths` gives for each signal how strong its evidence is (0 to 2) and what it would show.
    """
    found = {finding.id for finding in findings}
    if reading.content < LEAST_WORDS:
        return tuple(RubricScore(id, 1, _FEW_WORDS) for id in _qualities(question))
    scores = []
    for quality in _qualities(question):
        if quality == "clarity":
            scores.append(_clarity(reading, {part.id for part in parts}, found, delivery))
        else:
            scores.append(_scored(quality, *strengths[quality], found))
    return tuple(scores)


def _qualities(question: Question | None) -> tuple[str, ...]:
    probed = question.signals if question else ()
    return ALWAYS + tuple(signal for signal in probed if signal not in ALWAYS)


def _scored(quality: str, strength: float, shows: str, found: set[str]) -> RubricScore:
    score = 1 if strength < 0.5 else 2 if strength < 1 else 3 if strength < 2 else 4
    cap = next((pattern for pattern in _CAPS.get(quality, ()) if pattern in found), None)
    if cap and score > 1:
        return RubricScore(quality, 2, _SPECIAL[cap])
    if cap:
        return RubricScore(quality, 1, _SPECIAL[cap])
    return RubricScore(quality, score, _REASONS[score].format(shows=shows))


def _clarity(reading: Reading, parts: set[str], found: set[str], delivery: Delivery) -> RubricScore:
    """From structure first: a listener follows a story that has a scene, a deed and an end, in that order."""
    wanted = ("situation", "action", "result") if reading.asks == "episode" else ()
    missing = [_MISSING[part] for part in wanted if part not in parts]
    if "buried_problem" in found:
        missing.append("what was wrong is not said before what was done")
    if "generality" in found:
        missing.append("it stays general")
    if delivery.bands.get("length") == "too long":
        missing.append("it runs past three minutes")
    if delivery.bands.get("fillers") == "harmful" or delivery.bands.get("speech_rate") == "fast":
        missing.append("the delivery made it harder to follow")
    score = max(1, 4 - len(missing))
    why = "It is told in an order that is easy to follow." if not missing else _sentence(missing)
    return RubricScore("clarity", score, why)


_MISSING = {
    "situation": "the scene is not set",
    "action": "no step is told that was taken",
    "result": "it stops before it says what came of it",
}


def _sentence(faults: list[str]) -> str:
    joined = faults[0] if len(faults) == 1 else ", ".join(faults[:-1]) + " and " + faults[-1]
    return joined[0].upper() + joined[1:] + "."
