"""The microphone that answers are heard through, and those that could take its place."""

from __future__ import annotations

from greenroom.audio.devices import Device, rescan
from greenroom.audio.lasting import LastingSource
from greenroom.audio.microphone import Microphone


class Microphones:
    """Gives a source for every answer.

    Attributes:
        device: the microphone in use.
    """

    def __init__(self, device: Device) -> None:
        self.device = device

    def next_source(self) -> LastingSource:
        return LastingSource(Microphone(self.device))

    def look(self) -> tuple[Device, ...]:
        """The microphones that are there now. No microphone or loudspeaker may be open.

        Raises:
            DeviceError: the sound system does not answer.
        """
        return tuple(device for device in rescan() if device.inputs)

    def use(self, device: Device, source: LastingSource) -> None:
        """From now on listen through another, which `source` opens and goes on with.

        Raises:
            DeviceError: it cannot be opened.
        """
        self.device = device
        source.replace(Microphone(device))
        source.open()
