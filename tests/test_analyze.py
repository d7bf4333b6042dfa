"""`greenroom analyze` on texts: real parser and rules, no weights."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from greenroom.audio.clip import save_clip
from greenroom.records import Clip

pytestmark = pytest.mark.slow

ANSWER = (
    "Last spring our nightly export kept timing out and two clinics could not see their results. "
    "I split the job into batches, moved the index, and wrote a test that replays the worst night. "
    "The export went from three hours to eleven minutes and the clinics stopped calling."
)


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "greenroom", "analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_a_text_as_json(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text(ANSWER)
    result = analyze(tmp_path / "answer.txt", "--question", "What did you fix?", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert set(answer) >= {
        "schema", "id", "source", "question", "seconds", "transcript", "delivery", "parts", "patterns",
        "signals", "rubric", "feedback",
    }  # fmt: skip
    assert answer["seconds"] is None
    assert answer["transcript"]["text"] == ANSWER
    assert {"action", "result"} <= {part["id"] for part in answer["parts"]}
    assert "no_outcome" not in {pattern["id"] for pattern in answer["patterns"]}
    assert answer["delivery"]["speech_rate_wpm"] is None


def test_the_profile_is_part_of_the_result(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text(ANSWER)
    result = analyze(tmp_path / "answer.txt", "--profile", "stutter", "--json")
    assert json.loads(result.stdout)["delivery"]["profile"] == "stutter"


def test_many_answers_keep_their_order_and_ids(tmp_path: Path) -> None:
    lines = [{"id": f"a{i}", "answer": ANSWER, "question": "Why?", "kind": "behavioural"} for i in range(4)]
    lines[2] = {"answer": "I would probably ask somebody."}
    (tmp_path / "many.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    result = analyze(tmp_path / "many.jsonl", "--json")
    assert result.returncode == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a0", "a1", None, "a3"]
    assert answers[2]["transcript"]["text"] == "I would probably ask somebody."


def test_for_people(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text(ANSWER)
    result = analyze(tmp_path / "answer.txt")
    assert result.returncode == 0
    assert "feedback:" in result.stdout
    assert "signal: " in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.jsonl", b'{"answer": "yes"}\n{"answer": 3}\nnot json\n', 'line 2: "answer" is not a text'),
        ("missing.jsonl", b'{"text": "yes"}\n', 'line 1: "answer" is missing'),
        ("list.jsonl", b"[1]\n", "line 1: not a JSON object"),
        ("binary.txt", b"\xff\xfe\x00", "is not a UTF-8 text"),
        ("noise.wav", b"this is not sound at all", "noise.wav"),
        ("empty.flac", b"", "empty.flac"),
    ],
)
def test_bad_files_are_one_line_and_status_3(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    result = analyze(tmp_path / name, "--json")
    assert result.returncode == 3
    assert message in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("error: ")


def test_a_bad_file_does_not_keep_the_others_from_being_analysed(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(ANSWER)
    result = analyze(tmp_path / "absent.txt", tmp_path / "good.txt", "--json")
    assert result.returncode == 3
    assert json.loads(result.stdout)["source"] == str(tmp_path / "good.txt")
    assert "absent.txt" in result.stderr


def test_an_unknown_kind(tmp_path: Path) -> None:
    result = analyze(tmp_path / "x.txt", "--kind", "odd")
    assert result.returncode == 2
    assert "the kinds are:" in result.stderr


def test_an_empty_text_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    result = analyze(tmp_path / "empty.txt", "--json")
    assert result.returncode == 0
    assert json.loads(result.stdout)["patterns"] == []


@pytest.mark.weights
def test_recordings_as_json_one_line_each(tmp_path: Path) -> None:
    jfk = Path(__file__).parent / "data" / "jfk.flac"
    silent = tmp_path / "silent.wav"
    save_clip(silent, Clip(np.zeros(16_000 * 3, dtype=np.float32)))
    result = analyze(
        jfk, silent, "--json", "--engine", "faster-whisper", "--question", "What do you ask for?"
    )
    assert result.returncode == 0, result.stderr
    spoken, nothing = (json.loads(line) for line in result.stdout.splitlines())
    assert spoken["seconds"] == pytest.approx(11.0, abs=0.1)
    assert spoken["source"] == str(jfk)
    assert (spoken["transcript"]["engine"], spoken["transcript"]["model"]) == ("faster-whisper", "base")
    assert "ask what you can do for your country" in spoken["transcript"]["text"].lower()
    times = [(word["start"], word["end"]) for word in spoken["transcript"]["words"]]
    assert all(0 <= start <= end <= 11.1 for start, end in times)
    assert 100 < spoken["delivery"]["speech_rate_wpm"] < 200
    assert spoken["delivery"]["pauses"]
    assert (nothing["transcript"]["text"], nothing["patterns"]) == ("", [])
    assert nothing["delivery"]["words"] == 0
