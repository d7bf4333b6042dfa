from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
from fake_portaudio import FakePortAudio, device

from greenroom.audio import portaudio
from greenroom.audio.microphone import Microphone, RateChangedError
from greenroom.audio.source import AudioSource
from greenroom.errors import DeviceError
from greenroom.records import FRAME_SAMPLES


def opened(fake: FakePortAudio, rate: int = 16_000, inputs: int = 2) -> Microphone:
    microphone = Microphone(device(rate, inputs))
    microphone.open()
    return microphone


def everything(microphone: AudioSource) -> np.ndarray:
    frames = []
    while (frame := microphone.read(0.0)) is not None:
        assert frame.shape == (FRAME_SAMPLES,)
        assert frame.dtype == np.float32
        frames.append(frame)
    return np.concatenate(frames) if frames else np.zeros(0)


def stereo(mono: np.ndarray) -> np.ndarray:
    return np.stack([mono, mono], axis=1).astype(np.float32)


def test_frames_whatever_the_blocks(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    sound = np.linspace(-0.5, 0.5, 5 * FRAME_SAMPLES).astype(np.float32)
    start = time.monotonic() - 1.0
    for part in np.array_split(stereo(sound), 7):
        fake.streams[0].capture(part, at=start)
    assert (everything(microphone) == sound).all()
    assert not microphone.overflowed


def test_the_block_is_copied(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    block = stereo(np.full(FRAME_SAMPLES, 0.25))
    fake.streams[0].capture(block)
    block[:] = 9.0  # PortAudio uses the same memory again
    assert (everything(microphone) == 0.25).all()


def test_what_came_before_another_rate_was_noticed_is_heard(
    fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    microphone = opened(fake)
    monkeypatch.setattr(microphone._pace, "changed", lambda *_, **__: True)
    fake.streams[0].capture(stereo(np.full(2 * FRAME_SAMPLES, 0.25)))
    heard = [microphone.read(0.0), microphone.read(0.0)]
    assert all(frame is not None and (frame == 0.25).all() for frame in heard)
    with pytest.raises(RateChangedError):
        microphone.read(0.0)


def test_where_pace_is_not_heeded_it_goes_on(fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch) -> None:
    microphone = opened(fake)
    microphone.heeds_pace = False
    monkeypatch.setattr(microphone._pace, "changed", lambda *_, **__: True)
    fake.streams[0].capture(stereo(np.full(FRAME_SAMPLES, 0.25)))
    assert microphone.read(0.0) is not None
    assert microphone.read(0.0) is None


def test_channels_are_averaged(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    fake.streams[0].capture(np.tile(np.array([0.0, 0.5], dtype=np.float32), (FRAME_SAMPLES, 1)))
    assert everything(microphone) == pytest.approx(0.25)


def test_takes_two_channels_at_most(fake: FakePortAudio) -> None:
    opened(fake, inputs=32)
    assert fake.streams[0].options["channels"] == 2
    opened(fake, inputs=1)
    assert fake.streams[1].options["channels"] == 1


def test_resampled_in_step_with_the_device(fake: FakePortAudio) -> None:
    microphone = opened(fake, rate=44_100)
    sound = 0.5 * np.sin(2 * np.pi * 440 * np.arange(88_200) / 44_100)
    for part in np.array_split(stereo(sound), 80):
        fake.streams[0].capture(part, at=time.monotonic() - 2.0)
    heard = everything(microphone)
    assert len(heard) > 31_000
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(len(heard)) / 16_000)
    assert np.abs(heard - expected)[200:].max() < 0.001


def test_overflow_is_flagged_until_opened_again(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    fake.streams[0].capture(stereo(np.zeros(100)), overflow=True)
    assert microphone.overflowed
    microphone.open()
    assert not microphone.overflowed
    assert fake.streams[0].closed


def test_clock_counts_from_the_first_sample(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    assert microphone.clock() == 0.0
    fake.streams[0].capture(stereo(np.zeros(800)), at=time.monotonic() - 0.3)
    before = microphone.clock()
    assert 0.3 <= before < 0.5
    time.sleep(0.05)
    assert microphone.clock() - before >= 0.05


@pytest.mark.parametrize("nonsense", [-1000.0, 50.0, -1e9])
def test_a_driver_that_gives_no_times(fake: FakePortAudio, nonsense: float) -> None:
    microphone = opened(fake)
    fake.streams[0].capture(stereo(np.zeros(1600)), at=time.monotonic() + nonsense)
    assert 0.1 <= microphone.clock() < 0.3


def test_pause_keeps_what_was_said_before_it_and_drops_the_rest(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    began = time.monotonic() - 0.1
    stream = fake.streams[0]
    stream.capture(stereo(np.full(800, 0.1)), at=began)  # 0.05 s arrived; 0.05 s are on their way
    microphone.pause()
    stands = microphone.clock()
    assert 0.1 <= stands < 0.14
    # 0.05 s from before the pause, and what follows:
    stream.capture(stereo(np.full(1600, 0.2)), at=began + 0.05)
    time.sleep(0.06)
    stream.capture(stereo(np.full(160_000, 0.3)), at=began + 0.15)  # ten seconds that nobody wants
    heard = everything(microphone)
    assert len(heard) <= round(stands * 16_000)
    assert round(stands * 16_000) - len(heard) < FRAME_SAMPLES
    assert microphone.clock() == stands
    assert 0.3 not in np.unique(heard.round(3))
    microphone.resume()
    assert stands <= microphone.clock() < stands + 0.1


def test_after_resume_samples_and_clock_agree(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    began = time.monotonic()
    fake.streams[0].capture(stereo(np.full(160, 0.1)), at=began)
    time.sleep(0.05)
    microphone.pause()
    time.sleep(0.1)
    microphone.resume()
    time.sleep(0.05)
    clock, captured = microphone.clock(), round((time.monotonic() - began) * 16_000)
    fake.streams[0].capture(stereo(np.full(captured - 160, 0.1)))
    missing = clock * 16_000 - len(everything(microphone))
    assert -20 < missing < FRAME_SAMPLES + 20  # what does not fill a frame yet


def test_a_pause_before_the_first_sample(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    microphone.pause()
    fake.streams[0].capture(stereo(np.full(4000, 0.1)))
    assert everything(microphone).size == 0
    assert microphone.clock() == 0.0


class Room:
    """A microphone in a room where each sound has its level, on a clock that is moved by hand."""

    def __init__(self, fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch, *, timed: bool = True) -> None:
        self.now = time.monotonic()
        monkeypatch.setattr("greenroom.audio.microphone.time", SimpleNamespace(monotonic=lambda: self.now))
        self.microphone = opened(fake)
        self._stream, self._timed = fake.streams[0], timed
        self._heard = np.zeros(0)

    def sounds(self, level: float, seconds: float, *, overflow: bool = False) -> None:
        """It comes in blocks of 0.1 s, as soon as each is captured."""
        for block in range(round(seconds * 10)):
            self.now += 0.1
            self.comes(level, self.now - 0.1, overflow=overflow and not block)
            self._heard = np.concatenate((self._heard, everything(self.microphone)))

    def comes(self, level: float, began: float, *, overflow: bool = False) -> None:
        at = began if self._timed else -1e9
        self._stream.capture(stereo(np.full(1600, level)), at=at, overflow=overflow)

    def kept(self, level: float) -> float:
        """Seconds of the sound with this level, as they were read."""
        self._heard = np.concatenate((self._heard, everything(self.microphone)))
        return float((self._heard.round(3) == level).sum()) / 16_000


SPEECH, HINT, AFTER = 0.1, 0.2, 0.3


@pytest.mark.parametrize("timed", [True, False], ids=["times of the driver", "none"])
def test_a_pause_after_lost_sound_leaves_out_itself(
    fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch, timed: bool
) -> None:
    room = Room(fake, monkeypatch, timed=timed)
    room.sounds(SPEECH, 5.0)
    room.now += 30.0  # the process was stopped
    room.sounds(SPEECH, 1.0)
    room.microphone.pause()
    assert room.microphone.clock() == pytest.approx(6.0, abs=0.01), "seconds of the recording"
    room.sounds(HINT, 8.0)
    room.microphone.resume()
    room.sounds(AFTER, 40.0)
    assert room.kept(SPEECH) == pytest.approx(6.0, abs=0.05)
    assert room.kept(HINT) < 0.05
    assert room.kept(AFTER) == pytest.approx(40.0, abs=0.05)
    assert room.microphone.clock() == pytest.approx(46.0, abs=0.01)


@pytest.mark.parametrize("begins", ["before", "after"])
def test_a_pause_that_begins_beside_lost_sound_is_put_right(
    fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch, begins: str
) -> None:
    room = Room(fake, monkeypatch)
    room.sounds(SPEECH, 5.0)
    if begins == "before":
        room.microphone.pause()
    room.now += 30.0
    if begins == "after":  # before any sample tells of the loss
        room.microphone.pause()
    room.sounds(HINT, 8.0)
    room.microphone.resume()
    room.sounds(AFTER, 10.0)
    assert room.kept(SPEECH) == pytest.approx(5.0, abs=0.05)
    assert room.kept(HINT) < 0.05
    assert room.kept(AFTER) == pytest.approx(10.0, abs=0.05)
    assert room.microphone.clock() == pytest.approx(15.0, abs=0.01)


def test_a_short_loss_that_the_driver_tells_of_counts_too(
    fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(fake, monkeypatch)
    room.sounds(SPEECH, 2.0)
    room.now += 0.3
    room.sounds(SPEECH, 1.0, overflow=True)
    assert room.microphone.clock() == pytest.approx(3.0, abs=0.01)


def test_sound_that_only_comes_late_is_not_lost(fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(fake, monkeypatch, timed=False)
    room.sounds(SPEECH, 2.0)
    room.now += 1.0
    for _ in range(10):
        room.comes(SPEECH, room.now)
    room.microphone.pause()
    room.sounds(HINT, 2.0)
    room.microphone.resume()
    room.sounds(AFTER, 2.0)
    assert room.kept(SPEECH) == pytest.approx(3.0, abs=0.11)
    assert room.kept(HINT) < 0.11
    assert room.kept(AFTER) == pytest.approx(2.0, abs=0.11)
    assert room.microphone.clock() == pytest.approx(5.0, abs=0.11)


def test_waits_no_longer_than_asked(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    began = time.monotonic()
    assert microphone.read(0.05) is None
    assert 0.04 < time.monotonic() - began < 0.3


def test_lost_when_the_stream_ends(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    fake.streams[0].capture(stereo(np.full(FRAME_SAMPLES, 0.1)))
    fake.streams[0].active = False
    assert microphone.read(0.0) is not None  # what came before is not lost with it
    with pytest.raises(DeviceError, match="“Desk set” was lost"):
        microphone.read(0.0)
    microphone.close()


def test_lost_when_nothing_comes(fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portaudio, "STARVED_SECONDS", 0.1)
    microphone = opened(fake)
    assert microphone.read(0.06) is None
    fake.streams[0].capture(stereo(np.full(FRAME_SAMPLES, 0.1)))
    assert microphone.read(0.06) is not None  # it lives: the count begins again
    assert microphone.read(0.06) is None
    with pytest.raises(DeviceError, match="was lost"):
        microphone.read(0.06)


def test_nothing_comes_while_paused_is_no_loss(fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portaudio, "STARVED_SECONDS", 0.02)
    microphone = opened(fake)
    microphone.pause()
    assert microphone.read(0.05) is None


def test_rates_are_tried_in_turn(fake: FakePortAudio) -> None:
    fake.refuse = lambda rate, channels: rate != 44_100 or channels == 2
    opened(fake, rate=96_000)
    assert (fake.streams[0].options["samplerate"], fake.streams[0].options["channels"]) == (44_100, 1)


def test_refuses_everything(fake: FakePortAudio) -> None:
    fake.refuse = lambda rate, channels: True
    with pytest.raises(DeviceError, match=r"“Desk set” cannot be opened \(Invalid sample rate\)") as caught:
        opened(fake)
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_refuses_to_start(fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: object) -> None:
        raise fake.PortAudioError("Error starting stream: Device unavailable [PaErrorCode -9985]", -9985)

    monkeypatch.setattr("fake_portaudio.Stream.start", busy)
    with pytest.raises(DeviceError, match=r"Device unavailable\)"):
        opened(fake)
    assert [stream.closed for stream in fake.streams] == [True]


def test_a_stream_that_never_gets_going_is_given_up(
    fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: object) -> None:
        raise fake.PortAudioError("Error starting stream: Wait timed out [PaErrorCode -9987]", -9987)

    monkeypatch.setattr("fake_portaudio.Stream.start", slow)
    with pytest.raises(DeviceError, match=r"cannot be used \(Wait timed out\)"):
        opened(fake)
    assert len(fake.streams) > 1
    assert all(stream.closed for stream in fake.streams)


def test_close_twice(fake: FakePortAudio) -> None:
    microphone = opened(fake)
    microphone.close()
    microphone.close()
    assert fake.streams[0].closed
    assert microphone.read(0.0) is None
