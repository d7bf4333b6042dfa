"""Word times against sounds whose edges are known, given as Whisper gives them: early, and over silences."""

from __future__ import annotations

import time

import numpy as np
import pytest
from made_sound import hiss, in_a_room, nothing, vowel

from greenroom.prosody.acoustics import measured
from greenroom.prosody.word_times import refined
from greenroom.records import Clip, Word

NEAR = 0.035


def starts(words: tuple[Word, ...]) -> list[float]:
    return [word.start for word in words if word.start is not None]


def test_a_word_does_not_begin_in_the_silence_before_it() -> None:
    acoustics = measured(in_a_room(nothing(0.5), vowel(0.4), nothing(1.0), vowel(0.4), nothing(0.5)))
    words = (Word("hello", 0.2, 0.85), Word("there", 0.85, 2.25))
    silences = ((0.0, 0.5), (0.9, 1.9), (2.3, 2.8))
    first, second = refined(words, acoustics, silences)
    assert (first.start, first.end) == pytest.approx((0.5, 0.9), abs=NEAR)
    assert (second.start, second.end) == pytest.approx((1.9, 2.3), abs=NEAR)


def test_a_word_ends_at_the_silence_after_it() -> None:
    acoustics = measured(in_a_room(nothing(0.5), vowel(0.4), nothing(1.0), vowel(0.4), nothing(0.5)))
    words = (Word("hello", 0.45, 1.8), Word("there", 1.85, 2.7))
    first, second = refined(words, acoustics, ((0.0, 0.5), (0.9, 1.9), (2.3, 2.8)))
    assert first.end == pytest.approx(0.9, abs=NEAR)
    assert second.end == pytest.approx(2.3, abs=NEAR)


def test_between_words_without_a_pause_the_start_goes_where_the_sound_changes() -> None:
    clip = in_a_room(nothing(0.3), vowel(0.3), vowel(0.35, shift=1.6), hiss(0.3, -30.0), nothing(0.3))
    words = (Word("here", 0.2, 0.5), Word("there", 0.5, 0.9), Word("shhh", 0.9, 1.2))
    found = refined(words, measured(clip), ((0.0, 0.3), (1.25, 1.55)))
    assert starts(found) == pytest.approx([0.3, 0.6, 0.95], abs=NEAR)


def test_a_filled_pause_belongs_to_no_word() -> None:
    um = [nothing(0.2), vowel(0.45), nothing(0.15)]
    clip = in_a_room(nothing(0.3), vowel(0.4), *um, vowel(0.4, shift=1.5), nothing(0.3))
    words = (Word("then", 0.3, 0.65), Word("there", 0.7, 1.85))
    filler = (0.9, 1.35)
    second = refined(words, measured(clip), ((0.0, 0.3), (1.9, 2.2)), [filler])[1]
    assert second.start == pytest.approx(1.5, abs=NEAR)


def test_words_stay_as_many_and_in_order_however_odd_their_times() -> None:
    clip = in_a_room(nothing(0.3), vowel(0.5), nothing(0.4), vowel(0.2), nothing(0.6))
    random = np.random.default_rng(5)
    for _ in range(50):
        edges = np.sort(random.uniform(0, 2, size=2 * int(random.integers(1, 9)))).round(3)
        words = tuple(Word(f"w{i}", float(a), float(b)) for i, (a, b) in enumerate(edges.reshape(-1, 2)))
        found = refined(words, measured(clip), ((0.8, 1.2),))
        assert [w.text for w in found] == [w.text for w in words]
        times = [time for w in found for time in (w.start, w.end) if time is not None]
        assert len(times) == 2 * len(words)
        assert times == sorted(times)
        assert times[0] >= 0.0
        assert times[-1] <= clip.seconds


def test_crowded_words_without_any_time_of_their_own_are_kept() -> None:
    clip = in_a_room(nothing(0.3), vowel(0.2), nothing(0.5))
    words = tuple(Word(text, 0.4, 0.4) for text in ["no"] * 6)
    assert len(refined(words, measured(clip), ((0.0, 0.3), (0.5, 1.0)))) == 6


def test_what_else_is_known_of_a_word_is_kept() -> None:
    clip = in_a_room(nothing(0.3), vowel(0.4), nothing(0.3))
    (word,) = refined((Word("Well,", 0.1, 0.7, 0.83),), measured(clip), ((0.0, 0.3), (0.7, 1.0)))
    assert (word.text, word.probability) == ("Well,", 0.83)


def test_words_without_times_come_back_as_they_are() -> None:
    clip = in_a_room(nothing(0.3), vowel(0.4), nothing(0.3))
    typed = (Word("typed"), Word("answer"))
    assert refined(typed, measured(clip), ()) == typed
    mixed = refined((Word("typed"), Word("said", 0.1, 0.7)), measured(clip), ((0.0, 0.3), (0.7, 1.0)))
    assert mixed[0] == Word("typed")
    assert mixed[1].start == pytest.approx(0.3, abs=NEAR)


@pytest.mark.parametrize("samples", [0, 16_000])
def test_where_nothing_is_heard_times_stay(samples: int) -> None:
    words = (Word("ghost", 0.1, 0.3),)
    assert refined(words, measured(Clip(np.zeros(samples, np.float32))), ((0.0, 1.0),)) == words


def test_nothing_to_do() -> None:
    assert refined((), measured(in_a_room(vowel(1.0))), ()) == ()


def test_three_minutes_of_words_take_a_moment() -> None:
    acoustics = measured(in_a_room(*[vowel(0.35), vowel(0.3, shift=1.5), nothing(0.35)] * 180))
    words = tuple(Word("word", i * 0.36, i * 0.36 + 0.3) for i in range(500))
    before = time.process_time()
    refined(words, acoustics, ())
    assert time.process_time() - before < 1.5  # about 0.2 s; the limit leaves room for a slow machine
