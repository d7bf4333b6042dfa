"""The learned scorer beside the rules: windows, memory, what each word contributes, and the verdicts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.analysis.scorer import LABELS, STEP_WORDS, WINDOW_WORDS, Scorer, windows_of
from greenroom.analysis.verdicts import FOUND, Verdicts, Weights, logit

QUESTION = "Tell me about a time you improved something."
_STORY = (
    "Two customers a week called because the invoice came twice. I noticed that the export ran again after a "
    "timeout, so I decided to give every run a key, and the second invoices stopped: none since March."
)
_HABIT = (
    "I usually talk to everybody first, and then I would make a plan, and I always keep the team informed."
)
_SCENE = "It was a small office in the north, with two rooms and a kitchen."
STORY, HABIT, SCENE = _STORY.split(), _HABIT.split(), _SCENE.split()


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer()


def test_every_word_is_in_a_window_and_what_crosses_a_border_is_in_both(scorer: Scorer) -> None:
    words = [f"word{i % 90}" for i in range(3 * STEP_WORDS)]
    windows = windows_of(scorer.tokenizer, QUESTION, words)
    owners = [set(window.words) - {-1} for window in windows]
    assert set.union(*owners) == set(range(len(words)))
    assert len(owners[0] & owners[1]) == WINDOW_WORDS - STEP_WORDS
    assert all(len(window.ids) == len(window.types) == len(window.words) for window in windows)


@pytest.mark.parametrize(
    ("count", "windows"),
    [(1, 1), (WINDOW_WORDS, 1), (WINDOW_WORDS + 1, 2), (WINDOW_WORDS + STEP_WORDS, 2), (900, 7)],
)
def test_as_few_windows_as_hold_it(scorer: Scorer, count: int, windows: int) -> None:
    assert len(windows_of(scorer.tokenizer, "", ["so"] * count)) == windows


def test_filled_pauses_are_not_read_and_say_nothing(scorer: Scorer) -> None:
    plain = scorer.read(QUESTION, STORY)
    hesitating = [word for each in STORY for word in ("um,", each)]
    scored = scorer.read(QUESTION, hesitating)
    assert scored.probabilities == plain.probabilities
    assert not scored.words[::2].any()


def test_only_filled_pauses_are_read_as_they_are(scorer: Scorer) -> None:
    assert len(scorer.read(QUESTION, ["um", "uh"]).words) == 2


def test_it_tells_a_story_from_a_habit(scorer: Scorer) -> None:
    story, habit = scorer.read(QUESTION, STORY), scorer.read(QUESTION, HABIT)
    assert story.of("forms", "story") > 0.5 > habit.of("forms", "story")
    assert habit.of("patterns", "hypothetical") > 0.5 > story.of("patterns", "hypothetical")
    assert story.of("signals", "ownership") > habit.of("signals", "ownership")


def test_the_words_tell_where_it_lies(scorer: Scorer) -> None:
    """Of the two halves of an answer the one that holds the deed speaks more for ownership."""
    scores = scorer.read(QUESTION, [*SCENE, *STORY])
    scene, deed = range(len(SCENE)), range(len(SCENE), len(SCENE) + len(STORY))
    assert scores.weight("signals", "ownership", deed) > scores.weight("signals", "ownership", scene)


def test_what_was_read_before_is_not_read_again(scorer: Scorer) -> None:
    words = (STORY * 12)[: WINDOW_WORDS + 100]
    scorer.read(QUESTION, words[:-20])
    before = scorer.windows_read
    scorer.read(QUESTION, words)
    assert scorer.windows_read == before + 1  # the last one


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Zs", "Cc"]), min_size=1), min_size=1)
)
def test_any_words_are_read(scorer: Scorer, words: list[str]) -> None:
    scores = scorer.read("", words)
    assert scores.words.shape == (len(words), len(LABELS))
    assert all(0 <= chance <= 1 for chance in scores.probabilities.values())


def test_a_rule_counts_as_much_as_its_weight_says(scorer: Scorer) -> None:
    scores = scorer.read(QUESTION, STORY)
    verdicts = Verdicts({"patterns": {"reactive": Weights(offset=-0.5, scale=0.5, rule=1.5)}})
    expected = -0.5 + 0.5 * logit(scores.of("patterns", "reactive")) + 1.5 * 0.8
    chance = verdicts.chance("patterns", "reactive", scores, 0.8)
    assert math.isclose(logit(chance), expected, rel_tol=1e-6)
    unfitted = verdicts.chance("patterns", "no_outcome", scores, 1.0)
    assert math.isclose(unfitted, scores.of("patterns", "no_outcome"))


def test_there_is_a_fitted_verdict_for_every_label_and_no_rule_speaks_against_itself() -> None:
    fitted = Verdicts.load()
    for family, name in LABELS:
        if family == "forms":
            continue
        weights = fitted.weights[family][name]
        assert weights.scale > 0 and weights.rule >= 0, name
    assert FOUND == 0.5
