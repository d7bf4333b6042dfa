"""The rule of tests/conftest.py: what was skipped without an allowed reason counts as a failure."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = """
    def test_in_the_test(): pytest.skip('no time today')

    @pytest.mark.skip(reason='no time today')
    def test_by_a_mark(): pass

    def test_allowed(): pytest.skip('the shared audio folder does not lie beside the checkout')

    @pytest.mark.xfail(reason='a known defect', strict=True)
    def test_known_defect(): assert 0
"""
AT_THE_SOUND_CARD = """
    import pytest
    from pathlib import Path

    TRIED = Path(__file__).with_suffix(".tried")

    @pytest.mark.device
    def test_held_up():
        before = TRIED.read_text() if TRIED.exists() else ""
        TRIED.write_text(before + "x")
        assert before

    @pytest.mark.device
    def test_broken(): assert 0
"""
SKIPPED_MODULE = "pytest.skip('no time today', allow_module_level=True)"


@pytest.mark.slow
def test_a_skip_needs_an_allowed_reason(tmp_path: Path) -> None:
    for name in ("conftest.py", "soundcard.py"):
        shutil.copy(HERE / name, tmp_path / name)
    (tmp_path / "test_some.py").write_text("import pytest\n" + textwrap.dedent(TESTS))
    (tmp_path / "test_module.py").write_text("import pytest\n" + SKIPPED_MODULE)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-rA",
        "--continue-on-collection-errors",
        f"--rootdir={tmp_path}",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    outcomes = {line.split(" - ")[0] for line in done.stdout.splitlines()}
    assert done.returncode == 1
    assert {
        "FAILED test_some.py::test_in_the_test",
        "ERROR test_some.py::test_by_a_mark",
        "ERROR test_module.py",
        "XFAIL test_some.py::test_known_defect",
    } <= outcomes, done.stdout
    assert "1 failed, 1 skipped, 1 xfailed, 2 errors" in done.stdout
    assert "not one of those allowed in tests/conftest.py: Skipped: no time today" in done.stdout


@pytest.mark.slow
def test_what_failed_at_the_sound_card_is_tried_twice_and_named(tmp_path: Path) -> None:
    for name in ("conftest.py", "soundcard.py"):
        shutil.copy(HERE / name, tmp_path / name)
    (tmp_path / "test_device.py").write_text(textwrap.dedent(AT_THE_SOUND_CARD))
    command = [sys.executable, "-m", "pytest", "-raR", f"--rootdir={tmp_path}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "RERUN test_device.py::test_held_up" in done.stdout
    assert "FAILED test_device.py::test_broken" in done.stdout
    summary = done.stdout.splitlines()[-1]
    assert "1 failed, 1 passed" in summary and "2 rerun" in summary
