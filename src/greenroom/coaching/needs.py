"""What an answer needs most: the order of its patterns, and the signals its question asked for in vain."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.records import ASSERTED, Analysis, Finding, Question

from .balance import has_an_end, stops_early, tells_a_result
from .phrasing import load_phrases
from .quotes import has_measured_result

# The signal that each pattern hides; with it a pattern is weighed by what the question probes.
HIDES: dict[str, tuple[str, ...]] = {
    "hypothetical": ("execution", "ownership", "leadership"),
    "buried_problem": ("clarity", "business_impact"),
    "hidden_in_team": ("ownership", "leadership"),
    "no_outcome": ("business_impact", "execution", "accountability"),
    "generality": ("technical_fluency", "clarity", "execution"),
    "reactive": ("proactivity", "ambiguity", "ownership"),
    "no_business": ("business_impact", "customer_focus"),
}
# Without a question: a story before its content, content before its frame (Bangerter 2014).
ORDER = (
    "hypothetical",
    "hidden_in_team",
    "generality",
    "no_outcome",
    "buried_problem",
    "reactive",
    "no_business",
)
# Telling a real story cures these too, so naming them beside it would only add noise.
CURED_BY_A_STORY = ("no_outcome", "buried_problem", "hidden_in_team", "reactive", "no_business")
# Praise for a signal is withheld where the pattern against it was found.
CONTRADICTS = {
    "ownership": ("hidden_in_team", "hypothetical"),
    "execution": ("hypothetical",),
    "business_impact": ("no_business", "hypothetical"),
    "customer_focus": ("no_business",),
    "technical_fluency": ("generality",),
    "proactivity": ("reactive", "hypothetical"),
    "leadership": ("hidden_in_team", "hypothetical"),
}
# And a pattern that is not sure is not even asked about where words show what it would hide: "I proposed it
# to the ministry" leaves no doubt who moved.
DISPROVED_BY = {
    "hidden_in_team": ("ownership",),
    "reactive": ("proactivity", "ownership"),
    "no_business": ("business_impact", "customer_focus"),
}
# What these ask for comes of it in numbers.
_COUNTED = frozenset({"execution", "business_impact", "technical_fluency"})
# These speak of what came of it, and of a plan nothing has come yet.
_OF_A_PLAN = ("no_outcome", "no_business")
MOST_CHANGES = 2
# A signal less sure than this is counted as sent, and not praised: praise is only worth what it is true.
PRAISED = 0.6


def most_needed(
    analysis: Analysis, question: Question | None, before: Analysis | None = None
) -> list[Finding]:
    """The patterns found, the one that cost this question's signals most first.

    Nobody is asked for what was said: where the result has an amount in it, none is missed, and an answer to
    a follow-up need not say again what was told `before`.
    """
    probed = question.signals if question else ()
    heard = {signal.id for signal in analysis.signals if min(signal.confidence, signal.shown) >= PRAISED}
    found = {
        finding.id: finding
        for finding in analysis.patterns
        if finding.confidence >= ASSERTED or heard.isdisjoint(DISPROVED_BY.get(finding.id, ()))
    }
    if before is not None:
        still = {"hypothetical", *(finding.id for finding in before.patterns)}
        found = {id: finding for id, finding in found.items() if id in still}
    unsure = {id for id, finding in found.items() if finding.confidence < ASSERTED}
    # Whom a subject one studies, or a quarrel, served is asked only where the question is about that.
    if "no_business" in unsure and probed and set(probed).isdisjoint(HIDES["no_business"]):
        del found["no_business"]
    # How a quarrel or an apology ended is told in words; a figure is missed only where there could be one.
    if counts(question):
        told = has_an_end(analysis) and "no_outcome" in unsure
    else:
        told = tells_a_result(analysis) and not stops_early(analysis)
    if told or has_measured_result(analysis.parts):
        found.pop("no_outcome", None)
    # What was wrong was told, if nobody would ask for it.
    if "buried_problem" in unsure and all(opening.id != "before" for opening in analysis.openings):
        del found["buried_problem"]
    # A general plan first wants a step that can be pictured: what would come of it is heard then.
    if analysis.asks == "would" and "generality" in found:
        found = {id: finding for id, finding in found.items() if id not in _OF_A_PLAN}
    if "hypothetical" in found:
        found = {id: finding for id, finding in found.items() if id not in CURED_BY_A_STORY}
    return sorted(found.values(), key=lambda finding: _rank(finding, probed))


def _rank(finding: Finding, probed: Sequence[str]) -> tuple[bool, bool, int]:
    hidden = set(HIDES.get(finding.id, ())) & set(probed)
    place = ORDER.index(finding.id) if finding.id in ORDER else len(ORDER)
    return finding.id != "hypothetical", not hidden, place


def counts(question: Question | None) -> bool:
    """Whether what comes of what it asks for can be asked for in numbers."""
    probed = set(question.signals) - {"clarity"} if question else set()
    return not probed or not _COUNTED.isdisjoint(probed)


def fault_of(finding: Finding, analysis: Analysis, question: Question | None) -> str:
    """The name under which the phrases speak of a pattern: generality has four, and no outcome three.

    A story that stays general lacks the day, an introduction what proves it, and whoever is asked "Why us?"
    has said nothing yet of those who ask. What came of an apology, or of a quarrel, is no figure; and of a
    plan nothing has come yet.
    """
    if analysis.asks == "would" and finding.id in ("generality", *_OF_A_PLAN):
        return f"{finding.id}_planned"
    if finding.id == "no_outcome" and not counts(question):
        return "no_outcome_uncounted"
    if finding.id != "generality" or analysis.form == "story":
        return finding.id
    asked = question.text.lower() if question else ""
    if any(words in asked for words in load_phrases()["asked"]["why_us"]):
        return "generality_of_motives"
    return "generality_of_oneself" if analysis.form == "self_description" else finding.id


def open_signals(analysis: Analysis, question: Question | None, before: Analysis | None = None) -> list[str]:
    """The signals that the question probes and the answer did not send, the lost ones and the hinted ones.

    To ask for one of them takes nothing for missing. None is open where a result has a figure in it and its
    worth was probed, in a plan, and in the answer to a follow-up, which goes into one thing told `before`.
    """
    if before is not None or analysis.asks == "would":
        return []
    there = {signal.id for signal in analysis.signals}
    there |= {score.id for score in analysis.rubric if score.id == "clarity" and score.score >= 3}
    if has_measured_result(analysis.parts):
        there.add("business_impact")
    return [signal for signal in (question.signals if question else ()) if signal not in there]


def lost_signals(analysis: Analysis, unsent: Sequence[str]) -> list[str]:
    """Those of the `unsent` (open_signals) of which the answer does not even have a hint.

    Nobody is told that something never came which may have come: what the rubric calls a hint is no loss.
    """
    scores = {score.id: score.score for score in analysis.rubric}
    return [signal for signal in unsent if signal == "clarity" or scores.get(signal, 1) < 2]


def praiseworthy(analysis: Analysis) -> frozenset[str]:
    """The signals that are sure enough to be praised, and not contradicted by a pattern."""
    found = {finding.id for finding in analysis.patterns}
    return frozenset(
        signal.id
        for signal in analysis.signals
        if signal.confidence >= PRAISED and found.isdisjoint(CONTRADICTS.get(signal.id, ()))
    )
