"""What a story shows and what it still hides, by the same analyzer that reads an answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from greenroom.preparation.stories.stories import Story
from greenroom.records import ASSERTED, PARTS, SIGNALS, Finding, Question, RubricScore, SignalEvidence

if TYPE_CHECKING:
    from greenroom.analysis import Analyzer

_BY_DEEDS = frozenset(SIGNALS) - {"clarity"}
HIDES: Mapping[str, frozenset[str]] = {
    "hypothetical": _BY_DEEDS,
    "hidden_in_team": frozenset({"ownership", "leadership", "accountability", "proactivity"}),
    "no_outcome": frozenset({"execution", "business_impact"}),
    "generality": frozenset({"technical_fluency", "clarity"}),
    "no_business": frozenset({"business_impact", "customer_focus"}),
    "reactive": frozenset({"proactivity"}),
    "buried_problem": frozenset({"clarity"}),
}
"""Which signals do not come across where a pattern shows. It holds all that caps a score of the rubric
(docs/rubric.md); beyond that it is a judgement: whoever says only "we" leaves open who led and who answered
for it, and without an outcome nobody knows that it was carried through, or to what good."""

_CLEAR = 4  # of the rubric's four: nothing in the way of following it
ASKED = {
    "situation": "What was broken, and where?",
    "task": "Who cared, and what was yours to do?",
    "action": "What did you decide, and what did you do?",
    "result": "What changed, and by how much?",
}
"""What would fill a part that is missing."""
_NUMBER = "A number: what was it before, and what was it after?"


@dataclass(frozen=True, slots=True)
class StoryQuality:
    """What one story shows, as the analyzer reads it.

    Attributes:
        name: of the story.
        form: one of records.FORMS, or None where there is too little to go by.
        patterns: those that it still shows.
        signals: those that it gives evidence for; clarity is in `rubric` alone.
    """

    name: str
    form: str | None
    patterns: tuple[Finding, ...]
    signals: tuple[SignalEvidence, ...]
    rubric: tuple[RubricScore, ...]


def quality_of(story: Story, analyzer: Analyzer) -> StoryQuality:
    """Read a story as the answer to a question that asks for just it."""
    from greenroom.analysis import transcript_of

    analysis = analyzer.analyze(transcript_of(as_told(story)), _question(story))
    return StoryQuality(story.name, analysis.form, analysis.patterns, analysis.signals, analysis.rubric)


def as_told(story: Story) -> str:
    """The parts one after the other, each with its full stop, which in a file is often left out."""
    parts = (getattr(story, part).strip() for part in PARTS)
    return " ".join(part if re.search(r"[.!?…][\"'”’)]*$", part) else f"{part}." for part in parts if part)


def shows(quality: StoryQuality, story: Story, wanted: str) -> Literal["strong", "weak"] | None:
    """How well a story shows one quality: one of records.SIGNALS, or one in the person's own words.

    Strong: the words prove it, the story has all its parts, and no pattern hides it. Weak: something of that
    is missing, or only the person says so. What is in a person's own words no analyzer knows: it shows as far
    as they list it, and strongly where the story is whole and shows no pattern.
    """
    wanted = quality_id(wanted)
    listed = wanted in {quality_id(each) for each in story.qualities}
    patterns = {finding.id for finding in sure_patterns(quality)}
    if wanted not in SIGNALS:
        if not listed:
            return None
        return "weak" if story.missing or patterns else "strong"
    confidence = _confidence(quality, wanted)
    if not confidence and not listed:
        return None
    hidden = any(wanted in HIDES.get(pattern, ()) for pattern in patterns)
    return "strong" if confidence >= ASSERTED and not hidden and not story.missing else "weak"


def quality_id(wanted: str) -> str:
    """A quality as it is compared: "Business impact" is business_impact; own words are in small letters."""
    plain = " ".join(wanted.casefold().split())
    signal = re.sub(r"[\s-]+", "_", plain)
    return signal if signal in SIGNALS else plain


def sure_patterns(quality: StoryQuality) -> tuple[Finding, ...]:
    """Those of its patterns that count against it."""
    return tuple(finding for finding in quality.patterns if finding.confidence >= ASSERTED)


def sure_signals(quality: StoryQuality) -> tuple[SignalEvidence, ...]:
    """Those of its signals that are proved."""
    return tuple(signal for signal in quality.signals if signal.confidence >= ASSERTED)


def to_add(story: Story, quality: StoryQuality) -> tuple[str, ...]:
    """What would make it stronger, the missing parts first: questions to answer, and the patterns' advice."""
    patterns = sure_patterns(quality)
    missing = [f"The {part}: {ASKED[part]}" for part in story.missing]
    if not (story.missing or "no_outcome" in _ids(patterns) or _has_number(story)):
        missing.append(_NUMBER)
    # Of a story that lacks its result, the analyzer says that too.
    known = {"no_outcome"} if "result" in story.missing else set()
    return (*missing, *(finding.advice for finding in patterns if finding.id not in known))


def _question(story: Story) -> Question:
    from greenroom.analysis.asked import asks_for

    wanted = dict.fromkeys(each for each in map(quality_id, story.qualities) if each in SIGNALS)
    question = Question("story", f"Tell me the story: {story.title}", signals=tuple(wanted))
    if asks_for(question) == "episode":
        return question
    # "What would you do?" is a fine title, and must not make of the story an answer to that.
    return Question("story", "Tell me a story.", signals=tuple(wanted))


def _confidence(quality: StoryQuality, signal: str) -> float:
    if signal == "clarity":  # a signal that only the rubric knows
        scores = [score.score for score in quality.rubric if score.id == signal]
        return {_CLEAR: 1.0, _CLEAR - 1: 0.5}.get(max(scores, default=0), 0.0)
    return max((each.confidence for each in quality.signals if each.id == signal), default=0.0)


def _ids(findings: Collection[Finding]) -> set[str]:
    return {finding.id for finding in findings}


def _has_number(story: Story) -> bool:
    return bool(story.numbers) or any(map(str.isdigit, story.result))
