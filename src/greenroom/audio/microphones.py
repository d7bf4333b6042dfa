"""The microphone that answers are heard through, and those that could take its place."""

from __future__ import annotations

from greenroom.audio import portaudio
from greenroom.audio.devices import Device, rescan, same_device
from greenroom.audio.lasting import LastingSource
from greenroom.audio.microphone import Microphone
from greenroom.errors import DeviceError


class Microphones:
    """Gives a source for every answer.

    Attributes:
        device: the microphone in use.
        gone: the last look did not find it, so that its number may be another's.
    """

    def __init__(self, device: Device) -> None:
        self.device = device
        self.gone = False
        self._unsteady: set[tuple[tuple[str, str], int]] = set()

    def next_source(self) -> LastingSource:
        """What hears the next answer, once opened; an error then where the microphone in use is gone."""
        return LastingSource(_InUse(self))

    def look(self) -> tuple[Device, ...]:
        """The microphones that are there now. No microphone or loudspeaker may be open.

        A look changes the numbers of devices: the one in use is known by its name, under its number of now.

        Raises:
            DeviceError: the sound system does not answer.
        """
        try:
            found = tuple(device for device in rescan() if device.inputs)
        except DeviceError:
            self.gone = True  # nobody knows which device has its number now
            raise
        now = same_device(self.device, found)
        self.device, self.gone = now or self.device, now is None
        return found

    def use(self, device: Device, source: LastingSource) -> None:
        """From now on listen through another, which `source` opens and goes on with.

        Raises:
            DeviceError: it cannot be opened.
        """
        self.device, self.gone = device, False
        microphone = Microphone(device)
        microphone.heeds_pace = self.heeds_pace(device)
        source.replace(microphone)
        source.open()

    def leave_pace_alone(self, device: Device) -> None:
        """Its sound never comes as fast as its rate says (a virtual machine): opening it again is no help."""
        self._unsteady.add((device.identity, device.rate))

    def heeds_pace(self, device: Device) -> bool:
        """Whether another pace of its sound would mean another sample rate."""
        return (device.identity, device.rate) not in self._unsteady


class _InUse(Microphone):
    """The one in use when it is opened: a look that took long may end after an answer was begun."""

    def __init__(self, microphones: Microphones) -> None:
        super().__init__(microphones.device)
        self._microphones = microphones

    def open(self) -> None:
        self._device = self._microphones.device
        if self._microphones.gone:
            raise portaudio.lost(self._device, "microphone")
        self.heeds_pace = self._microphones.heeds_pace(self._device)
        super().open()
