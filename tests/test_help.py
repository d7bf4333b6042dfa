"""Help as a manual: every command has an example that works, every option a text, nothing is too wide."""

from __future__ import annotations

import re
import resource
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from greenroom.cli import cli
from greenroom.command_help import EXIT_STATUS, SECTIONS, WIDTH, Contents
from greenroom.errors import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_NO_DEVICE,
    EXIT_NO_MODEL,
    EXIT_USAGE,
)

ROOT = Path(__file__).parent.parent
_EXAMPLE = re.compile(r"^ {2}(?:Example: | {9})((?:\w+=\S+ )?greenroom\b.*)$", re.MULTILINE)


def every_command(command: click.Command, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield above, command
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from every_command(below, *above, name)


COMMANDS = dict(every_command(cli))
each_command = pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "greenroom")


def help_of(*words: str) -> str:
    done = CliRunner().invoke(cli, [*words, "--help"], prog_name="greenroom", terminal_width=WIDTH)
    assert done.exit_code == 0, done.output
    return done.output


@each_command
def test_it_fits_eighty_columns(words: tuple[str, ...]) -> None:
    lines = help_of(*words).splitlines()
    assert lines[0].startswith(f"Usage: {' '.join(('greenroom', *words))}")
    assert [line for line in lines if len(line) > WIDTH] == []


@each_command
def test_it_says_what_it_is_for_in_a_sentence_or_more(words: tuple[str, ...]) -> None:
    assert len((COMMANDS[words].help or "").split()) >= 5


@each_command
def test_every_option_says_what_it_does_and_names_its_variable(words: tuple[str, ...]) -> None:
    text = " ".join(help_of(*words).split())
    for parameter in COMMANDS[words].params:
        if not isinstance(parameter, click.Option) or parameter.hidden:
            continue
        assert len((parameter.help or "").split()) >= 3, parameter.name
        assert "RANGE" not in parameter.make_metavar(click.Context(COMMANDS[words])), parameter.name
        if parameter.envvar:
            assert f"[env var: {parameter.envvar}" in text or f"env var: {parameter.envvar}" in text


@each_command
def test_every_example_can_be_given(words: tuple[str, ...]) -> None:
    examples = _EXAMPLE.findall(help_of(*words))
    assert examples, "there is none"
    for example in examples:
        given = [
            each for each in shlex.split(example.partition(" > ")[0]) if "=" not in each or each[0] == "-"
        ]
        assert given[0] == "greenroom"
        _parse(cli, given[1:])


def _parse(command: click.Command, given: list[str], above: click.Context | None = None) -> None:
    """As the command line does, without doing anything. UsageError where it does not go."""
    # Resilient: callbacks may say no more than what is not there, such as a session of that name.
    context = command.make_context(command.name, list(given), parent=above)
    if isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        if rest:
            name, below, rest = command.resolve_command(context, rest)
            assert below is not None, name
            _parse(below, rest, context)
    else:
        assert not context.args, "something is left over"
    context.close()


@pytest.mark.parametrize("given", [["practice", "--charm"], ["stories", "sell"], ["completion", "tcsh"]])
def test_an_example_that_does_not_go_would_be_found(given: list[str]) -> None:
    with pytest.raises(click.UsageError):
        _parse(cli, given)


@each_command
def test_pages_that_it_names_exist(words: tuple[str, ...]) -> None:
    named = set(re.findall(r"docs/[\w-]+\.md", help_of(*words)))
    assert {page for page in named if not (ROOT / page).is_file()} == set()


@each_command
def test_commands_that_it_names_exist(words: tuple[str, ...]) -> None:
    text = " ".join(help_of(*words).split())
    for see in re.findall(r"`greenroom ([a-z]+)( [a-z]+)?", text):
        assert (see[0],) in COMMANDS, see


def test_every_variable_that_is_named_is_one() -> None:
    text = " ".join(help_of(*words) for words in COMMANDS)
    known = {str(each.envvar) for command in COMMANDS.values() for each in command.params if each.envvar}
    assert set(re.findall(r"GREENROOM_[A-Z_]+", text)) <= known | {"GREENROOM_CONFIG"}


def test_the_commands_stand_in_sections_by_what_one_wants() -> None:
    text = help_of()
    assert [text.index(f"\n{title}:\n") for title in SECTIONS] == sorted(
        text.index(f"\n{title}:\n") for title in SECTIONS
    )
    placed = [name for names in SECTIONS.values() for name in names]
    assert sorted([*placed, "help"]) == sorted(cli.commands), "a new command belongs into a section"
    assert "..." not in text.partition("Practise:")[2], "each is told in full"


def test_a_command_that_is_in_no_section_is_shown_all_the_same() -> None:
    group = Contents("greenroom")
    group.add_command(click.Command("new", short_help="Something new."))
    assert "Something new." in CliRunner().invoke(group, ["--help"]).output


def test_the_exit_statuses_are_those_of_the_contract() -> None:
    told = {int(line.split()[0]) for line in EXIT_STATUS.splitlines()[1:]}
    assert told == {
        EXIT_DONE, 1, EXIT_USAGE, EXIT_BAD_INPUT, EXIT_NO_DEVICE, EXIT_NO_MODEL, EXIT_INTERRUPTED,
    }  # fmt: skip
    assert all(line.strip() in help_of() for line in EXIT_STATUS.splitlines())


@pytest.mark.parametrize("words", [(), ("practice",), ("stories", "tell")])
def test_help_is_the_same_as_a_command(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(cli, ["help", *words], prog_name="greenroom", terminal_width=WIDTH)
    assert told.output == help_of(*words)


@pytest.mark.parametrize(
    ("words", "near"),
    [(["practise"], "'practice'"), (["stories", "tel"], "'tell'"), (["check", "it"], "check")],
)
def test_help_of_what_is_not_there(words: list[str], near: str) -> None:
    told = CliRunner().invoke(cli, ["help", *words], prog_name="greenroom")
    assert told.exit_code == 2
    assert near in told.output


def test_help_does_not_need_settings_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("questions = 'many'\n")
    monkeypatch.setenv("GREENROOM_CONFIG", str(tmp_path / "config.toml"))
    for words in (["help"], ["practice", "--help"], ["completion", "bash"]):
        assert CliRunner().invoke(cli, words, prog_name="greenroom").exit_code == 0, words
    assert CliRunner().invoke(cli, ["plan"]).exit_code != 0


@pytest.mark.slow
def test_help_comes_at_once() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "greenroom", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"numpy", "rich", "msgspec", "spacy", "torch"}

    # Processor time, and the best of five: a machine that is busy would be measured else.
    assert min(_processor_seconds() for _ in range(5)) < 0.3


def _processor_seconds() -> float:
    """What `greenroom --help` takes from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "greenroom", "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
