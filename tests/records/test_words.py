"""Words as they are compared, and which of them are filled pauses, as Whisper and people write them."""

from __future__ import annotations

import pytest

from greenroom.records import FILLED_PAUSES, bare, is_filled_pause


@pytest.mark.parametrize(
    ("text", "expected"), [("Um,", True), ("uh", True), ("Hmm.", True), ("I'm", False), ("umbrella", False)]
)
def test_spellings(text: str, expected: bool) -> None:
    assert is_filled_pause(text) is expected


def test_what_whisper_wrote_itself_is_counted_by_its_bare_name() -> None:
    assert [bare(text) for text in ("Um,", "uh...", "Hmm.")] == ["um", "uh", "hmm"]


@pytest.mark.parametrize("text", ["Ummm…", "“Uh”", "um—", "-er", " Mm, ", "Mhm."])
def test_marks_on_either_side_hide_none(text: str) -> None:
    assert is_filled_pause(text)


@pytest.mark.parametrize("text", ["ER", "MM", "ERM,", "“UH”"])
def test_all_in_capitals_it_is_a_name(text: str) -> None:
    assert not is_filled_pause(text)


@pytest.mark.parametrize(
    ("before", "text", "expected"),
    [("5", "mm", False), ("0.5", "mm.", False), ("5,", "mm,", True), ("was", "mm", True), ("5", "um", True)],
)
def test_after_a_digit_it_is_a_unit(before: str, text: str, expected: bool) -> None:
    assert is_filled_pause(text, before) is expected


def test_what_stands_inside_a_word_belongs_to_it() -> None:
    assert [bare(text) for text in ("Co-op,", "don’t", "(I'm)", "3.5", "--", "")] == [
        "co-op",
        "don't",
        "i'm",
        "3.5",
        "",
        "",
    ]
    assert not any(map(is_filled_pause, ("uh-huh", "--", "")))


def test_they_are_listed_as_they_are_compared() -> None:
    assert {bare(text) for text in FILLED_PAUSES} == FILLED_PAUSES
