"""The sound devices of this computer, and finding the one that is meant by a number or part of a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from greenroom.audio import native, portaudio
from greenroom.errors import DeviceError

_Kind = Literal["input", "output"]
_CALLED: dict[_Kind, str] = {"input": "microphone", "output": "loudspeaker"}

_WINDOWS_NAME_LENGTH = 31
"""Windows' oldest sound interface (MME) cuts names after so many characters (WAVEINCAPS, MAXPNAMELEN)."""


@dataclass(frozen=True, slots=True)
class Device:
    """A sound device.

    Attributes:
        index: its number in PortAudio's list.
        host_api: the system's sound interface that it is reached through, e.g. "ALSA".
        inputs, outputs: how many channels it records and plays.
        rate: its own sample rate (Hz).
    """

    index: int
    name: str
    host_api: str
    inputs: int
    outputs: int
    rate: int
    default_input: bool
    default_output: bool

    @property
    def identity(self) -> tuple[str, str]:
        """What stays of it while its number may change."""
        return self.name, self.host_api

    def __str__(self) -> str:
        """One line of a list; `>` marks the default input, `<` the default output, and so does a word."""
        marks = f"{'>' if self.default_input else ' '}{'<' if self.default_output else ' '}"
        ways = (("in", self.inputs, self.default_input), ("out", self.outputs, self.default_output))
        does = [f"default {word}" if default else word for word, channels, default in ways if channels]
        return f"{marks} {self.index:>3}  {self.name} ({self.host_api}; {', '.join(does)})"


def list_devices() -> tuple[Device, ...]:
    """All devices, in PortAudio's order; () where there are none.

    Raises:
        DeviceError: the PortAudio library is not installed, or the sound system cannot be asked.
    """
    sounddevice = portaudio.load()
    # In the one thread that calls PortAudio: never while it is being started anew.
    return native.within(lambda: _listed(sounddevice))


def _listed(sounddevice: Any) -> tuple[Device, ...]:
    try:
        apis = [api["name"] for api in sounddevice.query_hostapis()]
        entries = list(sounddevice.query_devices())
    except sounddevice.PortAudioError as error:
        raise portaudio.no_sound_system(error) from error
    first_in, first_out = _default(sounddevice, "input"), _default(sounddevice, "output")
    return tuple(
        Device(
            index=number,
            name=str(entry["name"]),
            host_api=apis[entry["hostapi"]],
            inputs=entry["max_input_channels"],
            outputs=entry["max_output_channels"],
            rate=round(entry["default_samplerate"]),
            default_input=number == first_in,
            default_output=number == first_out,
        )
        for number, entry in enumerate(entries)
    )


def rescan() -> tuple[Device, ...]:
    """The devices as they are now, for after one was plugged in. No microphone or loudspeaker may be open.

    Raises:
        DeviceError: the sound system does not answer.
    """
    portaudio.initialise_again(portaudio.load())
    return list_devices()


def same_device(device: Device, among: tuple[Device, ...]) -> Device | None:
    """The device as it is listed now: its number may have changed, its name stays."""
    return next((each for each in among if each.identity == device.identity), None)


def find_input(wanted: str | None = None) -> Device:
    """The microphone meant by a number, a name or part of one; None means the system's default.

    Raises:
        DeviceError: there is none, none matches, or several do (`details` lists them).
    """
    return _find(wanted, "input")


def find_output(wanted: str | None = None) -> Device:
    """The loudspeaker meant by a number, a name or part of one; None means the system's default.

    Raises:
        DeviceError: there is none, none matches, or several do (`details` lists them).
    """
    return _find(wanted, "output")


def _default(sounddevice: Any, kind: _Kind) -> int:
    try:
        return int(sounddevice.query_devices(kind=kind)["index"])
    except (ValueError, sounddevice.PortAudioError):
        return -1


def _find(wanted: str | None, kind: _Kind) -> Device:
    usable = tuple(device for device in list_devices() if _usable(device, kind))
    if not usable:
        raise DeviceError(f"no {_CALLED[kind]} was found", "plug one in, then see `greenroom devices`")
    if wanted is None or not wanted.strip():
        return next((device for device in usable if _is_default(device, kind)), usable[0])
    return _matching(wanted.strip(), usable, kind)


def _usable(device: Device, kind: _Kind) -> bool:
    return (device.inputs if kind == "input" else device.outputs) > 0


def _is_default(device: Device, kind: _Kind) -> bool:
    return device.default_input if kind == "input" else device.default_output


def _matching(wanted: str, usable: tuple[Device, ...], kind: _Kind) -> Device:
    numbered = [device for device in usable if str(device.index) == wanted]
    found = numbered or _named(wanted.casefold(), usable)
    if not found:
        raise DeviceError(
            f"no {_CALLED[kind]} is called “{wanted}”",
            "give one of these numbers or part of a name",
            details=_lines(usable),
        )
    if not _same_device(found):
        raise DeviceError(
            f"several {_CALLED[kind]}s match “{wanted}”",
            "give the number of one of these",
            details=_lines(found),
        )
    return found[0]


def _named(wanted: str, usable: tuple[Device, ...]) -> list[Device]:
    def full(device: Device) -> str:
        return f"{device.name}, {device.host_api}".casefold()

    exact = [device for device in usable if wanted in (device.name.casefold(), full(device))]
    return exact or [device for device in usable if wanted in full(device)]


def _same_device(found: list[Device]) -> bool:
    """One device, though perhaps reached in several ways: Windows lists each under three or four interfaces.

    The first stands for it, which is PortAudio's own choice of interface.
    """
    names = {device.name[:_WINDOWS_NAME_LENGTH].strip() for device in found}
    return len(names) == 1 and len({device.host_api for device in found}) == len(found)


def _lines(devices: list[Device] | tuple[Device, ...]) -> tuple[str, ...]:
    return tuple(f"{device.index:>3}  {device.name} ({device.host_api})" for device in devices)
