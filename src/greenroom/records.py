"""The records that pass between the stages of an interview: small, frozen, without behaviour of their own.

Times are float seconds from the start of the answer's recording, or None where the answer was typed or
read from a text file. The field names are those of the JSON that greenroom prints and saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
"""Every stage after the microphone works at this rate: what Whisper, webrtcvad and Silero take."""

FRAME_SAMPLES = 480
"""Samples in a frame: 30 ms, the longest that webrtcvad takes."""

SCHEMA = 1
"""Version of the JSON of an answer and of a session."""

PATTERNS = (
    "hypothetical",
    "buried_problem",
    "hidden_in_team",
    "no_outcome",
    "generality",
    "reactive",
    "no_business",
)
SIGNALS = (
    "clarity",
    "ownership",
    "technical_fluency",
    "execution",
    "business_impact",
    "leadership",
    "customer_focus",
    "ambiguity",
    "accountability",
    "proactivity",
)
PARTS = ("situation", "task", "action", "result")
KINDS = ("behavioural", "leadership", "technical", "execution", "situational", "intro", "other")
LEVELS = ("any", "junior", "mid", "senior")


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound: mono samples, float32, shape (n,), in [-1, 1]; `rate` in Hz."""

    samples: NDArray[np.float32]
    rate: int = SAMPLE_RATE_HZ

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a bank, or one follow-up made from it.

    Attributes:
        signals: one to three of SIGNALS that the question probes.
        about: what the question is really about, in a sentence; the hint a person hears when lost.
        level: one of LEVELS; "any" suits everybody.
        target_seconds: how long a good answer takes (s).
        follow_ups: what to ask next when the answer shows a pattern: pattern id to question text.
        bank: name of the bank it comes from.
    """

    id: str
    text: str
    kind: str = "behavioural"
    signals: tuple[str, ...] = ()
    about: str = ""
    level: str = "any"
    target_seconds: int = 90
    follow_ups: Mapping[str, str] = field(default_factory=dict)
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One answer as it was heard.

    Attributes:
        clip: the whole recording, from the moment the microphone opened, 16 kHz mono.
        speech: (start, end) of each stretch of speech in the clip (s), in order; empty if nobody spoke.
        ended_by: "silence", "key", "limit" or "stall".
        speech_end: end of the last voiced frame (s), 0.0 if nobody spoke.
        decided: when the end was decided (s from the start of the clip).
    """

    clip: Clip
    speech: tuple[tuple[float, float], ...]
    ended_by: str
    speech_end: float
    decided: float


@dataclass(frozen=True, slots=True)
class Silence:
    """A pause as the endpointer met it: when it began, how long it was (s), and whether speech resumed.

    The last one of an answer, which ended it, did not.
    """

    start: float
    seconds: float
    resumed: bool


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start: float | None = None
    end: float | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of an answer; `engine` and `model` are None where it was typed."""

    text: str
    language: str = "en"
    engine: str | None = None
    model: str | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the transcript: words[first_word] to words[last_word], both included."""

    text: str
    start: float | None
    end: float | None
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A silence (s); `inside_clause` is None where its place is not known."""

    start: float
    end: float
    inside_clause: bool | None = None


@dataclass(frozen=True, slots=True)
class Filler:
    """A filler; `source` is "transcript" (Whisper wrote it) or "audio" (heard, and written by nobody)."""

    text: str
    start: float | None
    end: float | None
    source: str = "transcript"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the answer was spoken. Rates, times and pauses are None or empty for a text.

    Attributes:
        words: number of words, fillers not counted.
        speech_rate_wpm: words by the time from the first word to the last.
        articulation_rate_wpm: words by that time without its silences of 250 ms and more.
        first_word_seconds: from the start of the recording to the first word.
        speaking_seconds: from the first word to the last, without silences of 250 ms and more.
        bands: band names by measure, e.g. {"speech_rate": "good"}; only what could be measured.
    """

    words: int
    speech_rate_wpm: float | None = None
    articulation_rate_wpm: float | None = None
    first_word_seconds: float | None = None
    speaking_seconds: float | None = None
    pauses: tuple[Pause, ...] = ()
    fillers: tuple[Filler, ...] = ()
    fillers_per_minute: float | None = None
    hedges: tuple[Span, ...] = ()
    bands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoryPart:
    """A stretch of the answer that is one of PARTS."""

    id: str
    start: float | None
    end: float | None
    text: str
    first_word: int
    last_word: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One of PATTERNS, found: how sure (0 to 1), where, why it matters and what to say instead."""

    id: str
    confidence: float
    evidence: tuple[Span, ...]
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class SignalEvidence:
    """One of SIGNALS that the answer gives evidence for, with the quotes."""

    id: str
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class RubricScore:
    """1 (not shown) to 4 (shown fully) for one quality, and the reason in one sentence."""

    id: str
    score: int
    why: str


@dataclass(frozen=True, slots=True)
class Analysis:
    delivery: Delivery
    parts: tuple[StoryPart, ...] = ()
    patterns: tuple[Finding, ...] = ()
    signals: tuple[SignalEvidence, ...] = ()
    rubric: tuple[RubricScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the coach says after an answer.

    Attributes:
        spoken: all of it as it is said aloud, at most 25 s.
        strength: one thing that came across, or None where there was too little to go by.
        changes: at most two things to do differently.
        follow_up: what an interviewer would ask next, or None.
        follow_up_for: the pattern that the follow-up answers to, or None.
    """

    spoken: str
    strength: str | None = None
    changes: tuple[str, ...] = ()
    follow_up: str | None = None
    follow_up_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer with everything known of it: the JSON of `greenroom analyze`.

    `source` names the file it came from, `seconds` is the length of the recording.
    """

    schema: int = SCHEMA
    id: str | None = None
    source: str | None = None
    question: str | None = None
    seconds: float | None = None
    transcript: Transcript
    delivery: Delivery
    parts: tuple[StoryPart, ...] = ()
    patterns: tuple[Finding, ...] = ()
    signals: tuple[SignalEvidence, ...] = ()
    rubric: tuple[RubricScore, ...] = ()
    feedback: Feedback


@dataclass(frozen=True, slots=True)
class Timing:
    """When each stage was done, in seconds from the start of the answer's recording; None if it was not."""

    speech_end: float | None = None
    decided: float | None = None
    transcribed: float | None = None
    analysed: float | None = None
    feedback_started: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Answer):
    """A question and its answer, as saved in session.json: an `Answer`, where it lies and how it went.

    Attributes:
        number: from 1; also the number in the names of its files.
        asked: the whole record of the question; `question` holds only its words.
        recording: file name of the answer's sound inside the session's folder; None if nothing was recorded.
            An answer begun by voice and then typed has both.
        question_recording: file name of the question's sound, None if it was not spoken.
        ended_by: "silence", "key", "limit", "stall" or "typed".
        follow_up_to: number of the turn that this one follows up, or None.
        overflowed: whether the microphone lost samples.
        silences: its pauses, and the silence that ended it.
        reopened: how often it was ended and then taken back by speech.
    """

    number: int
    asked: Question
    recording: str | None
    question_recording: str | None = None
    ended_by: str
    timing: Timing
    follow_up_to: int | None = None
    overflowed: bool = False
    silences: tuple[Silence, ...] = ()
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was skipped, not answered, or whose answer was not analysed before the end.

    `reason` is "skipped", "silence" or "interrupted"; `recording` names what was recorded, if anything.
    """

    number: int
    question: str
    asked: Question
    reason: str
    recording: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One interview.

    Attributes:
        started_at: ISO 8601 with the time zone.
        settings: those it ran with, by the names of the command line's options.
        finished: whether it came to its end, rather than being quit or interrupted.
        greenroom: the version that made it.
    """

    schema: int = SCHEMA
    id: str
    started_at: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    finished: bool = False
    greenroom: str = ""
