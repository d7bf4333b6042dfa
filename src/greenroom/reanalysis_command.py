"""The command that reads sessions again: parse, call, print; no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from greenroom.command_help import manual
from greenroom.completing import session_names
from greenroom.live_options import engine_option, model_option, plain_option
from greenroom.review_commands import recordings_option


@click.command(
    "reanalyze",
    epilog=manual(
        "greenroom reanalyze --all --jobs 2",
        "greenroom reanalyze --all --keep-words",
        see="docs/models.md",
    ),
)
@click.argument("sessions", nargs=-1, metavar="SESSION...", shell_complete=session_names)
@click.option("--all", "everything", help="All of your sessions.", is_flag=True)
@engine_option
@model_option
@click.option("--keep-words", help="Transcribe nothing: only the rules are today's.", is_flag=True)
@click.option("--again", help="Also sessions that were read with these rules and this model.", is_flag=True)
@click.option(
    "--jobs",
    help="So many processes, each with a model of its own (about 1 GB).",
    type=click.IntRange(1, 256),
    metavar="N",
    default=1,
    show_default=True,
)
@click.option(
    "--cluster",
    help="A Dask scheduler whose workers do it instead; your recordings are sent to them.",
    metavar="ADDRESS",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each session.")
@plain_option
@recordings_option
def reanalyze_command(sessions: tuple[str, ...], everything: bool, recordings: Path, **options: Any) -> None:
    """Read sessions again, with today's model and rules, and show what differs.

    SESSION is a folder or a name. Recordings are transcribed and analysed anew, typed answers analysed; when
    and how you answered stays as it was, and so do your ratings. What was found before is kept in the folder
    "earlier" of each session. One session that cannot be read stops no other, and is named; Ctrl-C stops, and
    what is done stays done.
    """
    if everything == bool(sessions):
        raise click.UsageError(
            "name the sessions to read again, or give --all" + (", not both" if sessions else "")
        )
    if options["cluster"] and options["jobs"] != 1:
        raise click.UsageError("--jobs is for this computer; with --cluster its workers say how many")
    from greenroom.reanalysis.reanalyze import ReanalyzeSettings, chosen, reanalyze

    reanalyze(chosen(sessions, recordings, everything=everything), ReanalyzeSettings(**options))
