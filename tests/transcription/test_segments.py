"""What becomes of an engine's segments; hypothesis varies times, whose order no engine promises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.transcription.segments import Piece, Segment, said

SURE = (0.05, -0.2, 1.4)
"""No-speech probability, mean log-probability and compression ratio of ordinary speech."""


def segment(text: str, doubts: tuple[float, float, float] = SURE, probability: float = 0.9) -> Segment:
    pieces = [Piece(f" {word}", i / 2, i / 2 + 0.4, probability) for i, word in enumerate(text.split())]
    return Segment(tuple(pieces), *doubts)


def text_of(*segments: Segment) -> str:
    return " ".join(word.text for word in said(segments, seconds=60.0))


def test_ordinary_speech_stays_as_it_is() -> None:
    assert text_of(segment("So, we"), segment("shipped it.")) == "So, we shipped it."


def test_speech_stays_where_whisper_is_in_doubt_of_some_of_it() -> None:
    assert text_of(segment("Montreal forced aligner.", (0.40, -1.30, 0.76), probability=0.58)) != ""
    assert text_of(segment("mumbled words", (0.9, -0.3, 1.0))) == "mumbled words"


@pytest.mark.parametrize(
    ("doubts", "probability"),
    [
        ((0.42, -1.51, 0.38), 0.01),  # "Music" on a guitar
        ((0.90, -0.23, 11.0), 0.50),  # one sentence twelve times over a street
        ((0.56, -1.11, 0.27), 0.50),  # "You" in a quiet room
    ],
)
def test_what_nobody_said_goes(doubts: tuple[float, float, float], probability: float) -> None:
    assert text_of(segment("Music", doubts, probability)) == ""


def test_a_second_try_is_believed_only_where_there_is_speech() -> None:
    pieces = (Piece(" Goodbye.", 0.0, 0.4, 0.9),)
    assert said([Segment(pieces, 0.56, -0.8, 0.9, temperature=0.4)], seconds=4.0) == ()
    assert len(said([Segment(pieces, 0.45, -0.8, 0.9, temperature=0.4)], seconds=4.0)) == 1
    assert len(said([Segment(pieces, 0.56, -0.8, 0.9, temperature=0.0)], seconds=4.0)) == 1


def test_a_segment_without_words_is_nothing() -> None:
    assert text_of(Segment((), *SURE)) == ""


LOOPING = (0.3, -0.2, 9.0)


def test_a_loop_is_cut_to_two() -> None:
    assert text_of(segment("a little, " + "a lot, " * 50, LOOPING)) == "a little, a lot, a lot,"


def test_a_loop_of_one_letter_is_cut() -> None:
    assert text_of(segment("forced u" + "m" * 90, LOOPING)) == "forced um"
    assert text_of(segment("hmmmm, www")) == "hmmmm, www"


def test_a_loop_over_several_segments_is_cut_to_two() -> None:
    assert text_of(*[segment("and then we met", LOOPING)] * 6) == "and then we met and then we met"


def test_words_said_three_times_stay_even_in_a_window_with_a_loop() -> None:
    assert text_of(segment("no no no it was uh uh uh uh uh", LOOPING)) == "no no no it was uh uh"


def test_words_said_often_stay_where_the_window_as_a_whole_does_not_repeat_itself() -> None:
    assert text_of(segment("words words words words words")) == "words words words words words"


def test_pieces_without_a_space_before_them_belong_to_the_word_before() -> None:
    parts = (" a", " well", "-known", " 50", "%", " fix", " -", " yes")
    pieces = tuple(Piece(text, i / 10, i / 10 + 0.1, 0.8 if i != 2 else 0.4) for i, text in enumerate(parts))
    words = said([Segment(pieces, *SURE)], seconds=9.0)
    assert [word.text for word in words] == ["a", "well-known", "50%", "fix", "yes"]
    assert (words[1].start, words[1].end) == (0.1, 0.3)
    assert words[1].probability == pytest.approx(0.6)


def test_the_offset_is_added_to_every_time() -> None:
    first, second = said([segment("two words")], seconds=9.0, offset=12.5)
    assert (first.start, first.end, second.start, second.end) == (12.5, 12.9, 13.0, 13.4)


@given(
    times=st.lists(st.tuples(st.floats(-2, 12), st.floats(-2, 12)), max_size=12),
    offset=st.floats(0, 300),
)
def test_times_are_in_order_and_inside_the_clip(times: list[tuple[float, float]], offset: float) -> None:
    pieces = tuple(Piece(" word", start, end, 0.9) for start, end in times)
    words = said([Segment(pieces, *SURE)], seconds=10.0, offset=offset)
    flat = [time - offset for word in words for time in (word.start or 0.0, word.end or 0.0)]
    assert len(words) == len(times)
    assert flat == sorted(flat)
    assert not flat or (flat[0] >= -1e-3 and np.max(flat) <= 10.0 + 1e-3)
