"""Transcribing while somebody speaks, with a transcriber whose sound says which word it is.

Word number k sounds as samples of the value (k + 1) / 4096; between words, and in pauses, there is silence.
A word cut in two would be heard twice, and one never decoded would be missing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.errors import ModelError
from greenroom.listening.segmenter import Segmenter
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip, Transcript, Word
from greenroom.transcription.chunking import Chunk, Cuts
from greenroom.transcription.incremental import (
    IncrementalTranscriber,
    transcribe_in_chunks,
    transcribe_twice,
)

FRAME = FRAME_SAMPLES / SAMPLE_RATE_HZ
WORD_FRAMES, GAP_FRAMES = 8, 6
CUTS = Cuts(
    shortest=8.0, longest=20.0, pause=0.4, long_pause=3.0, hangover=0.2, tail=0.6, short_tail=0.6, context=0.0
)
BRIEF = replace(CUTS, shortest=3.0, longest=7.0, long_pause=2.0)
PATIENT = 10.0  # s; no test waits as long as this unless something hangs


@dataclass
class Talk:
    """What is said: frames of sound, which of them are voiced, and how many words they hold."""

    frames: list[np.ndarray] = field(default_factory=list)
    voiced: list[bool] = field(default_factory=list)
    words: int = 0

    def speak(self, seconds: float) -> Talk:
        for at in range(round(seconds / FRAME)):
            within = at % (WORD_FRAMES + GAP_FRAMES)
            self.words += within == 0
            value = self.words / 4096 if within < WORD_FRAMES else 0.0
            self._add(value, voiced=True)
        return self

    def pause(self, seconds: float) -> Talk:
        for _ in range(round(seconds / FRAME)):
            self._add(0.0, voiced=False)
        return self

    def noise(self, seconds: float) -> Talk:
        """Sound without words that a detector takes for speech."""
        for _ in range(round(seconds / FRAME)):
            self._add(-0.1, voiced=True)
        return self

    @property
    def expected(self) -> list[str]:
        return [f"w{number}" for number in range(self.words)]

    def _add(self, value: float, *, voiced: bool) -> None:
        self.frames.append(np.full(FRAME_SAMPLES, value, np.float32))
        self.voiced.append(voiced)


class SoundReader:
    """The transcriber. While `may_go` is not set, it is busy with what it was given last."""

    engine, model = "fake", "word-reader"

    def __init__(self) -> None:
        self.decoded: list[Chunk] = []
        self.heard_again: list[Chunk] = []
        self.deaf = False
        self.may_go = threading.Event()
        self.may_go.set()
        self.busy = threading.Event()
        self.fault: Exception | None = None

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        self.decoded.append(Chunk(offset, offset + clip.seconds))
        self.busy.set()
        assert self.may_go.wait(PATIENT)
        self.busy.clear()
        if self.fault:
            raise self.fault
        return Transcript("", words=tuple(words_in(clip, offset)))

    def transcribe_verbatim(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        self.heard_again.append(Chunk(offset, offset + clip.seconds))
        if self.deaf:
            raise ModelError("not again", "")
        return Transcript("", words=tuple(words_in(clip, offset)))


def words_in(clip: Clip, offset: float) -> Iterator[Word]:
    numbers = np.round(np.concatenate([[0.0], clip.samples, [0.0]]) * 4096).astype(int)
    edges = np.flatnonzero(np.diff(numbers))
    for first, last in pairwise(edges):
        if numbers[first + 1] > 0:
            start, end = first / SAMPLE_RATE_HZ + offset, last / SAMPLE_RATE_HZ + offset
            yield Word(f"w{numbers[first + 1] - 1}", start, end)


class Conversation:
    """Feeds a talk to an incremental transcriber as a listener would, frame by frame."""

    def __init__(self, cuts: Cuts = CUTS) -> None:
        self.reader = SoundReader()
        self.cuts = cuts
        self.incremental = IncrementalTranscriber(lambda: self.reader, cuts)
        self.segmenter = Segmenter()
        self.sound: list[np.ndarray] = []

    @property
    def speech(self) -> tuple[tuple[float, float], ...]:
        return self.segmenter.intervals

    @property
    def clip(self) -> Clip:
        return Clip(np.concatenate([np.empty(0, np.float32), *self.sound]))

    @property
    def texts(self) -> list[str]:
        return [word.text for word in self.incremental.words]

    def hear(self, talk: Talk) -> None:
        for frame, voiced in zip(talk.frames, talk.voiced, strict=True):
            self.push(frame, voiced)

    def push(self, frame: np.ndarray, voiced: bool) -> None:
        self.sound.append(frame)
        self.segmenter.push(voiced)
        silent = self.segmenter.frames - self.segmenter.speech_end_frame
        self.incremental.feed(frame)
        self.incremental.follow(self.speech, 0.0 if self.segmenter.speaking else silent * FRAME)

    def catch_up(self) -> None:
        wait_until(lambda: self.incremental.behind == 0.0)

    def finish(self) -> Transcript:
        return self.incremental.finish(self.speech)

    def afterwards(self) -> Transcript:
        """What the same recording gives when it is transcribed as a whole."""
        return transcribe_in_chunks(SoundReader(), self.clip, self.speech, self.cuts)


def wait_until(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENT
    while not reached():
        assert time.monotonic() < until, "the worker hangs"
        time.sleep(0.0002)


@pytest.fixture
def conversation() -> Iterator[Conversation]:
    conversation = Conversation()
    yield conversation
    conversation.reader.may_go.set()
    conversation.incremental.close()


def thrown_away(decoded: Sequence[Chunk]) -> list[Chunk]:
    """The chunks that were decoded again, with what followed."""
    return [before for before, after in pairwise(decoded) if after.start == before.start]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0.12, 3.0), st.floats(0.3, 9.0)), max_size=6), st.data())
def test_every_word_comes_once_and_in_order_however_slow_the_worker_is(
    stretches: list[tuple[float, float]], data: st.DataObject
) -> None:
    talk = Talk()
    for pause, spoken in stretches:
        talk.pause(pause).speak(spoken)
    talk.pause(data.draw(st.floats(0.0, 2.0), label="silence at the end"))
    slow = data.draw(st.lists(st.booleans(), min_size=1, max_size=30), label="half seconds it is busy in")
    conversation = Conversation(BRIEF)
    committed: tuple[Word, ...] = ()
    for at, (frame, voiced) in enumerate(zip(talk.frames, talk.voiced, strict=True)):
        conversation.push(frame, voiced)
        if slow[at // 16 % len(slow)]:
            conversation.reader.may_go.clear()
        else:
            conversation.reader.may_go.set()
            conversation.catch_up()
        assert conversation.texts == talk.expected[: len(conversation.texts)]
        certain = conversation.incremental._progress.committed
        assert certain[: len(committed)] == committed
        committed = certain
    conversation.reader.may_go.set()
    transcript = conversation.finish()
    conversation.incremental.close()
    assert [word.text for word in transcript.words] == talk.expected
    assert transcript.words[: len(committed)] == committed
    assert transcript == conversation.afterwards()
    check_work(conversation.reader.decoded, conversation.speech, BRIEF)


def check_work(decoded: Sequence[Chunk], speech: Sequence[tuple[float, float]], cuts: Cuts) -> None:
    """Nothing is decoded twice but tails that had to be thrown away, and pauses are not decoded."""
    for before, after in pairwise(decoded):
        assert after.start == before.start or after.start >= before.end - 1e-6
    for chunk in thrown_away(decoded):
        following = [start for start, _ in speech if start > chunk.end - cuts.hangover]
        short = chunk.end - cuts.hangover - chunk.start < cuts.shortest
        assert short or following[0] - (chunk.end - cuts.hangover) < cuts.pause
    assert all(chunk.end - chunk.start <= cuts.longest + cuts.hangover + 1e-6 for chunk in decoded)
    for (_, end), (start, _) in pairwise(speech):
        for chunk in decoded:
            assert min(start, chunk.end) - max(end, chunk.start) < cuts.long_pause


def test_what_is_certain_is_decoded_while_the_next_is_spoken(conversation: Conversation) -> None:
    conversation.hear(Talk().speak(9.0).pause(0.45).speak(1.0))
    conversation.catch_up()
    assert len(conversation.reader.decoded) == 1
    assert conversation.reader.decoded[0].end == pytest.approx(9.2)
    assert conversation.texts == Talk().speak(9.0).expected
    assert not conversation.incremental.settled
    assert conversation.incremental.decoded == pytest.approx(9.2)


def test_the_tail_is_decoded_in_the_silence(conversation: Conversation) -> None:
    talk = Talk().pause(0.9).speak(3.0)
    conversation.hear(talk)
    conversation.hear(Talk().pause(0.57))
    assert conversation.incremental.behind == 0.0
    assert not conversation.incremental.settled
    conversation.hear(Talk().pause(0.3))
    wait_until(lambda: conversation.incremental.settled)
    assert conversation.texts == talk.expected
    assert conversation.incremental.until == pytest.approx(3.9, abs=0.2)
    assert conversation.incremental.decoded == pytest.approx(0.9 + 3.0 + 0.87)
    conversation.hear(Talk().pause(3.0))
    assert conversation.incremental.decoded == pytest.approx(0.9 + 3.0 + 3.87)
    assert conversation.finish().text == " ".join(talk.expected)
    assert len(conversation.reader.decoded) == 1


SHORT, LONG = 3.0, 10.0


@pytest.mark.parametrize("spoken", [SHORT, LONG])
@pytest.mark.parametrize("resumed_after", range(0, 26, 2))
def test_speech_that_resumes_at_any_moment_of_a_tail_loses_nothing(
    conversation: Conversation, spoken: float, resumed_after: int
) -> None:
    """The worker is busy with the tail from the 20th frame of silence until the end of the next words."""
    talk = Talk().speak(spoken).pause((20 + resumed_after) * FRAME)
    conversation.reader.may_go.clear()
    conversation.hear(talk)
    assert conversation.reader.busy.wait(PATIENT)
    more = Talk(words=talk.words).speak(2.0)
    conversation.hear(more)
    conversation.reader.may_go.set()
    conversation.hear(Talk().pause(0.9))
    wait_until(lambda: conversation.incremental.settled)
    assert conversation.texts == more.expected
    assert conversation.finish() == conversation.afterwards()
    assert len(conversation.reader.decoded) == 2
    assert len(thrown_away(conversation.reader.decoded)) == (spoken == SHORT)


def test_a_tail_that_is_long_enough_stands_when_speech_resumes(conversation: Conversation) -> None:
    conversation.hear(Talk().speak(LONG).pause(1.0))
    wait_until(lambda: conversation.incremental.settled)
    conversation.hear(Talk().speak(1.0))
    conversation.catch_up()
    assert conversation.texts == Talk().speak(LONG).expected
    assert len(conversation.reader.decoded) == 1


def test_the_words_of_a_tail_stay_until_it_is_decoded_again(conversation: Conversation) -> None:
    first = Talk().speak(SHORT)
    conversation.hear(first)
    conversation.hear(Talk().pause(1.0))
    wait_until(lambda: conversation.incremental.settled)
    conversation.hear(Talk(words=first.words).speak(1.0))
    assert conversation.texts == first.expected
    assert not conversation.incremental.settled


def test_a_tail_of_no_use_any_more_is_not_begun(conversation: Conversation) -> None:
    conversation.reader.may_go.clear()
    talk = Talk().speak(LONG).pause(0.45).speak(SHORT).pause(0.9).speak(SHORT)
    conversation.hear(talk)
    conversation.reader.may_go.set()
    assert [word.text for word in conversation.finish().words] == talk.expected
    assert len(conversation.reader.decoded) == 2


def test_a_worker_that_fell_behind_catches_up(conversation: Conversation) -> None:
    conversation.reader.may_go.clear()
    talk = Talk()
    for _ in range(5):
        talk.speak(LONG).pause(0.7)
    conversation.hear(talk)
    assert conversation.incremental.behind == pytest.approx(5 * (LONG + 0.7), rel=0.05)
    assert conversation.texts == []
    conversation.reader.may_go.set()
    conversation.catch_up()
    assert conversation.texts == talk.expected
    assert conversation.finish() == conversation.afterwards()


def test_speech_without_pause_is_cut_between_words(conversation: Conversation) -> None:
    talk = Talk().speak(95.0)
    conversation.hear(talk)
    conversation.catch_up()
    assert conversation.texts == talk.expected[: len(conversation.texts)]
    assert conversation.incremental.until > 75.0
    assert [word.text for word in conversation.finish().words] == talk.expected
    assert 95 / 20 < len(conversation.reader.decoded) < 95 / 12


def test_the_done_key_in_the_middle_of_speech(conversation: Conversation) -> None:
    talk = Talk().pause(0.6).speak(12.0)
    conversation.hear(talk)
    assert conversation.reader.decoded == []
    transcript = conversation.finish()
    assert [word.text for word in transcript.words] == talk.expected
    assert (transcript.engine, transcript.model) == ("fake", "word-reader")
    assert transcript.text == " ".join(talk.expected)
    assert transcript.words == conversation.incremental.words


def test_an_answer_that_goes_on_after_its_end_is_one_answer(conversation: Conversation) -> None:
    talk, seen = Talk(), []
    for spoken in (3.0, 9.0, 2.0):
        before = len(talk.frames)
        talk.speak(spoken).pause(2.5)
        conversation.hear(Talk(talk.frames[before:], talk.voiced[before:]))
        seen.append(conversation.finish())
        assert [word.text for word in seen[-1].words] == talk.expected
        assert conversation.finish() == seen[-1]
    assert seen[-1] == conversation.afterwards()


def test_an_answer_finished_in_mid_word_goes_on(conversation: Conversation) -> None:
    talk = Talk().speak(5.0)
    for frame, voiced in zip(talk.frames[:100], talk.voiced[:100], strict=True):
        conversation.push(frame, voiced)
    conversation.finish()
    conversation.hear(Talk(talk.frames[100:], talk.voiced[100:]))
    assert [word.text for word in conversation.finish().words] == talk.expected


def test_an_end_that_is_overtaken_by_more_speech_holds_nothing_up(conversation: Conversation) -> None:
    conversation.reader.may_go.clear()
    first = Talk().speak(SHORT)
    conversation.hear(first)
    conversation.hear(Talk().pause(0.9))
    early = conversation.speech
    with ThreadPoolExecutor(1) as pool:
        overtaken = pool.submit(conversation.incremental.finish, early)
        time.sleep(0.05)
        assert not overtaken.done()
        conversation.hear(Talk(words=first.words).speak(1.0))
        assert overtaken.result(PATIENT).words == ()
        assert pool.submit(conversation.incremental.finish, early).result(PATIENT).words == ()
    conversation.reader.may_go.set()
    assert [word.text for word in conversation.finish().words] == Talk().speak(SHORT).speak(1.0).expected


def test_where_nobody_spoke_nothing_is_decoded(conversation: Conversation) -> None:
    conversation.hear(Talk().pause(5.0))
    assert conversation.incremental.settled
    assert conversation.incremental.decoded == pytest.approx(5.0, abs=FRAME)
    transcript = conversation.finish()
    assert (transcript.text, transcript.words, transcript.engine) == ("", (), "fake")
    assert conversation.reader.decoded == []
    assert transcript == conversation.afterwards()


def test_a_voice_too_quiet_to_be_noticed_is_decoded_on_the_key(conversation: Conversation) -> None:
    talk = Talk().speak(50.0)
    for frame in talk.frames:
        conversation.push(frame, voiced=False)
    transcript = conversation.incremental.finish((), everything=True)
    assert [word.text for word in transcript.words] == talk.expected
    assert (
        max(chunk.end - chunk.start for chunk in conversation.reader.decoded) <= CUTS.longest + CUTS.hangover
    )


def test_steady_noise_is_noticed_soon(conversation: Conversation) -> None:
    """Whoever listens ends an answer after 6 s of speech without words; it must come to know of them."""
    talk = Talk().speak(4.0).noise(34.0)
    noticed = None
    for at, (frame, voiced) in enumerate(zip(talk.frames, talk.voiced, strict=True)):
        conversation.push(frame, voiced)
        conversation.catch_up()
        if noticed is None and conversation.incremental.decoded - conversation.incremental.until >= 6.0:
            noticed = at * FRAME
    assert noticed is not None
    assert noticed < 26.0
    assert conversation.reader.decoded[-1].end > 32.0
    assert conversation.finish() == conversation.afterwards()


def test_noise_that_is_noticed_late_is_cut_as_it_would_have_been_in_time(conversation: Conversation) -> None:
    conversation.reader.may_go.clear()
    conversation.hear(Talk().speak(4.0).noise(24.0))
    threading.Timer(0.05, conversation.reader.may_go.set).start()
    assert conversation.finish() == conversation.afterwards()
    assert max(chunk.end - chunk.start for chunk in conversation.reader.decoded[1:]) < 6.0


@pytest.mark.parametrize("spoken", [0.0, 4.0])
def test_a_model_that_cannot_be_loaded_is_told(spoken: float) -> None:
    def load() -> SoundReader:
        raise ModelError("no weights", "fetch them")

    incremental = IncrementalTranscriber(load)
    wait_until(lambda: incremental._fault is not None)
    with pytest.raises(ModelError, match="no weights"):
        incremental.check()
    with pytest.raises(ModelError):
        incremental.finish(((0.0, spoken),) if spoken else ())


def test_what_goes_wrong_in_decoding_is_told(conversation: Conversation) -> None:
    conversation.incremental.check()
    conversation.reader.fault = ValueError("a broken model")
    conversation.hear(Talk().speak(3.0))
    with pytest.raises(ValueError, match="a broken model"):
        conversation.finish()
    with pytest.raises(ValueError, match="a broken model"):
        conversation.incremental.check()


def test_finish_waits_for_a_model_that_is_still_loading() -> None:
    loaded = threading.Event()
    reader = SoundReader()
    incremental = IncrementalTranscriber(lambda: loaded.wait(PATIENT) and reader, CUTS)
    talk = Talk().speak(3.0)
    for frame in talk.frames:
        incremental.feed(frame)
    threading.Timer(0.05, loaded.set).start()
    assert [word.text for word in incremental.finish(((0.0, 3.0),)).words] == talk.expected


def test_closing_waits_for_nothing(conversation: Conversation) -> None:
    conversation.reader.may_go.clear()
    conversation.hear(Talk().speak(3.0).pause(0.9))
    assert conversation.reader.busy.wait(PATIENT)
    conversation.incremental.close()
    with pytest.raises(RuntimeError):
        conversation.finish()
    conversation.reader.may_go.set()
    wait_until(lambda: not conversation.reader.busy.is_set())
    assert len(conversation.reader.decoded) == 1


class Watched(tuple[tuple[float, float], ...]):
    """Speech that counts how often it is looked at."""

    looks = 0

    def __getitem__(self, index: object) -> tuple[float, float]:
        Watched.looks += 1
        return super().__getitem__(index)  # type: ignore[index, no-any-return]

    def __iter__(self) -> Iterator[tuple[float, float]]:
        raise AssertionError("all of the speech was gone through")


def test_following_looks_only_at_the_end_of_the_speech() -> None:
    incremental = IncrementalTranscriber(SoundReader, CUTS)
    stretches = [(at * 2.0, at * 2.0 + 1.0) for at in range(2000)]
    incremental.feed(np.zeros(4000 * SAMPLE_RATE_HZ, np.float32))
    incremental.follow(Watched(stretches), 0.0)
    Watched.looks = 0
    for end in np.arange(3999.03, 3999.93, FRAME):
        incremental.follow(Watched([*stretches[:-1], (3998.0, float(end))]), 0.0)
    incremental.close()
    assert 0 < Watched.looks / 30 < 12


def test_with_the_sound_before_a_chunk_every_word_still_comes_once() -> None:
    conversation = Conversation(replace(CUTS, context=4.0))
    talk = Talk().pause(0.9)
    for spoken, pause in ((9.0, 0.7), (10.0, 3.2), (25.0, 0.5), (2.0, 1.5)):
        talk.speak(spoken).pause(pause)
    conversation.hear(talk)
    assert [word.text for word in conversation.finish().words] == talk.expected
    assert conversation.finish() == conversation.afterwards()
    begins = [chunk.start for chunk in conversation.reader.decoded]
    assert begins[0] == 0.0
    assert all(chunk.end - chunk.start <= 20.0 + 0.2 + 4.0 + 1e-6 for chunk in conversation.reader.decoded)
    conversation.incremental.close()


def test_what_is_certain_is_heard_again_while_the_next_is_spoken(conversation: Conversation) -> None:
    conversation.hear(Talk().speak(9.0).pause(0.45).speak(1.0))
    wait_until(lambda: len(conversation.reader.heard_again) == 1)
    assert conversation.reader.heard_again == conversation.reader.decoded


def test_in_a_silence_nothing_is_heard_again_until_the_answer_has_ended(conversation: Conversation) -> None:
    talk = Talk().speak(LONG).pause(1.2)
    conversation.hear(talk)
    wait_until(lambda: conversation.incremental.settled)
    time.sleep(0.05)
    assert conversation.reader.heard_again == []
    conversation.finish()
    (verbatim,) = conversation.incremental.finish_verbatim()
    assert [word.text for word in verbatim.words] == talk.expected
    assert (verbatim.start, verbatim.end) == pytest.approx((0.0, LONG + 0.2), abs=0.1)


def test_every_chunk_is_heard_again_once_in_order(conversation: Conversation) -> None:
    talk = Talk()
    for spoken in (LONG, 25.0, SHORT, LONG):
        talk.speak(spoken).pause(0.9)
    conversation.hear(talk)
    conversation.finish()
    verbatim = conversation.incremental.finish_verbatim()
    assert [word.text for each in verbatim for word in each.words] == talk.expected
    again = conversation.reader.heard_again
    assert again == sorted(set(again), key=lambda chunk: chunk.start)
    assert conversation.incremental.finish_verbatim() == verbatim


def test_an_answer_is_not_lost_for_its_fillers(conversation: Conversation) -> None:
    conversation.reader.deaf = True
    talk = Talk().speak(LONG).pause(0.45).speak(LONG).pause(0.9)
    conversation.hear(talk)
    assert [word.text for word in conversation.finish().words] == talk.expected
    assert conversation.incremental.finish_verbatim() == ()
    conversation.incremental.check()


def test_closing_ends_the_wait_for_what_is_heard_again() -> None:
    incremental = IncrementalTranscriber(SoundReader, CUTS)
    incremental.close()
    assert incremental.finish_verbatim() == ()


def test_a_recording_is_heard_twice_with_the_same_cuts() -> None:
    talk = Talk().speak(LONG).pause(0.45).speak(LONG).pause(0.9)
    reader, clip = SoundReader(), Clip(np.concatenate(talk.frames))
    transcript, verbatim = transcribe_twice(reader, clip, ((0.0, LONG), (LONG + 0.45, 2 * LONG + 0.45)), CUTS)
    assert [word.text for word in transcript.words] == talk.expected
    assert [word.text for each in verbatim for word in each.words] == talk.expected
    assert reader.heard_again == reader.decoded


class DeafAfterSilence(SoundReader):
    """Hears nothing in a clip that begins with silence, as Whisper sometimes does."""

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        heard = super().transcribe(clip, offset=offset)
        return replace(heard, words=()) if clip.samples[0] == 0.0 else heard

    def transcribe_verbatim(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        heard = super().transcribe_verbatim(clip, offset=offset)
        return replace(heard, words=()) if clip.samples[0] == 0.0 else heard


def test_a_chunk_that_lost_its_words_to_what_was_before_it_is_decoded_alone() -> None:
    talk = Talk().pause(5.0).speak(4.0).pause(0.9)
    talk.frames[150] = talk.frames[150] + 0.5 / 4096  # a click where the chunk itself begins
    clip, cuts = Clip(np.concatenate(talk.frames)), replace(CUTS, context=4.0)
    transcript, verbatim = transcribe_twice(DeafAfterSilence(), clip, ((5.0, 9.0),), cuts)
    assert [word.text for word in transcript.words] == talk.expected
    assert [word.text for word in verbatim[0].words] == talk.expected
