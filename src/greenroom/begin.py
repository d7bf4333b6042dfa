"""Beginning an interview on a computer that may have no microphone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from greenroom.audio.devices import find_input, list_devices
from greenroom.config import PracticeSettings
from greenroom.errors import DeviceError
from greenroom.practice import demo, practice

_CHOICE = "d hear the demo candidate · t type your answers · l list devices · q quit: "


def begin(settings: PracticeSettings) -> Path | None:
    """Hold an interview; the session's folder, or None if the person chose to leave.

    Where there is no microphone and none was named: in a terminal the person chooses what to do instead;
    without a terminal the demo candidate answers.
    """
    if not settings.candidate and not settings.typed:
        try:
            find_input(settings.input)
        except DeviceError as missing:
            if settings.input is not None:
                raise
            chosen = _without_microphone(settings, missing)
            return practice(chosen) if chosen is not None else None
    return practice(settings)


def _without_microphone(settings: PracticeSettings, missing: DeviceError) -> PracticeSettings | None:
    print(f"{missing.message[:1].upper()}{missing.message[1:].rstrip('.')}.", file=sys.stderr)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        print("The demo candidate answers instead.", file=sys.stderr)
        return demo(settings)
    while True:
        print(_CHOICE, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        choice = line.strip().lower()[:1]
        if choice == "d":
            return demo(settings)
        if choice == "t":
            return replace(settings, typed=True)
        if choice == "q" or not line:
            return None
        if choice == "l":
            _print_devices()


def _print_devices() -> None:
    try:
        devices = list_devices()
    except DeviceError as error:
        print(f"{error.message}\n{error.hint or ''}".rstrip(), file=sys.stderr)
        return
    print("\n".join(map(str, devices)) or "This computer shows no sound device at all.", file=sys.stderr)
