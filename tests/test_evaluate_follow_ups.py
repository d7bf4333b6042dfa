"""Follow-ups scored against what readers would ask."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import evaluate_follow_ups  # noqa: E402
import fit_openings  # noqa: E402

from greenroom.records import OPENINGS  # noqa: E402

READER = {"as": "story", "said": ["outcome"], "odd": ["occasion"], "best": ["options"]}
MARKED = ROOT / "scripts" / "scorer" / "openings.jsonl"


@pytest.mark.parametrize(
    ("into", "verdict"),
    [
        ("options", "wanted"),
        ("outcome", "told"),
        ("occasion", "no sense"),
        ("hardest", "open"),
        ("plan_wrong", "no sense"),
    ],
)
def test_a_question_is_what_the_readers_call_it(into: str, verdict: str) -> None:
    assert evaluate_follow_ups.judged(into, [READER, READER]) == verdict


def test_the_harshest_reader_counts() -> None:
    other = {**READER, "said": ["options"], "best": ["hardest"]}
    assert evaluate_follow_ups.judged("options", [READER, other]) == "told"


def test_what_is_told_or_makes_no_sense_is_not_learned_as_open() -> None:
    targets = dict(zip(("askable", "wanted"), fit_openings.targets(READER).reshape(2, -1), strict=True))
    at = {name: i for i, name in enumerate(OPENINGS)}
    told, no_sense = ("outcome",), ("occasion", "plan_wrong")
    assert not any(targets["askable"][at[name]] for name in (*told, *no_sense))
    assert all(targets["askable"][at[name]] for name in ("options", "hardest"))
    assert [name for name in OPENINGS if targets["wanted"][at[name]]] == ["options"]


@pytest.mark.parametrize("file", [MARKED, evaluate_follow_ups.MARKED])
def test_the_marks_name_what_there_is(file: Path) -> None:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) > 100
    for reader in (reader for row in rows for reader in row.get("readers", [row])):
        assert reader["as"] in ("story", "plan", "self")
        assert {*reader["said"], *reader["odd"], *reader["best"]} <= set(OPENINGS)
        assert not set(reader["best"]) & {*reader["said"], *reader["odd"]}


@pytest.mark.slow
def test_the_follow_ups_of_the_product_are_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = evaluate_follow_ups.MARKED.read_text("utf-8").splitlines()[:4]
    (tmp_path / "marked.jsonl").write_text("\n".join(rows), "utf-8")
    monkeypatch.setattr(sys, "argv", ["follow-ups", str(tmp_path / "marked.jsonl"), "--show"])
    evaluate_follow_ups.main()
    lines = capsys.readouterr().out.splitlines()
    shares = next(line.split()[4:] for line in lines if line.startswith("asked after the answer"))
    assert shares[0] == "4" and sum(map(float, shares[1:])) == pytest.approx(1.0, abs=0.03)
    assert len([line for line in lines if line.startswith("w")]) >= 4


def test_the_fit_finds_what_parts_them() -> None:
    import numpy as np

    inputs = np.random.default_rng(1).normal(size=(200, 3)).astype(np.float32)
    given = np.stack([inputs[:, 0] > 0, inputs[:, 2] < 0], axis=1).astype(np.float32)
    weight, bias = fit_openings.fit(inputs, given, penalty=1.0)
    found = inputs @ weight.T + bias > 0
    assert (found == given.astype(bool)).mean() > 0.97
