"""The rolling pace, and what lasts long enough to be a departure from it."""

from __future__ import annotations

import pytest

from greenroom.analysis.bands import load_bands
from greenroom.analysis.pace import Pace
from greenroom.records import Pause, Word


def at(*stretches: tuple[float, float], start: float = 0.0) -> tuple[Word, ...]:
    """Words without gaps: for each (seconds, words a minute) so many of them."""
    words = []
    for seconds, wpm in stretches:
        step = 60 / wpm
        words += [
            Word("word", start + n * step, start + (n + 1) * step) for n in range(round(seconds / step))
        ]
        start += seconds
    return tuple(words)


def pace(words: tuple[Word, ...], *pauses: tuple[float, float], profile: str = "usual") -> Pace:
    silent = [Pause(a, b) for a, b in pauses]
    return Pace(words, silent, words[0].start or 0.0, words[-1].end or 0.0, load_bands(profile))


def test_an_even_pace_is_a_flat_curve() -> None:
    curve = pace(at((60, 150), start=2.0)).curve()
    assert [point.wpm for point in curve] == pytest.approx([150.0] * len(curve), abs=0.5)
    assert (curve[0].time, curve[-1].time, len(curve)) == (9.5, 54.5, 46)


def test_an_answer_shorter_than_the_window_has_no_curve() -> None:
    short = pace(at((14, 150)))
    assert (short.curve(), short.departures()) == ((), ())


def test_one_fast_sentence_is_no_departure() -> None:
    assert pace(at((30, 140), (6, 260), (30, 140))).departures() == ()


def test_what_stays_fast_is_a_departure_and_tells_where() -> None:
    (departure,) = pace(at((30, 140), (30, 240), (30, 140))).departures()
    assert departure.kind == "fast"
    assert 30 <= departure.start < 40
    assert 50 < departure.end <= 60
    assert departure.wpm == pytest.approx(240, abs=5)


def test_what_stays_slow_is_one_too() -> None:
    (departure,) = pace(at((30, 140), (40, 80), (30, 140))).departures()
    assert departure.kind == "slow"
    assert departure.wpm == pytest.approx(80, abs=5)


def test_a_pause_for_thought_is_no_slow_speech() -> None:
    words = (*at((30, 140)), *at((30, 140), start=38.0))
    assert pace(words, (30.0, 38.0)).departures() == ()
    assert [d.kind for d in pace(words).departures()] == ["slow"]  # the same, where no pause is known


def test_a_window_that_is_nearly_all_pause_says_nothing() -> None:
    words = (*at((20, 140)), Word("so", 33.0, 35.0), *at((20, 140), start=50.0))
    assert pace(words, (20.0, 33.0), (35.0, 50.0)).departures() == ()


def test_slow_for_one_profile_is_usual_for_another() -> None:
    words = at((60, 90))
    assert [d.kind for d in pace(words).departures()] == ["slow"]
    assert pace(words, profile="second-language").departures() == ()


def test_times_that_fall_back_do_not_break_it() -> None:
    words = (*at((20, 150)), Word("back", 5.0, 5.1), *at((20, 150), start=20.0))
    assert all(point.wpm >= 0 for point in pace(words).curve())
