"""PortAudio, and the microphone and loudspeaker that an interview would use. Neither is opened."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from greenroom.audio import portaudio
from greenroom.audio.devices import Device, find_input, find_output, list_devices
from greenroom.config import PracticeSettings
from greenroom.errors import EXIT_NO_DEVICE, DeviceError

from .findings import Finding, cures

GROUP = "Sound"

PATIENCE = 8.0
"""Seconds after which the sound system counts as hung; looking for devices took 0.1 to 1 s. (Judgement.)"""

T = TypeVar("T")


class HungError(Exception):
    """Nothing came back in time."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` gives or raises. HungError if that takes longer: a hung sound server never answers.

    The thread that waits for it is left behind; the program's exit does not wait for it.
    """
    answers: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:  # raised where it is waited for
            answers.put((None, error))

    threading.Thread(target=run, daemon=True, name="within").start()
    try:
        value, error = answers.get(timeout=seconds)
    except queue.Empty:
        raise HungError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


def examine(settings: PracticeSettings, *, patience: float = PATIENCE) -> Iterator[Finding]:
    try:
        version, devices = within(patience, _look)
    except DeviceError as error:
        yield Finding(GROUP, "PortAudio", "missing", error.message, cures("portaudio"), EXIT_NO_DEVICE)
        return
    except HungError:
        told = f"the sound system has not answered for {patience:g} s"
        yield Finding(GROUP, "PortAudio", "look here", told, cures("sound-hangs"), EXIT_NO_DEVICE)
        return
    yield Finding(GROUP, "PortAudio", "ok", f"{version}; {_count(devices)}")
    yield _device("microphone", find_input, settings.input, "--input", EXIT_NO_DEVICE)
    # A loudspeaker that is not there ends nothing, unless it was asked for by name: questions are printed.
    stops = EXIT_NO_DEVICE if settings.output else None
    yield _device("loudspeaker", find_output, settings.output, "--output", stops)


def _look() -> tuple[str, tuple[Device, ...]]:
    text = str(portaudio.load().get_portaudio_version()[1])
    return text.partition(", ")[0].removeprefix("PortAudio "), list_devices()


def _count(devices: tuple[Device, ...]) -> str:
    inputs = sum(device.inputs > 0 for device in devices)
    outputs = sum(device.outputs > 0 for device in devices)
    return f"{inputs} input{'s' * (inputs != 1)} and {outputs} output{'s' * (outputs != 1)} found"


def _device(
    called: str, find: Callable[[str | None], Device], wanted: str | None, option: str, stops: int | None
) -> Finding:
    try:
        device = find(wanted)
    except DeviceError as error:
        cure = cures("named-device", option=option) if wanted else cures(called)
        return Finding(GROUP, called, "missing", error.message, cure, stops)
    is_default = device.default_input if called == "microphone" else device.default_output
    whose = "the system's default" if is_default else "chosen" if wanted else "the first there is"
    told = f"{device.name} ({device.host_api}, {device.rate / 1000:g} kHz), {whose}"
    return Finding(GROUP, called, "ok", told)
