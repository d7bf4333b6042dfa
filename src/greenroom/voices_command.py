"""`greenroom voices`: parse, call, print; no logic."""

from __future__ import annotations

import json

import click

from greenroom.command_help import ListByDefault, manual
from greenroom.live_options import option, plain_option, speech_rate_option, voice_option

json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")


@click.group(
    "voices",
    cls=ListByDefault,
    epilog=manual(
        "greenroom voices",
        "greenroom voices say --voice piper --speech-rate 150",
        see="docs/settings.md, docs/accessibility.md",
    ),
)
def voices_command() -> None:
    """The voices that can ask, and which one does.

    Without a command they are listed. `greenroom voices say` lets you hear one.
    """


@voices_command.command("list", epilog=manual("greenroom voices list --json"))
@json_option
@voice_option
@speech_rate_option
@plain_option
def voices_list(voice: str, speech_rate: int, *, as_json: bool) -> None:
    """Every voice: who speaks, under which licence, and how to get those that are not here.

    The star stands before the one that asks, with your settings as they are.
    """
    from greenroom.voices.listing import as_data, lines_of, list_voices

    found = list_voices(voice, speech_rate)
    click.echo(json.dumps(as_data(found)) if as_json else "\n".join(lines_of(found)))


@voices_command.command("say", epilog=manual("greenroom voices say --voice pyttsx3 --speech-rate 150"))
@click.argument("text", nargs=-1)
@voice_option
@speech_rate_option
@option("--output", help="Loudspeaker: its number or part of its name.", metavar="DEVICE")
@plain_option
@json_option
def voices_say(
    text: tuple[str, ...], voice: str, speech_rate: int, output: str | None, *, as_json: bool
) -> None:
    """Hear a voice say TEXT, or a question if there is none."""
    from dataclasses import asdict

    from greenroom.voice_sample import say_sample

    said = say_sample(" ".join(text), voice, speech_rate, output)
    if as_json:
        click.echo(json.dumps(asdict(said) if said else None))
    elif said is None:
        click.echo(f"{voice} makes no sound.")
    else:
        click.echo(f"{said.voice}: {said.seconds:.1f} s, {said.words_per_minute} words a minute.")
