"""`greenroom config`: where each value comes from, the file that it begins, and the faults that it names."""

from __future__ import annotations

import json
import re
import stat
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from greenroom.cli import practice_command
from greenroom.config import PracticeSettings
from greenroom.config_command import config_command
from greenroom.errors import BadInputError
from greenroom.setting_values import OTHER_VARIABLES, setting_values
from greenroom.settings_file import (
    EXAMPLES,
    as_toml,
    checked_settings,
    fault_of,
    new_text,
    read_settings,
    settings_options,
    values_for,
    write_new,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
OPTIONS = settings_options(practice_command)
COMMENTED = re.compile(r"^# ([a-z-]+ = .*)$", re.MULTILINE)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "folder" / "config.toml"
    for name in OPTIONS:
        monkeypatch.delenv(f"GREENROOM_{name.upper()}", raising=False)
    monkeypatch.setenv("GREENROOM_CONFIG", str(path))
    return path


def put(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    # A group of its own: `config` finds the settings in the command beside it.
    group = click.Group("greenroom", {"practice": practice_command, "config": config_command})
    return CliRunner().invoke(group, ["config", *arguments])


def told(*arguments: str) -> dict[str, dict[str, Any]]:
    result = run("--json", *arguments)
    assert result.exit_code == 0, result.output
    return {each["name"]: each for each in json.loads(result.stdout)["settings"]}


def faults_in(path: Path) -> list[str]:
    return [str(fault).removeprefix(f"{path}, ") for fault in read_settings(OPTIONS, path).faults]


def test_every_setting_has_its_option_and_its_variable() -> None:
    assert list(OPTIONS) == [field.name for field in fields(PracticeSettings)]
    assert all(option.envvar == f"GREENROOM_{name.upper()}" for name, option in OPTIONS.items())
    assert all(option.help for option in OPTIONS.values())


def test_without_anything_all_are_defaults(config: Path) -> None:
    values = told()
    assert {each["from"] for each in values.values()} == {"default"}
    assert values["questions"]["value"] == 5
    assert values["bank"]["value"] == ["behavioural"]
    assert values["seed"]["value"] is None
    assert f"none at {config}" in run().stdout


def test_each_value_says_where_it_comes_from(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(config, '# mine\nquestions = 2\nfollow-ups = 0\nbank = """\nleadership"""\n\nrate = true\n')
    monkeypatch.setenv("GREENROOM_QUESTIONS", "3")
    monkeypatch.setenv("GREENROOM_CANDIDATE", "a.wav b.wav")
    values = told()
    assert (values["questions"]["value"], values["questions"]["from"]) == (3, "environment")
    assert values["questions"]["variable"] == "GREENROOM_QUESTIONS"
    assert values["candidate"]["value"] == ["a.wav", "b.wav"]
    assert (values["follow-ups"]["value"], values["follow-ups"]["line"]) == (0, 3)
    assert (values["bank"]["value"], values["bank"]["line"]) == (["leadership"], 4)
    assert (values["rate"]["value"], values["rate"]["line"], values["rate"]["file"]) == (True, 7, str(config))
    text = run().stdout
    assert re.search(r"^questions +3 +GREENROOM_QUESTIONS$", text, re.MULTILINE)
    assert re.search(r"^follow-ups +0 +file, line 3$", text, re.MULTILINE)
    assert max(map(len, text.replace(str(config), "").splitlines())) <= 80


def test_what_it_says_is_what_an_interview_gets(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from greenroom import begin
    from greenroom.cli import cli

    put(config, 'bank = ["leadership", "technical"]\nlost = 20\npatience = 3\nlook-back = false\n')
    monkeypatch.setenv("GREENROOM_QUIET", "yes")
    monkeypatch.setenv("GREENROOM_RECORDINGS", "/elsewhere")
    seen: list[PracticeSettings] = []
    monkeypatch.setattr(begin, "begin", seen.append)
    assert CliRunner().invoke(cli, ["practice"], catch_exceptions=False).exit_code == 0
    for name, each in told().items():
        real = getattr(seen[0], name.replace("-", "_"))
        plain = list(real) if isinstance(real, tuple) else str(real) if isinstance(real, Path) else real
        assert plain == each["value"], name


def test_a_long_value_is_shown_whole(config: Path) -> None:
    where = "/a/rather/long/way/to/a/folder/of/recordings"
    put(config, f'recordings = "{where}"\n')
    assert re.search(rf'^recordings +"{where}"\n +file, line 1$', run().stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("qestions = 2", 'qestions: no setting has this name; did you mean "questions"?'),
        ("zzz = 2", "zzz: no setting has this name; `greenroom config` lists them all"),
        ("[practice]", "practice: no setting has this name"),
        ("questions = 200", "questions: 200 is not a whole number from 1 to 100"),
        ('questions = "many"', 'questions: "many" is not a whole number from 1 to 100'),
        ("questions = true", "questions: true is not a number"),
        ("questions = 2.5", "questions: 2.5 is not a whole number"),
        ("seed = 'x'", 'seed: "x" is not a whole number'),
        ("max-answer = 5", "max-answer: 5 is not a number from 10 to 3600"),
        ("lost = nan", "lost: nan is not a number of anything"),
        ("lost = [3]", "lost: a list is not a number"),
        ('rate = "perhaps"', 'rate: "perhaps" is not true or false'),
        ('mode = "relaxed"', "mode: 'relaxed' is not one of 'practice', 'real'"),
        ('voice = ["a"]', "voice: a list is not a text in quotes"),
        ("recordings = 5", "recordings: 5 is not a text in quotes"),
        ('bank = ["leadership", false]', "bank: false is not a text in quotes"),
        ('patience = "soon"', "patience: "),
        ('level = "junoir"', 'level: unknown level "junoir": did you mean "junior"?'),
        ('focus = "ownershp"', 'focus: unknown signal "ownershp": did you mean "ownership"?'),
        ('voice = "bark"', "voice: no voice is named 'bark'"),
        ("seed = 1979-05-27", 'seed: "1979-05-27" is not a number'),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(config: Path, line: str, fault: str) -> None:
    put(config, f"# one\n\n{line}\n")
    (found,) = faults_in(config)
    assert found.startswith(f"line 3, {fault}")
    with pytest.raises(BadInputError) as caught:
        checked_settings(OPTIONS, config)
    assert caught.value.message.startswith(f"{config}, line 3, ")


def test_all_faults_are_named_and_the_rest_is_shown(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(config, 'qestions = 2\nmode = "real"\nlost = "long"\n')
    monkeypatch.setenv("GREENROOM_RATE", "maybe")
    monkeypatch.setenv("GREENROOM_PATIENSE", "3")
    monkeypatch.setenv("GREENROOM_SOMETHING_OF_MINE", "3")
    result = run()
    assert isinstance(result.exception, BadInputError)
    lines = (result.exception.message, *result.exception.details)
    assert [line.removeprefix(f"{config}, ").split(":")[0] for line in lines] == [
        "line 1, qestions",
        "line 3, lost",
        "GREENROOM_RATE",
        "GREENROOM_PATIENSE",
    ]
    assert lines[-1].endswith("did you mean GREENROOM_PATIENCE?")
    assert re.search(r'^mode +"real" +file, line 2$', result.stdout, re.MULTILINE)
    assert re.search(r"^lost +12.0 +default$", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("content", [b"questions = ", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_a_file_that_cannot_be_read_is_named(config: Path, content: bytes) -> None:
    put(config, "")
    config.write_bytes(content)
    error = run().exception
    assert isinstance(error, BadInputError)
    assert error.message.startswith(f"{config} cannot be read: ")


def test_commands_that_tell_of_faults_are_not_stopped_by_them(config: Path) -> None:
    put(config, 'qestions = 2\nmodel = "tiny.en"\n')
    for command in ("config", "doctor"):
        assert values_for(command, OPTIONS) == {"model": "tiny.en"}
    with pytest.raises(BadInputError, match="line 1, qestions: no setting has this name"):
        values_for("practice", OPTIONS)
    put(config, "model = ")
    assert values_for("doctor", OPTIONS) == {}
    with pytest.raises(BadInputError, match="cannot be read"):
        values_for(None, OPTIONS)


def test_a_byte_order_mark_is_no_fault(config: Path) -> None:
    put(config, "")
    config.write_bytes("﻿questions = 2\n".encode())
    assert checked_settings(OPTIONS, config) == {"questions": 2}


def test_no_control_characters_of_a_file_reach_the_terminal(config: Path) -> None:
    put(config, '"\\u001b[31mred" = 1\nmode = "\\u001b[2J"\n')
    assert "\x1b" not in "".join(faults_in(config))


def test_a_new_file_has_every_setting_commented_out(config: Path) -> None:
    assert run("--write").stdout.strip() == str(config)
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert stat.S_IMODE(config.parent.stat().st_mode) == 0o700
    text = config.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {}
    assert [line.split(" = ")[0].replace("-", "_") for line in COMMENTED.findall(text)] == list(OPTIONS)
    assert max(map(len, text.splitlines())) <= 100


def test_a_new_file_says_what_holds_without_it(config: Path) -> None:
    content = tomllib.loads("\n".join(COMMENTED.findall(new_text(OPTIONS))))
    for field in fields(PracticeSettings):
        value = content[field.name.replace("_", "-")]
        if field.default in (None, ()):
            assert value == EXAMPLES.get(field.name, value)
        else:
            assert (tuple(value) if isinstance(value, list) else value) == field.default, field.name
        assert fault_of(OPTIONS[field.name], value) is None, field.name
        assert " ".join(str(OPTIONS[field.name].help).split()) in " ".join(
            new_text(OPTIONS).replace("\n# ", " ").split()
        )


def test_a_file_that_is_there_is_never_written_over(config: Path) -> None:
    put(config, "questions = 2\n")
    error = run("--write").exception
    assert isinstance(error, BadInputError)
    assert "is there already; it was left as it is" in error.message
    assert config.read_text(encoding="utf-8") == "questions = 2\n"
    elsewhere = config.with_name("link.toml")
    elsewhere.symlink_to(config.with_name("nowhere"))
    with pytest.raises(BadInputError):
        write_new(OPTIONS, elsewhere)


def test_a_place_that_cannot_be_written_is_named(config: Path) -> None:
    put(config, "")
    with pytest.raises(BadInputError, match="cannot be written"):
        write_new(OPTIONS, config / "below" / "a-file.toml")


@pytest.mark.parametrize("value", ['say "so"', "C:\\Users\\me", "a\tb\n", "Ünïcode — 語", "", 2.5, 7, True])
def test_values_are_written_as_toml_reads_them(value: object) -> None:
    assert tomllib.loads(f"a = {as_toml(value)}")["a"] == value
    assert tomllib.loads(f"a = {as_toml([value])}")["a"] == [value]


def test_the_variables_named_as_no_settings_are_none() -> None:
    assert not {str(option.envvar) for option in OPTIONS.values()} & set(OTHER_VARIABLES)


def test_an_empty_variable_is_none(config: Path) -> None:
    found = setting_values(read_settings(OPTIONS, config), OPTIONS, {"GREENROOM_SEED": ""})
    assert not found.faults
    assert {each.origin for each in found.values} == {"default"}


def test_alone_it_says_where_it_belongs() -> None:
    result = CliRunner().invoke(config_command, [])
    assert result.exit_code == 2
    assert "command of greenroom" in result.output


def row_of(name: str) -> str:
    """A setting's row in the table of docs/settings.md."""
    default = PracticeSettings.__dataclass_fields__[name].default
    shown = "not set" if default in (None, ()) else f"`{as_toml(default)}`"
    return f"| `{name.replace('_', '-')}` | {shown} | {OPTIONS[name].help} |"


def test_the_page_on_settings_is_true(config: Path) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [row_of(name) for name in OPTIONS]
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    put(config, example)
    assert len(checked_settings(OPTIONS, config)) >= 3
