"""One answer, from its sound or its text to everything known of it: transcribe, analyse, coach.

The models are loaded in threads of their own as soon as an `Assessor` is made, so that loading hides behind
the first question; answers are read in a worker, so that the caller stays free for keys and sound.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from greenroom.analysis import Analyzer, transcript_of
from greenroom.coaching import Coach
from greenroom.records import Answer, Question, Transcript, Utterance
from greenroom.transcription import Transcriber
from greenroom.transcription.incremental import transcribe_in_chunks

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Assessed:
    """An answer, and when its transcript and its analysis were ready (`time.monotonic()`)."""

    answer: Answer
    transcribed: float
    analysed: float


class Assessor:
    """Transcriber, analyzer and coach.

    `load_transcriber` may be None where answers are only typed; `profile`, one of records.PROFILES, is whose
    answers they are.
    """

    def __init__(
        self,
        load_transcriber: Callable[[], Transcriber] | None,
        coach: Coach,
        load_analyzer: Callable[[], Analyzer] = Analyzer,
        profile: str = "usual",
    ) -> None:
        self.coach = coach
        self._profile = profile
        self._loader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="transcriber")
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="assessor")
        self._transcriber = self._loader.submit(load_transcriber) if load_transcriber else None
        self._analyzer = self._worker.submit(load_analyzer)

    def check(self) -> None:
        """Raise what loading has raised so far (ModelError); never waits."""
        for loading in (self._transcriber, self._analyzer):
            if loading is not None and loading.done():
                loading.result()

    def transcriber(self) -> Transcriber:
        """The transcriber, once it is loaded. ModelError if it cannot be."""
        if self._transcriber is None:
            raise RuntimeError("an assessor of typed answers was given sound")
        return self._transcriber.result()

    def run(self, job: Callable[[], T]) -> Future[T]:
        """Run `job` in the worker, after what it was given before."""
        return self._worker.submit(job)

    def assess(self, utterance: Utterance, question: Question | None, source: str | None) -> Future[Assessed]:
        """Assess a whole recording; the result comes in the worker."""

        def job() -> Assessed:
            transcript = transcribe_in_chunks(self.transcriber(), utterance.clip, utterance.speech)
            return self.read(transcript, question, utterance, source)

        return self.run(job)

    def assess_text(self, text: str, question: Question | None, source: str | None) -> Future[Assessed]:
        """Assess what was typed, or read from a file."""
        return self.run(lambda: self.read(transcript_of(text), question, None, source))

    def read(
        self,
        transcript: Transcript,
        question: Question | None,
        utterance: Utterance | None,
        source: str | None,
    ) -> Assessed:
        """Analyse and coach, here and now: to be called in the worker."""
        transcribed = time.monotonic()
        analysis = self._analyzer.result().analyze(transcript, question, utterance, profile=self._profile)
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

    def close(self) -> None:
        """Stop; nothing is waited for."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._loader.shutdown(wait=False, cancel_futures=True)
        loading = self._transcriber
        if loading is not None and loading.done() and not loading.cancelled() and not loading.exception():
            loading.result().close()
