"""What is installed elsewhere: banks, rules, demo and licence are inside the wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        return set(content.namelist())


def test_the_banks_are_inside(names: set[str]) -> None:
    banks = {f"greenroom/question_banks/{path.name}" for path in (ROOT / "question_banks").glob("*.toml")}
    assert len(banks) >= 5
    assert banks <= names


def test_every_file_of_the_package_is_inside(names: set[str]) -> None:
    source = ROOT / "src"
    files = {
        str(path.relative_to(source))
        for path in (source / "greenroom").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files <= names
    assert any(name.endswith("nobody-asked.flac") for name in names)


def test_nothing_of_the_person_is_inside(names: set[str]) -> None:
    assert not [name for name in names if name.startswith("recordings") or "session.json" in name]
