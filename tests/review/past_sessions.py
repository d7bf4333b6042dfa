"""Makes session folders of a person whose numbers are chosen, so that trends over them are known."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
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
    Session,
    SignalEvidence,
    Span,
    Timing,
    Transcript,
    Turn,
    Unanswered,
)
from greenroom.review.history import PastSession, SessionFacts
from greenroom.session import save_session

FIRST = datetime(2026, 9, 1, 20, 15, tzinfo=timezone(timedelta(hours=1)))
HOUR_AGO_NS = 3600 * 10**9
GOOD = Reliability("good", "made")


@dataclass(frozen=True)
class Said:
    """One answer: spoken for `seconds` at `wpm`, with so many fillers and long pauses.

    `rated` is the person's own rating of it, and `score` the rubric's.
    """

    wpm: float = 150.0
    seconds: float = 60.0
    fillers: int = 4
    long_pauses: int = 1
    patterns: Sequence[str] = ()
    signals: Sequence[str] = ()
    asked_for: Sequence[str] = ("ownership",)
    quote: str = "we just got it done"
    rated: int | None = None
    score: int = 3
    typed: bool = False
    profile: str = "usual"
    words: int | None = None
    follow_up_to: int | None = None
    retry_of: int | None = None
    reliability: Mapping[str, Reliability] = field(
        default_factory=lambda: {"speech_rate": GOOD, "filled_pauses": GOOD, "pauses": GOOD}
    )


def turn(said: Said, number: int = 1, bank: str = "behavioural") -> Turn:
    words = said.words if said.words is not None else round(said.wpm * said.seconds / 60)
    spoken = Delivery(
        words,
        speech_rate_wpm=said.wpm,
        speaking_seconds=said.seconds,
        pauses=tuple(Pause(5.0 * i, 5.0 * i + 1.2) for i in range(said.long_pauses)),
        fillers=tuple(Filler("um", 1.0 * i, 1.0 * i + 0.2) for i in range(said.fillers)),
        fillers_per_minute=60 * said.fillers / said.seconds,
        silence_share=0.1,
        reliability=said.reliability,
        profile=said.profile,
    )
    span = Span(said.quote, 3.0, 4.0, 0, 3)
    return Turn(
        question="Tell me about a time when it went wrong.",
        seconds=None if said.typed else said.seconds,
        transcript=Transcript(
            "…", engine=None if said.typed else "openai-whisper", model=None if said.typed else "base"
        ),
        delivery=Delivery(words) if said.typed else spoken,
        patterns=tuple(Finding(id, 0.9, (span,), f"why {id}", f"advice for {id}") for id in said.patterns),
        signals=tuple(SignalEvidence(id, (span,)) for id in said.signals),
        rubric=(RubricScore("clarity", said.score, "made"),),
        feedback=Feedback("Well."),
        number=number,
        asked=Question(
            "q", "Tell me about a time when it went wrong.", signals=tuple(said.asked_for), bank=bank
        ),
        recording=None if said.typed else f"{number:02}-answer.flac",
        ended_by="typed" if said.typed else "silence",
        timing=Timing(),
        follow_up_to=said.follow_up_to,
        retry_of=said.retry_of,
        self_rating=said.rated,
    )


def make_session(
    recordings: Path,
    day: int,
    answers: Sequence[Said] = (Said(),),
    *,
    bank: str = "behavioural",
    folder: str | None = None,
    settings: Mapping[str, Any] | None = None,
    unanswered: int = 0,
    **more: Any,
) -> Path:
    """A session `day` days after FIRST, its file old enough for the index to rely on."""
    began = FIRST + timedelta(days=day)
    path = recordings / (folder or f"{began:%Y-%m-%dT%H-%M-%S}-{bank}")
    path.mkdir(parents=True)
    turns = tuple(turn(said, number, bank) for number, said in enumerate(answers, 1))
    session = Session(
        id=more.pop("id", path.name),
        started_at=more.pop("started_at", began.isoformat()),
        settings={"bank": [bank]} if settings is None else settings,
        turns=turns,
        unanswered=tuple(
            Unanswered(len(turns) + i, "Why?", Question("q", "Why?", bank=bank), "skipped")
            for i in range(1, unanswered + 1)
        ),
        finished=True,
        greenroom=more.pop("greenroom", "0.1.0"),
        **more,
    )
    save_session(path, session)
    settle(path / "session.json")
    return path


def settle(path: Path, ago_ns: int = HOUR_AGO_NS) -> None:
    """Set a file's time back: the index reads once more what was written only just now."""
    its = path.stat()
    os.utime(path, ns=(its.st_atime_ns, its.st_mtime_ns - ago_ns))


def past(number: int, **facts: object) -> PastSession:
    """A session that was never on a disk, of five answers and one minute each."""
    values: dict[str, object] = {
        "id": str(number),
        "started_at": "",
        "banks": ("behavioural",),
        "demo": False,
        "profile": "usual",
        "measured_by": "greenroom 0.1.0",
        "answers": 5,
        "retakes": 0,
        "unanswered": 0,
        "seconds": 300.0,
        "judged": 5,
        "tallies": {},
        "patterns": {},
        "signals": {},
        "asked_for": {},
    }
    return PastSession(f"{number:05}", SessionFacts(**(values | facts)), FIRST + timedelta(days=number))  # type: ignore[arg-type]
