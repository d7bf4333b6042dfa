"""What a check is held with: the devices found, the voice, and Whisper in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from greenroom.audio.devices import Device, find_input, find_output, list_devices, rescan
from greenroom.audio.microphone import Microphone
from greenroom.audio.source import AudioSource
from greenroom.audio.speaker import LoudSpeaker, NoSpeaker, Speaker
from greenroom.config import PracticeSettings
from greenroom.errors import DeviceError, ModelError
from greenroom.listening.voice_activity import Detector, load_detector
from greenroom.records import Clip
from greenroom.transcription import Transcriber
from greenroom.transcription.process import ProcessTranscriber
from greenroom.transcription.weights import locate
from greenroom.voices import CachedVoice, load_voice

_USUAL = PracticeSettings()


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a check can be told: devices by number or part of a name, what transcribes, and how it speaks.

    Attributes:
        quiet: nothing is played or said.
        seconds: how long the person is recorded from their first word on.
    """

    input: str | None = None
    output: str | None = None
    voice: str = _USUAL.voice
    engine: str = _USUAL.engine
    model: str = _USUAL.model
    quiet: bool = False
    seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Found:
    """The devices of this computer, and those chosen; None where there is none, and why."""

    devices: tuple[Device, ...]
    microphone: Device | None
    loudspeaker: Device | None
    no_microphone: DeviceError | None = None
    no_loudspeaker: DeviceError | None = None


def find_devices(settings: CheckSettings, *, again: bool = False) -> Found:
    """Look for devices; `again` also sees what was plugged in since, and no device may be open.

    Raises:
        DeviceError: PortAudio is missing, or a device that was named is not there.
    """
    devices = rescan() if again else list_devices()
    microphone, no_microphone = _chosen(find_input, settings.input)
    loudspeaker, no_loudspeaker = _chosen(find_output, settings.output)
    return Found(devices, microphone, loudspeaker, no_microphone, no_loudspeaker)


def _chosen(
    find: Callable[[str | None], Device], wanted: str | None
) -> tuple[Device | None, DeviceError | None]:
    try:
        return find(wanted), None
    except DeviceError as error:
        if wanted is not None:
            raise
        return None, error


class Gear:
    """Everything a check needs. `close` ends the process that transcribes.

    Attributes:
        no_voice, no_model: why there is none, None where there is one.
    """

    def __init__(self, settings: CheckSettings) -> None:
        self.settings = settings
        self.detector: Detector = load_detector()
        self.voice, self.no_voice = _voice("silent" if settings.quiet else settings.voice)
        self.no_model = _missing_weights(settings)
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="whisper")
        self._transcriber = None if self.no_model else self._loading()

    def _loading(self) -> Transcriber:
        transcriber = ProcessTranscriber(self.settings.engine, self.settings.model, wait=False)
        self._worker.submit(transcriber.load)  # while devices are looked at; what is wrong transcribe() says
        return transcriber

    def find(self, *, again: bool = False) -> Found:
        return find_devices(self.settings, again=again)

    def microphone(self, device: Device) -> AudioSource:
        return Microphone(device)

    def speaker(self, device: Device | None) -> Speaker:
        return NoSpeaker() if device is None or self.settings.quiet else LoudSpeaker(device)

    def understand(self, clip: Clip) -> Future[str]:
        """The words in a clip, worked out meanwhile; ModelError from its result where that fails."""
        transcriber = self._transcriber
        if transcriber is None:
            raise self.no_model or ModelError("no model was loaded")
        return self._worker.submit(lambda: transcriber.transcribe(clip).text)

    def close(self) -> None:
        if self._transcriber is not None:
            self._transcriber.close()
        self._worker.shutdown(wait=False, cancel_futures=True)


def _voice(name: str) -> tuple[CachedVoice, ModelError | None]:
    try:
        return CachedVoice(load_voice(name)), None
    except ModelError as error:
        return CachedVoice(load_voice("silent")), error


def _missing_weights(settings: CheckSettings) -> ModelError | None:
    try:
        locate(settings.model, settings.engine)
    except ModelError as error:
        return error
    return None
