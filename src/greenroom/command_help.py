"""Help as a manual has it: commands by what a person wants, examples, where to read on, exit statuses."""

from __future__ import annotations

from collections.abc import Mapping

import click
from click.shell_completion import CompletionItem

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Practise": {
        "practice": "A live mock interview, aloud or typed.",
        "retake": "A question of an earlier session again, and both answers compared.",
    },
    "Look back": {
        "replay": "Hear a session again and read along.",
        "report": "A page of a session, to see and hear every answer.",
        "history": "What changed over your sessions, and what to fix first.",
        "analyze": "Recordings, transcripts or many answers, without an interview.",
        "reanalyze": "Read sessions again with today's model and rules.",
    },
    "Prepare": {
        "stories": "Your own true stories: told, typed, and held against a role.",
        "plan": "Four weeks to an interview, and the one next thing.",
        "questions": "The question banks: list, show, check your own.",
        "debrief": "Notes on a real interview, while it is fresh.",
    },
    "Sound and settings": {
        "check": "Are microphone and loudspeaker ready? Two minutes.",
        "doctor": "What this installation can do; proof that nothing leaves.",
        "devices": "The microphones and loudspeakers of this computer.",
        "voices": "The voices that can ask, and how each sounds.",
        "models": "The Whisper weights: list, fetch, verify.",
        "config": "Every setting, its value, and where that comes from.",
        "completion": "Let your shell complete commands and names with Tab.",
    },
    "Your data": {
        "purge": "Delete recordings, after asking.",
    },
}
"""The commands in the order in which they are shown, and what each is for; any other stands last."""

REST = "Also"
WIDTH = 80
"""Columns that help takes at most, as a terminal has at least."""

EXIT_STATUS = """\
Exit status:
  0    done
  1    a fault in greenroom itself
  2    wrong usage: an option, an argument, a variable
  3    bad input: a file, a settings file, a question bank or a session
  4    no audio device, or a lost one
  5    a missing model or voice
  130  interrupted (Ctrl-C, a closed terminal); everything so far is saved"""

_HEAD = "Example: "


def manual(*examples: str, see: str = "") -> str:
    """The end of a command's help: one example or more, each on a line of its own, and where to read on."""
    after = "\n" + " " * len(_HEAD)
    parts = [f"\b\n{_HEAD}{after.join(examples)}"]
    return "\n\n".join([*parts, f"See also: {see}"] if see else parts)


class ListByDefault(click.Group):
    """A group that lists what it has where no command is given, with the options of its `list`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = args and (not args[0].startswith("-") or args[0] in ctx.help_option_names)
        # A shell that completes asks for the commands.
        return super().parse_args(ctx, args if named or ctx.resilient_parsing else ["list", *args])


class Contents(click.Group):
    """The commands in their sections, each in a line."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = [name for name in self.list_commands(ctx) if not self.commands[name].hidden]
        placed = {name for names in SECTIONS.values() for name in names}
        rest = {name: self.commands[name].get_short_help_str(60) for name in shown if name not in placed}
        sections = {**SECTIONS, REST: rest}
        longest = max(map(len, shown))
        for title, names in sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(longest), what) for name, what in names.items()])


def help_of(root: click.Context, words: tuple[str, ...]) -> str:
    """The help of a command: `words` are its names from the top, none for the whole.

    Raises:
        click.UsageError: there is no such command.
    """
    context, command = root, root.command
    for word in words:
        if not isinstance(command, click.Group):
            raise click.UsageError(f"{context.command_path} has no commands below it", ctx=root)
        # As if it were given, with its nearest name where there is none.
        name, below, _ = command.resolve_command(context, [word])
        assert below is not None
        context, command = click.Context(below, info_name=name, parent=context), below
    return context.get_help()


def _names_below(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """What may follow the names typed so far."""
    command: click.Command | None = context.find_root().command
    for word in context.params.get("command") or ():
        command = command.get_command(context, word) if isinstance(command, click.Group) else None
    if not isinstance(command, click.Group):
        return []
    return [CompletionItem(name) for name in command.list_commands(context) if name.startswith(typed)]


@click.command(
    "help",
    short_help="The help of a command.",
    epilog=manual("greenroom help practice", "greenroom help stories tell"),
)
@click.argument("command", nargs=-1, metavar="[COMMAND]...", shell_complete=_names_below)
@click.pass_context
def help_command(context: click.Context, command: tuple[str, ...]) -> None:
    """Show the help of a command, as its --help does; without COMMAND that of greenroom."""
    click.echo(help_of(context.find_root(), command))
