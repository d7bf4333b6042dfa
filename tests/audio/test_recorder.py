from __future__ import annotations

import errno
import io
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from greenroom.audio import recorder as recorder_module
from greenroom.audio.clip import load_clip
from greenroom.audio.recorder import AnswerRecorder, recover
from greenroom.errors import BadInputError
from greenroom.records import FRAME_SAMPLES


def names(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def frames(count: int) -> np.ndarray:
    """Shape (count, FRAME_SAMPLES); values that 16 bit hold exactly."""
    pcm = np.random.default_rng(1).integers(-9000, 9000, (count, FRAME_SAMPLES))
    return (pcm / 32768).astype(np.float32)


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_finish_gives_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "01-answer.flac"
    spoken = frames(40)
    recorder = AnswerRecorder(path)
    for number, frame in enumerate(spoken):
        assert recorder.seconds == pytest.approx(number * 0.03)
        recorder.write(frame)
    clip = recorder.finish()
    assert (clip.samples == spoken.ravel()).all()
    assert (load_clip(path).samples == clip.samples).all()
    assert names(tmp_path) == [path.name]
    assert (recorder.finish().samples == clip.samples).all()


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    recorder = AnswerRecorder(tmp_path / "a.flac")
    assert stat.S_IMODE((tmp_path / "a.pcm").stat().st_mode) == 0o600
    recorder.write(frames(1)[0])
    recorder.finish()
    assert stat.S_IMODE((tmp_path / "a.flac").stat().st_mode) == 0o600


def test_is_on_disk_within_half_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))
    recorder = AnswerRecorder(tmp_path / "a.flac")
    for frame in frames(10):
        recorder.write(frame)
    time.sleep(0.5)
    assert synced, "nothing was pushed to the disk within half a second"
    assert synced[-1] == 10 * FRAME_SAMPLES * 2
    recorder.discard()


def test_a_slow_disk_does_not_hold_up_the_listening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder_module, "_SYNC_SECONDS", 0.01)
    monkeypatch.setattr(recorder_module.os, "fsync", lambda handle: time.sleep(0.3))
    recorder = AnswerRecorder(tmp_path / "a.flac")
    slowest = 0.0
    for frame in frames(30):
        began = time.monotonic()
        recorder.write(frame)
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(0.005)
    assert slowest < 0.25
    assert recorder.finish().seconds == pytest.approx(0.9)


KILLED = """
import os, sys, time
from pathlib import Path
import numpy as np
from greenroom.audio.recorder import AnswerRecorder
recorder = AnswerRecorder(Path(sys.argv[1]))
for number in range(40):
    recorder.write(np.full(480, number / 100, dtype=np.float32))
time.sleep(0.6)
os._exit(9)
"""


def test_a_crash_loses_nothing_that_is_half_a_second_old(tmp_path: Path) -> None:
    path = tmp_path / "01-answer.flac"
    assert subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False).returncode == 9
    assert names(tmp_path) == ["01-answer.pcm"]
    assert recover(path.with_suffix(".pcm")) == path
    expected = np.repeat(np.arange(40) / 100, FRAME_SAMPLES)
    assert np.abs(load_clip(path).samples - expected).max() < 1e-4
    assert names(tmp_path) == [path.name]


def test_recover_half_a_sample(tmp_path: Path) -> None:
    raw = tmp_path / "a.pcm"
    raw.write_bytes(b"\x00\x40" * 1000 + b"\x07")
    assert (load_clip(recover(raw)).samples == np.full(1000, 0.5)).all()


def test_recover_after_a_crash_between_the_two_files(tmp_path: Path) -> None:
    raw = tmp_path / "a.pcm"
    raw.write_bytes(b"\x00\x40" * 1000)
    saved = recover(raw)
    complete = saved.read_bytes()
    raw.write_bytes(b"\x00\x40" * 900)  # the raw file can be behind, never ahead
    assert recover(raw) == saved
    assert saved.read_bytes() == complete
    assert not raw.exists()


def test_recover_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be read"):
        recover(tmp_path / "missing.pcm")
    (tmp_path / "a.pcm").touch()
    with pytest.raises(BadInputError, match="holds no sound"):
        recover(tmp_path / "a.pcm")
    assert names(tmp_path) == []


def test_where_nothing_can_be_written_all_of_it_stays_in_memory_until_it_can(tmp_path: Path) -> None:
    (tmp_path / "full").touch()  # a file in place of a folder
    recorder = AnswerRecorder(tmp_path / "full" / "a.flac")
    recorder.write(np.full(16_000, 0.25, dtype=np.float32))
    with pytest.raises(BadInputError, match="cannot be written"):
        recorder.finish()
    recorder.save_copy(tmp_path / "copy.flac")
    (tmp_path / "full").unlink()
    (tmp_path / "full").mkdir()
    assert recorder.finish().seconds == 1.0
    assert np.array_equal(
        load_clip(tmp_path / "full" / "a.flac").samples, load_clip(tmp_path / "copy.flac").samples
    )


def test_an_unfinished_recording_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.pcm").write_bytes(b"12")
    with pytest.raises(BadInputError, match="in the way"):
        AnswerRecorder(tmp_path / "a.flac")
    assert (tmp_path / "a.pcm").read_bytes() == b"12"


def test_discard_leaves_nothing_and_makes_room(tmp_path: Path) -> None:
    recorder = AnswerRecorder(tmp_path / "a.flac")
    recorder.write(frames(1)[0])
    recorder.discard()
    recorder.discard()
    assert names(tmp_path) == []
    AnswerRecorder(tmp_path / "a.flac").discard()


def test_nothing_recorded(tmp_path: Path) -> None:
    assert AnswerRecorder(tmp_path / "a.flac").finish().seconds == 0.0
    assert names(tmp_path) == []


def test_full_disk_keeps_everything_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = frames(20)
    with monkeypatch.context() as patch:
        patch.setattr(recorder_module, "_SYNC_SECONDS", 0.01)
        patch.setattr(recorder_module.os, "fsync", full_disk)
        recorder = AnswerRecorder(tmp_path / "a.flac")
        for frame in spoken[:10]:
            recorder.write(frame)
        time.sleep(0.1)  # the writer has met the full disk by now
        for frame in spoken[10:]:
            recorder.write(frame)
        with pytest.raises(BadInputError, match="No space left"):
            recorder.finish()
        assert (recorder.clip().samples == spoken.ravel()).all()
        assert not (tmp_path / "a.flac").exists()
    recorder.finish()  # there is room again
    assert (load_clip(tmp_path / "a.flac").samples == spoken.ravel()).all()
    assert names(tmp_path) == ["a.flac"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_raw_file_that_failed_does_no_harm_where_the_flac_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "_create", lambda path: io.FileIO("/dev/full", "wb"))
    recorder = AnswerRecorder(tmp_path / "a.flac")
    for frame in frames(20):
        recorder.write(frame)
    assert recorder.finish().seconds == pytest.approx(0.6)
    assert load_clip(tmp_path / "a.flac").seconds == pytest.approx(0.6)


def test_a_disk_that_hangs_holds_nobody_up_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, asked = threading.Event(), threading.Event()

    def never(_: int) -> None:
        asked.set()
        hangs.wait(30)

    monkeypatch.setattr(recorder_module, "_SYNC_SECONDS", 0.001)
    monkeypatch.setattr(recorder_module, "_LAST_WRITING_SECONDS", 0.02)
    monkeypatch.setattr(recorder_module.os, "fsync", never)
    recorder = AnswerRecorder(tmp_path / "a.flac")
    recorder.write(frames(1)[0])
    assert asked.wait(10)
    try:
        with pytest.raises(BadInputError, match="the disk does not answer"):
            recorder.finish()
        recorder.discard()
        assert names(tmp_path) == ["a.pcm"]
    finally:
        hangs.set()
    monkeypatch.undo()
    assert recorder.finish().seconds == pytest.approx(0.03)
    assert names(tmp_path) == ["a.flac"]


def test_a_disk_that_refuses_makes_nothing_be_held_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.FileIO):
        def write(self, data: object) -> int:
            return full_disk(data)  # type: ignore[return-value]

    for file in (None, Full(tmp_path / "raw", "wb")):
        monkeypatch.setattr(recorder_module, "_create", lambda path, file=file: file)
        recorder = AnswerRecorder(tmp_path / "a.flac")
        for frame in frames(20):
            recorder.write(frame)
        until = time.monotonic() + 10
        while not recorder._queue.empty() and time.monotonic() < until:
            time.sleep(0.001)
        assert recorder._queue.empty()
        assert recorder.finish().seconds == pytest.approx(0.6)


def test_what_the_system_writes_in_part_is_written_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Short(io.FileIO):
        def write(self, data: memoryview) -> int:  # type: ignore[override]
            return super().write(data[:100])

    raw = tmp_path / "raw"
    monkeypatch.setattr(recorder_module, "_create", lambda path: Short(raw, "wb"))
    recorder = AnswerRecorder(tmp_path / "a.flac")
    recorder.write(frames(1)[0])
    recorder.finish()
    assert raw.stat().st_size == FRAME_SAMPLES * 2


def test_a_raw_file_that_cannot_be_removed_is_an_error_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", locked)
    (tmp_path / "a.pcm").touch()
    with pytest.raises(BadInputError, match="holds no sound"):
        recover(tmp_path / "a.pcm")
    (tmp_path / "b.pcm").write_bytes(b"\x00\x40" * 1000)
    with pytest.raises(BadInputError, match="cannot be removed"):
        recover(tmp_path / "b.pcm")
    assert load_clip(tmp_path / "b.flac").seconds == pytest.approx(1000 / 16_000)
