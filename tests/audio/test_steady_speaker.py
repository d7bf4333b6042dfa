"""A loudspeaker that is lost in mid-sentence: the rest is heard elsewhere, or all goes on in silence."""

from __future__ import annotations

import numpy as np
from fake_portaudio import FakePortAudio
from fakes import FakePlayback

from greenroom.audio.devices import find_output
from greenroom.audio.speaker import LoudSpeaker, Playback, Speaker
from greenroom.audio.steady_speaker import SteadySpeaker
from greenroom.errors import DeviceError
from greenroom.records import Clip

CLIP = Clip(np.full(16_000, 0.1, dtype=np.float32))
GONE = DeviceError("the loudspeaker “USB headset” was lost")


class Losing(FakePlayback):
    """Lost after a quarter of a second of the clip."""

    heard = 0.25

    def wait(self, timeout: float) -> bool:
        raise GONE


class Device:
    """A loudspeaker that plays, loses its device at once, or cannot be opened."""

    def __init__(self, does: str) -> None:
        self._does = does
        self.clips: list[Clip] = []

    def play(self, clip: Clip) -> Playback:
        if self._does == "fails":
            raise GONE
        self.clips.append(clip)
        playback = Losing(0) if self._does == "loses" else FakePlayback(0)
        playback.heard = getattr(playback, "heard", 0.0)
        return playback  # type: ignore[return-value]

    def close(self) -> None:
        pass


def steady(first: Speaker, second: Speaker) -> tuple[SteadySpeaker, list[str]]:
    told: list[str] = []
    return SteadySpeaker(first, told.append, lambda: second), told


def test_the_rest_of_a_sentence_is_heard_through_the_default_device() -> None:
    default = Device("plays")
    speaker, told = steady(Device("loses"), default)
    playback = speaker.play(CLIP)
    assert not playback.wait(0.0)
    assert playback.wait(0.0)
    assert [clip.seconds for clip in default.clips] == [0.75]
    (sentence,) = told
    assert sentence.startswith("The loudspeaker “USB headset” was lost, so I try")
    speaker.play(CLIP)
    assert len(default.clips) == 2, "it stays there"


def test_where_nothing_plays_it_goes_on_quietly_and_says_so_once() -> None:
    speaker, told = steady(Device("fails"), Device("fails"))
    for _ in range(3):
        assert speaker.play(CLIP).wait(0.0)
    assert len(told) == 1
    assert "without sound; everything I say is on the screen" in told[0]


def test_a_default_device_that_is_lost_too_ends_the_sentence() -> None:
    speaker, told = steady(Device("loses"), Device("loses"))
    playback = speaker.play(CLIP)
    assert [playback.wait(0.0) for _ in range(3)] == [False, False, True]
    assert len(told) == 1


def test_a_look_for_devices_gives_it_another_try() -> None:
    device = Device("fails")
    speaker, told = steady(device, Device("fails"))
    speaker.play(CLIP)
    device._does = "plays"
    assert not device.clips
    speaker.find_again()
    speaker.play(CLIP)
    assert len(device.clips) == 1
    assert told[-1] == "My voice should be heard again."


def test_after_a_look_for_devices_it_speaks_through_the_same_one(fake: FakePortAudio) -> None:
    fake.add("Monitor", 0, 2)
    fake.add("USB headset", 1, 2)
    headset, monitor = fake.entries[1], fake.entries[0]
    told: list[str] = []
    first = LoudSpeaker(find_output("headset"))
    speaker = SteadySpeaker(first, told.append, lambda: LoudSpeaker(find_output(None)))
    fake.entries = [headset]
    speaker.find_again()
    speaker.play(CLIP).stop()
    assert fake.streams[-1].options["device"] == 0
    assert not told
    fake.entries = [monitor]
    speaker.find_again()
    speaker.play(CLIP).stop()
    assert fake.streams[-1].options["device"] == 0
    (sentence,) = told
    assert sentence.startswith("The loudspeaker “USB headset” was lost, so I try")
    speaker.close()
