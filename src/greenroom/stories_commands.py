"""`greenroom stories`: parse, call, print; no logic."""

from __future__ import annotations

from pathlib import Path

import click

from greenroom.command_help import ListByDefault, manual
from greenroom.completing import story_names
from greenroom.live_options import data_option, plain_option
from greenroom.stories_angles_command import angles_command
from greenroom.stories_keep_command import keep_command
from greenroom.stories_map_command import map_command
from greenroom.stories_tell_command import tell_command

_STORIES = "docs/stories.md"

json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")


@click.group(
    "stories",
    cls=ListByDefault,
    epilog=manual(
        "greenroom stories",
        "greenroom stories tell --led",
        "greenroom stories map --role 'backend engineer'",
        see=_STORIES,
    ),
)
def stories_group() -> None:
    """Your own true stories: told, kept, and held against what interviews ask for.

    Each is a file in your data folder that you can read and change by hand. Without a command they are
    listed.
    """


@stories_group.command(
    "list",
    short_help="Your stories, and what each still lacks.",
    epilog=manual("greenroom stories list --json", see=_STORIES),
)
@json_option
@plain_option
@data_option
def stories_list(data: Path | None, *, as_json: bool) -> None:
    """Your stories: what each still lacks, what it proves, and how often you told it.

    Faults of the files are named at the end; the exit status is then 3.
    """
    from greenroom.preparation.places import default_data
    from greenroom.preparation.stories.story_showing import show_list

    show_list(data or default_data(), as_json=as_json)


@stories_group.command(
    "show",
    short_help="One story: what it proves, and what still hides it.",
    epilog=manual("greenroom stories show late-import", see=_STORIES),
)
@click.argument("name", shell_complete=story_names)
@json_option
@plain_option
@data_option
def stories_show(name: str, data: Path | None, *, as_json: bool) -> None:
    """One story: what it proves, what still hides it, what would make it stronger.

    NAME is its file's name, the beginning of it, or its title.
    """
    from greenroom.preparation.places import default_data
    from greenroom.preparation.stories.story_showing import show_one

    show_one(data or default_data(), name, as_json=as_json)


@stories_group.command(
    "add",
    short_help="Type a story: a title and five short questions.",
    epilog=manual(
        "greenroom stories add 'The import that nobody watched'",
        "greenroom stories add --from story.toml",
        see=_STORIES,
    ),
)
@click.argument("title", required=False, default="")
@click.option(
    "--from",
    "file",
    help="Take it from a file: TOML as in docs/stories.md, or a text.",
    type=click.Path(path_type=Path),
    metavar="FILE",
)
@data_option
def stories_add(title: str, file: Path | None, data: Path | None) -> None:
    """Type a story: a title and five short questions, each of which you may skip.

    What was broken, who cared, what did you decide, what changed, by how much.
    """
    from greenroom.preparation.places import default_data
    from greenroom.preparation.stories.story_adding import add_from, add_typed, ask_in_terminal, tell_saved

    folder = data or default_data()
    tell_saved(add_from(folder, title, file) if file else add_typed(folder, title, ask_in_terminal()))


@stories_group.command(
    "edit",
    short_help="Open a story in your editor.",
    epilog=manual("EDITOR=nano greenroom stories edit late-import", see=_STORIES),
)
@click.argument("name", shell_complete=story_names)
@data_option
def stories_edit(name: str, data: Path | None) -> None:
    """Open a story in your editor ($VISUAL, or $EDITOR); what is wrong in it is named afterwards."""
    from greenroom.preparation.places import default_data
    from greenroom.preparation.stories.story_adding import edit_story, tell_saved

    path = edit_story(data or default_data(), name)
    if path is None:
        click.echo("nothing was changed", err=True)
    else:
        tell_saved(path)


@stories_group.command("check", epilog=manual("greenroom stories check", see=_STORIES))
@json_option
@data_option
def stories_check(data: Path | None, *, as_json: bool) -> None:
    """Name every fault of every story: file, line and key."""
    from greenroom.preparation.places import default_data
    from greenroom.preparation.stories.story_showing import check

    check(data or default_data(), as_json=as_json)


stories_group.add_command(tell_command)
stories_group.add_command(keep_command)
stories_group.add_command(map_command)
stories_group.add_command(angles_command)
