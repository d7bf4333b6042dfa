from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest
import soundfile

from greenroom.audio import clip as clip_module
from greenroom.audio.clip import load_clip, resample, save_clip, sound_seconds, write_pcm16
from greenroom.errors import EXIT_BAD_INPUT, BadInputError
from greenroom.records import SAMPLE_RATE_HZ, Clip


def tone(seconds: float, rate: int, hz: float = 440.0, level: float = 0.4) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def encode(path: Path, samples: np.ndarray, rate: int, codec: str) -> None:
    """Write shape (n, 2) samples with FFmpeg: what a phone or a browser records."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        for start in range(0, len(samples), 960):
            part = np.ascontiguousarray(samples[start : start + 960].T)
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def assert_is_tone(clip: Clip, seconds: float, hz: float = 440.0, level: float = 0.4) -> None:
    assert clip.rate == SAMPLE_RATE_HZ
    assert clip.samples.dtype == np.float32
    assert clip.samples.ndim == 1
    assert clip.seconds == pytest.approx(seconds, abs=0.06)
    middle = clip.samples[1600:-1600]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * SAMPLE_RATE_HZ / len(middle) == pytest.approx(hz, abs=3)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(level / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_how_long_a_file_is(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    save_clip(path, Clip(tone(1.5, 16_000)))
    assert sound_seconds(path) == pytest.approx(1.5)


def test_how_long_no_sound_is(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    (tmp_path / "empty.flac").write_bytes(b"")
    for name in ("text.wav", "empty.flac", "missing.wav", "", "a\0b.wav"):
        assert sound_seconds(tmp_path / name) is None


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_any_rate(tmp_path: Path, rate: int, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, tone(1.0, rate), rate)
    assert_is_tone(load_clip(path), 1.0)
    assert len(load_clip(path).samples) == pytest.approx(SAMPLE_RATE_HZ, abs=1)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_what_libsndfile_writes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    soundfile.write(
        path, np.stack([tone(2.0, 48_000, level=0.5), tone(2.0, 48_000, level=0.3)], axis=1), 48_000
    )
    assert_is_tone(load_clip(path), 2.0)


@pytest.mark.parametrize(("suffix", "codec"), [("m4a", "aac"), ("mp4", "aac"), ("webm", "libopus")])
def test_what_phones_and_browsers_write(tmp_path: Path, suffix: str, codec: str) -> None:
    path = tmp_path / f"a.{suffix}"
    samples = np.stack([tone(2.0, 48_000, level=0.5), tone(2.0, 48_000, level=0.3)], axis=1)
    encode(path, samples, 48_000, codec)
    assert_is_tone(load_clip(path), 2.0)


def test_stereo_with_a_dead_channel_is_heard(tmp_path: Path) -> None:
    sound = tone(1.0, 48_000)
    soundfile.write(tmp_path / "a.wav", np.stack([np.zeros_like(sound), sound], axis=1), 48_000)
    assert_is_tone(load_clip(tmp_path / "a.wav"), 1.0, level=0.2)


def test_the_suffix_does_not_matter(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.mp3", tone(1.0, 16_000), 16_000, format="WAV")
    soundfile.write(tmp_path / "a.raw", tone(1.0, 16_000), 16_000, format="FLAC")
    assert_is_tone(load_clip(tmp_path / "a.mp3"), 1.0)
    assert_is_tone(load_clip(tmp_path / "a.raw"), 1.0)


def test_sound_above_half_the_rate_does_not_fold_down(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", tone(1.0, 48_000, hz=11_000), 48_000)
    assert np.abs(load_clip(tmp_path / "a.wav").samples[800:-800]).max() < 0.001


@pytest.mark.parametrize(("suffix", "seconds"), [("wav", 4), ("flac", 4), ("mp3", 4), ("ogg", 20)])
def test_truncated_gives_its_beginning(tmp_path: Path, suffix: str, seconds: int, capfd) -> None:
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, tone(seconds, 48_000), 48_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    clip = load_clip(path)
    assert 0.3 * seconds < clip.seconds < 0.55 * seconds
    assert_is_tone(clip, clip.seconds)
    assert capfd.readouterr().err == ""


def test_truncated_webm_gives_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.webm"
    encode(path, np.stack([tone(4.0, 48_000)] * 2, axis=1), 48_000, "libopus")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    clip = load_clip(path)
    assert 1.5 < clip.seconds < 2.5


def test_no_numbers_and_too_loud(tmp_path: Path) -> None:
    samples = tone(0.5, 16_000)
    samples[1000:1003] = (np.nan, np.inf, 7.0)
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    loaded = load_clip(tmp_path / "a.wav").samples
    assert loaded[1000:1003] == pytest.approx([0.0, 0.0, 1.0])
    assert np.isfinite(loaded).all()


def write_silent_video(path: Path) -> None:
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 16
        frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), dtype=np.uint8))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_zero_samples(path: Path) -> None:
    soundfile.write(path, np.zeros((0, 1)), 16_000)


def write_cut_header(path: Path) -> None:
    soundfile.write(path, tone(1.0, 16_000), 16_000)
    path.write_bytes(path.read_bytes()[:50])


BAD = {
    "missing.wav": (lambda path: None, "there is no file"),
    "folder.wav": (Path.mkdir, "is a folder"),
    "empty.wav": (Path.touch, "is empty"),
    "zero.wav": (write_zero_samples, "holds no sound"),
    "header.wav": (write_cut_header, "holds no sound"),
    "text.wav": (lambda path: path.write_text("no sound, just words\n" * 99), "is not a sound file"),
    "noise.mp3": (lambda path: path.write_bytes(bytes(range(256)) * 99), "is not a sound file|has no sound"),
    "noise.m4a": (lambda path: path.write_bytes(bytes(range(256)) * 99), "is not a sound file|has no sound"),
    "film.mp4": (write_silent_video, "has no sound in it"),
    "pipe.wav": (os.mkfifo if hasattr(os, "mkfifo") else Path.mkdir, "is not a file|is a folder"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files(tmp_path: Path, name: str, capfd) -> None:
    make, message = BAD[name]
    make(tmp_path / name)
    with pytest.raises(BadInputError, match=message) as caught:
        load_clip(tmp_path / name)
    assert name in caught.value.message
    assert "\n" not in caught.value.message + (caught.value.hint or "")
    assert caught.value.status == EXIT_BAD_INPUT
    assert capfd.readouterr().err == ""


def test_a_name_that_is_none() -> None:
    with pytest.raises(BadInputError):
        load_clip(Path("a\0b.wav"))


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(0.1, 16_000), 16_000)

    def refuse(*_: object) -> None:  # the tests may run as root, whom no file mode keeps out
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(BadInputError, match="Permission denied"):
        load_clip(path)


def test_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_module, "_MAX_SECONDS", 1)
    soundfile.write(tmp_path / "a.flac", tone(1.5, 16_000), 16_000)
    with pytest.raises(BadInputError, match="longer than"):
        load_clip(tmp_path / "a.flac")


@pytest.mark.parametrize("suffix", ["wav", "flac"])
def test_saves_and_loads_the_same(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    clip = Clip(tone(0.5, 16_000))
    save_clip(path, clip)
    loaded = load_clip(path)
    assert np.abs(loaded.samples - clip.samples).max() <= 0.5 / 32768 + 1e-7
    save_clip(path, loaded)
    assert (load_clip(path).samples == loaded.samples).all()
    assert soundfile.info(path).subtype == "PCM_16"
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        save_clip(tmp_path / "a.flac", Clip(tone(0.1, 16_000)))
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.flac").stat().st_mode) == 0o600


def test_full_scale_does_not_wrap_round(tmp_path: Path) -> None:
    save_clip(tmp_path / "a.wav", Clip(np.array([1.0, -1.0, 2.0, np.nan] * 200, dtype=np.float32)))
    samples = load_clip(tmp_path / "a.wav").samples
    assert samples[:4] == pytest.approx([1.0, -1.0, 1.0, 0.0], abs=1e-4)


def test_a_write_cut_short_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    save_clip(path, Clip(tone(0.2, 16_000)))
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInputError, match="No space left"):
        save_clip(path, Clip(tone(0.4, 16_000)))
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.wav"]


def test_cannot_save(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be written"):
        save_clip(tmp_path / "no" / "folder.wav", Clip(tone(0.1, 16_000)))
    with pytest.raises(BadInputError, match=r"only \.wav and \.flac"):
        save_clip(tmp_path / "a.mp3", Clip(tone(0.1, 16_000)))


def test_resample() -> None:
    up = resample(Clip(tone(1.0, 16_000)), 44_100)
    assert (up.rate, len(up.samples)) == (44_100, 44_100)
    assert_is_tone(resample(up, 16_000), 1.0)
    square = Clip(np.sign(tone(0.5, 16_000)).astype(np.float32))
    assert np.abs(resample(square, 44_100).samples).max() <= 1.0
    assert resample(Clip(np.zeros(0, dtype=np.float32), 8_000), 16_000).rate == 16_000


def test_the_name_of_a_file_is_on_the_disk_as_well_as_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    monkeypatch.setattr("os.fsync", lambda handle: synced.append(stat.S_ISDIR(os.fstat(handle).st_mode)))
    write_pcm16(tmp_path / "a.flac", np.zeros(160, dtype=np.int16), 16_000)
    assert synced == [False, True]  # the file, then the folder that names it
