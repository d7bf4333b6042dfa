"""The command `greenroom purge`: parse, call, print; no logic."""

from __future__ import annotations

from pathlib import Path

import click

from greenroom.command_help import manual
from greenroom.completing import session_names
from greenroom.live_options import plain_option
from greenroom.review_commands import recordings_option


@click.command(
    "purge",
    epilog=manual(
        "greenroom purge 2026-11-21T20-15-03-behavioural",
        "greenroom purge --all --data",
        see="docs/privacy.md",
    ),
)
@click.argument("sessions", nargs=-1, metavar="SESSION...", shell_complete=session_names)
@click.option("--all", "everything", is_flag=True, help="All of your sessions.")
@click.option("--data", "with_data", is_flag=True, help="With --all: your stories, plan and notes as well.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of lines, once it is done.")
@click.option(
    "--data-folder",
    "data",
    help="Where your stories, plan and notes are kept.",
    type=click.Path(path_type=Path),
    envvar="GREENROOM_DATA",
    show_envvar=True,
    metavar="FOLDER",
)
@plain_option
@recordings_option
def purge_command(
    sessions: tuple[str, ...],
    data: Path | None,
    recordings: Path,
    *,
    everything: bool,
    with_data: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Delete recordings, after asking.

    SESSION is a folder or a name. It shows what it is about to delete, and afterwards what it deleted and
    what it left. Only what greenroom wrote is deleted: notes of your own in a session's folder stay, and are
    named. What tells of a session elsewhere goes with it; docs/privacy.md lists all that greenroom writes.

    With --all --data nothing of yours is left but your settings.
    """
    from greenroom.preparation.places import default_data
    from greenroom.purging import purge

    wanted = purge.purge(
        sessions, recordings, data or default_data(), everything=everything, with_data=with_data
    )
    for line in purge.plan_lines(wanted):
        click.echo(line, err=True)
    deleted = purge.Deleted()
    try:
        if wanted.parts and purge.agreed(yes):
            purge.delete(wanted, deleted)
    finally:
        if as_json:
            click.echo(purge.as_json(wanted, deleted))
        else:
            for line in purge.done_lines(wanted, deleted):
                click.echo(line)
    purge.refuse_half(deleted)
