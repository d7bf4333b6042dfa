"""Turns of which only those things are said that a test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenroom.records import (
    Delivery,
    Feedback,
    Filler,
    Finding,
    Pause,
    Question,
    Reliability,
    RubricScore,
    SignalEvidence,
    Span,
    StoryPart,
    Timing,
    Transcript,
    Turn,
    Word,
)

SPAN = Span("I moved it.", 1.0, 2.0, 0, 2)
KNOWN = {"filled_pauses": Reliability("good", "made")}
UNKNOWN = {"filled_pauses": Reliability("poor", "only what Whisper wrote")}


def spoken(
    *,
    wpm: float = 120.0,
    words: int = 120,
    fillers: float = 2.0,
    long_pauses: int = 1,
    reliability: Mapping[str, Reliability] = KNOWN,
) -> Delivery:
    """`fillers` a minute; each long pause is 1.2 s, and there is one that is not long."""
    pauses = (Pause(1.0, 1.9), *(Pause(5.0 * i, 5.0 * i + 1.2) for i in range(1, long_pauses + 1)))
    return Delivery(
        words,
        speech_rate_wpm=wpm,
        first_word_seconds=1.5,
        speaking_seconds=50.0,
        pauses=pauses,
        fillers=(Filler("um", 1.0, 1.2),),
        fillers_per_minute=fillers,
        silence_share=0.1,
        reliability=reliability,
    )


def made_turn(
    number: int = 1,
    *,
    patterns: Sequence[str] = (),
    signals: Sequence[str] = (),
    parts: Mapping[str, float] | None = None,
    scores: Mapping[str, int] | None = None,
    probes: Sequence[str] = (),
    delivery: Delivery | None = None,
    **more: Any,
) -> Turn:
    """`parts`: each with its share; `probes`: what the question asks for. It is typed without `delivery`."""
    known: dict[str, Any] = {
        "question": "What did you build?",
        "asked": Question("one", "What did you build?", signals=tuple(probes), bank="behavioural"),
        "transcript": Transcript("I moved it.", words=(Word("I"), Word("moved"), Word("it."))),
        "delivery": delivery or Delivery(words=3),
        "patterns": tuple(Finding(id, 0.9, (SPAN,), "why", "advice") for id in patterns),
        "signals": tuple(SignalEvidence(id, (SPAN,)) for id in signals),
        "parts": tuple(StoryPart(id, 1.0, 2.0, "I moved it.", 0, 2) for id in parts or {}),
        "shares": dict(parts or {}),
        "rubric": tuple(RubricScore(id, score, "why") for id, score in (scores or {}).items()),
        "feedback": Feedback("Well told.", changes=("Say what changed.",)),
        "number": number,
        "recording": f"{number:02}-answer.flac" if delivery else None,
        "ended_by": "silence" if delivery else "typed",
        "timing": Timing(),
    }
    return Turn(**{**known, **more})
