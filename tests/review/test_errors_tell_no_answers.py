"""What is wrong with a file is said without the words of any answer: errors are copied, sent and logged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from called import call

from greenroom.errors import BadInputError
from greenroom.session import SESSION_FILE, load_session

OWN = "zanzibar"
"""A word of the answer, which stands wherever a text of the person may."""

Place = tuple[str | int, ...]

READERS = (
    ("report",),
    ("report", "--export", "md"),
    ("replay", "--quiet"),
    ("retake", "--quiet", "--candidate", "demo"),
    ("reanalyze",),
)


def leaves(data: Any, place: Place = ()) -> Iterator[Place]:
    """Where a value stands that holds no others."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*place, key))
    else:
        yield place


def put(data: Any, place: Place, value: object) -> None:
    for key in place[:-1]:
        data = data[key]
    data[place[-1]] = value


def kinds_of_leaves(data: Any) -> list[Place]:
    """One place of each kind: what differs in a number alone is of the same record."""
    kinds = {tuple(key for key in place if isinstance(key, str)): place for place in leaves(data)}
    return list(kinds.values())


@pytest.mark.parametrize("wrong", [[OWN], {OWN: OWN}, OWN, f"{OWN} " * 30])
def test_a_value_that_cannot_be_is_not_repeated(everything: Path, wrong: object) -> None:
    file = everything / SESSION_FILE
    whole, refused = file.read_text(), 0
    for place in kinds_of_leaves(json.loads(whole)):
        data = json.loads(whole)
        put(data, place, wrong)
        file.write_text(json.dumps(data))
        try:
            load_session(everything)
        except BadInputError as error:
            assert OWN not in f"{error.message} {error.hint}", place
            refused += 1
    assert refused > 50


@pytest.mark.parametrize("command", READERS, ids=" ".join)
@pytest.mark.parametrize("damage", ["cut off", "not JSON", "another kind", "an answer for a key"])
def test_who_reads_a_damaged_session_tells_nothing_of_it(
    everything: Path, command: tuple[str, ...], damage: str
) -> None:
    file = everything / SESSION_FILE
    data = json.loads(file.read_text())
    for place in leaves(data):
        if place[-1] in ("text", "quote"):
            put(data, place, OWN)
    if damage == "another kind":
        data["turns"][0]["transcript"] = f"I said {OWN}"
    if damage == "an answer for a key":
        data["turns"][0] = {f"I said {OWN}": data["turns"][0]}
    text = json.dumps(data)
    text = text[: text.rindex(OWN) + 3] if damage == "cut off" else text
    file.write_text(text.replace('"turns":', f"turns {OWN}:") if damage == "not JSON" else text)
    assert OWN in file.read_text()
    done = call(*command, everything)
    assert done.returncode == 3
    assert "error: " in done.stderr
    assert OWN not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        f'{{"question": "Why?", "answer": ["{OWN}"]}}',
        f'{{"question": "Why?", "answer": "I said {OWN}',
        f'{{"question": {{"{OWN}": 1}}, "answer": "I said {OWN}"}}',
        f'{{"answer_text": "I said {OWN}"}}',
        f"I said {OWN}",
        json.dumps({"answer": f"{OWN} " * 10_001}),
    ],
)
def test_a_line_that_is_no_answer_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "answers.jsonl").write_text(f"{line}\n")
    done = call("analyze", tmp_path / "answers.jsonl", "--json")
    assert done.returncode == 3
    assert "line 1" in done.stderr
    assert OWN not in done.stderr + done.stdout


def test_a_recording_that_cannot_be_read_is_named_by_its_file_alone(tmp_path: Path) -> None:
    (tmp_path / "answer.wav").write_text(f"RIFF I said {OWN}")
    done = call("analyze", tmp_path / "answer.wav")
    assert done.returncode == 3
    assert "answer.wav" in done.stderr
    assert OWN not in done.stderr + done.stdout
