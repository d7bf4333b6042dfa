"""A check with fakes for every device: what is heard in turn, what is played, which keys are pressed."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
from fakes import FakeKeys, FakeSource, FakeSpeaker, FakeVoice
from made_rooms import Samples

from greenroom.audio.devices import Device
from greenroom.checking.gear import CheckSettings, Found
from greenroom.checking.listening_check import Check, Checked
from greenroom.errors import DeviceError, ModelError
from greenroom.keys import Keys
from greenroom.listening.voice_activity import frames_of, load_detector
from greenroom.records import Clip

MICROPHONE = Device(0, "USB Mic", "ALSA", 1, 0, 48_000, default_input=True, default_output=False)
LOUDSPEAKER = Device(1, "Speakers", "ALSA", 0, 2, 48_000, default_input=False, default_output=True)
FOUND = Found((MICROPHONE, LOUDSPEAKER), MICROPHONE, LOUDSPEAKER)


class BusyMicrophone(FakeSource):
    def __init__(self) -> None:
        super().__init__(())

    def open(self) -> None:
        raise DeviceError("the microphone “USB Mic” cannot be opened (device busy)", "close other programs")


def hears(samples: Samples, fault: Exception | None = None) -> FakeSource:
    return FakeSource(list(frames_of(Clip(samples))) if len(samples) else (), fault)


class FakeGear:
    """Gives one microphone after the other, each for one listening; the last listens on."""

    def __init__(
        self,
        *sources: FakeSource,
        found: Sequence[Found] = (FOUND,),
        settings: CheckSettings | None = None,
        words: str | Exception = "I had toast.",
        no_voice: ModelError | None = None,
        no_model: ModelError | None = None,
        speaker: FakeSpeaker | None = None,
    ) -> None:
        self.settings = settings or CheckSettings()
        self.detector = load_detector()
        self.voice = FakeVoice()
        self.no_voice, self.no_model = no_voice, no_model
        self.played = speaker or FakeSpeaker(looks=2)
        self.understands: list[Clip] = []
        self.looked: list[bool] = []
        self.closed = False
        self._sources = deque(sources)
        self._found = deque(found)
        self._words = words

    def find(self, *, again: bool = False) -> Found:
        self.looked.append(again)
        return self._found.popleft() if len(self._found) > 1 else self._found[0]

    def microphone(self, device: Device) -> FakeSource:
        return self._sources.popleft() if len(self._sources) > 1 else self._sources[0]

    def speaker(self, device: Device | None) -> FakeSpeaker:
        return self.played

    def understand(self, clip: Clip) -> Future[str]:
        self.understands.append(clip)
        words: Future[str] = Future()
        if isinstance(self._words, Exception):
            words.set_exception(self._words)
        else:
            words.set_result(self._words)
        return words

    def close(self) -> None:
        self.closed = True


class FakeCheckScreen:
    """Remembers what it was told; `tells` is what was said of each step."""

    def __init__(self) -> None:
        self.tells: list[tuple[int, str, str]] = []
        self.begun: list[int] = []
        self.levels: list[float] = []
        self.advice: list[str] = []
        self.ways: list[str] = []
        self.lines: list[str] = []

    def opening(self, seconds: float) -> None: ...

    def devices(self, lines: Sequence[str]) -> None:
        self.lines.extend(lines)

    def step(self, number: int, name: str, asked: str) -> None:
        self.begun.append(number)

    def level(self, db: float) -> None:
        self.levels.append(db)

    def done(self, number: int, name: str, state: str, text: str) -> None:
        self.tells.append((number, state, text))

    def choosing(self, advice: Sequence[str], ways: str, remaining: float) -> None:
        self.advice.extend(each for each in advice if each not in self.advice)
        self.ways.append(ways)

    def close(self) -> None: ...

    def states(self) -> list[str]:
        return [state for _, state, _ in self.tells]


def held(gear: FakeGear, keyboard: Keys | None = None) -> tuple[Checked, FakeCheckScreen]:
    """A whole check."""
    screen = FakeCheckScreen()
    nobody = FakeKeys()
    nobody.interactive = False
    return Check(gear, screen, keyboard or nobody).run(), screen  # type: ignore[arg-type]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * 16_000), dtype=np.float32)
