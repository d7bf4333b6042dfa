"""What is praised, scored against what readers would say back, and what it is learned from."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import evaluate_moments  # noqa: E402
import fit_moments  # noqa: E402
import quoted_words  # noqa: E402

from greenroom.analysis.moments import stretches  # noqa: E402

READER = {"best": [(3, 9), (20, 26)], "never": [(40, 48)]}
SILENT: evaluate_moments.Marked = {"best": [], "never": []}


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ((3, 9), ("first", "among", "exact")),
        ((4, 9), ("first", "among")),
        ((21, 27), ("among",)),
        ((8, 13), ()),
        ((42, 47), ("never",)),
    ],
)
def test_what_is_said_back_is_what_a_reader_marked(said: tuple[int, int], counted: tuple[str, ...]) -> None:
    counts = Counter[str]()
    evaluate_moments.count(counts, said, [READER])
    assert {name for name in ("first", "among", "exact", "never") if counts[name]} == set(counted)
    assert (counts["answers"], counts["given"]) == (1, 1)


def test_saying_nothing_is_right_where_a_reader_would_say_nothing() -> None:
    counts = Counter[str]()
    evaluate_moments.count(counts, None, [READER, SILENT])
    evaluate_moments.count(counts, (3, 9), [SILENT])
    assert (counts["answers"], counts["given"], counts["empty"], counts["silent"]) == (1, 0, 2, 1)


def test_the_first_choice_is_wanted_most_and_next_to_it_what_is_nearly_the_same() -> None:
    begins, ends = stretches(["word"] * 40)
    wanted = fit_moments.wanted([(3, 11), (20, 26)], begins, ends)
    by_place = dict(zip(zip(begins.tolist(), ends.tolist(), strict=True), wanted.tolist(), strict=False))
    assert wanted.sum() == pytest.approx(1)
    assert by_place[3, 11] > by_place[3, 12] > by_place[3, 20] == 0
    assert by_place[3, 11] > by_place[20, 26] > 0
    assert fit_moments.wanted([], begins, ends)[-1] == 1


def test_without_marks_and_capitals_the_words_stay_in_their_places() -> None:
    assert fit_moments.without_marks(["Well,", "—", "it’s", "4.5%!"]) == ["well", "—", "it's", "45%"]


@pytest.mark.parametrize("file", [fit_moments.HERE / "moments.jsonl", evaluate_moments.MOMENTS])
def test_the_marks_lie_in_their_answers(file: Path) -> None:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) > 100
    for row in rows:
        for reader in row.get("readers", [row]):
            spans = np.array([*reader["best"], *reader["never"]], dtype=np.int64).reshape(-1, 2)
            assert (spans[:, 0] < spans[:, 1]).all()
            assert len(reader["best"]) <= 3


def test_a_quote_is_found_again_in_the_answer_it_was_cleaned_from() -> None:
    told = "So um I, I rewired the, uh, back office one night."
    place = quoted_words.place_of("I rewired the back office one night", told)
    assert told.split()[slice(*place)][-1] == "night."
    with pytest.raises(ValueError, match="nothing of the kind"):
        quoted_words.place_of("nothing of the kind", told)
