"""One answer, from its sound or its text to everything known of it: transcribe, listen, analyse, coach.

The models are loaded in threads of their own as soon as an `Assessor` is made, so that loading hides behind
the first question; answers are read in a worker, so that the caller stays free for keys and sound.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from greenroom.analysis import Analyzer, transcript_of
from greenroom.coaching import Coach
from greenroom.prosody import listen
from greenroom.records import (
    Analysis,
    Answer,
    Prosody,
    Question,
    Transcript,
    Utterance,
    Verbatim,
    findings_of,
)
from greenroom.transcription import Transcriber
from greenroom.transcription.incremental import transcribe_twice
from greenroom.weaving import woven

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

    def analyzer(self) -> Analyzer:
        """The analyzer, once it is loaded."""
        return self._analyzer.result()

    def run(self, job: Callable[[], T]) -> Future[T]:
        """Run `job` in the worker, after what it was given before."""
        return self._worker.submit(job)

    def assess(self, utterance: Utterance, question: Question | None, source: str | None) -> Future[Assessed]:
        """Assess a whole recording; the result comes in the worker."""

        def job() -> Assessed:
            transcript, verbatim = transcribe_twice(self.transcriber(), utterance.clip, utterance.speech)
            return self.read(transcript, question, utterance, source, verbatim)

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
        verbatim: Sequence[Verbatim] | None = None,
    ) -> Assessed:
        """Analyse and coach, here and now: to be called in the worker.

        `verbatim`: what was decoded once more; None where that is still to come, and `listen_again` after it.
        """
        transcribed = time.monotonic()
        prosody = None
        if utterance is not None and verbatim is not None:
            transcript, prosody = listen(transcript, utterance, verbatim)
        analysis = self._analyze(transcript, question, utterance, prosody)
        feedback = self.coach.feedback(transcript, analysis, question)
        if prosody is not None:
            transcript, analysis = woven(transcript, analysis, prosody)
        answer = Answer(
            source=source,
            question=question.text if question else None,
            seconds=round(utterance.clip.seconds, 3) if utterance else None,
            transcript=transcript,
            **findings_of(analysis),
            feedback=feedback,
        )
        return Assessed(answer, transcribed, time.monotonic())

    def listen_again(
        self, transcript: Transcript, question: Question, utterance: Utterance, verbatim: Sequence[Verbatim]
    ) -> tuple[Transcript, Analysis]:
        """What `read` made of an answer, with what only its sound tells; in the worker."""
        transcript, prosody = listen(transcript, utterance, verbatim)
        return woven(transcript, self._analyze(transcript, question, utterance, prosody), prosody)

    def _analyze(
        self,
        transcript: Transcript,
        question: Question | None,
        utterance: Utterance | None,
        prosody: Prosody | None,
    ) -> Analysis:
        analyzer = self._analyzer.result()
        return analyzer.analyze(transcript, question, utterance, prosody, profile=self._profile)

    def close(self) -> None:
        """Stop; nothing is waited for."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._loader.shutdown(wait=False, cancel_futures=True)
        loading = self._transcriber
        if loading is not None and loading.done() and not loading.cancelled() and not loading.exception():
            loading.result().close()
