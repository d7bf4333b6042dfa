"""`greenroom devices`: parse, call, print; no logic."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from greenroom.command_help import manual
from greenroom.errors import DeviceError
from greenroom.live_options import plain_option


@click.command(
    "devices",
    epilog=manual("greenroom devices", "greenroom devices --json", see="greenroom check; docs/check.md"),
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
@plain_option
def devices_command(as_json: bool) -> None:
    """The microphones and loudspeakers of this computer, with their numbers and names.

    Each says in words what it can do; the default ones say so. None is opened: `greenroom check` tries them.
    """
    from greenroom.audio.devices import list_devices

    devices = list_devices()
    if as_json:
        click.echo(json.dumps([asdict(device) for device in devices]))
    elif not devices:
        raise DeviceError("no sound device was found", "plug one in, or: greenroom practice --candidate demo")
    else:
        for device in devices:
            click.echo(str(device))
