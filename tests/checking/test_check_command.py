"""`greenroom check`: its options, its result on standard output, its status."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from greenroom.check_command import check_command
from greenroom.checking import listening_check
from greenroom.checking.diagnosis import Measured, with_fault
from greenroom.checking.gear import CheckSettings
from greenroom.checking.listening_check import Checked
from greenroom.errors import DeviceError


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[CheckSettings]:
    """What the check was told; it finds the faults named by --input, one for each word."""
    told: list[CheckSettings] = []

    def check(settings: CheckSettings) -> Checked:
        told.append(settings)
        measured = Measured()
        for kind in (settings.input or "").split():
            measured = with_fault(measured, kind, DeviceError(f"here is {kind}"))
        return Checked(measured, left=False)

    monkeypatch.setattr(listening_check, "check", check)
    return told


def run(*options: str) -> Result:
    return CliRunner().invoke(check_command, options, env={"GREENROOM_CONFIG": ""})


def test_its_options_reach_the_check(asked: list[CheckSettings]) -> None:
    options = (
        "--output",
        "2",
        "--model",
        "tiny.en",
        "--engine",
        "faster-whisper",
        "--quiet",
        "--seconds",
        "8",
    )
    assert run(*options).exit_code == 0
    assert asked == [
        CheckSettings(output="2", model="tiny.en", engine="faster-whisper", quiet=True, seconds=8.0)
    ]


def test_what_is_not_told_is_as_in_an_interview(asked: list[CheckSettings]) -> None:
    assert run().exit_code == 0
    assert asked == [CheckSettings()]


@pytest.mark.parametrize(
    ("faults", "status", "verdict"),
    [
        ("", 0, "All is well"),
        ("no_loudspeaker", 0, "Well enough"),
        ("busy", 4, "Not yet"),
        ("no_model", 5, "Not yet"),
        ("no_model busy", 4, "Not yet"),
    ],
)
def test_the_status_says_whether_an_interview_can_be_held(
    asked: list[CheckSettings], faults: str, status: int, verdict: str
) -> None:
    done = run("--input", faults)
    assert done.exit_code == status
    assert done.stdout.startswith(verdict)
    for kind in faults.split():
        assert f"Here is {kind}." in done.stdout


def test_json_is_one_line_with_the_same_status(asked: list[CheckSettings]) -> None:
    done = run("--json", "--input", "busy")
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["can_be_held"] is False
    assert done.exit_code == 4


@pytest.mark.parametrize("seconds", ["1", "21", "soon"])
def test_seconds_have_bounds(asked: list[CheckSettings], seconds: str) -> None:
    assert run("--seconds", seconds).exit_code == 2
    assert asked == []


def test_help_ends_with_an_example() -> None:
    assert "Example: greenroom check" in run("--help").stdout
