"""What remarks, measures and attempts are called where a session is looked back at."""

from __future__ import annotations

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

UNANSWERED = {
    "skipped": "Skipped.",
    "silence": "Left without an answer.",
    "interrupted": "The interview ended before this answer was analysed.",
}
_ATTEMPTS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")

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


def attempt(number: int) -> str:
    """ "First attempt", from number 1 on."""
    return f"{_ATTEMPTS[number - 1]} attempt" if number <= len(_ATTEMPTS) else f"Attempt {number}"
