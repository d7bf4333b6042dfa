"""What is said of the delivery, and the numbers in it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from greenroom.coaching.delivery import ABOUT_THE_MICROPHONE, delivery_remarks, delivery_slots
from greenroom.coaching.phrasing import load_phrases
from greenroom.records import Delivery, Filler, PaceDeparture, Reliability

PHRASES = load_phrases()["delivery"]
SPOKEN = Delivery(
    150, 213.7, 230.0, 1.0, 38.0,
    fillers=(Filler("um", 1.0, 1.2), Filler("uh", 2.0, 2.2), Filler("like", 3.0, 3.2, kind="filler_word")),
    fillers_per_minute=8.6,
    pace_departures=(PaceDeparture("slow", 8, 20, 90.0), PaceDeparture("fast", 26, 42, 236.2)),
    longest_run_seconds=33.4,
    reliability={"filled_pauses": Reliability("good", "")},
)  # fmt: skip


def said(key: str, delivery: Delivery = SPOKEN) -> list[str]:
    return [phrase.format(**delivery_slots(key, delivery)) for phrase in PHRASES[key]]


@pytest.mark.parametrize("key", PHRASES)
def test_every_remark_can_be_said_and_varies(key: str) -> None:
    phrases = said(key)
    assert len(set(phrases)) >= 2
    for phrase in phrases:
        assert not re.search(r"[{}]|\s,|\s\s|\d\.\d", phrase), "a number with a point is hard to grasp aloud"
        assert phrase[0].isupper()
        assert len(phrase.split()) <= 25


@pytest.mark.parametrize("key", PHRASES)
def test_a_remark_is_on_the_answer_and_never_on_the_person(key: str) -> None:
    for phrase in said(key):
        assert not re.search(r"\b(you sound|you seem|you were|bad|poor|wrong|should|must|dB)\b", phrase)


def test_nothing_remarkable_no_remark() -> None:
    assert delivery_remarks(SPOKEN) == ()


def test_the_order_is_the_analysis_own() -> None:
    keys = ("fillers.harmful", "snr.drowned")
    assert delivery_remarks(replace(SPOKEN, remarkable=keys)) == keys
    assert set(ABOUT_THE_MICROPHONE) <= set(PHRASES)


def test_where_silences_make_it_slow_the_words_are_not_blamed() -> None:
    slow = replace(SPOKEN, remarkable=("speech_rate.very slow",))
    assert delivery_remarks(replace(slow, articulation_rate_wpm=175.0)) == ("speech_rate.slow by silences",)
    assert delivery_remarks(replace(slow, articulation_rate_wpm=120.0)) == ("speech_rate.very slow",)


def test_rates_are_round() -> None:
    assert all("about 210 words a minute" in phrase for phrase in said("speech_rate.fast"))


def test_fillers_are_named_and_a_lower_bound_is_called_one() -> None:
    assert all("about 9 " in phrase and "mostly um and uh" in phrase for phrase in said("fillers.work on it"))
    unsure = replace(SPOKEN, reliability={"filled_pauses": Reliability("fair", "")})
    assert all("at least 9 " in phrase for phrase in said("fillers.work on it", unsure))
    doubted = replace(unsure, fillers=(*SPOKEN.fillers, Filler("um", 5.0, 5.2, confidence=0.3)))
    assert all("about 9 " in phrase for phrase in said("fillers.work on it", doubted)), "some may be none"


@pytest.mark.parametrize(
    ("texts", "which"),
    [
        (["like"] * 3, "mostly the word like"),
        (["you know"] * 3 + ["like"], "mostly the words you know"),
        (["like"] * 3 + ["so"] * 2 + ["well"], "above all the word like, and the word so"),
    ],
)
def test_which_filler_it_was(texts: list[str], which: str) -> None:
    fillers = tuple(Filler(text, 1.0, 1.1, kind="filler_word") for text in texts)
    assert delivery_slots("fillers.harmful", replace(SPOKEN, fillers=fillers))["which"] == which


@pytest.mark.parametrize(
    ("start", "end", "where"),
    [(2, 12, "near the start"), (16, 28, "in the middle"), (26, 42, "towards the end")],
)
def test_where_it_was_fast(start: float, end: float, where: str) -> None:
    fast = replace(SPOKEN, pace_departures=(PaceDeparture("fast", start, end, 236.2),))
    assert delivery_slots("pace.fast stretch", fast) == {"where": where, "rate": "240"}


def test_every_remark_of_the_bands_has_its_phrases() -> None:
    """The rooms do not know each other: what the one calls remarkable the other must have words for."""
    from greenroom.analysis.bands import load_bands

    assert set(load_bands().remarks) <= set(PHRASES)
