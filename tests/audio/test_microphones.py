"""The microphone in use, while others come and go and their numbers change."""

from __future__ import annotations

import pytest
from fake_portaudio import FakePortAudio

from greenroom.audio.devices import Device, find_input
from greenroom.audio.microphones import Microphones
from greenroom.errors import DeviceError

LOST = "the microphone “USB headset” was lost"


@pytest.fixture
def microphones(fake: FakePortAudio) -> Microphones:
    """The headset is in use, number 1; the built-in microphone is number 2."""
    plug_in(fake, "HDMI", "USB headset", "Built-in")
    return Microphones(find_input("headset"))


def plug_in(fake: FakePortAudio, *names: str) -> None:
    fake.entries.clear()
    for name in names:
        fake.add(name, 0 if name == "HDMI" else 1, 2)


def opened(microphones: Microphones, fake: FakePortAudio) -> str:
    """The name of the device that the next answer is heard through."""
    microphones.next_source().open()
    return str(fake.entries[fake.streams[-1].options["device"]]["name"])


def test_another_that_has_its_number_now_is_not_taken_for_it(
    microphones: Microphones, fake: FakePortAudio
) -> None:
    assert opened(microphones, fake) == "USB headset"
    plug_in(fake, "HDMI", "Built-in")
    (built_in,) = microphones.look()
    assert built_in.index == microphones.device.index
    with pytest.raises(DeviceError, match=LOST) as caught:
        opened(microphones, fake)
    assert caught.value.hint
    assert len(fake.streams) == 1


def test_it_is_used_under_the_number_that_it_has_now(microphones: Microphones, fake: FakePortAudio) -> None:
    plug_in(fake, "HDMI", "Built-in")
    microphones.look()
    plug_in(fake, "HDMI", "Built-in", "USB headset")
    microphones.look()
    assert (microphones.device.index, opened(microphones, fake)) == (2, "USB headset")


def test_a_look_that_ends_after_an_answer_was_begun_counts(
    microphones: Microphones, fake: FakePortAudio
) -> None:
    source = microphones.next_source()
    plug_in(fake, "HDMI", "Built-in", "USB headset")
    microphones.look()
    source.open()
    assert fake.streams[-1].options["device"] == 2


def test_the_one_that_was_chosen_is_used_from_then_on(microphones: Microphones, fake: FakePortAudio) -> None:
    source = microphones.next_source()
    plug_in(fake, "HDMI", "Built-in")
    (built_in,) = microphones.look()
    microphones.use(built_in, source)
    assert (microphones.device, opened(microphones, fake)) == (built_in, "Built-in")


def test_after_a_look_that_failed_no_number_is_trusted(
    microphones: Microphones, fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hangs() -> tuple[Device, ...]:
        raise DeviceError("the computer's sound system does not answer")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("greenroom.audio.microphones.rescan", hangs)
        with pytest.raises(DeviceError, match="does not answer"):
            microphones.look()
    with pytest.raises(DeviceError, match=LOST):
        opened(microphones, fake)
    microphones.look()
    assert opened(microphones, fake) == "USB headset"


def test_a_device_whose_sound_never_keeps_pace_is_left_alone_from_then_on(
    microphones: Microphones, fake: FakePortAudio
) -> None:
    source = microphones.next_source()
    microphones.leave_pace_alone(microphones.device)
    microphones.use(microphones.device, source)
    later = microphones.next_source()
    later.open()
    assert [each._source.heeds_pace for each in (source, later)] == [False, False]  # type: ignore[attr-defined]
