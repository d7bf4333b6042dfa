"""What patterns, signals, markers and forms are called: about the answer, never about the person."""

from __future__ import annotations

from collections.abc import Mapping

PATTERN_TITLES = {
    "hypothetical": "Told as what you would do",
    "buried_problem": "The problem comes late",
    "hidden_in_team": "Your part stays behind “we”",
    "no_outcome": "No result that can be counted",
    "generality": "It stays general",
    "reactive": "The first move is somebody else’s",
    "no_business": "Why it mattered is missing",
}
SIGNAL_TITLES = {
    "clarity": "Clarity",
    "ownership": "Ownership",
    "technical_fluency": "Technical fluency",
    "execution": "Execution",
    "business_impact": "Business impact",
    "leadership": "Leadership",
    "customer_focus": "Customer focus",
    "ambiguity": "Handling ambiguity",
    "accountability": "Accountability",
    "proactivity": "Proactivity",
}
MARKER_TITLES = {
    "ambiguity": "At ease with ambiguity",
    "decision_ownership": "Owning the decision",
    "end_to_end_accountability": "Accountable to the end",
    "proactive_thinking": "Thinking ahead",
    "customer_first": "Customer first",
}
FORM_TITLES = {
    "story": "a story: something that happened",
    "pseudo_story": "what you usually do or would do, not one time it happened",
    "opinion": "a view or an explanation",
    "self_description": "a description of yourself",
}


def named(titles: Mapping[str, str], identifier: str) -> str:
    """A title; for what has none, such as a later version's, the identifier in words."""
    return titles.get(identifier) or identifier.replace("_", " ").capitalize()
