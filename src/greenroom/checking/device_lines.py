"""The devices as lines, the chosen ones marked."""

from __future__ import annotations

from dataclasses import replace

from greenroom.audio.devices import Device
from greenroom.checking.gear import Found

_MOST = 8
"""More devices than this are counted, not listed: Windows shows each three or four times."""


def device_lines(found: Found) -> tuple[str, ...]:
    """A line for each device; `>` marks the microphone that listens, `<` the loudspeaker that plays."""
    chosen = {each.index for each in (found.microphone, found.loudspeaker) if each is not None}
    kept = [each for each in found.devices if each.index in chosen]
    if len(found.devices) <= _MOST:
        kept = list(found.devices)
    left = len(found.devices) - len(kept)
    more = (f"   and {left} more: greenroom devices",) if left else ()
    return (*(_line(each, found) for each in kept), *more)


def _line(device: Device, found: Found) -> str:
    listens = found.microphone is not None and device.index == found.microphone.index
    plays = found.loudspeaker is not None and device.index == found.loudspeaker.index
    roles = [role for role, chosen in (("listens", listens), ("plays", plays)) if chosen]
    told = str(replace(device, default_input=listens, default_output=plays))
    return f"{told}: {' and '.join(roles)}" if roles else told
