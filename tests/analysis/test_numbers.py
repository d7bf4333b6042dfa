"""What a number measures, by the words around it."""

from __future__ import annotations

import pytest

from greenroom.analysis import Analyzer, transcript_of

MEASURES = {"percent", "money", "duration", "count", "scene_number"}


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("My team saved 300 hours.", ["duration"]),
        ("I was on a team of 5.", ["scene_number"]),
        ("Our team was 12.", ["scene_number"]),
        ("We handled 40 requests per second.", ["count"]),
        ("It took 40 per second.", ["count"]),
        ("It cost $5 per user.", ["money"]),
        ("It rose by 5 per cent.", ["percent"]),
        ("It fell forty percent.", ["percent"]),
        ("We had 2000 customers.", ["count"]),
        ("We had 2000 angry customers.", ["count"]),
        ("We saved 2000 dollars.", ["money"]),
        ("It cost us $ 2000 a day.", ["money"]),
        ("It was the tenth time that it failed.", []),
    ],
)
def test_a_number_measures_what_stands_around_it(analyzer: Analyzer, text: str, measures: list[str]) -> None:
    hits = analyzer.read(transcript_of(text)).hits
    assert [hit.tag for hit in hits if hit.tag in MEASURES] == measures
    assert len([hit for hit in hits if hit.tag == "number"]) == len(measures)


@pytest.mark.parametrize(
    "text",
    [
        "It was in 2019.",
        "I joined in March 2020.",
        "By 2020 it was done.",
        "Since 2008 it ran.",
        "In 2019 customers complained.",
        "The 2019 figures were bad.",
        "Our 2021 results were better.",
    ],
)
def test_a_year_is_no_amount(analyzer: Analyzer, text: str) -> None:
    assert "number" not in {hit.tag for hit in analyzer.read(transcript_of(text)).hits}
