"""A session in which every text is meant to do harm, if a page took it for anything but text."""

from __future__ import annotations

from dataclasses import replace

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
    words = tuple(Word(text, 1.0 + i, 1.5 + i, 0.9) for i, text in enumerate([HOSTILE, "safe", HOSTILE]))
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
