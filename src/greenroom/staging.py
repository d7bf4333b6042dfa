"""The parts of a live interview, found and put together: devices, voice, weights, patience, screen, keys."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from greenroom import keys
from greenroom.answering import Stages
from greenroom.asking import Questioner
from greenroom.assessment import Assessor
from greenroom.audio.devices import find_output
from greenroom.audio.speaker import LoudSpeaker
from greenroom.audio.steady_speaker import SteadySpeaker
from greenroom.casting import Cast, cast_for
from greenroom.coaching import Coach
from greenroom.config import PracticeSettings
from greenroom.following import Followers
from greenroom.hearing import NUMBERS, Listener
from greenroom.keys import Keys, open_keys
from greenroom.listening.endpointer import EndpointerSettings
from greenroom.listening.nudges import NudgeTimes
from greenroom.listening.patience import HARDLY_BEGUN_SHORT_SECONDS, NAMED, Patience, named_patience
from greenroom.listening.voice_activity import load_detector
from greenroom.prompts import SPOKEN
from greenroom.regaining import Regaining
from greenroom.screens import Opening, Screen, open_screen
from greenroom.session import default_recordings
from greenroom.sheltering import room_for
from greenroom.speaking import Narrator
from greenroom.transcription.process import ProcessTranscriber
from greenroom.transcription.weights import locate
from greenroom.voices import CachedVoice, load_voice

_PATIENT = {
    "second-language": replace(NAMED["patient"], base=5.0, extended=7.5),
    "stutter": replace(NAMED["patient"], base=6.0, extended=9.0, hardly_begun=HARDLY_BEGUN_SHORT_SECONDS),
}
"""What "patient" is for whom words, or their sounds, take longer to come. (Judgement: within the range of the
reference, section 5, 3.5 to 8 s; blocks mostly last a second, but some last many. Who stutters may have said
little after 8 s of speech.)"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What had to be found before anything begins."""

    patience: Patience
    voice: CachedVoice
    cast: Cast
    little_room: str | None = None


def find_parts(settings: PracticeSettings) -> Parts:
    """Find whatever the settings name. UserError for what is not there."""
    patience = patience_for(settings)
    if not settings.typed:
        locate(settings.model, settings.engine)  # a missing model is better said before the first question
    voice = CachedVoice(load_voice("silent" if settings.quiet else settings.voice, settings.speech_rate))
    room = room_for(settings.recordings or default_recordings())
    return Parts(patience, voice, cast_for(settings), room)


@contextmanager
def staged(parts: Parts, settings: PracticeSettings, folder: Path, seed: int) -> Iterator[Stages]:
    """Everything that an interview is held with; `seed` is the coach's."""
    with _open(parts.cast, settings) as (screen, keyboard):
        assessor = Assessor(
            None if settings.typed else lambda: ProcessTranscriber(settings.engine, settings.model),
            Coach(seed=seed),
            profile=settings.profile,
        )
        speaker = SteadySpeaker(parts.cast.speaker, screen.note, lambda: LoudSpeaker(find_output(None)))
        try:
            narrator = Narrator(parts.voice, speaker, keyboard, screen.note)
            parts.voice.tell_of_fallback(screen.note)
            if not settings.typed:
                _prepare_prompts(narrator)
            questioner = Questioner(
                narrator,
                listener_for(settings, parts.patience, narrator, keyboard, screen),
                _followers(settings, parts.patience, narrator, assessor),
                keyboard,
                screen,
                assessor.coach.hint,
                folder,
                Regaining(narrator, keyboard, screen, parts.cast.microphones, speaker),
            )
            if parts.little_room:
                screen.note(parts.little_room)
            try:
                yield Stages(questioner, narrator, assessor, keyboard, screen, parts.cast.next_source)
            finally:
                questioner.shelter.tell_what_is_left()
        finally:
            speaker.close()
            assessor.close()


def opening_of(settings: PracticeSettings, parts: Parts, banks: str, questions: int, folder: Path) -> Opening:
    """What is shown before the first of so many questions."""
    patience = parts.patience
    return Opening(
        banks=banks,
        questions=questions,
        microphone=parts.cast.microphone,
        loudspeaker=parts.cast.loudspeaker,
        voice=parts.voice.name,
        mode=settings.mode,
        patience=patience.base,
        folder=folder,
        extended=patience.extended if patience.extended != patience.base else None,
        typed=settings.typed,
    )


def patience_for(settings: PracticeSettings) -> Patience:
    """What was named; "patient", which is also what is not named, is longer in some profiles."""
    patience = named_patience(settings.patience)
    return _PATIENT.get(settings.profile, patience) if patience == NAMED["patient"] else patience


def listener_for(
    settings: PracticeSettings, patience: Patience, narrator: Narrator, keyboard: Keys, screen: Screen
) -> Listener | None:
    """Who hears the answers; None where they are typed."""
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


def _prepare_prompts(narrator: Narrator) -> None:
    """Rendered only when due they would hold up the frames, and speak into an answer begun meanwhile."""
    for prompt in SPOKEN.values():
        narrator.prepare(prompt, keep=True)


def _followers(
    settings: PracticeSettings, patience: Patience, narrator: Narrator, assessor: Assessor
) -> Followers | None:
    if settings.typed:
        return None
    # Whoever is asked how it went hears that question first.
    aloud = settings.mode == "practice" and not settings.rate
    return Followers(assessor, narrator, patience, feedback_aloud=aloud, in_a_hurry=settings.fast)


@contextmanager
def _open(cast: Cast, settings: PracticeSettings) -> Iterator[tuple[Screen, Keys]]:
    """The screen and the keyboard for the time of one interview, and the loudspeaker closed at its end."""
    screen = open_screen()
    try:
        actions = {**NUMBERS, **(keys.PRACTICE_KEYS if settings.mode == "practice" else keys.KEYS)}
        with open_keys(sys.stderr, actions, screen.offered) as keyboard:
            yield screen, keyboard
    finally:
        cast.speaker.close()
        screen.close()
