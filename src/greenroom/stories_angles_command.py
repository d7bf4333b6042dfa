"""`greenroom stories angles`: parse, call, print; no logic."""

from __future__ import annotations

from pathlib import Path

import click

from greenroom.command_help import manual
from greenroom.completing import story_names
from greenroom.live_options import data_option, plain_option


@click.command(
    "angles",
    short_help="One story from its sides, as you told it last from each.",
    epilog=manual("greenroom stories angles late-import", see="docs/stories.md"),
)
@click.argument("name", shell_complete=story_names)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
@click.option(
    "--recordings",
    help="Where sessions are kept.",
    type=click.Path(path_type=Path),
    envvar="GREENROOM_RECORDINGS",
    show_envvar=True,
    metavar="FOLDER",
)
@plain_option
@data_option
def angles_command(name: str, recordings: Path | None, data: Path | None, *, as_json: bool) -> None:
    """One story from its sides: technical, business and leadership, as you told it last from each.

    NAME is the story's file name, or its whole title. Whether each telling met its side, how it was told, and
    which side has not been told yet. `greenroom practice --story NAME --angle SIDE` asks for one.
    """
    from greenroom.preparation.angles.angles_showing import show_angles
    from greenroom.preparation.places import default_data
    from greenroom.session import default_recordings

    show_angles(data or default_data(), recordings or default_recordings(), name, as_json=as_json)
