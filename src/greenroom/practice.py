"""`greenroom practice`: chooses the questions and holds the interview."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from greenroom import keys
from greenroom.answering import Quit, Stages
from greenroom.casting import DEMO
from greenroom.config import PracticeSettings
from greenroom.demo import demo_bank_path
from greenroom.errors import BadInputError
from greenroom.interview import STOPPED, Interview, Manner
from greenroom.listening.patience import Patience
from greenroom.listening.pausing import pause_statistics, suggested_patience
from greenroom.preparation.bookends import Bookends, asked_for, banks_of, chosen, draws
from greenroom.questions import choose, load_banks
from greenroom.records import Question, Session, Unanswered
from greenroom.recovering.holding import hold
from greenroom.recovering.kept_answer import read_kept
from greenroom.recovering.remaining import Remaining, remaining
from greenroom.screens import listed
from greenroom.session import SESSION_FILE, default_recordings, latest_sessions, start_session
from greenroom.staging import Parts, find_parts, opening_of, staged
from greenroom.timed_writing import in_time

_SESSIONS_LOOKED_AT = 10  # a few evenings: pauses change as somebody grows used to speaking
_WORTH_SAYING = 0.5  # s


@dataclass(frozen=True, slots=True)
class Drawn:
    """The questions to ask, in order.

    Attributes:
        topic: what they are about in a word, for the folder's name.
        told: the same for the eye.
    """

    questions: Sequence[Question]
    topic: str
    told: str


def practice(settings: PracticeSettings, drawn: Drawn) -> Path:
    """Hold one interview; the session's folder. UserError for whatever keeps it from beginning."""
    questions = tuple(drawn.questions)
    parts = find_parts(settings)
    root = settings.recordings or default_recordings()
    with ExitStack() as held:
        saved = settings.as_saved(parts.voice.name)
        folder, session = start_session(
            root, drawn.topic, saved, questions, lambda folder: held.enter_context(hold(folder))
        )
        _interview(settings, parts, Sitting(folder, session, Remaining(0, questions, 0, None), drawn.told))
    return folder


def go_on(settings: PracticeSettings, folder: Path, session: Session, left: Remaining, *, read: bool) -> None:
    """Go on with an interview that broke off, in a folder that the caller holds.

    Args:
        read: whether what was kept of the answer that broke off is read as that answer, and not asked for
            again.

    Raises:
        UserError: something keeps it from going on.
    """
    told = listed(list(dict.fromkeys(question.bank for question in session.plan if question.bank)))
    _interview(settings, find_parts(settings), Sitting(folder, session, left, told or "your own", read=read))


@dataclass(frozen=True, slots=True)
class Sitting:
    """An interview to be held, or to be gone on with.

    Attributes:
        told: what it is about, for the eye.
        read: see go_on().
    """

    folder: Path
    session: Session
    left: Remaining
    told: str
    read: bool = False


def _interview(settings: PracticeSettings, parts: Parts, sitting: Sitting) -> None:
    folder, session, left = sitting.folder, sitting.session, sitting.left
    interview: Interview | None = None
    # Feedback in other words than before it broke off.
    with staged(parts, settings, folder, (settings.seed or 0) + len(session.turns)) as stages:
        screen, around = stages.screen, Bookends(settings, stages, folder)
        total = left.begun + len(left.questions)
        screen.opening(opening_of(settings, parts, sitting.told, total, folder))
        try:
            _pass_over(stages, left.used)
            if sitting.read and left.broke_off is not None:
                session, pressed = _read(settings, stages, folder, session, left.broke_off)
                if pressed == keys.QUIT:
                    raise Quit
                left = remaining(session)
            interview = Interview(
                stages, left.questions, _manner(settings), folder, session, around.looks_back, left.begun
            )
            if around.before() and interview.run().finished:
                around.after(interview.session)
        except Quit:
            screen.note(STOPPED)
        finally:
            if advice := _patience_advice(folder, parts.patience):
                screen.note(advice)
            screen.closing(folder, len((interview.session if interview else session).turns))


def _pass_over(stages: Stages, used: int) -> None:
    """Leave out the recordings that answered before the interview broke off; a microphone has none."""
    for _ in range(used):
        if stages.next_source is not None:
            stages.next_source()


def _read(
    settings: PracticeSettings, stages: Stages, folder: Path, session: Session, broke_off: Unanswered
) -> tuple[Session, str | None]:
    """What was kept of an answer becomes its turn, with feedback in practice; and the key that cut that."""
    pressed = None
    stages.screen.state("thinking")
    session, turn = read_kept(stages.assessor, settings.vad, folder, session, broke_off)
    stages.screen.state("")
    if settings.mode == "practice":
        stages.screen.feedback(turn)
        pressed = stages.narrator.say(turn.feedback.spoken, heeded=(keys.DONE, keys.QUIT))
        stages.screen.measured(turn)
    return session, pressed


def _manner(settings: PracticeSettings) -> Manner:
    """Recordings have nothing to choose, so nothing is waited for; a key still does what it does."""
    choose = 0.0 if settings.candidate else settings.choose
    return Manner(settings.mode, settings.follow_ups, choose, settings.rate)


def _patience_advice(folder: Path, patience: Patience) -> str | None:
    """What the pauses of the last sessions say about the patience, where that would change it by much."""
    look = partial(latest_sessions, folder.parent, _SESSIONS_LOOKED_AT)
    try:
        sessions = in_time(look, folder / SESSION_FILE)
    except (OSError, BadInputError):  # a disk that is gone, or hangs: what lies elsewhere is still to be told
        return None
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


def drawn_for(settings: PracticeSettings) -> Drawn:
    """UserError for a bank, a level, a focus or a story that is not there."""
    if settings.candidate == (DEMO,):
        (bank,) = load_banks([str(demo_bank_path())])
        # The recordings answer these, in this order.
        return Drawn(bank.questions[: settings.questions], bank.name, bank.name)
    if settings.story is not None:
        question, story = asked_for(settings)
        return Drawn((question,), story.name, f"your story “{story.title}”")
    banks = load_banks(banks_of(settings))
    questions = choose(
        banks, count=draws(settings), seed=settings.seed, level=settings.level, focus=settings.focus
    )
    names = [bank.name for bank in banks] if len(banks) <= 2 else ["mixed"]
    return Drawn(chosen(questions, settings), " ".join(names), listed(names))


def with_demo(settings: PracticeSettings) -> PracticeSettings:
    """The same settings with the demo candidate answering."""
    return replace(settings, candidate=(DEMO,), typed=False)
