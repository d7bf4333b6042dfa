"""`greenroom config`: parse, call, print; no logic."""

from __future__ import annotations

import json

import click

from greenroom.command_help import manual


@click.command(
    "config", epilog=manual("greenroom config", "greenroom config --write", see="docs/settings.md")
)
@click.option("--write", is_flag=True, help="Begin a settings file, with every setting commented out.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@click.pass_context
def config_command(context: click.Context, *, write: bool, as_json: bool) -> None:
    """Every setting, its value, and where that comes from.

    An option on the command line stands over an environment variable (GREENROOM_PATIENCE and so on), that
    over the settings file, that over the default. The file is config.toml in your configuration folder;
    GREENROOM_CONFIG names another. A file that is there already is never written over.
    """
    from greenroom.setting_values import as_data, lines_of, setting_values
    from greenroom.settings_file import faults_error, read_settings, settings_options, write_new

    options = settings_options(practice_of(context))
    if write:
        path = write_new(options)
        click.echo(json.dumps({"written": str(path)}) if as_json else path)
        return
    found = setting_values(read_settings(options), options)
    if as_json:
        click.echo(json.dumps(as_data(found)))
    else:
        click.echo("\n".join(lines_of(found)))
    if found.faults:
        raise faults_error(found.faults)


def practice_of(context: click.Context) -> click.Command:
    """`greenroom practice`, whose options are the settings; found from below, since cli.py stands above."""
    root = context.find_root().command
    practice = root.get_command(context, "practice") if isinstance(root, click.Group) else None
    if practice is None:
        raise click.UsageError("config is a command of greenroom, and works only there")
    return practice
