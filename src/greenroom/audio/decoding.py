"""Sound files as blocks of samples: libsndfile for what it knows, FFmpeg (PyAV) for everything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK_FRAMES = 8192
"""Read at once. A damaged file gives up to the last whole block before the damage, so they are small."""

_LOUDEST = 100.0
"""Full scale is 1, and loud recordings in floats go a little over it. What a damaged file holds goes to 1e38,
and would come out of the resampler as no number."""

_LEFT_TO_FFMPEG = {".mp3", ".mp2"}
"""libsndfile reads these too, but the library beneath it writes its warnings onto the screen."""

Block = tuple[int, NDArray[np.float32]]
"""A rate (Hz) and mono samples, float32 of shape (n,)."""


class NotSoundError(Exception):
    """Neither library finds sound in the file; the text says what is there instead."""


def blocks(path: Path) -> Iterator[Block]:
    """The file's sound, its channels averaged, block by block; ends early where the file is damaged.

    The mean, and not the first channel: either side of a stereo recording may be the silent one.

    Raises:
        NotSoundError: there is no sound in the file.
        OSError: it cannot be read.
    """
    import soundfile

    if path.suffix.lower() in _LEFT_TO_FFMPEG:
        yield from _ffmpeg_blocks(path)
        return
    try:
        with path.open("rb") as file, soundfile.SoundFile(file) as sound:
            yield from _libsndfile_blocks(sound)
            return
    except (
        soundfile.LibsndfileError,
        TypeError,
    ):  # TypeError: a name that ends in .raw wants its format told
        pass
    yield from _ffmpeg_blocks(path)


def _libsndfile_blocks(sound: object) -> Iterator[Block]:
    import soundfile

    rate = int(sound.samplerate)  # type: ignore[attr-defined]
    while True:
        try:
            block = sound.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)  # type: ignore[attr-defined]
        except soundfile.LibsndfileError:
            return  # damaged from here on
        if not len(block):
            return
        yield rate, _mono(block)


def _ffmpeg_blocks(path: Path) -> Iterator[Block]:
    import av

    try:
        with _opened(path) as container:
            if not container.streams.audio:
                raise NotSoundError("has no sound in it")
            yield from _decoded(container)
    except (av.FFmpegError, ValueError) as error:
        raise NotSoundError("is not a sound file that can be read") from error


def _opened(path: Path) -> Any:
    import av

    try:
        return av.open(str(path), metadata_errors="ignore")
    except TypeError:  # PyAV from 19 on has no such option, and no need of it
        return av.open(str(path))


def _decoded(container: object) -> Iterator[Block]:
    import av

    planar = av.AudioResampler(format="fltp")  # of the sample format only; rate and channels stay
    packets = container.decode(audio=0)  # type: ignore[attr-defined]
    while True:
        try:
            frames = planar.resample(next(packets, None))
        except av.FFmpegError:
            return  # damaged from here on
        for frame in frames:
            yield int(frame.sample_rate), _mono(frame.to_ndarray().T)
        if not frames:
            return


def _mono(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the channels; shape (n, channels) to (n,). What is not a number is silence."""
    if not np.isfinite(block).all():
        block = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    block = np.clip(block, -_LOUDEST, _LOUDEST)
    return block[:, 0] if block.shape[1] == 1 else block.mean(axis=1, dtype=np.float32)
