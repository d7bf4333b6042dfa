"""Says one word through the voice and the loudspeaker, and lists the devices: what makes sound, in one go.

Started by `offline` as a program of its own: python -m greenroom.doctoring.aloud VOICE [OUTPUT]
"""

from __future__ import annotations

import sys

from greenroom.audio.devices import find_output, list_devices
from greenroom.audio.speaker import LoudSpeaker
from greenroom.errors import DeviceError
from greenroom.voices import load_voice

from .speech import WORD

LONGEST = 10.0
"""Seconds that one word may take to be heard, the opening of the device included. (Judgement.)"""


def main() -> None:
    voice, output = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    clip = load_voice(voice).render(WORD)
    count = len(list_devices())
    try:
        device = find_output(output)
    except DeviceError as error:
        print(f"rendered; {count} devices; not played: {error.message}")
        return
    if clip is not None:
        LoudSpeaker(device).play(clip).wait(LONGEST)
    print(f"rendered; {count} devices; played on {device.name}")


if __name__ == "__main__":
    main()
