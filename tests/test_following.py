"""Going along with an answer: patience from its words, feedback prepared in the silence, ends taken back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest
from fakes import UNVOICED, VOICED, FakeAnalyzer, FakeCoach, FakeKeys, FakeSpeaker, FakeTranscriber, FakeVoice

from greenroom.assessment import Assessor
from greenroom.audio.end_sound import end_sound
from greenroom.following import Follower, Followers, Listened, Prepared, Sound, after_the_end
from greenroom.listening.endpointer import Endpointer, EndpointerSettings, Listening
from greenroom.listening.patience import Patience
from greenroom.prompts import STALLED, THANKS
from greenroom.records import Clip, Question, Transcript, Utterance, Verbatim, Word
from greenroom.speaking import Narrator

NOBODY = Clip(np.zeros(0, dtype=np.float32))
QUESTION = Question("q", "Why?")


class FakeWords:
    """Knows whatever the test says that it knows."""

    def __init__(self, *texts: str) -> None:
        self.words = tuple(Word(text, at, at + 0.4, 0.9) for at, text in enumerate(texts))
        self.until, self.decoded = 0.0, 0.0
        self.settled = False
        self.finished: list[tuple[int, bool]] = []
        self.log: list[float] = []
        self.closed = threading.Event()

    def feed(self, frame: np.ndarray) -> None:
        self.decoded += 0.03
        self.until = self.decoded  # no stall

    def follow(self, speech: tuple[tuple[float, float], ...], silence: float) -> None:
        self.log.append(silence)

    def check(self) -> None:
        pass

    def finish(self, speech: tuple[tuple[float, float], ...], *, everything: bool = False) -> Transcript:
        self.finished.append((len(speech), everything))
        return Transcript(" ".join(word.text for word in self.words), words=self.words)

    def finish_verbatim(self) -> tuple[Verbatim, ...]:
        return (Verbatim(0.0, 1.0, self.words), Verbatim(1.0, 2.0, ()))

    def close(self) -> None:
        self.closed.set()


class Talk:
    """A follower, an endpointer, and frames between them."""

    def __init__(self, words: FakeWords, *, now: bool = True) -> None:
        self.words = words
        self.prepared: list[Utterance] = []
        self.endpointer = Endpointer(EndpointerSettings(patience=2.0, reopen=2.0))
        self._worker = ThreadPoolExecutor(max_workers=1)
        self.follower = Follower(
            words,  # type: ignore[arg-type]
            self._prepare,
            self._again,
            self._run_now if now else self._worker.submit,
            lambda: Clip(VOICED),
            Patience(2.0, 3.0),
            lambda ended_by: Sound(NOBODY, f"thanks for {ended_by}"),
        )

    def _again(self, transcript: Transcript, utterance: Utterance, verbatim: Sequence[Verbatim]) -> Listened:
        return transcript, f"of {len(verbatim)} stretches"  # type: ignore[return-value]

    def _prepare(self, transcript: Transcript, utterance: Utterance) -> Prepared:
        self.prepared.append(utterance)
        return Prepared(transcript.text, Clip(VOICED))  # type: ignore[arg-type]

    @staticmethod
    def _run_now(job: Callable[[], Prepared | None]) -> Future[Prepared | None]:
        future: Future[Prepared | None] = Future()
        try:
            future.set_result(job())
        except Exception as error:
            future.set_exception(error)
        return future

    def hear(self, seconds: float, *, voiced: bool) -> Listening:
        state = self.endpointer.listening()
        for _ in range(round(seconds / 0.03)):
            state = self.endpointer.push(voiced)
            self.follower.hear(VOICED if voiced else UNVOICED, self.endpointer, state)
        return state


def test_nothing_is_prepared_before_the_words_are_known() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.hear(12, voiced=True)
    talk.hear(1, voiced=False)
    assert talk.prepared == []
    talk.words.settled = True
    talk.hear(0.3, voiced=False)
    (utterance,) = talk.prepared
    assert utterance.speech == talk.endpointer.speech
    assert np.array_equal(utterance.clip.samples, VOICED)  # the sound so far


def test_the_feedback_is_there_when_the_answer_ends() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.words.settled = True
    talk.hear(12, voiced=True)
    talk.hear(2.1, voiced=False)
    sound = talk.follower.respond("silence")
    assert sound.feedback
    assert sound.lead == pytest.approx(end_sound().seconds)
    assert sound.clip.seconds > end_sound().seconds
    assert talk.follower.feedback() is None  # given once


def test_where_it_is_not_there_thanks_are_said_and_it_follows() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.hear(12, voiced=True)
    talk.hear(2.1, voiced=False)
    assert talk.follower.respond("silence").text == "thanks for silence"
    assert talk.follower.feedback() is None
    talk.words.settled = True
    talk.hear(0.1, voiced=False)
    late = talk.follower.feedback()
    assert late is not None
    assert late.feedback
    assert late.lead == 0.0  # the end was marked before


def test_the_same_preparation_is_used_for_the_whole_answer() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.words.settled = True
    talk.hear(12, voiced=True)
    talk.hear(4.1, voiced=False)
    utterance = talk.endpointer.utterance(Clip(VOICED), "silence")
    finished = talk.follower.finish(utterance).result()
    assert finished is not None
    assert finished.assessed == "It works."
    assert len(talk.prepared) == 1


def test_speech_makes_a_preparation_void() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.words.settled = True
    talk.hear(12, voiced=True)
    talk.hear(2.1, voiced=False)
    talk.follower.respond("silence")
    talk.hear(1.0, voiced=True)
    talk.follower.take_back()
    assert talk.follower.feedback() is None
    talk.hear(2.1, voiced=False)
    assert talk.follower.respond("silence").feedback
    assert [len(utterance.speech) for utterance in talk.prepared] == [1, 2]


def test_a_job_that_speech_has_overtaken_is_not_done() -> None:
    talk = Talk(FakeWords("It", "works."), now=False)
    blocker = talk._worker.submit(time.sleep, 0.2)
    talk.words.settled = True
    talk.hear(12, voiced=True)
    talk.hear(1.0, voiced=False)
    talk.hear(1.0, voiced=True)
    talk.hear(1.0, voiced=False)
    blocker.result()
    talk._worker.submit(lambda: None).result()
    assert [len(utterance.speech) for utterance in talk.prepared] == [2]


def test_an_unfinished_sentence_is_waited_for_longer() -> None:
    for words, patience in ((("We", "moved", "it", "because"), 3.0), (("And", "it", "has", "worked."), 2.0)):
        talk = Talk(FakeWords(*words))
        talk.words.settled = True
        talk.hear(20, voiced=True)
        talk.hear(1, voiced=False)
        assert talk.endpointer.patience == patience


def test_words_not_known_yet_are_waited_for_longer() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.hear(20, voiced=True)
    talk.hear(1, voiced=False)
    assert talk.endpointer.patience == 3.0


def test_the_done_key_without_speech_has_everything_transcribed() -> None:
    talk = Talk(FakeWords())
    talk.hear(3, voiced=False)
    talk.endpointer.finish("key")
    talk.follower.finish(talk.endpointer.utterance(Clip(UNVOICED), "key")).result()
    assert talk.words.finished == [(0, True)]


def test_what_preparing_raises_is_raised_when_the_answer_is_wanted() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.words.settled = True

    def broken(*_: object, **__: object) -> Transcript:
        raise OSError("gone")

    talk.words.finish = broken  # type: ignore[method-assign]
    talk.hear(12, voiced=True)
    talk.hear(2.1, voiced=False)
    assert talk.follower.respond("silence").text == "thanks for silence"
    with pytest.raises(OSError, match="gone"):
        talk.follower.finish(talk.endpointer.utterance(Clip(VOICED), "silence")).result()


def followers(*, feedback_aloud: bool = True) -> Followers:
    narrator = Narrator(FakeVoice(), FakeSpeaker(), FakeKeys())  # type: ignore[arg-type]
    assessor = Assessor(FakeTranscriber, FakeCoach(), FakeAnalyzer)  # type: ignore[arg-type]
    return Followers(assessor, narrator, Patience(1.0, 1.5), feedback_aloud=feedback_aloud)


def test_thanks_change_and_a_stall_is_explained() -> None:
    made = followers()
    follower = made.follow(QUESTION, "a.flac", lambda: NOBODY)
    assert [follower.respond("key").text for _ in range(2)] == list(THANKS[:2])
    assert follower.respond("stall").text == STALLED


def test_after_a_stall_the_noise_is_named_before_any_feedback() -> None:
    talk = Talk(FakeWords("It", "works."))
    talk.words.settled = True
    talk.hear(12, voiced=True)
    talk.hear(1.9, voiced=False)
    assert talk.follower.respond("stall").text == "thanks for stall"
    assert talk.follower.feedback() is not None


def test_a_voice_without_sound_still_has_the_end_marked() -> None:
    sound = after_the_end(Sound(NOBODY, "Thank you."))
    assert sound.clip.seconds == pytest.approx(end_sound().seconds, abs=0.001)


HEARD = Utterance(Clip(VOICED), ((0.0, 0.03),), "silence", 0.03, 0.03)


def test_listening_again_takes_what_was_decoded_once_more_and_closes() -> None:
    talk = Talk(FakeWords("so"))
    transcript, told = talk.follower.listen_again(Transcript("so"), HEARD).result(10)
    assert (transcript.text, told) == ("so", "of 2 stretches")
    assert talk.words.closed.wait(10)


def test_what_goes_wrong_in_listening_again_is_told_and_closes_too() -> None:
    talk = Talk(FakeWords("so"))
    talk.words.finish_verbatim = lambda: 1 / 0  # type: ignore[method-assign, assignment, return-value]
    assert isinstance(talk.follower.listen_again(Transcript("so"), HEARD).exception(10), ZeroDivisionError)
    assert talk.words.closed.wait(10)
