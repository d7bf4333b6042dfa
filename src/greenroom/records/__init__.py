"""The records that pass between the stages of an interview: small, frozen, without behaviour of their own.

Times are float seconds from the start of the answer's recording, or None where the answer was typed or
read from a text file. The field names are those of the JSON that greenroom prints and saves.
"""

from .answers import (
    KINDS,
    LEVELS,
    PARTS,
    PATTERNS,
    SCHEMA,
    SIGNALS,
    Analysis,
    Answer,
    Feedback,
    Finding,
    Question,
    RubricScore,
    Session,
    SignalEvidence,
    StoryPart,
    Timing,
    Turn,
    Unanswered,
)
from .delivery import (
    Delivery,
    Disfluency,
    Filler,
    PaceDeparture,
    PacePoint,
    Pause,
    Prosody,
    Reliability,
    Voice,
)
from .sound import (
    FRAME_SAMPLES,
    SAMPLE_RATE_HZ,
    Clip,
    Silence,
    Utterance,
)
from .words import (
    Span,
    Transcript,
    Verbatim,
    Word,
)

__all__ = [
    "FRAME_SAMPLES",
    "KINDS",
    "LEVELS",
    "PARTS",
    "PATTERNS",
    "SAMPLE_RATE_HZ",
    "SCHEMA",
    "SIGNALS",
    "Analysis",
    "Answer",
    "Clip",
    "Delivery",
    "Disfluency",
    "Feedback",
    "Filler",
    "Finding",
    "PaceDeparture",
    "PacePoint",
    "Pause",
    "Prosody",
    "Question",
    "Reliability",
    "RubricScore",
    "Session",
    "SignalEvidence",
    "Silence",
    "Span",
    "StoryPart",
    "Timing",
    "Transcript",
    "Turn",
    "Unanswered",
    "Utterance",
    "Verbatim",
    "Voice",
    "Word",
]
