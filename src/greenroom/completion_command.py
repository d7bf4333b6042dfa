"""`greenroom completion`: parse, call, print; no logic."""

from __future__ import annotations

import click

from greenroom.command_help import manual
from greenroom.completing import script_for

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    epilog=manual(
        "greenroom completion bash > ~/.greenroom-complete.bash",
        "greenroom completion fish > ~/.config/fish/completions/greenroom.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print a script that lets your shell complete commands, options and their values with Tab.

    It completes names of banks, sessions, stories, models, voices and signals too. Nothing is installed or
    changed: the first lines of the script say where to put it.

    \b
    bash   in ~/.bashrc:  source ~/.greenroom-complete.bash
    zsh    in ~/.zshrc:   eval "$(greenroom completion zsh)"
    fish   nothing more: fish reads its completions folder
    """
    click.echo(script_for(shell, context.find_root().command))
