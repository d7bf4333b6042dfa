"""What the shell offers for a value: names of banks, sessions, stories, models, voices and signals.

Only what can be read at once: no device is asked, no model loaded. What cannot be read offers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from greenroom.errors import UserError

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

_GIVEN = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
_MOST_SESSIONS = 20  # the newest; a list that fills the screen helps nobody


def _offering(names: Callable[[click.Context], Iterable[str]], *, files: bool = False) -> Complete:
    """Those of `names` that begin as typed; where there are none and `files` are taken, the shell's own."""

    def complete(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
        found: list[str] = []
        with suppress(UserError, OSError, ValueError):
            found = [name for name in names(context) if name.startswith(typed)]
        return [CompletionItem(name) for name in found] or (
            [CompletionItem(typed, type="file")] if files else []
        )

    return complete


def _place(context: click.Context, name: str) -> Path | None:
    """A folder as the command line, the environment or the settings file names it."""
    given = context.params.get(name)
    if given and context.get_parameter_source(name) in _GIVEN:
        return Path(given)
    from greenroom.settings_file import read_settings, settings_options

    root = context.find_root().command
    practice = root.get_command(context, "practice") if isinstance(root, click.Group) else None
    if practice is None:
        return None
    option = settings_options(practice)[name]
    named = option.value_from_envvar(context) or read_settings({name: option}).values.get(name)
    return Path(named) if named else None


def _banks(_: click.Context) -> Iterable[str]:
    from greenroom.questions import shipped_banks

    return sorted(shipped_banks())


def _sessions(context: click.Context) -> Iterable[str]:
    from greenroom.review.finding import session_folders
    from greenroom.session import default_recordings

    folders = session_folders(_place(context, "recordings") or default_recordings())
    return [folder.name for folder in folders[:_MOST_SESSIONS]]


def _data(context: click.Context) -> Path:
    from greenroom.preparation.places import default_data

    return _place(context, "data") or default_data()


def _stories(context: click.Context) -> Iterable[str]:
    from greenroom.preparation.places import stories_folder

    return sorted(path.stem for path in stories_folder(_data(context)).glob("*.toml"))


def _debriefs(context: click.Context) -> Iterable[str]:
    from greenroom.preparation.places import debriefs_folder

    return sorted(path.parent.name for path in debriefs_folder(_data(context)).glob("*/debrief.toml"))


def _models(_: click.Context) -> Iterable[str]:
    from greenroom.transcription.weight_files import MODELS

    return list(MODELS)


def _voices(_: click.Context) -> Iterable[str]:
    from greenroom.voices import AUTO, VOICES

    return [AUTO, *sorted(VOICES)]


def _signals(_: click.Context) -> Iterable[str]:
    from greenroom.records import SIGNALS

    return SIGNALS


bank_names = _offering(_banks, files=True)
session_names = _offering(_sessions, files=True)
story_names = _offering(_stories)
debrief_names = _offering(_debriefs)
model_names = _offering(_models, files=True)
voice_names = _offering(_voices)
signal_names = _offering(_signals)
recording_names = _offering(lambda _: ("demo",), files=True)
level_names = _offering(lambda _: ("junior", "mid", "senior"))

_HOW = {
    "bash": "# In ~/.bashrc:  source FILE  (this script, kept in a file of your choice; bash 4.4 or newer)",
    "zsh": '# In ~/.zshrc, after compinit:  eval "$(greenroom completion zsh)"',
    "fish": "# Keep it as ~/.config/fish/completions/greenroom.fish",
}


def script_for(shell: str, command: click.Command) -> str:
    """The script for "bash", "zsh" or "fish", click's own, with a line on where to put it."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    return f"{_HOW[shell]}\n{made(command, {}, 'greenroom', '_GREENROOM_COMPLETE').source()}"
