"""One answer, from its sound or its text to everything known of it: transcribe, analyse, coach.

The models are loaded in a worker thread as soon as an `Assessor` is made, so that loading hides behind the
first question; answers are assessed in the same worker, so that the caller stays free for keys and sound.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from greenroom.analysis import Analyzer, transcript_of
from greenroom.coaching import Coach
from greenroom.records import Answer, Clip, Question, Transcript, Utterance
from greenroom.transcription import Transcriber

# Sound kept on both sides of the speech that is transcribed (s). Before it: voice activity misses soft onsets
# (OpenAI keeps 300 ms, LiveKit and Pipecat 500 ms). After it: a last consonant dies away slowly.
PRE_ROLL = 0.5
HANGOVER = 0.5


@dataclass(frozen=True, slots=True)
class Assessed:
    """An answer, and when its transcript and its analysis were ready (`time.monotonic()`)."""

    answer: Answer
    transcribed: float
    analysed: float


class Assessor:
    """Transcriber, analyzer and coach, one after the other.

    `load_transcriber` may be None where answers are only typed.
    """

    def __init__(
        self,
        load_transcriber: Callable[[], Transcriber] | None,
        coach: Coach,
        load_analyzer: Callable[[], Analyzer] = Analyzer,
    ) -> None:
        self.coach = coach
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="assessor")
        # The transcriber first: it takes longest, and an answer cannot be read before it is transcribed.
        self._transcriber = self._worker.submit(load_transcriber) if load_transcriber else None
        self._analyzer = self._worker.submit(load_analyzer)

    def check(self) -> None:
        """Raise what loading has raised so far (ModelError); never waits."""
        for loading in (self._transcriber, self._analyzer):
            if loading is not None and loading.done():
                loading.result()

    def assess(self, utterance: Utterance, question: Question | None, source: str | None) -> Future[Assessed]:
        """Assess what was heard; the result comes in the worker."""
        return self._worker.submit(self._assess_utterance, utterance, question, source)

    def assess_text(self, text: str, question: Question | None, source: str | None) -> Future[Assessed]:
        """Assess what was typed, or read from a file."""
        return self._worker.submit(self._assess_text, text, question, source)

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _assess_utterance(
        self, utterance: Utterance, question: Question | None, source: str | None
    ) -> Assessed:
        transcript = self._transcribe(utterance)
        return self._read(transcript, question, utterance, source)

    def _assess_text(self, text: str, question: Question | None, source: str | None) -> Assessed:
        return self._read(transcript_of(text), question, None, source)

    def _transcribe(self, utterance: Utterance) -> Transcript:
        if self._transcriber is None:
            raise RuntimeError("an assessor of typed answers was given sound")
        transcriber = self._transcriber.result()
        clip, offset = spoken_stretch(utterance)
        return transcriber.transcribe(clip, offset=offset)

    def _read(
        self,
        transcript: Transcript,
        question: Question | None,
        utterance: Utterance | None,
        source: str | None,
    ) -> Assessed:
        transcribed = time.monotonic()
        analysis = self._analyzer.result().analyze(transcript, question, utterance)
        feedback = self.coach.feedback(transcript, analysis, question)
        answer = Answer(
            source=source,
            question=question.text if question else None,
            seconds=round(utterance.clip.seconds, 3) if utterance else None,
            transcript=transcript,
            delivery=analysis.delivery,
            parts=analysis.parts,
            patterns=analysis.patterns,
            signals=analysis.signals,
            rubric=analysis.rubric,
            feedback=feedback,
        )
        return Assessed(answer, transcribed, time.monotonic())


def spoken_stretch(utterance: Utterance) -> tuple[Clip, float]:
    """The part of the recording to transcribe, and where it begins in it (s).

    Silence before and after the speech is cut, since Whisper invents words in it. Where voice activity found
    no speech at all but the person pressed the key, everything is kept: a quiet voice deserves a try.
    """
    clip = utterance.clip
    if not utterance.speech:
        everything = clip.samples if utterance.ended_by == "key" else clip.samples[:0]
        return Clip(everything, clip.rate), 0.0
    first = max(0, round((utterance.speech[0][0] - PRE_ROLL) * clip.rate))
    last = round((utterance.speech[-1][1] + HANGOVER) * clip.rate)
    return Clip(clip.samples[first:last], clip.rate), first / clip.rate
