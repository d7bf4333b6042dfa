"""After a mock interview two questions to oneself; their answers come back before the next."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path

from greenroom import keys
from greenroom.answering import Quit, Stages
from greenroom.config import PracticeSettings
from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.dialogue import Dialogue, dialogue, dialogue_after
from greenroom.preparation.look_back.look_back_file import LookBack, add_look_back, load_look_backs
from greenroom.preparation.look_back.look_back_words import as_signals, recognised, reminder
from greenroom.preparation.places import look_backs_folder
from greenroom.preparation.plan.mock_interviews import is_mock, own_sessions
from greenroom.records import SIGNALS, Question, Session, Turn
from greenroom.review.dates import day_and_hour
from greenroom.session import default_recordings

LEAD = "Two short questions to yourself, while it is fresh."
LEAD_LATER = "Two short questions to yourself, about your session of {when}."
SIGNAL_QUESTION = Question(
    "look-back-signal",
    "What signal did I fail to send clearly?",
    kind="other",
    about="one thing that is true of you, and that the other side could hardly hear in your answers",
    target_seconds=30,
)
FIX_QUESTION = Question(
    "look-back-fix",
    "How do I fix that next time?",
    kind="other",
    about="one small thing to do differently, in words that you can keep in mind",
    target_seconds=30,
)
KEPT = "That comes back before your next session."
TOPIC = "look-back"

_LOOKED_AT = 3  # look backs, and sessions, that the next one follows from: the last two weeks or so
_LOST_WEIGHS = 1.5
"""A signal lost in every question that asked for it weighs half as much as one named in the last look back
(3 points): what the person heard themselves comes first. (Judgement.)"""


def ask_after(stages: Stages, session: Session, data: Path, *, asked_for: bool = False) -> LookBack | None:
    """Ask the two questions with the stages of the session that has just ended; None if nothing was said.

    Quitting or skipping ends it; what was said until then is kept.

    Args:
        asked_for: whether the person wants it of any session; else only mock interviews are asked about.

    Raises:
        BadInputError: no folder can be made for what will be said.
    """
    if not (is_mock(session) or (asked_for and session.turns)):
        return None
    settings = {**session.settings, "mode": "real"}
    opened = dialogue_after(stages, look_backs_folder(data), TOPIC, settings)
    return _ask_and_keep(opened, LEAD, session, data)


def ask_later(settings: PracticeSettings, session: Session, data: Path) -> LookBack | None:
    """Ask the two questions about an earlier session. UserError for what keeps that from beginning."""
    lead = LEAD_LATER.format(when=day_and_hour(session.started_at))
    return _ask_and_keep(dialogue(settings, look_backs_folder(data), TOPIC), lead, session, data)


def _ask_and_keep(
    opened: AbstractContextManager[Dialogue], lead: str, session: Session, data: Path
) -> LookBack | None:
    talk = kept = None
    try:
        with opened as talk:
            _ask(talk, lead)
    finally:  # once all of it is on the disk
        if talk is not None:
            kept = _keep(talk, session, data)
    return kept


def session_without(data: Path, recordings: Path) -> Session:
    """The latest mock interview that nobody has looked back at. UsageError where there is none."""
    done = {each.session for each in load_look_backs(data)[0]}
    for name, session in own_sessions(recordings):
        if is_mock(session) and not {name, session.id} & done:
            return session
    raise UsageError(
        "every mock interview has its look back, or there is none yet",
        "greenroom practice --mode real --questions 5; or name a session: greenroom plan --look-back SESSION",
    )


def remind_before(stages: Stages, data: Path) -> str | None:
    """Show and say what the person wanted to do differently, before the first question of the next session.

    Returns the key that ended it: keys.QUIT if the person wants to leave, else None.
    """
    look_backs, _ = load_look_backs(data)
    last = next((each for each in reversed(look_backs) if each.fix or each.signal), None)
    said = reminder(last.fix, last.signal) if last is not None else ""
    if not said:
        return None
    stages.screen.said(said)
    return stages.narrator.say(said, heeded=(keys.QUIT,))


def wanted_focus(data: Path, recordings: Path | None = None) -> str | None:
    """The one of records.SIGNALS that the next session should probe; None where nothing speaks for any.

    It goes by the last three look backs, the latest weighing most, and by what was asked for in the last
    three sessions and did not come across.

    Args:
        recordings: where sessions are kept; None for session.default_recordings().
    """
    weights: Counter[str] = Counter()
    look_backs, _ = load_look_backs(data)
    for weight, each in zip(range(_LOOKED_AT, 0, -1), reversed(look_backs), strict=False):
        named = as_signals(each.signals or recognised(f"{each.signal} {each.fix}"))
        weights.update(
            {id: weight / place for place, id in enumerate(named, 1)}
        )  # the first one is meant most
    sessions = islice(own_sessions(recordings or default_recordings()), _LOOKED_AT)
    weights.update(_lost([turn for _, session in sessions for turn in session.turns]))
    heaviest = max(weights.values(), default=0)
    return next((id for id in SIGNALS if heaviest and weights[id] == heaviest), None)


def prefer(questions: Sequence[Question], data: Path, recordings: Path | None = None) -> tuple[Question, ...]:
    """The same questions, those that probe the wanted signal first; introductions stay in front."""
    focus = wanted_focus(data, recordings)
    return tuple(sorted(questions, key=lambda each: (each.kind != "intro", focus not in each.signals)))


def _lost(turns: Sequence[Turn]) -> dict[str, float]:
    """How much each signal was asked for in vain: up to _LOST_WEIGHS."""
    asked: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for turn in turns:
        shown = {signal.id for signal in turn.signals}
        asked.update(turn.asked.signals)
        lost.update(id for id in turn.asked.signals if id not in shown)
    return {id: _LOST_WEIGHS * count / asked[id] for id, count in lost.items()}


def _ask(talk: Dialogue, lead: str) -> None:
    """Both questions; the second only where something was said to the first."""
    with suppress(Quit):
        if not talk.nobody_left:
            talk.say(lead)
        both = talk.ask(SIGNAL_QUESTION, 2) is not None and talk.ask(FIX_QUESTION, 2) is not None
        if both and any(turn.transcript.text.strip() for turn in talk.session.turns):
            talk.say(KEPT)


def _keep(talk: Dialogue, session: Session, data: Path) -> LookBack | None:
    """Write down what was said; None where that cannot be, or nothing was: then no folder is left of it."""
    said = {turn.asked.id: " ".join(turn.transcript.text.split()) for turn in talk.session.turns}
    if not any(said.values()):
        if not list(talk.folder.glob("*-answer.*")):
            shutil.rmtree(talk.folder, ignore_errors=True)
        return None
    signal, fix = said.get(SIGNAL_QUESTION.id, ""), said.get(FIX_QUESTION.id, "")
    look_back = LookBack(
        session=session.id,
        at=datetime.now().astimezone().isoformat(timespec="seconds"),
        signal=signal,
        fix=fix,
        signals=recognised(signal) or recognised(fix),
        recording=talk.folder.name,
    )
    try:
        add_look_back(data, look_back)
    except BadInputError as error:  # a file edited by hand; what was said lies in its folder
        where = "" if talk.stages.questioner.shelter.in_memory else f" What you said is in {talk.folder}."
        talk.stages.screen.note(f"{error.message}.{where}")
        return None
    return look_back
