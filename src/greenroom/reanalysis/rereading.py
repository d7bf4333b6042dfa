"""One session read again, in whatever process: the function that a pool and a cluster are handed.

The way is that of an interview (`following`): the words alone are analysed for the feedback, then once more
with what only the sound tells. So a session that is read with the model and rules that it was made with gives
what is stored.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import numpy as np

from greenroom.analysis import Analyzer, transcript_of
from greenroom.audio.clip import from_pcm16
from greenroom.coaching import Coach
from greenroom.errors import ModelError
from greenroom.listening.voice_activity import DETECTORS, load_detector, speech_intervals
from greenroom.prosody import listen
from greenroom.reanalysis.fingerprint import rules_fingerprint
from greenroom.reanalysis.jobs import Job
from greenroom.reanalysis.remembered import heard_live, own_speech, remembered, remembered_utterance
from greenroom.records import (
    PROFILES,
    Clip,
    Feedback,
    Prosody,
    Session,
    Transcript,
    Turn,
    Utterance,
    Verbatim,
    findings_of,
)
from greenroom.transcription import Transcriber, load_transcriber
from greenroom.transcription.incremental import transcribe_twice
from greenroom.weaving import woven

_one_session_at_a_time = threading.Lock()
"""A cluster may give a process several at once; the model in it serves one."""


def reread(job: Job) -> tuple[Turn, ...]:
    """Every turn of a session read again, in their order; models are loaded once in each process.

    Raises:
        ModelError: the weights are missing here, or this process has other rules than the job wants.
    """
    if (ours := rules_fingerprint()) != job.wanted.rules:
        raise ModelError(
            f"another greenroom was to read this (rules {ours}, not {job.wanted.rules})",
            "install the same greenroom everywhere",
        )
    with _one_session_at_a_time:
        transcriber = None
        if job.sounds:
            transcriber = _transcriber(job.wanted.engine, job.wanted.model, job.threads)
        reader = Reader(job.session, _analyzer(), transcriber)
        return tuple(reader.read(turn, job.sounds.get(turn.number)) for turn in _in_order(job.session))


class Reader:
    """Reads one session's turns again, in their order: the coach does not say the same thing twice."""

    def __init__(self, session: Session, analyzer: Analyzer, transcriber: Transcriber | None) -> None:
        settings = session.settings
        self._analyzer = analyzer
        self._transcriber = transcriber
        self._coach = Coach(seed=_whole(settings.get("seed")))
        self._detector = str(settings.get("vad") if settings.get("vad") in DETECTORS else "auto")
        self._profile = str(settings.get("profile") if settings.get("profile") in PROFILES else "usual")
        self._followed_up = {turn.follow_up_to for turn in session.turns}

    def read(self, turn: Turn, sound: bytes | None) -> Turn:
        """The turn as it is heard and understood now; when and how it was answered stays.

        `sound` is its recording as Job.sounds has it, None where its words are to be kept.
        """
        if turn.ended_by == "typed":
            return self._understood(turn, transcript_of(turn.transcript.text), None)
        if sound is None or self._transcriber is None:
            known = remembered(turn)
            return self._understood(turn, known.transcript, remembered_utterance(turn), known.prosody)
        clip = Clip(from_pcm16(np.frombuffer(sound, dtype="<i2")))
        speech = own_speech(turn, speech_intervals(clip, load_detector(self._detector)))
        transcript, verbatim = transcribe_twice(self._transcriber, clip, speech or _everything(turn, clip))
        return self._understood(turn, transcript, heard_live(turn, clip, speech), verbatim)

    def _understood(
        self,
        turn: Turn,
        transcript: Transcript,
        utterance: Utterance | None,
        heard: tuple[Verbatim, ...] | Prosody | None = None,
    ) -> Turn:
        """`heard`: what was decoded once more, or what the sound told when it was listened to before."""
        analysis = self._analyzer.analyze(transcript, turn.asked, utterance, profile=self._profile)
        feedback = self._coach.feedback(transcript, analysis, turn.asked)
        if utterance is not None and heard is not None:
            prosody = heard
            if not isinstance(prosody, Prosody):
                transcript, prosody = listen(transcript, utterance, prosody)
            analysis = self._analyzer.analyze(
                transcript, turn.asked, utterance, prosody, profile=self._profile
            )
            transcript, analysis = woven(transcript, analysis, prosody)
        found: dict[str, Any] = findings_of(analysis)
        return replace(
            turn, transcript=transcript, feedback=self._with_what_was_asked(turn, feedback), **found
        )

    def _with_what_was_asked(self, turn: Turn, feedback: Feedback) -> Feedback:
        """A follow-up that was asked is answered in a turn of its own, so it stays as it was."""
        if turn.number not in self._followed_up:
            return feedback
        said = turn.feedback
        return replace(feedback, follow_up=said.follow_up, follow_up_for=said.follow_up_for)


def _everything(turn: Turn, clip: Clip) -> tuple[tuple[float, float], ...]:
    """A voice too quiet for voice activity: what was said to be an answer is tried as a whole."""
    wanted = turn.ended_by == "key" or bool(turn.transcript.words)
    return ((0.0, min(turn.timing.decided or clip.seconds, clip.seconds)),) if wanted else ()


def _in_order(session: Session) -> list[Turn]:
    return sorted(session.turns, key=lambda turn: turn.number)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


@cache
def _analyzer() -> Analyzer:
    return Analyzer()


@lru_cache(maxsize=1)
def _transcriber(engine: str, model: str, threads: int | None) -> Transcriber:
    return load_transcriber(engine, model, threads=threads)
