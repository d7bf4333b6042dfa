"""Two answers held against each other: what came, what went, what stayed, and by how much."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_turns import made_turn, spoken

from greenroom.review.comparison import Change, Exchange, compare, measures_of


def test_what_came_what_went_and_what_stayed() -> None:
    before = made_turn(
        patterns=["no_outcome", "generality"], signals=["ownership", "execution"], parts={"action": 1.0}
    )
    after = made_turn(
        2,
        patterns=["no_business", "generality"],
        signals=["execution", "leadership"],
        parts={"action": 0.8, "result": 0.2},
    )
    told = compare(before, after)
    assert told.patterns == Exchange(came=("no_business",), went=("no_outcome",), stayed=("generality",))
    assert told.signals == Exchange(came=("leadership",), went=("ownership",), stayed=("execution",))
    assert told.parts == Exchange(came=("result",), went=(), stayed=("action",))
    assert told.shares == (Change("action", 1.0, 0.8), Change("result", None, 0.2))


def test_ids_stand_in_the_order_of_their_record_and_unknown_ones_last() -> None:
    told = compare(made_turn(), made_turn(2, patterns=["later_than_this", "no_business", "hypothetical"]))
    assert told.patterns.came == ("hypothetical", "no_business", "later_than_this")


def test_a_part_told_twice_is_one_part() -> None:
    part = made_turn(parts={"action": 1.0}).parts[0]
    assert compare(made_turn(), replace(made_turn(2), parts=(part, part))).parts.came == ("action",)


def test_scores_of_both_and_those_of_one() -> None:
    before = made_turn(scores={"clarity": 2, "ownership": 3})
    after = made_turn(2, scores={"clarity": 4, "leadership": 1})
    told = {change.id: (change.before, change.after, change.by) for change in compare(before, after).rubric}
    assert told == {"clarity": (2, 4, 2), "ownership": (3, None, None), "leadership": (None, 1, None)}


def test_how_either_was_told() -> None:
    assert compare(made_turn(form="opinion"), made_turn(form="story")).form == ("opinion", "story")


def test_the_numbers_of_a_spoken_answer() -> None:
    measured = measures_of(made_turn(delivery=spoken(wpm=120, words=180, fillers=3.0, long_pauses=3)))
    assert measured == {
        "seconds": pytest.approx(90),  # 180 words at 120 a minute
        "speech_rate": 120,
        "fillers": 3.0,
        "long_pauses": pytest.approx(2.0),  # three in a minute and a half; the short one is none
        "first_word": 1.5,
    }


def test_a_typed_answer_has_no_numbers_and_nothing_is_made_of_that() -> None:
    assert measures_of(made_turn()) == {}
    told = compare(made_turn(), made_turn(delivery=spoken()))
    assert all(change.before is None and change.by is None for change in told.measures)


def test_without_the_sound_there_are_no_pauses_rather_than_none() -> None:
    heard_not = replace(spoken(long_pauses=0), silence_share=None)
    assert "long_pauses" not in measures_of(made_turn(delivery=heard_not))
