"""Stretches of time, in seconds and as masks: made from one another, joined, bridged, too short."""

from __future__ import annotations

import numpy as np
import pytest

from greenroom.prosody.stretches import (
    Hops,
    bridged,
    inside,
    joined,
    longer,
    meet,
    reached,
    spans_of,
    stretches_of,
    widened,
    words_before,
)
from greenroom.records import Word


def mask(drawn: str) -> Hops:
    """Ten milliseconds each: "#" is true."""
    return np.array([each == "#" for each in drawn], dtype=bool)


def drawn(hops: Hops) -> str:
    return "".join("#" if each else "." for each in hops)


def test_a_mask_comes_back_from_its_stretches() -> None:
    hops = mask("##..#...###")
    assert np.array(stretches_of(hops)) == pytest.approx(np.array([(0.0, 0.02), (0.04, 0.05), (0.08, 0.11)]))
    assert drawn(inside(stretches_of(hops), len(hops))) == drawn(hops)
    assert stretches_of(mask("")) == stretches_of(mask("...")) == ()


def test_what_lies_outside_of_the_clip_or_takes_no_time_is_in_no_mask() -> None:
    assert drawn(inside([(-0.02, 0.01), (0.03, 0.03), (0.04, 0.09)], 6)) == "#...##"
    assert drawn(inside([(0.07, 0.08), (-0.05, -0.01)], 4)) == "...."


@pytest.mark.parametrize("at", range(60))
def test_a_length_is_itself_wherever_it_lies(at: int) -> None:
    # In floats, 0.33 - 0.28 is less than 0.05, and 0.34 - 0.29 more.
    run = mask("." * at + "#" * 5 + ".")
    assert longer(run, 0.05).sum() == 5
    assert longer(run, 0.06).sum() == 0
    gap = mask("#" * (at + 1) + "." * 5 + "#")
    assert bridged(gap, 0.05).all()
    assert bridged(gap, 0.04).sum() == at + 2
    assert len(joined(stretches_of(gap), 0.05)) == 2
    assert len(joined(stretches_of(gap), 0.06)) == 1


def test_gaps_are_bridged_at_the_ends_too_and_nothing_true_stays_nothing_true() -> None:
    assert drawn(bridged(mask("..#...#.."), 0.02)) == "###...###"
    assert drawn(bridged(mask(".."), 0.05)) == ".."
    assert len(bridged(mask(""), 0.05)) == 0


def test_runs_grow_and_are_kept_where_they_are_reached() -> None:
    assert drawn(widened(mask("....#......"), 0.02)) == "..#####...."
    assert drawn(reached(mask("##..###..#"), mask(".....#...."))) == "....###..."


def test_joined_they_are_in_order_and_apart() -> None:
    assert joined([(3.0, 4.0), (0.0, 2.0), (0.5, 1.0)]) == ((0.0, 2.0), (3.0, 4.0))
    assert joined([(0.0, 1.0), (1.0, 2.0), (2.001, 3.0)]) == ((0.0, 2.0), (2.001, 3.0))
    assert joined([(0.0, 1.0), (1.2, 2.0), (2.4, 3.0)], 0.3) == ((0.0, 2.0), (2.4, 3.0))
    assert joined([], 0.3) == ()


def test_to_touch_is_not_to_meet() -> None:
    assert meet((0.0, 1.0), (0.9, 2.0))
    assert meet((0.9, 2.0), (0.0, 1.0))
    assert not meet((0.0, 1.0), (1.0, 2.0))


def test_words_without_times_have_no_span() -> None:
    words = [Word("so", 0.2, 0.4), Word("typed"), Word("we", 0.8, 1.0)]
    assert spans_of(words) == [(0.2, 0.4), (0.8, 1.0)]


def test_a_word_lies_before_a_time_where_its_middle_does() -> None:
    words = [Word("so", 0.0, 0.4), Word("we", 0.4, 1.0), Word("went", 1.0, 1.2)]
    assert [words_before(words, time) for time in (0.1, 0.3, 0.7, 0.8, 2.0)] == [0, 1, 1, 2, 3]
