"""Going along with one answer while it is spoken: its words, how patient to be, and what will be said to it.

By the time the endpointer decides that the answer has ended, its tail has been transcribed in the silence
before, the answer has been read, and the sound of the feedback lies ready: it only has to be played.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from greenroom.assessment import Assessed, Assessor
from greenroom.audio.end_sound import end_sound, joined
from greenroom.listening.endpointer import Endpointer, Listening
from greenroom.listening.patience import Patience
from greenroom.prompts import STALLED, THANKS
from greenroom.records import Analysis, Clip, Question, Transcript, Utterance, Verbatim
from greenroom.speaking import Narrator
from greenroom.transcription.incremental import IncrementalTranscriber

T = TypeVar("T")

_TAIL_WORDS = 40
"""How many of the last words decide how patient to be: more than a long sentence has."""

NO_SOUND = Clip(np.zeros(0, dtype=np.float32))
"""What a voice without sound gives."""

_CATCH_UP_SECONDS = 0.9
"""Silence (s) at which a listener in a hurry waits for the words: after the tail is due, before most ends."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What is played when an answer has ended.

    Attributes:
        text: what is said, for the screen; "" where that shows it by itself.
        lead: how long it is before the voice begins (s): the soft sound that marks the end.
        feedback: whether the voice gives the feedback, or only says that the answer was heard.
    """

    clip: Clip
    text: str = ""
    lead: float = 0.0
    feedback: bool = False


Listened = tuple[Transcript, Analysis]
"""An answer's words with its filled pauses among them, and what they and the sound tell."""


class Run(Protocol):
    """Runs a call in a worker, after those it was given before."""

    def __call__(self, job: Callable[[], T], /) -> Future[T]: ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer with everything known of it, and the sound of its feedback (None where none is said)."""

    assessed: Assessed
    voice: Clip | None = None


class Follower:
    """Follows one answer. Every call but catch_up returns at once; the work is done elsewhere.

    Args:
        words: transcribes the answer; closed with it.
        prepare: makes everything of a transcript and what was heard; called in a worker.
        listen_again: the same with what was decoded once more, but for the feedback; called in a worker.
        run: runs a call in that worker.
        recording: the sound so far.
        acknowledge: what to say where the feedback is not ready when the answer ends, by what ended it.
        in_a_hurry: the sound comes faster than it was spoken, so hear() waits for the words.
    """

    def __init__(
        self,
        words: IncrementalTranscriber,
        prepare: Callable[[Transcript, Utterance], Prepared],
        listen_again: Callable[[Transcript, Utterance, Sequence[Verbatim]], Listened],
        run: Run,
        recording: Callable[[], Clip],
        patience: Patience,
        acknowledge: Callable[[str], Sound],
        *,
        in_a_hurry: bool = False,
    ) -> None:
        self._words = words
        self._prepare = prepare
        self._listen_again = listen_again
        self._run = run
        self._recording = recording
        self._patience = patience
        self._acknowledge = acknowledge
        self._in_a_hurry = in_a_hurry
        self._speech: tuple[tuple[float, float], ...] = ()  # what the preparation under way is of
        self._preparing: Future[Prepared | None] | None = None
        self._feedback_begun = False

    def hear(self, frame: NDArray[np.float32], endpointer: Endpointer, state: Listening) -> None:
        """Take the next frame; sets the endpointer's patience, and tells it what is known of the words."""
        speech = endpointer.speech
        self._words.feed(frame)
        self._words.follow(speech, 0.0 if state.phase == "speaking" else state.silence)
        if self._in_a_hurry and speech and state.silence >= _CATCH_UP_SECONDS:
            self._catch_up()
        endpointer.note_words(self._words.until, self._words.decoded)
        if state.phase == "silence":
            endpointer.patience = self._patient(speech)
        if state.phase in ("silence", "ended") and speech and speech != self._speech and self._words.settled:
            self._submit(endpointer.utterance(NO_SOUND, "silence"))
        if self._in_a_hurry and self._preparing is not None:
            wait([self._preparing])

    def respond(self, ended_by: str) -> Sound:
        """What to play now that the answer has ended: the feedback, or that it was heard."""
        feedback = None if ended_by == "stall" else self.feedback()
        return after_the_end(feedback or self._acknowledge(ended_by))

    def feedback(self) -> Sound | None:
        """The feedback's sound, once: as soon as it is ready and has not been given yet; else None."""
        if self._feedback_begun or self._preparing is None or not self._preparing.done():
            return None
        if self._preparing.cancelled() or self._preparing.exception() is not None:
            return None  # finish() raises it
        prepared = self._preparing.result()
        if prepared is None or prepared.voice is None:
            return None
        self._feedback_begun = True
        return Sound(prepared.voice, feedback=True)

    def take_back(self) -> None:
        """The answer goes on: what was prepared for its end is void."""
        self._preparing, self._speech, self._feedback_begun = None, (), False

    def finish(self, utterance: Utterance) -> Future[Prepared | None]:
        """Everything of the whole answer, the same that feedback() was taken from if it was for this end."""
        if self._preparing is None or self._speech != utterance.speech:
            everything = not utterance.speech and utterance.ended_by == "key"
            self._submit(utterance, everything=everything)
        assert self._preparing is not None
        return self._preparing

    def listen_again(self, transcript: Transcript, utterance: Utterance) -> Future[Listened]:
        """The finished answer with its filled pauses and what only its sound tells; closes this follower.

        It takes a while, and nothing that a person waits for needs it.
        """
        heard: Future[Listened] = Future()

        def work() -> None:
            try:
                verbatim = self._words.finish_verbatim()
                done = self._run(lambda: self._listen_again(transcript, utterance, verbatim)).result()
            except BaseException as fault:  # the answer itself is safe; whoever looks here gets to know
                heard.set_exception(fault)
            else:
                heard.set_result(done)
            finally:
                self.close()

        threading.Thread(target=work, name="listening-again", daemon=True).start()
        return heard

    def close(self) -> None:
        self._words.close()

    def _patient(self, speech: tuple[tuple[float, float], ...]) -> float:
        if not self._words.settled:
            return self._patience.extended  # what was said last is not known yet
        tail = [word.text for word in self._words.words[-_TAIL_WORDS:]]
        seconds = self._patience.after(tail, speech)
        # A moment more, if the feedback is nearly ready: better than an end with nothing to say.
        if seconds >= self._patience.base and not self._is_prepared(speech):
            return self._patience.extended
        return seconds

    def _is_prepared(self, speech: tuple[tuple[float, float], ...]) -> bool:
        return speech == self._speech and self._preparing is not None and self._preparing.done()

    def _submit(self, utterance: Utterance, *, everything: bool = False) -> None:
        """Have everything made of what was heard; the sound so far takes the place of its clip."""
        speech = self._speech = utterance.speech

        def job() -> Prepared | None:
            if self._speech != speech:
                return None  # speech has resumed since
            transcript = self._words.finish(speech, everything=everything)
            # The sound is put together here, and not by who listens: it takes longer than a frame.
            return self._prepare(transcript, replace(utterance, clip=self._recording()))

        self._feedback_begun = False
        self._preparing = self._run(job)

    def _catch_up(self) -> None:
        while not self._words.settled:
            self._words.check()
            time.sleep(0.005)


class Followers:
    """Makes a follower for each answer of an interview.

    Args:
        feedback_aloud: whether feedback follows each answer; else only thanks do.
        in_a_hurry: see Follower.
    """

    def __init__(
        self,
        assessor: Assessor,
        narrator: Narrator,
        patience: Patience,
        *,
        feedback_aloud: bool,
        in_a_hurry: bool = False,
    ) -> None:
        self._assessor = assessor
        self._narrator = narrator
        self._patience = patience
        self._feedback_aloud = feedback_aloud
        self._in_a_hurry = in_a_hurry
        self._thanks = cycle(THANKS)
        # Said on the spot, so their sound has to be there; behind the loading, which matters more.
        for text in (*THANKS, STALLED):
            assessor.run(partial(narrator.render, text, keep=True))

    def only_thank(self) -> None:
        """From now on no feedback is spoken, only thanks."""
        self._feedback_aloud = False

    def follow(self, question: Question, source: str, recording: Callable[[], Clip]) -> Follower:
        """Follow the answer to a question that is recorded as `source`."""
        coach = self._assessor.coach
        said_so_far = coach.memory()

        def prepare(transcript: Transcript, utterance: Utterance) -> Prepared:
            coach.return_to(said_so_far)  # what was prepared in an earlier silence was never heard
            assessed = self._assessor.read(transcript, question, utterance, source)
            spoken = assessed.answer.feedback.spoken
            return Prepared(assessed, self._narrator.render(spoken) if self._feedback_aloud else None)

        def listen_again(
            transcript: Transcript, utterance: Utterance, verbatim: Sequence[Verbatim]
        ) -> Listened:
            return self._assessor.listen_again(transcript, question, utterance, verbatim)

        return Follower(
            IncrementalTranscriber(self._assessor.transcriber),
            prepare,
            listen_again,
            self._assessor.run,
            recording,
            self._patience,
            self._acknowledge,
            in_a_hurry=self._in_a_hurry,
        )

    def _acknowledge(self, ended_by: str) -> Sound:
        text = STALLED if ended_by == "stall" else next(self._thanks)
        clip = self._narrator.render(text, keep=True)
        return Sound(clip or NO_SOUND, text)


def after_the_end(sound: Sound) -> Sound:
    """`sound` behind the soft one that marks the end, as one: nothing can come between them."""
    mark = end_sound()
    return replace(sound, clip=joined(mark, sound.clip), lead=sound.lead + mark.seconds)
