"""`greenroom questions`: parse, call, print; no logic."""

from __future__ import annotations

import json
from pathlib import Path

import click

from greenroom.command_help import ListByDefault, manual
from greenroom.completing import bank_names
from greenroom.errors import BadInputError
from greenroom.live_options import plain_option

_BANKS = "docs/banks.md"


@click.group(
    "questions",
    cls=ListByDefault,
    epilog=manual("greenroom questions", "greenroom questions show leadership", see=_BANKS),
)
def questions_group() -> None:
    """The question banks: list them, show one, check one that you wrote.

    Without a command they are listed. Nothing is asked here: `greenroom practice --bank NAME` asks.
    """


@questions_group.command("list", epilog=manual("greenroom questions list --json", see=_BANKS))
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@plain_option
def questions_list(as_json: bool) -> None:
    """The banks that come with greenroom, and how many questions each has."""
    from greenroom.questions import load_banks

    rows = [
        {"name": bank.name, "title": bank.title, "questions": len(bank.questions), "about": bank.description}
        for bank in load_banks()
    ]
    if as_json:
        click.echo(json.dumps(rows))
    else:
        for row in rows:
            click.echo(f"{row['name']:<16} {row['questions']:>3}  {row['about']}")


@questions_group.command(
    "show",
    epilog=manual("greenroom questions show leadership", "greenroom questions show my-bank.toml", see=_BANKS),
)
@click.argument("banks", nargs=-1, required=True, metavar="BANK...", shell_complete=bank_names)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@plain_option
def questions_show(banks: tuple[str, ...], as_json: bool) -> None:
    """The questions of a bank: what each is really about, and how a strong answer sounds.

    BANK is the name of one that comes with greenroom, or a TOML file of your own.
    """
    from greenroom.questions import load_banks, question_data

    for bank in load_banks(banks):
        if as_json:
            click.echo(json.dumps([question_data(question) for question in bank.questions]))
            continue
        click.echo(f"{bank.title}: {bank.description}\n")
        for question in bank.questions:
            signals = ", ".join(question.signals)
            click.echo(f"{question.id} ({question.level}, {question.target_seconds} s; {signals})")
            click.echo(f"  {question.text}\n  About: {question.about}")
            click.echo(f"  Strong: {question.strong}\n" if question.strong else "")


@questions_group.command("check", epilog=manual("greenroom questions check my-bank.toml", see=_BANKS))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@plain_option
def questions_check(files: tuple[Path, ...]) -> None:
    """Name every fault of a bank that you wrote: file, entry and key. The file is not changed.

    The exit status is 3 where there are faults.
    """
    from greenroom.questions import check_bank

    faults = [fault for file in files for fault in check_bank(file)]
    for fault in faults:
        click.echo(str(fault))
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}"
        raise BadInputError(f"{count} found", "docs/banks.md describes the format")
    click.echo("no faults")
