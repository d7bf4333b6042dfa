"""The answer that broke off read as it is: transcribed, analysed, and a turn of its session from then on."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

from greenroom.assessment import Assessor
from greenroom.audio.clip import load_clip
from greenroom.keeping import Keeper
from greenroom.listening.voice_activity import heard, load_detector
from greenroom.records import Answer, Session, Timing, Turn, Unanswered


def read_kept(
    assessor: Assessor, vad: str, folder: Path, session: Session, entry: Unanswered
) -> tuple[Session, Turn]:
    """The session with a turn made of what was kept of an answer, saved; and that turn. Blocks meanwhile.

    Raises:
        BadInputError: the recording cannot be read, or the session not be written.
        ModelError: there is nothing that could transcribe it.
    """
    recording = entry.recording or ""
    utterance = replace(heard(load_clip(folder / recording), load_detector(vad)), ended_by="interrupted")
    answer = assessor.assess(utterance, entry.asked, recording).result().answer
    question = f"{entry.number:02}-question.wav"
    turn = Turn(
        **{field.name: getattr(answer, field.name) for field in fields(Answer)},
        number=entry.number,
        asked=entry.asked,
        recording=recording,
        question_recording=question if (folder / question).exists() else None,
        ended_by="interrupted",
        timing=Timing(speech_end=round(utterance.speech_end, 3), decided=round(utterance.decided, 3)),
        follow_up_to=_followed(session, entry),
        retry_of=_retried(session, entry),
    )
    keeper = Keeper(folder, session, lambda _: None)
    keeper.save(turn)
    return keeper.session, turn


def _followed(session: Session, entry: Unanswered) -> int | None:
    """The turn whose feedback asked this; None for a question of its own."""
    asked = (turn.number for turn in session.turns if turn.feedback.follow_up == entry.question)
    return max(asked, default=None) if entry.asked.follows else None


def _retried(session: Session, entry: Unanswered) -> int | None:
    """The turn whose question this asked once more."""
    return max((turn.number for turn in session.turns if turn.asked.id == entry.asked.id), default=None)
