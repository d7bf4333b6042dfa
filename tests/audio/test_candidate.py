from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from greenroom.audio import candidate
from greenroom.audio.candidate import RecordedCandidate
from greenroom.audio.source import AudioSource
from greenroom.records import FRAME_SAMPLES, Clip

FRAME = 0.03


def ramp(frames: float, rate: int = 16_000) -> Clip:
    return Clip(np.linspace(0.1, 0.9, round(frames * FRAME * rate), dtype=np.float32), rate)


def test_gives_the_clip_and_then_silence() -> None:
    clip = ramp(2.5)
    source: AudioSource = RecordedCandidate(clip, fast=True)
    source.open()
    frames = [source.read(0.0) for _ in range(50)]
    assert all(frame is not None and frame.shape == (FRAME_SAMPLES,) for frame in frames)
    joined = np.concatenate(frames)
    assert (joined[: len(clip.samples)] == clip.samples).all()
    assert not joined[len(clip.samples) :].any()
    assert joined.dtype == np.float32
    assert not source.overflowed


def test_other_rates_are_resampled() -> None:
    source = RecordedCandidate(ramp(10, 44_100), fast=True)
    source.open()
    joined = np.concatenate([source.read(0.0) for _ in range(12)])
    assert np.flatnonzero(joined > 0.05)[-1] == pytest.approx(10 * FRAME_SAMPLES, abs=30)


class Clock:
    """Stands in for the time module: sleeping takes 7 ms longer than asked, as on a busy machine."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds + 0.007


def test_real_time_keeps_step_whatever_the_reader_does(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(candidate, "time", clock)
    source = RecordedCandidate(ramp(5))
    source.open()
    late = []
    for number in range(1000):
        if number == 300:
            clock.now += 0.5  # a reader that was held up catches up
        assert source.read(1.0) is not None
        late.append(clock.now - 100.0 - (number + 1) * FRAME)
    assert min(late) > -1e-6
    assert max(late[:300] + late[320:]) < 0.0071
    assert source.clock() == pytest.approx(1000 * FRAME + late[-1])


def test_real_time_by_the_wall() -> None:
    source = RecordedCandidate(ramp(5))
    source.open()
    began = time.monotonic()
    assert all(source.read(1.0) is not None for _ in range(10))
    assert 10 * FRAME - 0.005 < time.monotonic() - began < 10 * FRAME + 0.25


def test_nothing_in_time() -> None:
    source = RecordedCandidate(ramp(5))
    source.open()
    began = time.monotonic()
    assert source.read(0.005) is None
    assert time.monotonic() - began < 0.25
    assert source.read(1.0) is not None


@pytest.mark.parametrize("fast", [False, True])
def test_pause_holds_the_clock_and_the_recording(fast: bool) -> None:
    clip = ramp(4)
    source = RecordedCandidate(clip, fast=fast)
    source.open()
    first = source.read(1.0)
    source.pause()
    source.pause()
    stands = source.clock()
    assert source.read(0.05) is None
    assert source.clock() == stands
    source.resume()
    source.resume()
    assert source.clock() == pytest.approx(stands, abs=0.04)
    rest = [source.read(1.0) for _ in range(3)]
    assert (np.concatenate([first, *rest]) == clip.samples).all()


def test_resume_from_another_thread() -> None:
    source = RecordedCandidate(ramp(4))
    source.open()
    source.pause()
    threading.Timer(0.05, source.resume).start()
    frames = [source.read(0.02) for _ in range(20)]
    assert any(frame is not None for frame in frames)


def test_fast_clock_counts_samples_and_the_time_since() -> None:
    source = RecordedCandidate(ramp(4), fast=True)
    assert source.clock() == 0.0
    source.open()
    for _ in range(100):
        source.read(0.0)
    assert source.clock() == pytest.approx(3.0, abs=0.1)
    time.sleep(0.2)
    assert source.clock() == pytest.approx(3.25, abs=0.1)


def test_closed_gives_nothing() -> None:
    source = RecordedCandidate(ramp(4), fast=True)
    assert source.read(0.0) is None
    source.open()
    source.close()
    source.close()
    assert source.read(0.0) is None


@pytest.mark.parametrize("fast", [True, False])
def test_the_clock_runs_on_after_closing(fast: bool) -> None:
    source = RecordedCandidate(Clip(np.zeros(4800, dtype=np.float32)), fast=fast)
    source.open()
    while source.read(0.1) is None or source.clock() < 0.29:
        pass
    source.close()
    before = source.clock()
    time.sleep(0.05)
    assert 0.29 <= before < source.clock() - 0.04
