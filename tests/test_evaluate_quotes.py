"""Quotes scored against the clauses that readers marked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import evaluate_quotes  # noqa: E402

TOLD = (
    "The tills went down every Friday and people left without buying. I rewired the back office one night by "
    "myself. After that we lost no sale for eleven weeks."
)
LABELS = {
    "patterns": "hypothetical buried_problem hidden_in_team no_outcome generality reactive no_business",
    "signals": "ownership technical_fluency execution business_impact leadership customer_focus ambiguity "
    "accountability proactivity",
    "parts": "situation task action result",
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """(marked, answers) of one answer, in which two readers marked the same words."""
    labels = {family: dict.fromkeys(names.split(), 0) for family, names in LABELS.items()}
    answer = {"id": "a", "question": "Tell me about a repair.", "answer": TOLD, **labels}
    shows = {"ownership": [[11, 19]], "execution": [[11, 19]], "strength": [[11, 19]]}
    (tmp_path / "answers.jsonl").write_text(json.dumps(answer), "utf-8")
    (tmp_path / "marked.jsonl").write_text(json.dumps({"id": "a", "readers": [shows, shows]}), "utf-8")
    return tmp_path / "marked.jsonl", tmp_path / "answers.jsonl"


@pytest.mark.slow
def test_quotes_count_as_right_where_a_reader_marked_them(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    marked, answers = files
    monkeypatch.setattr(sys, "argv", ["quotes", str(marked), "--answers", str(answers), "--show"])
    evaluate_quotes.main()
    out = capsys.readouterr().out
    assert "of 3 stretches of the first reader the second marked 1.00 too" in out
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line and ":" not in line}
    assert rows["strength"][1:] == ["1", "1", "1.00", "1", "1.00"]
    assert rows["execution"][4:] == ["1", "1.00"]
