"""Stretches of speech, from written-out frames."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.listening.segmenter import Segmenter, frames_in, seconds_in


def segmented(pattern: str) -> Segmenter:
    """A segmenter that has heard the pattern: V is a voiced frame, a full stop an unvoiced one."""
    segmenter = Segmenter()
    for frame in pattern:
        segmenter.push(frame == "V")
    return segmenter


def frames(segmenter: Segmenter) -> list[tuple[int, int]]:
    return [(frames_in(start), frames_in(end)) for start, end in segmenter.intervals]


@pytest.mark.parametrize(
    ("seconds", "count"), [(0.0, 0), (0.001, 1), (0.03, 1), (0.031, 2), (0.25, 9), (0.3, 10), (2.5, 84)]
)
def test_frames_last_at_least_as_long_as_asked(seconds: float, count: int) -> None:
    assert frames_in(seconds) == count
    assert seconds_in(count) >= seconds


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", []),
        ("." * 50, []),
        ("V" * 9, [(0, 9)]),  # 270 ms: a filled pause
        ("V" * 8 + "." * 20, []),  # 240 ms: a knock
        ("." * 20 + "V" * 9 + "." * 20, [(20, 29)]),
        ("V" * 20 + "." * 20 + "V" * 20, [(0, 20), (40, 60)]),
        ("VV." * 6 + "." * 20, [(0, 17)]),  # flickering voice: 6 of 10 all the time, 12 voiced
        ("V." * 40, []),  # half of the frames: never 6 of 10
        ("V" * 20 + "." * 8 + "V" * 20, [(0, 48)]),  # 240 ms do not end speech
        ("V" * 20 + "." * 9 + "V" * 20, [(0, 20), (29, 49)]),  # 9 of 10 unvoiced do
        ("V" * 20 + "." * 4 + "V" + "." * 15, [(0, 25)]),  # a click inside the window does not hold it
        ("V" * 8 + "." * 5 + "V" * 8 + "." * 20, []),  # two knocks, 150 ms apart, make no word
        ("V" * 8 + "." * 3 + "V" * 2 + "." * 20, [(0, 13)]),  # a stop consonant does not split one
        ("V" * 7 + "." * 30 + "V" * 12, [(37, 49)]),  # a knock before the speech is no part of it
        ("V...." * 4 + "V" * 12 + "." * 12, [(15, 32)]),  # dated back inside the window only
    ],
)
def test_stretches(pattern: str, expected: list[tuple[int, int]]) -> None:
    assert frames(segmented(pattern)) == expected


def test_onset_shows_at_six_of_ten_and_speech_after_a_quarter_of_a_second() -> None:
    states = [
        (segmented("." * 10 + "V" * n).onset, segmented("." * 10 + "V" * n).speaking) for n in (5, 6, 8, 9)
    ]
    assert states == [(False, False), (True, False), (True, False), (False, True)]


def test_speech_is_over_when_nine_of_ten_frames_are_unvoiced() -> None:
    assert segmented("V" * 30 + "." * 8).speaking
    assert not segmented("V" * 30 + "." * 9).speaking
    assert segmented("V" * 30 + "V..V." * 20).speaking


def test_start_and_end_frames() -> None:
    assert segmented("." * 30).speech_start_frame is None
    assert segmented("." * 30).speech_end_frame == 0
    under_way = segmented(".." + "V" * 12 + "..")
    assert (under_way.speech_start_frame, under_way.speech_end_frame, under_way.frames) == (2, 14, 16)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 25)), max_size=25))
def test_stretches_are_ordered_apart_and_hold_speech(runs: list[tuple[bool, int]]) -> None:
    heard = [voiced for voiced, count in runs for _ in range(count)]
    segmenter = segmented("".join("V" if voiced else "." for voiced in heard))
    stretches = frames(segmenter)
    edges = [edge for stretch in stretches for edge in stretch]
    assert edges == sorted(set(edges))
    assert all(end <= len(heard) for _, end in stretches)
    for start, end in stretches:
        assert heard[start]
        assert heard[end - 1]
        assert sum(heard[start:end]) >= 9
