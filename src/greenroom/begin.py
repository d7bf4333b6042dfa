"""Beginning an interview on a computer that may have no microphone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from greenroom.audio.devices import find_input, list_devices
from greenroom.config import PracticeSettings
from greenroom.errors import DeviceError
from greenroom.keys import stdin_is_a_terminal
from greenroom.practice import drawn_for, practice, with_demo

_DEMO = "d hear the demo candidate · "
_CHOICE = "t type your answers · l list devices · q quit: "


def begin(settings: PracticeSettings) -> Path | None:
    """Hold an interview; the session's folder, or None if the person chose to leave."""
    drawn = drawn_for(settings)  # first: a slip of the pen is told before the microphone is missed
    ready = with_somebody_to_answer(settings)
    if ready is None:
        return None
    return practice(ready, drawn if ready.candidate == settings.candidate else drawn_for(ready))


def with_somebody_to_answer(settings: PracticeSettings, *, demo: bool = True) -> PracticeSettings | None:
    """The settings with which somebody can answer, or None if the person chose to leave.

    Where there is no microphone and none was named: in a terminal the person chooses what to do instead;
    without a terminal the demo candidate answers.

    Args:
        demo: whether the demo candidate may answer; it knows its own questions only.

    Raises:
        DeviceError: there is nobody who could.
    """
    if settings.candidate or settings.typed:
        return settings
    try:
        find_input(settings.input)
    except DeviceError as missing:
        if settings.input is not None:
            raise
        return _without_microphone(settings, missing, demo=demo)
    return settings


def _without_microphone(
    settings: PracticeSettings, missing: DeviceError, *, demo: bool
) -> PracticeSettings | None:
    in_a_terminal = stdin_is_a_terminal() and sys.stderr.isatty()
    if not (in_a_terminal or demo):
        raise DeviceError(
            missing.message, "--typed lets you type, --candidate FILE plays a recording in your place"
        )
    print(missing.sentence, file=sys.stderr)
    if not in_a_terminal:
        print("The demo candidate answers instead.", file=sys.stderr)
        return with_demo(settings)
    while True:
        print(f"{_DEMO if demo else ''}{_CHOICE}", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        choice = line.strip().lower()[:1]
        if choice == "d" and demo:
            return with_demo(settings)
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
