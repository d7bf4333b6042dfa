"""`greenroom practice`: chooses the questions and holds the interview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from greenroom.casting import DEMO
from greenroom.config import PracticeSettings
from greenroom.demo import demo_bank_path
from greenroom.interview import Interview, Manner
from greenroom.listening.patience import Patience
from greenroom.listening.pausing import pause_statistics, suggested_patience
from greenroom.preparation.bookends import Bookends, asked_for, banks_of, chosen, draws
from greenroom.questions import choose, load_banks
from greenroom.records import Question
from greenroom.screens import listed
from greenroom.session import default_recordings, latest_sessions, start_session
from greenroom.staging import find_parts, opening_of, staged

_SESSIONS_LOOKED_AT = 10  # a few evenings: pauses change as somebody grows used to speaking
_WORTH_SAYING = 0.5  # s


def practice(settings: PracticeSettings) -> Path:
    """Hold one interview; the session's folder. UserError for whatever keeps it from beginning."""
    questions, topic, told = _questions(settings)
    parts = find_parts(settings)
    folder, session = start_session(settings.recordings or default_recordings(), topic, settings.as_saved())
    with staged(parts, settings, folder, settings.seed or 0) as stages:
        screen, around = stages.screen, Bookends(settings, stages, folder)
        interview = Interview(stages, questions, _manner(settings), folder, session, around.looks_back)
        screen.opening(opening_of(settings, parts, told, len(questions), folder))
        try:
            if around.before() and interview.run().finished:
                around.after(interview.session)
        finally:
            if advice := _patience_advice(folder.parent, parts.patience):
                screen.note(advice)
            screen.closing(folder, len(interview.session.turns))
    return folder


def _manner(settings: PracticeSettings) -> Manner:
    """Recordings have nothing to choose, so nothing is waited for; a key still does what it does."""
    choose = 0.0 if settings.candidate else settings.choose
    return Manner(settings.mode, settings.follow_ups, choose, settings.rate)


def _patience_advice(recordings: Path, patience: Patience) -> str | None:
    """What the pauses of the last sessions say about the patience, where that would change it by much."""
    sessions = latest_sessions(recordings, _SESSIONS_LOOKED_AT)
    own = [session for session in sessions if not session.settings.get("candidate")]
    turns = [turn for session in own for turn in session.turns]
    silences = [silence for turn in turns for silence in turn.silences]
    wanted = suggested_patience(silences)
    if wanted is None or abs(wanted - patience.base) < _WORTH_SAYING:
        return None
    longest = pause_statistics(silences).longest
    return (
        f"In your last answers you paused for up to {longest:.1f} s and went on. "
        f"A patience of {wanted:g} s would suit you: --patience {wanted:g}."
    )


def _questions(settings: PracticeSettings) -> tuple[Sequence[Question], str, str]:
    """The questions to ask, in order; what they are about in a word, and for the eye."""
    if settings.candidate == (DEMO,):
        (bank,) = load_banks([str(demo_bank_path())])
        return bank.questions, bank.name, bank.name  # the recordings answer these, in this order
    if settings.story is not None:
        question, story = asked_for(settings)
        return (question,), story.name, f"your story “{story.title}”"
    banks = load_banks(banks_of(settings))
    questions = choose(
        banks, count=draws(settings), seed=settings.seed, level=settings.level, focus=settings.focus
    )
    names = [bank.name for bank in banks] if len(banks) <= 2 else ["mixed"]
    return chosen(questions, settings), " ".join(names), listed(names)


def with_demo(settings: PracticeSettings) -> PracticeSettings:
    """The same settings with the demo candidate answering."""
    return replace(settings, candidate=(DEMO,), typed=False)
