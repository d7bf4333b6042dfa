"""`greenroom check`: parse, call, print; no logic."""

from __future__ import annotations

from typing import Any

import click

from greenroom.command_help import manual
from greenroom.live_options import engine_option, model_option, option, plain_option


@click.command(
    "check",
    epilog=manual(
        "greenroom check",
        "greenroom check --input 'USB Mic' --seconds 8",
        see="docs/check.md, docs/accessibility.md; greenroom doctor",
    ),
)
@option("--input", help="Microphone: its number or part of its name.", metavar="DEVICE")
@option("--output", help="Loudspeaker: its number or part of its name.", metavar="DEVICE")
@option("--voice", help="Voice that speaks.")
@engine_option
@model_option
@option("--quiet", help="Play and say nothing.", is_flag=True)
@click.option(
    "--seconds",
    help="Seconds that you are recorded, from your first word on.",
    type=click.FloatRange(2, 20),
    metavar="SECONDS",
    default=5.0,
    show_default=True,
)
@click.option("--json", "as_json", is_flag=True, help="The result as JSON, with what to do on every system.")
@plain_option
@click.pass_context
def check_command(context: click.Context, /, as_json: bool, **options: Any) -> None:
    """Whether your microphone and loudspeaker are ready for an interview, and what to do if not.

    It plays a tone and a sentence, measures two seconds of the room and five of your voice, plays those back,
    and shows what Whisper understood. Nothing is kept on the disk, and no setting is changed. Without any key
    it goes on by itself; in plain mode it waits for a word after each step.

    Keys, or in plain mode words with Enter: Enter (go on), r (again) repeats a step, n (no) says that
    you heard nothing, q (quit) leaves.

    The exit status is 0 where an interview can be held, 4 where a device keeps it from that, 5 where it is
    Whisper's weights.
    """
    from greenroom.checking.gear import CheckSettings
    from greenroom.checking.listening_check import check
    from greenroom.checking.report import json_of, lines_of, status_of

    checked = check(CheckSettings(**options))
    for line in (json_of(checked),) if as_json else lines_of(checked):
        click.echo(line)
    context.exit(status_of(checked))
