from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from fake_portaudio import FakePortAudio, Stream, device

from greenroom.audio import portaudio
from greenroom.audio.speaker import LoudSpeaker, NoSpeaker, Playback, Speaker
from greenroom.errors import DeviceError
from greenroom.records import Clip

RATE = 16_000


def level(seconds: float, value: float = 0.5) -> Clip:
    return Clip(np.full(round(seconds * RATE), value, dtype=np.float32))


def just_after(when: float) -> bool:
    """Never early; late by as much as a busy machine may take to wake a thread."""
    return -0.005 < time.monotonic() - when < 0.25


def play(fake: FakePortAudio, clip: Clip, **options: int) -> tuple[Playback, Stream]:
    playback = LoudSpeaker(device(**options)).play(clip)
    return playback, fake.streams[-1]


def test_every_sample_once_and_then_silence(fake: FakePortAudio) -> None:
    clip = Clip(np.linspace(0.1, 0.9, 1000, dtype=np.float32))
    _, stream = play(fake, clip)
    heard = np.concatenate([stream.ask(300, at=time.monotonic()) for _ in range(5)])
    assert heard.shape == (1500, 2)
    assert (heard[:, 0] == heard[:, 1]).all()
    assert (heard[200:800, 0] == clip.samples[200:800]).all()
    assert not heard[1000:].any()


def test_fades_within_ten_milliseconds(fake: FakePortAudio) -> None:
    _, stream = play(fake, level(1.0))
    heard = stream.ask(RATE, at=time.monotonic())[:, 0]
    assert heard[0] == heard[-1] == 0.0
    assert np.abs(np.diff(heard)).max() < 0.01
    assert (heard[160:-160] == 0.5).all()


def test_at_the_devices_own_rate_and_channels(fake: FakePortAudio) -> None:
    _, stream = play(fake, level(1.0), rate=48_000, outputs=8)
    assert (stream.options["samplerate"], stream.options["channels"]) == (48_000, 2)
    heard = stream.ask(60_000, at=time.monotonic())[:, 0]
    assert np.flatnonzero(heard > 0.002)[-1] == pytest.approx(48_000, abs=30)
    _, stream = play(fake, level(1.0), outputs=1)
    assert stream.options["channels"] == 1


def test_wait_ends_when_the_last_sample_is_heard_and_not_when_it_is_handed_over(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(0.1))
    heard_at = time.monotonic() + 0.2
    stream.ask(4000, at=heard_at)
    assert not playback.wait(0.1)
    assert playback.wait(1.0)
    assert just_after(heard_at + 0.1)
    assert stream.closed
    assert playback.wait(0.0)


def test_started_is_the_first_audible_sample(fake: FakePortAudio) -> None:
    quiet = np.full(1600, 0.001, dtype=np.float32)
    playback, stream = play(fake, Clip(np.concatenate([quiet, level(0.2).samples])))
    assert playback.started is None
    heard_at = time.monotonic() + 0.05
    stream.ask(1000, at=heard_at)
    stream.ask(4000, at=heard_at + 1000 / RATE)
    assert playback.started is None
    assert playback.wait(1.0)
    assert playback.started == pytest.approx(heard_at + 0.1, abs=0.002)


def test_begins_is_the_first_sample_though_that_is_silent(fake: FakePortAudio) -> None:
    quiet = np.zeros(1600, dtype=np.float32)
    playback, stream = play(fake, Clip(np.concatenate([quiet, level(0.2).samples])))
    assert playback.begins is None
    heard_at = time.monotonic() - 0.3  # starting the stream took so long
    stream.ask(1000, at=heard_at)
    assert playback.begins == pytest.approx(heard_at, abs=0.002)
    stream.ask(1000, at=heard_at + 1000 / RATE)
    assert playback.begins == pytest.approx(heard_at, abs=0.002)


def test_a_stream_that_does_not_get_going_is_made_once_more(
    fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, tried = Stream.start, []

    def slow(stream: Stream) -> None:
        tried.append(stream)
        if len(tried) == 1:
            stream.ask(1000, at=time.monotonic())  # given, and never heard
            raise fake.PortAudioError("Error starting stream: Wait timed out [PaErrorCode -9987]", -9987)
        start(stream)

    monkeypatch.setattr(Stream, "start", slow)
    clip = Clip(np.linspace(0.1, 0.9, 4000, dtype=np.float32))
    playback, stream = play(fake, clip)
    assert len(tried) == len(fake.streams) == 2
    assert fake.streams[0].closed
    assert playback.begins is None
    assert (stream.ask(1000, at=time.monotonic())[200:, 0] == clip.samples[200:1000]).all()


def test_stopped_before_it_was_heard_has_not_started(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(1.0))
    stream.ask(4000, at=time.monotonic() + 0.5)
    playback.stop()
    time.sleep(0.01)
    assert playback.started is None


def test_stop_throws_away_what_the_device_holds(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(5.0))
    stream.ask(4000, at=time.monotonic())
    threading.Timer(0.05, playback.stop).start()
    began = time.monotonic()
    assert not playback.wait(5.0)
    assert time.monotonic() - began < 1.0
    assert stream.aborted
    assert stream.closed
    playback.resume()  # over is over
    assert len(fake.streams) == 1
    assert not playback.wait(0.0)
    assert playback.started is not None


def test_stop_after_the_end_leaves_it_heard(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(0.05))
    stream.ask(4000, at=time.monotonic())
    time.sleep(0.06)
    playback.stop()
    assert playback.wait(0.0)


def test_resume_goes_on_where_it_fell_silent(fake: FakePortAudio) -> None:
    clip = Clip(np.linspace(0.1, 0.9, 2 * RATE, dtype=np.float32))
    playback, stream = play(fake, clip)
    stream.ask(RATE, at=time.monotonic() - 0.25)
    stream.ask(RATE, at=time.monotonic() + 0.75)  # in the device, never heard
    playback.pause()
    playback.pause()
    assert stream.closed
    assert not playback.wait(0.02)
    playback.resume()
    playback.resume()
    assert len(fake.streams) == 2
    rest = fake.streams[1].ask(2 * RATE, at=time.monotonic())[:, 0]
    at = 0.25 * RATE + 1000
    assert rest[1000] == pytest.approx(clip.samples[round(at)], abs=0.8 * 0.02 / 2)
    assert rest[0] == 0.0
    assert np.flatnonzero(rest)[-1] == pytest.approx(1.75 * RATE, abs=400)


def test_started_is_not_moved_by_a_pause(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(0.5))
    heard_at = time.monotonic() - 0.1
    stream.ask(1600, at=heard_at)
    playback.pause()
    playback.resume()
    fake.streams[1].ask(RATE, at=time.monotonic() + 0.01)
    assert playback.started == pytest.approx(heard_at + 0.001, abs=0.002)


def test_heard_is_what_has_come_out_of_the_loudspeaker(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(1.0))
    assert playback.heard == 0.0
    stream.ask(8000, at=time.monotonic() + 0.2)
    assert playback.heard == 0.0, "it lies in the device's buffer"
    time.sleep(0.3)
    assert playback.heard == pytest.approx(0.1, abs=0.06)
    playback.pause()
    held = playback.heard
    time.sleep(0.05)
    assert playback.heard == held
    playback.resume()
    assert playback.heard == held
    fake.streams[1].ask(4000, at=time.monotonic() - 0.2)
    assert playback.heard == pytest.approx(held + 0.2, abs=0.06)
    playback.stop()
    assert playback.heard == pytest.approx(held + 0.2, abs=0.06)


def test_no_more_is_heard_than_there_is(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(0.05))
    stream.ask(4000, at=time.monotonic() - 1.0)
    assert playback.heard == pytest.approx(0.05)
    assert playback.wait(1.0)
    assert playback.heard == pytest.approx(0.05)


def test_the_next_clip_ends_the_one_before(fake: FakePortAudio) -> None:
    speaker: Speaker = LoudSpeaker(device())
    first = speaker.play(level(1.0))
    second = speaker.play(level(1.0))
    assert fake.streams[0].aborted
    assert not first.wait(0.0)
    speaker.close()
    speaker.close()
    assert fake.streams[1].closed
    assert not second.wait(0.0)


def test_underflows_are_counted_and_the_end_moves_with_them(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(0.2))
    now = time.monotonic()
    stream.ask(1600, at=now)
    stream.ask(1600, at=now + 0.3, underflow=True)
    assert playback.underflows == 1  # type: ignore[attr-defined]
    assert playback.wait(1.0)
    assert just_after(now + 0.4)


def test_a_driver_that_gives_no_times(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(0.1))
    began = time.monotonic()
    stream.ask(4000, at=-1000.0)
    assert playback.wait(1.0)
    assert just_after(began + 0.1 + stream.latency)


def test_empty_and_silent_clips(fake: FakePortAudio) -> None:
    playback = LoudSpeaker(device()).play(level(0.0))
    assert playback.wait(0.0)
    assert playback.started is None
    assert not fake.streams
    playback, stream = play(fake, level(0.05, value=0.0))
    stream.ask(4000, at=time.monotonic())
    assert playback.wait(1.0)
    assert playback.started is None


def test_lost_when_the_stream_ends(fake: FakePortAudio) -> None:
    playback, stream = play(fake, level(1.0))
    stream.ask(160, at=time.monotonic())
    stream.active = False
    with pytest.raises(DeviceError, match="the loudspeaker “Desk set” was lost"):
        playback.wait(1.0)
    playback.stop()
    assert stream.closed


def test_lost_when_it_takes_nothing(fake: FakePortAudio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portaudio, "STARVED_SECONDS", 0.1)
    playback, stream = play(fake, level(1.0))
    stream.ask(160, at=time.monotonic())
    began = time.monotonic()
    with pytest.raises(DeviceError, match="was lost"):
        playback.wait(5.0)
    assert time.monotonic() - began < 2.0


def test_looking_often_is_no_loss(fake: FakePortAudio) -> None:
    playback, _ = play(fake, level(1.0))
    assert not any(playback.wait(0.0) for _ in range(500))


def test_cannot_be_opened(fake: FakePortAudio) -> None:
    fake.refuse = lambda rate, channels: True
    with pytest.raises(DeviceError, match="the loudspeaker “Desk set” cannot be opened"):
        LoudSpeaker(device()).play(level(1.0))


def test_nothing_is_heard_without_a_speaker() -> None:
    speaker: Speaker = NoSpeaker()
    playback = speaker.play(level(60.0))
    assert playback.wait(0.0)
    assert playback.started is None
    assert playback.heard == 0.0
    playback.pause()
    playback.resume()
    playback.stop()
    speaker.close()
