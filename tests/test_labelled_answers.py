"""The labelled answers that the analyzer is measured with: legal, plentiful, and apart from each other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from greenroom.records import FORMS, KINDS, PARTS, PATTERNS, SIGNALS

TESTS = Path(__file__).parent
MEASURING, TRAINING = TESTS / "data" / "answers", TESTS.parent / "scripts" / "scorer"
FILES = {
    "tuning": MEASURING / "tuning.jsonl",
    "untouched": MEASURING / "untouched.jsonl",
    "training": TRAINING / "answers.jsonl",
    "weighing": TRAINING / "weighing.jsonl",
}
ROLE_LETTERS = "STARO"
"""Situation, task, action, result, and other."""
ANSWERS = {
    name: [json.loads(line) for line in path.read_text("utf-8").splitlines()] for name, path in FILES.items()
}
FAMILIES = {"patterns": PATTERNS, "signals": SIGNALS[1:], "parts": PARTS}
EACH_FILE = pytest.mark.parametrize("name", ANSWERS)

READERS = 3
LEAST_OF_EACH = 20
SHARED_WORDS = 9
"""So many words in a row in two answers would mean that one was made from the other."""


@EACH_FILE
def test_labels_are_whole_and_follow_from_the_votes(name: str) -> None:
    for answer in ANSWERS[name]:
        assert answer["kind"] in KINDS
        assert answer["question"] and answer["answer"]
        for family, ids in FAMILIES.items():
            assert tuple(answer[family]) == ids
            assert all(answer[family][id] == (answer["votes"][id] * 2 > READERS) for id in ids)


@pytest.mark.parametrize("name", ["tuning", "untouched", "weighing"])
def test_what_is_measured_says_how_it_is_told(name: str) -> None:
    assert all(answer["form"] in FORMS for answer in ANSWERS[name])


@pytest.mark.parametrize("name", ["tuning", "untouched", "training"])
def test_every_pattern_and_signal_is_there_often_enough_to_be_measured(name: str) -> None:
    for family in ("patterns", "signals"):
        for id in FAMILIES[family]:
            assert sum(answer[family][id] for answer in ANSWERS[name]) >= LEAST_OF_EACH, id


def test_there_are_three_hundred_and_more_and_no_id_twice() -> None:
    ids = [answer["id"] for answers in ANSWERS.values() for answer in answers]
    assert len(set(ids)) == len(ids)
    assert len(ANSWERS["tuning"]) + len(ANSWERS["untouched"]) >= 300


def test_no_answer_that_measures_is_made_from_another_file() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for name, answers in ANSWERS.items():
        for answer in answers:
            for run in _runs(answer):
                assert seen.setdefault(run, name) == name, run


EACH_FOLDER = pytest.mark.parametrize(("folder", "name"), [(MEASURING, "tuning"), (TRAINING, "training")])


@EACH_FOLDER
def test_every_word_has_a_letter_or_none(folder: Path, name: str) -> None:
    told = {answer["id"]: answer["answer"] for answer in ANSWERS[name]}
    rows = _rows(folder / "clauses.jsonl")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        for letters in row.get("readers") or [row["words"]]:
            assert len(letters) == len(told[row["id"]].split())
            assert set(letters) <= {*ROLE_LETTERS, "-"}


@EACH_FOLDER
def test_what_shows_something_lies_in_the_answer(folder: Path, name: str) -> None:
    told = {answer["id"]: answer["answer"].split() for answer in ANSWERS[name]}
    rows = _rows(folder / "evidence.jsonl")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        for shows in row.get("readers") or [row["shows"]]:
            assert set(shows) <= {*SIGNALS[1:], "strength"}
            for first, last in (stretch for stretches in shows.values() for stretch in stretches):
                assert 0 <= first <= last < len(told[row["id"]])


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _runs(answer: dict[str, Any]) -> list[tuple[str, ...]]:
    words = re.findall(r"[\w']+", answer["answer"].lower())
    return [tuple(words[i : i + SHARED_WORDS]) for i in range(len(words) - SHARED_WORDS + 1)]
