"""The one difference that is said aloud."""

from __future__ import annotations

import pytest
from made_turns import UNKNOWN, made_turn, spoken

from greenroom.coaching.phrasing import load_phrases
from greenroom.records import PARTS, PATTERNS, Turn
from greenroom.retaking.difference import difference
from greenroom.review.comparison import compare

SAID = load_phrases()["again"]
QUIET, TALKY = spoken(fillers=1.0), spoken(fillers=7.0)


def between(before: Turn, after: Turn) -> str:
    return difference(before, after, compare(before, after))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            made_turn(patterns=["no_business", "hypothetical"]),
            made_turn(signals=["ownership"]),
            SAID["gone"]["hypothetical"],
        ),
        (
            made_turn(),
            made_turn(signals=["execution", "leadership"], probes=["leadership"]),
            "This time leading others came across.",
        ),
        (made_turn(), made_turn(signals=["execution"]), "This time getting things done came across."),
        (made_turn(), made_turn(parts={"action": 0.5, "result": 0.5}), SAID["part"]["result"]),
        (
            made_turn(scores={"clarity": 2}),
            made_turn(scores={"clarity": 3}),
            "This time a clear order came across more fully.",
        ),
        (
            made_turn(delivery=TALKY),
            made_turn(delivery=QUIET),
            "There were fewer fillers this time: about 1 a minute, after 7.",
        ),
        (made_turn(), made_turn(), SAID["other"]["same"]),
        (made_turn(), made_turn(patterns=["reactive"]), SAID["new"]["reactive"]),
        (
            made_turn(signals=["ownership"]),
            made_turn(),
            "The earlier answer also showed ownership. The next one can have both.",
        ),
    ],
)  # fmt: skip
def test_what_matters_most(before: Turn, after: Turn, said: str) -> None:
    assert between(before, after) == said


def test_a_gain_is_told_though_something_was_lost() -> None:
    before, after = made_turn(patterns=["generality"]), made_turn(patterns=["reactive"])
    assert between(before, after) == SAID["gone"]["generality"]


def test_where_the_later_answer_is_the_weaker_one_the_loss_is_told() -> None:
    before = made_turn(patterns=["generality"], scores={"clarity": 4, "ownership": 4})
    after = made_turn(patterns=["hidden_in_team"], scores={"clarity": 4, "ownership": 2})
    assert between(before, after) == SAID["new"]["hidden_in_team"]


def test_fewer_fillers_are_not_claimed_where_they_were_not_listened_for() -> None:
    unsure = spoken(fillers=7.0, reliability=UNKNOWN)
    assert between(made_turn(delivery=unsure), made_turn(delivery=QUIET)) == SAID["other"]["same"]


def test_what_a_later_version_finds_is_no_reason_to_fail() -> None:
    assert between(made_turn(patterns=["of_tomorrow"]), made_turn()) == SAID["other"]["same"]


def test_there_are_words_for_every_pattern_and_part() -> None:
    assert set(SAID["gone"]) == set(SAID["new"]) == set(PATTERNS)
    assert set(SAID["part"]) == set(PARTS)


def test_it_is_a_sentence_or_two_that_can_be_heard() -> None:
    for kind in SAID.values():
        for sentence in kind.values():
            assert 5 <= len(sentence.split()) <= 22
            assert "!" not in sentence
