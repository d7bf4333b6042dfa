"""`greenroom doctor`: parse, call, print; no logic."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from greenroom.command_help import manual
from greenroom.config import PracticeSettings
from greenroom.live_options import engine_option, model_option, option, plain_option, vad_option

if TYPE_CHECKING:
    from greenroom.doctoring.findings import Finding


@click.command(
    "doctor",
    epilog=manual(
        "greenroom doctor",
        "greenroom doctor --offline",
        "greenroom doctor --json --model small.en",
        see="docs/models.md; greenroom check",
    ),
)
@click.option("--offline", is_flag=True, help="Prove that a run opens no network connection.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of lines.")
@engine_option
@model_option
@vad_option
@option("--voice", help="The voice that has to work.")
@option("--input", help="Microphone: its number or part of its name.", metavar="DEVICE")
@option("--output", help="Loudspeaker: its number or part of its name.", metavar="DEVICE")
@option("--recordings", help="Where sessions are kept.", type=click.Path(path_type=Path), metavar="FOLDER")
@plain_option
@click.pass_context
def doctor_command(context: click.Context, /, *, offline: bool, as_json: bool, **options: Any) -> None:
    """What this installation can do, part by part, and what to do where something is wrong.

    It looks at versions, sound devices, voices, engines, weights, the disk and the processor, and measures
    whether this computer transcribes as fast as you speak; that takes about half a minute. Each line is "ok",
    "look here" or "missing". The microphone is not opened: greenroom check does that. The exit status is 0
    where an interview can be held.

    With --offline it holds an interview with a bundled recording in which nothing can reach the network, and
    counts what tried to.
    """
    from greenroom.doctoring.examination import examine, summed_up

    settings = PracticeSettings(**options)
    if not as_json:
        click.echo(
            "This takes one or two minutes." if offline else "This takes about half a minute.", err=True
        )
    if offline:
        from greenroom.doctoring.offline import prove, summed_up_proof

        findings = _told(prove(settings), as_json)
        summary = summed_up_proof(findings)
    else:
        findings = _told(examine(settings, _settings_options(context)), as_json)
        summary = summed_up(findings)
    if as_json:
        from greenroom.doctoring.showing import as_data

        click.echo(
            json.dumps({"findings": as_data(findings), "status": summary.status, "told": summary.told})
        )
    else:
        from greenroom.doctoring.showing import wrapped

        click.echo(f"\n{wrapped(summary.told)}")
    context.exit(summary.status)


def _told(findings: Iterable[Finding], as_json: bool) -> list[Finding]:
    """All findings; each is shown as soon as it is known, since some take seconds."""
    from greenroom.doctoring.showing import Lines

    lines, told = Lines(), []
    for finding in findings:
        told.append(finding)
        if not as_json:
            for line in lines.of(finding):
                click.echo(line)
    return told


def _settings_options(context: click.Context) -> dict[str, click.Option] | None:
    from greenroom.config_command import practice_of
    from greenroom.settings_file import settings_options

    try:
        return settings_options(practice_of(context))
    except click.UsageError:
        return None
