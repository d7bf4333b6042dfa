"""The person's own rating against the rubric's: the rule, the gap, and the two sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from made_turns import made_turn

from greenroom.records import Turn
from greenroom.self_rating import compared, gap, heard_rating, said, scores_asked_for

SCORES = {"clarity": 4, "ownership": 2, "execution": 1, "leadership": 1}


def rated(
    rating: int | None,
    scores: Mapping[str, int] = SCORES,
    probes: Sequence[str] = ("ownership",),
    number: int = 1,
) -> Turn:
    return made_turn(number, scores=scores, probes=probes, self_rating=rating)


@pytest.mark.parametrize(
    ("probes", "expected"),
    [
        (("ownership",), 3.0),  # clarity 4 and ownership 2
        (("ownership", "leadership"), 7 / 3),
        (("clarity",), 4.0),  # clarity counts once
        ((), 2.0),  # a question that probes nothing: all of them
        (("customer_focus",), 4.0),  # what was not scored is left out
    ],
)
def test_the_rubric_side_is_clarity_and_what_the_question_probes(
    probes: tuple[str, ...], expected: float
) -> None:
    assert heard_rating(rated(None, probes=probes)) == pytest.approx(expected)


def test_the_scores_behind_it_can_be_named() -> None:
    assert [score.id for score in scores_asked_for(rated(None))] == ["clarity", "ownership"]


def test_the_gap_is_the_person_over_the_rubric() -> None:
    assert gap(rated(4)) == pytest.approx(1.0)
    assert gap(rated(1)) == pytest.approx(-2.0)


@pytest.mark.parametrize("turn", [rated(None), rated(3, scores={})])
def test_without_both_sides_there_is_nothing_to_compare(turn: Turn) -> None:
    assert (gap(turn), compared(turn), said(turn)) == (None, None, None)


def test_the_line_to_read_has_both_numbers() -> None:
    assert compared(rated(4)) == "You gave it a 4; by the rubric it comes to 3."
    thirds = rated(3, probes=("ownership", "leadership"))
    assert compared(thirds) == "You gave it a 3; by the rubric it comes to 2.3."


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_what_is_heard_says_the_direction_and_no_figure_of_the_rubric(number: int) -> None:
    alike, above, below = (said(rated(rating, number=number)) or "" for rating in (3, 4, 1))
    assert "three" in alike
    assert "four" in above
    assert "yet" in above or "still" in above
    assert "one" in below
    assert "more" in below.lower()
    assert not any(letter.isdigit() for letter in alike + above + below)


def test_it_is_said_in_other_words_from_answer_to_answer() -> None:
    assert len({said(rated(3, number=number)) for number in (1, 2, 3)}) == 3
