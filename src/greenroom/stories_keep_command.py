"""`greenroom stories keep`: parse, call, print; no logic."""

from __future__ import annotations

from pathlib import Path

import click

from greenroom.command_help import manual
from greenroom.completing import session_names
from greenroom.live_options import data_option
from greenroom.review_commands import recordings_option, session_folder


@click.command(
    "keep",
    epilog=manual("greenroom stories keep 2026-11-22T10-00-00-behavioural 2", see="docs/stories.md"),
)
@click.argument("session", shell_complete=session_names)
@click.argument("turn", type=click.IntRange(min=1))
@click.option("--title", help="What to call it; by default what it is most about.", metavar="TEXT")
@recordings_option
@data_option
def keep_command(session: str, turn: int, title: str | None, recordings: Path, data: Path | None) -> None:
    """Keep an answer of a session as a story of your own.

    SESSION is a folder or its name, TURN the number of the answer in it. Its situation, task, action and
    result are filled in from what you said; `greenroom stories edit` changes them.
    """
    from greenroom.preparation.places import default_data
    from greenroom.preparation.recognition.keeping_stories import keep

    click.echo(keep(session_folder(session, recordings), turn, data or default_data(), title))
