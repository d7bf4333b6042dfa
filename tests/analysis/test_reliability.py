"""Each number says how far it can be believed, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from greenroom.analysis.bands import load_bands
from greenroom.analysis.reliability import Grounds, believable, reliabilities

GOOD = Grounds(120, 60.0, load_bands(), 0.9, heard=True, listened=True, snr_db=30.0, unsure=0.0)


def test_a_long_clear_answer_in_a_quiet_room() -> None:
    found = reliabilities(GOOD)
    assert found["speech_rate"].level == "good"
    assert found["speech_rate"].why == (
        "120 words in 60 s; the words were recognised clearly; times taken from the sound"
    )
    assert found["pauses"].why == "silences measured in the sound; the voice 30 dB over the room"
    assert found["filled_pauses"].level == "good"
    assert found["filler_words"].level == "fair", "grammar can err"


@pytest.mark.parametrize(
    ("changes", "measure", "level", "says"),
    [
        ({"words": 40}, "speech_rate", "fair", "40 words in 60 s, not many to judge by"),
        ({"words": 12, "seconds": 6.0}, "speech_rate", "poor", "too few"),
        ({"probability": 0.6}, "hedges", "fair", "some words"),
        ({"probability": 0.3}, "speech_rate", "poor", "many words"),
        ({"snr_db": 17.0}, "pauses", "fair", "noisy"),
        ({"snr_db": 9.0}, "voice", "poor", "9 dB over the room"),
        ({"listened": False, "unsure": 1.0}, "speech_rate", "fair", "by Whisper"),
        ({"listened": False, "unsure": 1.0}, "pauses", "fair", "voice activity alone"),
        ({"listened": False, "unsure": 1.0}, "longest_run", "poor", "misses short ones"),
        ({"listened": False, "unsure": 1.0}, "filled_pauses", "poor", "leaves out most"),
        ({"unsure": 1.0}, "filled_pauses", "poor", "no second pass"),
        ({"unsure": 0.2}, "filled_pauses", "fair", "20% of the speech"),
        ({"unsure": 0.5}, "fillers", "poor", "50% of the speech"),
        ({"fillers": 4, "doubtful": 1}, "filled_pauses", "fair", "1 of 4 may be none"),
    ],
)
def test_what_stands_against_a_number(changes: dict, measure: str, level: str, says: str) -> None:
    found = reliabilities(replace(GOOD, **changes))[measure]
    assert found.level == level
    assert says in found.why


def test_without_a_recording_nothing_is_said_of_silences() -> None:
    written = reliabilities(replace(GOOD, heard=False, listened=False, snr_db=None, unsure=1.0))
    assert not {"pauses", "articulation_rate", "silence_share", "voice"} & set(written)


def test_what_is_poor_is_not_judged_nor_what_rests_on_it() -> None:
    found = reliabilities(replace(GOOD, snr_db=9.0))
    assert not believable(found, "long_pauses")
    assert not believable(found, "pitch_sd")
    assert believable(found, "speech_rate")
    assert believable(found, "snr")
