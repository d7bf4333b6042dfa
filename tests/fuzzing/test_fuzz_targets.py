"""Hostile files of every kind: used, or refused in one line. scripts/fuzz tries ten thousand of each."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from fuzz_targets import TARGETS, FindingError, Target, one_line, run  # noqa: E402

from greenroom.errors import BadInputError  # noqa: E402

INPUTS = 100
FEWER = {"sessions": 30, "stories": 40, "analysis": 15}
"""Those are slow: a session becomes a page, a history and three exports; a story is saved, and keeps all that
tomlkit keeps; an answer is parsed."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", TARGETS)
def test_whatever_is_in_a_file_it_is_used_or_refused_in_one_line(kind: str) -> None:
    """Derandomised, so that a failure is there again the next time; hypothesis makes its input smaller."""

    @settings(
        max_examples=FEWER.get(kind, INPUTS),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def tried(random: Random) -> None:
        data = TARGETS[kind].make(random)
        folder = Path(tempfile.mkdtemp(prefix="greenroom-fuzz-", dir=memory))
        try:
            run(TARGETS[kind], data, folder)
        finally:
            shutil.rmtree(folder)

    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # thousands of files are synced
    tried()


def test_the_inputs_of_a_seed_are_always_the_same_and_differ_from_each_other() -> None:
    for target in TARGETS.values():
        once, again = (target.make(Random("a seed")) for _ in range(2))
        assert once == again
        assert len({target.make(Random(number)) for number in range(8)}) > 4


def _raising(error: Exception) -> Target:
    def read(_: bytes, __: Path) -> None:
        raise error

    return Target(lambda _: b"", read)


def test_a_refusal_is_one_line_and_anything_else_is_a_finding(tmp_path: Path) -> None:
    assert run(_raising(BadInputError("it is empty", "fill it")), b"", tmp_path) == "it is empty"
    with pytest.raises(ZeroDivisionError):
        run(_raising(ZeroDivisionError()), b"", tmp_path)
    for message in ("two\nlines", "\x1b[2Jgone", "half \ud800", "long " * 1000):
        with pytest.raises(FindingError):
            run(_raising(BadInputError(message)), b"", tmp_path)
    assert one_line("as it should be: é, 👩") == "as it should be: é, 👩"
