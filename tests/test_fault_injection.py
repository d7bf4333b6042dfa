"""A session is killed at random moments: nothing of it is lost, and it can be gone on with.

`scripts/benchmark faults` does the same a hundred times.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
RUNS = 12

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def deaths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("faults")
    command = [sys.executable, ROOT / "scripts" / "benchmark_faults.py", "--runs", RUNS, "--jobs", 6]
    command += ["--questions", 2, "--work", folder, "--json", folder / "deaths.json"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False)
    print(done.stdout, done.stderr)
    yield json.loads((folder / "deaths.json").read_text())


def test_nothing_is_lost(deaths: list[dict[str, Any]]) -> None:
    assert {each["run"] for each in deaths} == set(range(RUNS))
    assert [fault for each in deaths for fault in each["faults"]] == []


def test_sessions_died_while_something_could_be_lost(deaths: list[dict[str, Any]]) -> None:
    kinds = {each["kind"] for each in deaths}
    assert kinds == {"any moment", "at a write", "power cut"}
    assert any(each["where"] == "answering" for each in deaths)
    assert any(each["turns"] for each in deaths)
    lost = [each["lost"] for each in deaths if each["lost"] is not None]
    assert max(lost) <= 1.0


def test_the_next_start_has_said_so(deaths: list[dict[str, Any]]) -> None:
    told = [each["told"] for each in deaths if each["where"] == "answering"]
    assert all("greenroom practice --resume" in text for text in told)
