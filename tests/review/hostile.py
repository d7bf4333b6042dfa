"""A session in which every text is meant to do harm, if a page took it for anything but text."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from replayed import finding, first_turn

from greenroom.records import (
    Feedback,
    Question,
    Reanalysis,
    RubricScore,
    Session,
    SignalEvidence,
    Span,
    StoryPart,
    Transcript,
    Unanswered,
    Word,
)

HOSTILE = (
    """</script><script>injected()</script><img src=x onerror=injected()> “ " ' & {{ 7*7 }} {% raw %} -->"""
)
HOSTILE_NAME = "\"><b onclick=injected()>'& %20 #?.flac"


def hostile_session() -> Session:
    words = tuple(
        Word(text, 1.0 + i, 1.5 + i, 0.9) for i, text in enumerate([HOSTILE, "safe", *[HOSTILE] * 60])
    )
    evil = Span(HOSTILE, 1.0, 2.0, 0, 1)
    asked = Question(HOSTILE, HOSTILE, about=HOSTILE, strong=HOSTILE, bank=HOSTILE, signals=("ownership",))
    turn = replace(
        first_turn(),
        question=HOSTILE,
        asked=asked,
        recording=HOSTILE_NAME,
        transcript=Transcript(HOSTILE, words=words),
        form=HOSTILE,
        parts=(StoryPart(HOSTILE, 1.0, 2.0, HOSTILE, 0, 1),),
        patterns=(replace(finding(HOSTILE, evil), why=HOSTILE, advice=HOSTILE),),
        signals=(SignalEvidence("ownership", (evil,)), SignalEvidence(HOSTILE, (evil,))),
        markers=(SignalEvidence(HOSTILE, (evil,)),),
        rubric=(RubricScore("ownership", 3, HOSTILE, (evil,)), RubricScore(HOSTILE, 9, HOSTILE, (evil,))),
        feedback=Feedback(HOSTILE, HOSTILE, f"“{HOSTILE}”", (HOSTILE,), HOSTILE),
        delivery=replace(
            first_turn().delivery,
            fillers=tuple(replace(f, text=HOSTILE, kind=HOSTILE) for f in first_turn().delivery.fillers),
            profile=HOSTILE,
            remarkable=(HOSTILE,),
        ),
    )
    again = replace(turn, number=3, retry_of=1, answered_at=HOSTILE, self_rating=3)
    left = Unanswered(2, HOSTILE, asked, HOSTILE, "../session.json")
    return Session(
        id=HOSTILE,
        turns=(turn, again),
        started_at=HOSTILE,
        settings={"mode": HOSTILE},
        unanswered=(left,),
        greenroom=HOSTILE,
        reanalyses=(Reanalysis(*[HOSTILE] * 6),),
    )


HOSTILE_FOLDER = "2026-11-16T10-00-00-<img src=x onerror=injected()>\"' & {{ 7*7 }}"

_SWITCHES = {
    "started_at": "2026-11-22T10:08:05+00:00",
    "answered_at": "2026-11-23T10:08:05+00:00",
    "ended_by": "silence",
    "source": "transcript",
}
"""Texts by which a page decides what it shows at all; as they are there, or else as here."""


def with_every_text_hostile(session: Session, *, switches: bool) -> Session:
    """The session with each of its texts and of its names replaced, wherever they stand.

    Args:
        switches: also those by which a page decides what it shows: then it shows less of the others.
    """
    return msgspec.convert(_hostile(msgspec.to_builtins(session), "", switches), Session)


def _hostile(value: object, name: str, switches: bool) -> object:
    if isinstance(value, dict):
        return {_key(each): _hostile(inner, str(each), switches) for each, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hostile(each, name, switches) for each in value]
    if name in ("recording", "question_recording"):
        return value if value is None else HOSTILE_NAME
    if isinstance(value, str):
        return value or _SWITCHES[name] if name in _SWITCHES and not switches else HOSTILE
    return value


def _key(name: object) -> object:
    """Names that are free to choose, such as a question's patterns; those of fields are not."""
    return HOSTILE if name in ("no_outcome", "mode", "bank_of", "situation", "speech_rate") else name
