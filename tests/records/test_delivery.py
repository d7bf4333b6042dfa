"""What is told of a delivery in more than one place."""

from __future__ import annotations

import pytest

from greenroom.analysis.bands import load_bands
from greenroom.records import (
    LONG_PAUSE_SECONDS,
    PROFILES,
    Delivery,
    Pause,
    ends_sentence,
    long_pauses,
    spoken_seconds,
)


def test_a_long_pause_lasts_a_second_or_more() -> None:
    pauses = (Pause(0.0, 0.999), Pause(2.0, 3.0), Pause(5.0, 7.5))
    assert long_pauses(Delivery(10, pauses=pauses)) == pauses[1:]


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_long_is_what_the_analysis_calls_long(profile: str) -> None:
    assert load_bands(profile).pauses.long == LONG_PAUSE_SECONDS


def test_the_seconds_from_the_first_word_to_the_last() -> None:
    assert spoken_seconds(Delivery(90, speech_rate_wpm=120.0)) == 45.0
    assert spoken_seconds(Delivery(90)) is None, "a text"
    assert spoken_seconds(Delivery(90, speech_rate_wpm=0.0)) is None


@pytest.mark.parametrize(
    ("word", "ends"),
    [
        ("done.", True),
        ("done?", True),
        ("done! ", True),
        ("done.”", True),
        ("I.", True),
        ("No.", True),
        ("done,", False),
        ("", False),
        (" Dr.", False),
        ("U.S.", False),
        ("J.", False),
    ],
)
def test_a_word_ends_a_sentence(word: str, ends: bool) -> None:
    assert ends_sentence(word) == ends
