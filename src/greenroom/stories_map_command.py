"""`greenroom stories map`: parse, call, print; no logic."""

from __future__ import annotations

from pathlib import Path

import click

from greenroom.command_help import manual
from greenroom.live_options import plain_option


@click.command(
    "map",
    short_help="Your stories held against what a role is asked about.",
    epilog=manual(
        "greenroom stories map --role 'backend engineer'",
        "greenroom stories map --quality ownership --no-page",
        see="docs/stories.md",
    ),
)
@click.option("--role", help="The role you prepare for; without it that of your plan.", metavar="TEXT")
@click.option(
    "--quality",
    "qualities",
    help="A quality to hold the stories against, such as ownership or “teaching others”; give one or more.",
    multiple=True,
    metavar="QUALITY",
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of the table.")
@click.option("--page/--no-page", default=True, show_default=True, help="Also write the map as a page.")
@click.option(
    "--data",
    help="Where your stories, plan and notes are kept.",
    type=click.Path(path_type=Path),
    envvar="GREENROOM_DATA",
    show_envvar=True,
    metavar="FOLDER",
)
@click.option(
    "--recordings",
    help="Where sessions are kept; the page links to their reports.",
    type=click.Path(path_type=Path),
    envvar="GREENROOM_RECORDINGS",
    show_envvar=True,
    metavar="FOLDER",
)
@plain_option
def map_command(
    role: str | None,
    qualities: tuple[str, ...],
    data: Path | None,
    recordings: Path | None,
    *,
    as_json: bool,
    page: bool,
) -> None:
    """Hold your stories against the qualities that a role is asked about.

    It shows which qualities a strong story covers, which only a weak one, and which none; which questions no
    story answers yet; which story is told too often; and what to do next. The qualities are those you name,
    else those of your plan, else a starter set for the role, else those that hardly any role does without.

    It also writes map.html in your data folder: the same as a page.
    """
    from greenroom.preparation.coverage.map_showing import show_map
    from greenroom.preparation.places import default_data
    from greenroom.session import default_recordings

    path = show_map(
        data or default_data(),
        recordings or default_recordings(),
        role,
        qualities,
        as_json=as_json,
        page=page,
    )
    if path is not None and not as_json:
        click.echo(path)
