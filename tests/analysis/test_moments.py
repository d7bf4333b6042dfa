"""Which words of an answer are said back: what a stretch is weighed by, and what follows from the weights."""

from __future__ import annotations

import numpy as np
import pytest

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.moments import (
    LEAST_WORDS,
    MOST_WORDS,
    Moments,
    Weights,
    flags_of,
    inputs_of,
    places_of,
    shared,
    stretches,
)
from greenroom.analysis.scorer import Linear, Scores

TEXT = "We had a leak. I put the tools back in the van and borrowed a meter."
WORDS = TEXT.split()
FLAGS = flags_of(["word"]).shape[1]


def scores(inside: dict[int, float]) -> Scores:
    """One number a word, `inside` where it is given and else 0."""
    states = np.array([[inside.get(at, 0.0)] for at in range(len(WORDS))], dtype=np.float32)
    none = np.zeros((len(WORDS), 0), dtype=np.float32)
    return Scores({}, none, none, none, states, none, none)


def moments(*, nothing: float = -9.0) -> Moments:
    """Each is weighed by the mean of that number, ten times; what ends with its sentence by 1 more."""
    words = np.zeros((5, 1 + FLAGS), dtype=np.float32)
    words[0, 0], words[2, 1] = 10.0, 1.0  # the first flag: a sentence ends
    return Moments(
        Weights(
            Linear(np.ones((1, 1), np.float32), np.zeros(1, np.float32)),
            Linear(words, np.zeros(5, np.float32)),
            np.zeros(MOST_WORDS + 1, np.float32),
            np.zeros(3, np.float32),
            nothing,
        )
    )


def test_a_stretch_stays_in_its_sentence() -> None:
    begins, ends = stretches(WORDS)
    assert len(begins) == len({*zip(begins, ends, strict=True)})
    assert all(LEAST_WORDS <= end - begin <= MOST_WORDS for begin, end in zip(begins, ends, strict=True))
    assert (0, 4) in zip(begins, ends, strict=True)
    assert not any(begin < 4 < end for begin, end in zip(begins, ends, strict=True))
    assert [len(each) for each in stretches(["Yes.", "We", "did"])] == [0, 0]


def test_the_best_comes_first_and_no_two_share_a_word() -> None:
    found = moments().of(scores(dict.fromkeys(range(12, 16), 1.0)), WORDS, 2)
    assert (found[0].first, found[0].last) == (12, 15)
    assert found[1].last < 12
    assert 0 <= found[1].worth <= found[0].worth <= 1


def test_where_nothing_speaks_for_any_stretch_none_is_said_back() -> None:
    (strong,) = moments().of(scores(dict.fromkeys(range(12, 16), 1.0)), WORDS, 1)
    assert strong.worth > 0.5
    assert moments(nothing=9.0).of(scores({}), WORDS, 1) == []
    assert moments().of(scores({}), WORDS[:2], 1) == []


def test_many_strong_moments_are_no_reason_to_say_nothing() -> None:
    found = moments(nothing=3.0).of(scores(dict.fromkeys(range(len(WORDS)), 1.0)), WORDS, 3)
    assert found
    assert found[0].worth < 0.5


def test_none_stops_at_a_word_that_leads_on() -> None:
    given = scores({4: 1.0, 5: 1.0, 6: 1.0, 7: 1.0, 8: 0.5})
    (found,) = moments().of(given, WORDS, 1)
    assert WORDS[found.first : found.last + 1] == ["I", "put", "the", "tools"]
    words = [*WORDS[:7], "the,", *WORDS[8:]]
    (found,) = moments().of(given, words, 1)
    assert words[found.last] != "the,"
    words[7] = "to."
    (found,) = moments().of(given, words, 1)
    assert words[found.last] == "to."


def test_what_is_shared_is_counted_in_words() -> None:
    given = shared(2, 6, np.array([2, 4, 6]), np.array([6, 8, 9]))
    assert given == pytest.approx([1.0, 2 / 6, 0.0])


def test_a_stretch_is_placed_by_where_it_begins() -> None:
    assert places_of(np.array([0, 5]), 10).tolist() == [[0.0, 0.0, 1.0], [0.5, 0.25, 0.0]]


def test_what_was_fitted_is_read_and_says_back_whole_clauses(analyzer: Analyzer) -> None:
    told = transcript_of(
        "The lift kept stopping between floors and two firms had given up on it. I rode in it for a night "
        "with a notebook, and I found that it only stopped when the heating came on. I moved one cable away "
        "from the pipe and it has not stopped since March."
    )
    words = told.text.split()
    given = analyzer.score(tuple(analyzer.read(told).words))
    assert inputs_of(given).shape[0] == len(words)
    best = Moments.load().of(given, words, 3)
    texts = [" ".join(words[each.first : each.last + 1]) for each in best]
    assert texts[0].startswith(("I ", "and I "))
    assert all(LEAST_WORDS <= len(text.split()) <= MOST_WORDS for text in texts)
