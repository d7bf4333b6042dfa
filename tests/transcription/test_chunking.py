"""Where answers are cut; hypothesis draws when somebody speaks and pauses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.records import SAMPLE_RATE_HZ, Word
from greenroom.transcription.chunking import PRE_ROLL, STALL_CHUNK, Chunk, Chunker, Cuts, quietest_place

CUTS = Cuts(shortest=8.0, longest=20.0, pause=0.4, long_pause=3.0, hangover=0.2, tail=0.6, short_tail=0.6)

TALK = st.lists(st.tuples(st.floats(0.3, 45.0), st.floats(0.05, 8.0)), max_size=12)
"""Seconds of speech, and of the pause before it."""


def speech_of(talk: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    speech, now = [], 0.0
    for spoken, pause in talk:
        speech.append((now + pause, now + pause + spoken))
        now = speech[-1][1]
    return tuple(speech)


def late(start: float, end: float) -> float:
    """Finds every place equally quiet, and takes one near the end."""
    return start + (end - start) * 0.9


def chunks(speech: Sequence[tuple[float, float]], chunker: Chunker | None = None) -> list[Chunk]:
    chunker, found = chunker or Chunker(CUTS), []
    while chunk := chunker.next(speech, late) or chunker.last(speech):
        found.append(chunk)
    return found


def word_at(end: float) -> Word:
    return Word("so", end - 0.2, end)


def test_speech_is_cut_in_the_first_pause_after_the_shortest_chunk() -> None:
    speech = ((1.0, 4.0), (4.6, 9.5), (10.0, 12.0), (12.5, 14.0))
    assert chunks(speech) == [Chunk(0.5, 9.7), Chunk(9.7, 14.2)]


def test_a_pause_too_short_to_be_sure_of_is_no_place_to_cut() -> None:
    assert chunks(((1.0, 10.0), (10.3, 15.0))) == [Chunk(0.5, 15.2)]


def test_a_long_pause_is_not_decoded() -> None:
    assert chunks(((1.0, 2.0), (5.5, 7.0))) == [Chunk(0.5, 2.2), Chunk(5.0, 7.2)]


def test_a_thinking_pause_stays_inside_a_chunk_that_would_be_too_short() -> None:
    assert chunks(((1.0, 2.0), (4.0, 7.0))) == [Chunk(0.5, 7.2)]


def test_speech_without_a_pause_is_cut_in_the_last_third_where_it_is_quietest() -> None:
    asked = []

    def quietest(start: float, end: float) -> float:
        asked.append((start, end))
        return start + 1.0

    chunker = Chunker(CUTS)
    assert chunker.next(((0.5, 20.0),), quietest) is None
    chunk = chunker.next(((0.5, 20.1),), quietest)
    assert asked == [pytest.approx((0.0 + 20.0 * 2 / 3, 20.0))]
    assert chunk == Chunk(0.0, pytest.approx(20.0 * 2 / 3 + 1.0), forced=True)
    assert chunker.start(((0.5, 20.1),)) == chunk.end


def test_a_forced_cut_between_two_words_gives_each_to_its_own_side() -> None:
    speech = ((0.5, 15.0), (15.3, 16.0), (16.2, 25.0))
    cut, rest = chunks(speech)
    assert cut.forced
    assert 16.2 < cut.end == rest.start < 20.0
    assert rest.end == 25.2


def test_after_a_forced_cut_in_a_pause_the_rest_of_the_pause_is_not_decoded() -> None:
    speech = ((0.5, 7.0), (9.0, 17.0), (19.0, 25.0))
    chunker = Chunker(Cuts(shortest=18.0, longest=20.0))
    first = chunker.next(speech, lambda start, end: 17.1)
    assert first == Chunk(0.0, 17.1, forced=True)
    assert chunker.start(speech) == 18.5


def test_the_tail_waits_longer_where_it_would_often_be_decoded_in_vain() -> None:
    chunker = Chunker(Cuts(shortest=8.0, tail=0.6, short_tail=0.8))
    assert not chunker.tail_due((), 5.0)
    assert not chunker.tail_due(((0.5, 7.9),), 0.79)
    assert chunker.tail_due(((0.5, 7.9),), 0.8)
    assert not chunker.tail_due(((0.5, 8.0),), 0.59)
    assert chunker.tail_due(((0.5, 8.0),), 0.6)


def test_nothing_said_gives_nothing_to_decode() -> None:
    assert chunks(()) == []
    assert Chunker(CUTS).tail(()) is None


def test_noise_that_passes_for_speech_is_looked_at_sooner_from_the_second_chunk_on() -> None:
    speech = ((0.0, 60.0),)
    chunker = Chunker(CUTS)
    first = chunker.next(speech, late)
    assert first is not None
    assert first.end > CUTS.longest * 2 / 3
    chunker.note(first, [word_at(first.end - 4.0)])
    second = chunker.next(speech, late)
    assert second is not None
    assert second.end - second.start <= STALL_CHUNK
    chunker.note(second, [word_at(second.end - 0.5)])
    third = chunker.next(speech, late)
    assert third is not None
    assert third.end - third.start > STALL_CHUNK


def test_a_chunk_that_ended_in_a_pause_raises_no_suspicion() -> None:
    chunker = Chunker(CUTS)
    speech = ((0.5, 10.0), (11.0, 60.0))
    first, second = chunker.next(speech, late), None
    assert first == Chunk(0.0, 10.2)
    chunker.note(first, [])
    second = chunker.next(speech, late)
    assert second is not None
    assert second.end - second.start > STALL_CHUNK


@given(TALK)
def test_all_speech_is_decoded_once_and_no_long_pause_is(talk: list[tuple[float, float]]) -> None:
    speech = speech_of(talk)
    found = chunks(speech)
    assert all(before.end <= after.start for before, after in pairwise(found))
    for start, end in speech:
        inside = [min(end, chunk.end) - max(start, chunk.start) for chunk in found]
        assert sum(max(0.0, shared) for shared in inside) == pytest.approx(end - start)
    for (_, end), (start, _) in pairwise(speech):
        if start - end >= CUTS.long_pause:
            inside = [min(start, chunk.end) - max(end, chunk.start) for chunk in found]
            assert sum(max(0.0, shared) for shared in inside) <= CUTS.hangover + PRE_ROLL + 1e-9


@given(TALK)
def test_no_chunk_is_too_long_for_the_model_and_none_short_without_need(
    talk: list[tuple[float, float]],
) -> None:
    speech = speech_of(talk)
    for chunk in (found := chunks(speech)):
        assert 0.0 < chunk.end - chunk.start <= CUTS.longest + CUTS.hangover + 1e-9
        resumed = [start for start, _ in speech if start > chunk.end]
        if chunk.forced or chunk == found[-1]:
            continue
        pause = resumed[0] - (chunk.end - CUTS.hangover)
        short = chunk.end - CUTS.hangover - chunk.start < CUTS.shortest
        assert pause >= (CUTS.long_pause if short else CUTS.pause) - 1e-9


@settings(deadline=None)
@given(TALK, st.integers(20, 400))
def test_the_cuts_are_the_same_while_the_answer_is_spoken(
    talk: list[tuple[float, float]], step_ms: int
) -> None:
    """Speech comes to be known bit by bit, a stretch of it some time after its onset."""
    speech = speech_of(talk)
    chunker, found, now = Chunker(CUTS), [], 0.0
    while speech and now < speech[-1][1] + 1.0:
        now += step_ms / 1000
        known = tuple((start, min(end, now)) for start, end in speech if start + 0.25 <= now)
        while chunk := chunker.next(known, late):
            found.append(chunk)
    while chunk := chunker.last(speech):
        found.append(chunk)
    assert found == chunks(speech)


def test_the_quietest_place_is_found() -> None:
    samples = np.full(3 * SAMPLE_RATE_HZ, 0.2, np.float32)
    samples[SAMPLE_RATE_HZ : round(1.2 * SAMPLE_RATE_HZ)] = 0.05
    samples[round(2.3 * SAMPLE_RATE_HZ) : round(2.34 * SAMPLE_RATE_HZ)] = 0.0  # too short to be between words
    assert quietest_place(samples) == pytest.approx(1.1, abs=0.05)
