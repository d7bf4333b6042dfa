"""Sessions as a death of the program leaves them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from greenroom.records import (
    SAMPLE_RATE_HZ,
    Delivery,
    Feedback,
    Question,
    Timing,
    Transcript,
    Turn,
    Unanswered,
)
from greenroom.recovering.holding import LOCK_FILE
from greenroom.session import save_session, start_session

PLAN = tuple(Question(name, f"What about {name}?") for name in ("one", "two", "three"))
FOLLOW_UP = Question("two:no_outcome", "What changed?", follows="two")


def turn(number: int, question: Question, **more: object) -> Turn:
    known = Turn(
        question=question.text,
        transcript=Transcript("yes"),
        delivery=Delivery(1),
        feedback=Feedback("Well.", follow_up="What changed?"),
        number=number,
        asked=question,
        recording=f"{number:02}-answer.flac",
        ended_by="silence",
        timing=Timing(),
    )
    return replace(known, **more)  # type: ignore[arg-type]


def left_open(number: int, question: Question, reason: str = "interrupted") -> Unanswered:
    return Unanswered(number, question.text, question, reason)


def session_with(root: Path, *asked: Turn | Unanswered, died: bool = True, **more: object) -> Path:
    """The folder of a session of PLAN in which that much was asked."""
    folder, session = start_session(root, "test", {"bank": ["behavioural"], "quiet": True}, PLAN)
    session = replace(
        session,
        turns=tuple(each for each in asked if isinstance(each, Turn)),
        unanswered=tuple(each for each in asked if isinstance(each, Unanswered)),
        **more,  # type: ignore[arg-type]
    )
    for each in session.turns:
        if each.recording is None:
            continue
        soundfile.write(folder / each.recording, np.zeros(SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
    save_session(folder, session)
    if died:
        (folder / LOCK_FILE).touch()
    return folder


def raw_sound(folder: Path, number: int, seconds: float) -> Path:
    path = folder / f"{number:02}-answer.pcm"
    path.write_bytes(b"\x01\x02" * round(seconds * SAMPLE_RATE_HZ))
    return path
