"""What a page calls patterns, signals, remarks and times: about the answer, never about the person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

PATTERN_TITLES = {
    "hypothetical": "Told as what you would do",
    "buried_problem": "The problem comes late",
    "hidden_in_team": "Your part stays behind “we”",
    "no_outcome": "No result that can be counted",
    "generality": "It stays general",
    "reactive": "The first move is somebody else’s",
    "no_business": "Why it mattered is missing",
}
PATTERN_LABELS = {
    "hypothetical": "what you would do",
    "buried_problem": "problem comes late",
    "hidden_in_team": "behind “we”",
    "no_outcome": "no result to count",
    "generality": "general",
    "reactive": "first move",
    "no_business": "why it mattered",
}
"""Short enough to stand at a place in a chart."""

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
UNANSWERED = {
    "skipped": "Skipped.",
    "silence": "Left without an answer.",
    "interrupted": "The interview ended before this answer was analysed.",
}
ATTEMPTS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")

REMARKS = {
    "fillers.harmful": "many more than listeners are used to",
    "speech_rate.fast": "faster than is easy to follow",
    "speech_rate.very slow": "slower than listeners are used to",
    "articulation_rate.rushed": "the words themselves come very fast",
    "pace.fast stretch": "it stays fast for a long stretch",
    "fillers.work on it": "more than listeners are used to",
    "length.too long": "longer than most listeners stay with",
    "inside_pauses.many": "many pauses fall inside a sentence",
    "long_pauses.many": "more than listeners are used to",
    "longest_run.without a pause": "a long stretch has no pause to breathe",
    "hedges.many": "more than the answer needs",
    "first_word.long": "a long wait for the listener",
    "disfluencies.many": "more than is usual",
    "fade.fading": "the ends of sentences grow quiet",
    "pitch_sd.flat": "the voice stays near one pitch",
    "snr.drowned": "the room was nearly as loud as the voice",
    "clipping.clipped": "the microphone was turned up too far",
}
"""What is said of a band that stands in Delivery.remarkable."""

MEASURES = {
    "speech_rate": "Pace",
    "articulation_rate": "Pace without silences",
    "pace": "Pace over time",
    "first_word": "Time to the first word",
    "fillers": "Fillers, all of them",
    "filled_pauses": "Um and uh",
    "filler_words": "Filler words",
    "disfluencies": "Restarts and repeats",
    "hedges": "Hedges",
    "pauses": "Pauses",
    "silence_share": "Share of silence",
    "longest_run": "Longest stretch without a pause",
    "voice": "The voice",
}


def named(titles: Mapping[str, str], identifier: str) -> str:
    """A title; for what has none, such as a later version's, the identifier in words."""
    return titles.get(identifier) or identifier.replace("_", " ").capitalize()


def clock(seconds: float) -> str:
    """1:05"""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def counted(number: int, one: str, many: str) -> str:
    """1 pause, 2 pauses"""
    return f"{number} {one if number == 1 else many}"


def attempt(number: int) -> str:
    """ "First attempt", from number 1 on."""
    return f"{ATTEMPTS[number - 1]} attempt" if number <= len(ATTEMPTS) else f"Attempt {number}"


def day(started_at: str) -> str:
    """ "Sunday 22 November 2026, 10:08"; the text itself where it is no ISO 8601."""
    try:
        began = datetime.fromisoformat(started_at)
    except ValueError:
        return started_at
    return f"{began:%A} {began.day} {began:%B %Y, %H:%M}"
