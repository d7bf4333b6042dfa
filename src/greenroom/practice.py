"""`greenroom practice`: finds the real parts (devices, voice, weights, questions) and runs the interview."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from greenroom.asking import Questioner
from greenroom.assessment import Assessor
from greenroom.casting import DEMO, Cast, cast_for
from greenroom.coaching import Coach
from greenroom.config import PracticeSettings
from greenroom.demo import demo_bank_path
from greenroom.following import Followers
from greenroom.hearing import Listener
from greenroom.interview import Interview, Manner, Stages
from greenroom.keys import Keys, open_keys
from greenroom.listening.endpointer import EndpointerSettings
from greenroom.listening.nudges import NudgeTimes
from greenroom.listening.patience import HARDLY_BEGUN_SHORT_SECONDS, NAMED, Patience, named_patience
from greenroom.listening.pausing import pause_statistics, suggested_patience
from greenroom.listening.voice_activity import load_detector
from greenroom.questions import choose, load_banks
from greenroom.records import Question
from greenroom.screens import Opening, Screen, listed, open_screen
from greenroom.session import default_recordings, latest_sessions, start_session
from greenroom.speaking import Narrator
from greenroom.transcription.process import ProcessTranscriber
from greenroom.transcription.weights import locate
from greenroom.voices import CachedVoice, load_voice

_SESSIONS_LOOKED_AT = 10  # a few evenings: pauses change as somebody grows used to speaking
_WORTH_SAYING = 0.5  # s

_PATIENT = {
    "second-language": replace(NAMED["patient"], base=5.0, extended=7.5),
    "stutter": replace(NAMED["patient"], base=6.0, extended=9.0, hardly_begun=HARDLY_BEGUN_SHORT_SECONDS),
}
"""What "patient" is for whom words, or their sounds, take longer to come. (Judgement: within the range of the
reference, section 5, 3.5 to 8 s; blocks mostly last a second, but some last many. Who stutters may have said
little after 8 s of speech.)"""


def practice(settings: PracticeSettings) -> Path:
    """Hold one interview; the session's folder. UserError for whatever keeps it from beginning."""
    questions, topic = _questions(settings)
    patience = _patience(settings)
    if not settings.typed:
        locate(settings.model, settings.engine)  # a missing model is better said before the first question
    voice = CachedVoice(load_voice("silent" if settings.quiet else settings.voice))
    cast = cast_for(settings)
    folder, session = start_session(settings.recordings or default_recordings(), topic, settings.as_saved())
    with _open(cast) as (screen, keyboard):
        assessor = Assessor(
            None if settings.typed else lambda: ProcessTranscriber(settings.engine, settings.model),
            Coach(seed=settings.seed or 0),
            profile=settings.profile,
        )
        narrator = Narrator(voice, cast.speaker, keyboard)
        questioner = Questioner(
            narrator,
            _listener(settings, patience, narrator, keyboard, screen),
            _followers(settings, patience, narrator, assessor),
            keyboard,
            screen,
            assessor.coach.hint,
            folder,
        )
        stages = Stages(questioner, narrator, assessor, keyboard, screen, cast.next_source)
        interview = Interview(stages, questions, _manner(settings), folder, session)
        screen.opening(_opening(settings, cast, questions, topic, patience, folder))
        try:
            interview.run()
        finally:
            assessor.close()
            if advice := _patience_advice(folder.parent, patience):
                screen.note(advice)
            screen.closing(folder, len(interview.session.turns))
    return folder


def _manner(settings: PracticeSettings) -> Manner:
    """Recordings have nothing to choose, so nothing is waited for; a key still does what it does."""
    return Manner(settings.mode, settings.follow_ups, 0.0 if settings.candidate else settings.choose)


def _patience(settings: PracticeSettings) -> Patience:
    """What was named; "patient", which is also what is not named, is longer in some profiles."""
    patience = named_patience(settings.patience)
    return _PATIENT.get(settings.profile, patience) if patience == NAMED["patient"] else patience


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


def _listener(
    settings: PracticeSettings, patience: Patience, narrator: Narrator, keyboard: Keys, screen: Screen
) -> Listener | None:
    if settings.typed:
        return None
    ends = EndpointerSettings(
        patience=patience.base,
        max_answer=settings.max_answer,
        no_speech=settings.no_speech,
        reopen=settings.reopen,
    )
    nudges = NudgeTimes(
        look=settings.look,
        lost=settings.lost if settings.mode == "practice" else math.inf,
        encourage=settings.encourage,
        offer=settings.offer,
        long=settings.long_answer,
        wrap_up=settings.wrap_up,
    )
    return Listener(load_detector(settings.vad), ends, keyboard, screen, narrator, nudges)


def _followers(
    settings: PracticeSettings, patience: Patience, narrator: Narrator, assessor: Assessor
) -> Followers | None:
    if settings.typed:
        return None
    aloud = settings.mode == "practice"
    return Followers(assessor, narrator, patience, feedback_aloud=aloud, in_a_hurry=settings.fast)


def _questions(settings: PracticeSettings) -> tuple[Sequence[Question], str]:
    """The questions to ask, in order, and what they are about in a word."""
    if settings.candidate == (DEMO,):
        (bank,) = load_banks([str(demo_bank_path())])
        return bank.questions, bank.name  # the recordings answer these, in this order
    banks = load_banks(settings.bank)
    questions = choose(
        banks, count=settings.questions, seed=settings.seed, level=settings.level, focus=settings.focus
    )
    return questions, " ".join(bank.name for bank in banks) if len(banks) <= 2 else "mixed"


@contextmanager
def _open(cast: Cast) -> Iterator[tuple[Screen, Keys]]:
    """The screen and the keyboard for the time of one interview, and the loudspeaker closed at its end."""
    screen = open_screen()
    try:
        with open_keys(sys.stderr) as keyboard:
            yield screen, keyboard
    finally:
        cast.speaker.close()
        screen.close()


def _opening(
    settings: PracticeSettings,
    cast: Cast,
    questions: Sequence[Question],
    topic: str,
    patience: Patience,
    folder: Path,
) -> Opening:
    return Opening(
        banks=listed(topic.split()),
        questions=len(questions),
        microphone=cast.microphone,
        loudspeaker=cast.loudspeaker,
        voice="silent" if settings.quiet else settings.voice,
        mode=settings.mode,
        patience=patience.base,
        folder=folder,
        extended=patience.extended if patience.extended != patience.base else None,
    )


def demo(settings: PracticeSettings) -> PracticeSettings:
    """The same settings with the demo candidate answering."""
    return replace(settings, candidate=(DEMO,), typed=False)
