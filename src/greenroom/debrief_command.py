"""`greenroom debrief`: parse, call, print; no logic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from greenroom.command_help import manual
from greenroom.completing import debrief_names
from greenroom.config import PracticeSettings
from greenroom.live_options import check_candidate, data_option, live_options, plain_option

OUTCOMES = click.Choice(("offer", "no", "moved-on", "unknown"))

_json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")


def _place(data: Path | None) -> Path:
    """The data folder: as said to the subcommand, or before it; else by environment, settings or default."""
    from greenroom.preparation.places import default_data

    here = click.get_current_context()
    above = here.parent
    if above is not None and _was_said(above) and not _was_said(here):
        data = above.params["data"]
    return data or default_data()


def _was_said(context: click.Context) -> bool:
    return context.get_parameter_source("data") is click.core.ParameterSource.COMMANDLINE


class _OutcomeOfName(click.Group):
    """`greenroom debrief --outcome no NAME WORDS...` is `greenroom debrief outcome NAME no WORDS...`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if ctx.params.get("ending") and args[0] not in self.commands:
            name, *words = args
            return "outcome", outcome_command, [name, ctx.params["ending"], *words]
        return super().resolve_command(ctx, args)


@click.group(
    "debrief",
    cls=_OutcomeOfName,
    invoke_without_command=True,
    epilog=manual(
        "greenroom debrief --company Acme --round 'second, with the team lead'",
        "greenroom debrief --typed",
        "greenroom debrief --outcome no acme",
        see="docs/debrief.md",
    ),
)
@click.option(
    "--company",
    default="",
    metavar="NAME",
    help="Which company it was; asked for if you do not say it here.",
)
@click.option("--round", default="", metavar="TEXT", help="Which round it was; asked for as well.")
@click.option(
    "--outcome",
    "ending",  # not "outcome": settings for the command of that name would be its default
    type=OUTCOMES,
    help="How it ended, if you know; with a NAME: that of an earlier one.",
)
@click.option(
    "--resume",
    metavar="NAME",
    shell_complete=debrief_names,
    help="Go on with a debrief that you left before its end.",
)
@live_options
@_json_option
@click.pass_context
def debrief_command(
    context: click.Context,
    /,
    company: str,
    round: str,
    ending: str | None,
    resume: str | None,
    *,
    as_json: bool,
    **options: Any,
) -> None:
    """Tell what really happened in an interview, best within a day of it.

    It asks for the questions and for how you answered each, how it felt and how it ended; you can speak or
    type. It says what could be worked on, what nobody controls, and one thing to try; the questions join your
    private bank. It is kept in your data folder and shown to nobody. NAME is a debrief's name or a part of
    it, such as the company.

    Keys and words are those of practice; s (skip) at "what did they ask next" ends the questions.
    """
    if context.invoked_subcommand is not None:
        return
    check_candidate(options)
    from greenroom.begin import with_somebody_to_answer
    from greenroom.preparation.debrief.debrief_lines import data, written
    from greenroom.preparation.debrief.debriefing import Given, hold_debrief
    from greenroom.preparation.debrief.debriefs import find_debrief
    from greenroom.preparation.places import default_data

    settings = PracticeSettings(**options)
    resumed = find_debrief(settings.data or default_data(), resume) if resume else None
    ready = with_somebody_to_answer(settings, demo=False)
    if ready is None:
        return
    looked = hold_debrief(ready, Given(company, round, ending or ""), resumed)
    if looked is not None:
        click.echo(json.dumps(data(looked)) if as_json else written(looked))


@debrief_command.command("list", epilog=manual("greenroom debrief list --json", see="docs/debrief.md"))
@data_option
@plain_option
@_json_option
def list_command(data: Path | None, as_json: bool) -> None:
    """Every debrief in a line, and before them what the last three have in common."""
    from greenroom.preparation.debrief.debrief_lines import common_data, row_data, rows
    from greenroom.preparation.debrief.debrief_look import common_of
    from greenroom.preparation.debrief.debriefs import load_debriefs

    loaded = load_debriefs(_place(data))
    common = common_of(loaded.debriefs)
    for fault in loaded.faults:
        click.echo(str(fault), err=True)
    if as_json:
        told = {"debriefs": [row_data(each) for each in loaded.debriefs], "in_common": common_data(common)}
        click.echo(json.dumps(told))
    else:
        click.echo(rows(loaded.debriefs, common) or "No debrief yet: greenroom debrief")


@debrief_command.command("show", epilog=manual("greenroom debrief show acme", see="docs/debrief.md"))
@click.argument("name", required=False, shell_complete=debrief_names)
@data_option
@plain_option
@_json_option
def show_command(name: str | None, data: Path | None, as_json: bool) -> None:
    """What a debrief shows, with the evidence; the latest without a NAME."""
    from greenroom.preparation.debrief import debrief_lines
    from greenroom.preparation.debrief.debrief_look import look_at
    from greenroom.preparation.debrief.debriefs import find_debrief, read_debrief

    place = _place(data)
    debrief = find_debrief(place, name)
    for fault in read_debrief(debrief.folder)[1]:
        click.echo(str(fault), err=True)
    looked = look_at(place, debrief)
    click.echo(json.dumps(debrief_lines.data(looked)) if as_json else debrief_lines.written(looked))


@debrief_command.command(
    "outcome",
    epilog=manual("greenroom debrief outcome acme no 'The role was frozen.'", see="docs/debrief.md"),
)
@click.argument("name", shell_complete=debrief_names)
@click.argument("outcome", type=OUTCOMES)
@click.argument("words", nargs=-1)
@data_option
@_json_option
def outcome_command(
    name: str, outcome: str, words: tuple[str, ...], data: Path | None, as_json: bool
) -> None:
    """Note how it ended, once that is known, and in your own words what they said about it."""
    from greenroom.preparation.debrief import debrief_lines
    from greenroom.preparation.debrief.debrief_look import look_at
    from greenroom.preparation.debrief.debriefs import find_debrief, save_debrief, with_outcome

    place = _place(data)
    debrief = with_outcome(find_debrief(place, name), outcome, " ".join(words))
    save_debrief(debrief)
    looked = look_at(place, debrief)
    click.echo(json.dumps(debrief_lines.data(looked)) if as_json else debrief_lines.written(looked))
