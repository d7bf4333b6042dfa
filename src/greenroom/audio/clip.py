"""Clips from files and into files, and from one sample rate to another."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.decoding import Block, NotSoundError, blocks
from greenroom.errors import BadInputError
from greenroom.private_files import replacing
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip

QUALITY = "HQ"
"""soxr's 20-bit quality: its errors lie below what 16-bit files can hold."""

_MAX_SECONDS = 90 * 60
"""Longer is no answer. These are 350 MB; without a bound a small file of silence could fill the memory."""

_PCM16_STEPS = 32_768
_FORMATS = {".wav": "WAV", ".flac": "FLAC"}


def load_clip(path: Path) -> Clip:
    """A sound file of any format, rate and number of channels, as 16 kHz mono.

    Of a damaged or truncated file it gives what can be read. Samples that are no numbers become silence.

    Raises:
        BadInputError: the file is missing, a folder, unreadable, empty, without sound, or over 90 min long.
    """
    _check_file(path)
    try:
        samples = _gather(path, _at_16_khz(blocks(path)))
    except NotSoundError as error:
        raise BadInputError(
            f"{path} {error}", "give a recording: wav, flac, mp3, ogg, m4a, webm …"
        ) from error
    except OSError as error:
        raise BadInputError(f"{path} cannot be read ({error.strerror or error})") from error
    if len(samples) < FRAME_SAMPLES:  # the few samples that a header cut short is mistaken for
        raise BadInputError(f"{path} holds no sound", "it may have been cut off right at its beginning")
    return Clip(samples, SAMPLE_RATE_HZ)


def sound_seconds(path: Path) -> float | None:
    """How long a sound file is (s), by its header; None where that does not tell, or there is no file."""
    import soundfile

    try:
        seconds = float(soundfile.info(path).duration)
    except (OSError, TypeError, ValueError, soundfile.LibsndfileError):  # TypeError: as in decoding
        return None
    return seconds if 0.0 < seconds <= _MAX_SECONDS else None


def save_clip(path: Path, clip: Clip) -> None:
    """Write a WAV or FLAC file (16 bit; by the suffix), readable by its owner only.

    The file appears when it is complete: a crash leaves the old one or none.

    Raises:
        BadInputError: another suffix, or the folder cannot be written.
    """
    write_pcm16(path, to_pcm16(clip.samples), clip.rate)


def resample(clip: Clip, rate: int) -> Clip:
    """The clip at another rate (Hz), in [-1, 1] still."""
    import soxr

    if clip.rate == rate or not len(clip.samples):
        return Clip(clip.samples, rate)
    samples = soxr.resample(clip.samples, clip.rate, rate, quality=QUALITY)
    return Clip(np.clip(samples, -1.0, 1.0), rate)


def to_pcm16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """16-bit samples; from_pcm16() gives the same float32 back for whatever came from 16 bit."""
    scaled = np.rint(np.nan_to_num(samples) * _PCM16_STEPS)
    pcm: NDArray[np.int16] = np.clip(scaled, -_PCM16_STEPS, _PCM16_STEPS - 1).astype("<i2")
    return pcm


def from_pcm16(pcm: NDArray[np.int16]) -> NDArray[np.float32]:
    return np.divide(pcm, _PCM16_STEPS, dtype=np.float32)


def write_pcm16(path: Path, pcm: NDArray[np.int16], rate: int) -> None:
    """save_clip() for samples of 16 bit, which are kept exactly."""
    import soundfile

    kind = _FORMATS.get(path.suffix.lower())
    if kind is None:
        raise BadInputError(f"{path} cannot be written: only .wav and .flac are", "change the suffix")
    try:
        encoded = io.BytesIO()  # a disk that refuses inside libsndfile's callback would print a traceback
        soundfile.write(encoded, pcm, rate, subtype="PCM_16", format=kind)
        with replacing(path, prefix=f".{path.stem}.", suffix=".part") as file:
            file.write(encoded.getbuffer())
    except soundfile.LibsndfileError as error:
        raise BadInputError(
            f"{path} cannot be written ({error.error_string})", "is the disk full?"
        ) from error
    except OSError as error:
        raise BadInputError(f"{path} cannot be written ({error.strerror or error})") from error


def _check_file(path: Path) -> None:
    try:
        if path.is_dir():
            raise BadInputError(f"{path} is a folder", "give a file in it")
        if not path.exists():
            raise BadInputError(f"there is no file {path}", "check the name and the folder")
        if not path.is_file():
            raise BadInputError(f"{path} is not a file", "record into a file first, and give that")
        if not path.stat().st_size:
            raise BadInputError(f"{path} is empty", "it may not have been written to the end")
    except OSError as error:
        raise BadInputError(f"{path} cannot be read ({error.strerror})") from error
    except ValueError as error:  # a zero byte in the name
        raise BadInputError(f"{str(path)!r} is no name of a file") from error


def _at_16_khz(source: Iterator[Block]) -> Iterator[NDArray[np.float32]]:
    """The blocks resampled as one stream; one that changes its rate on the way is begun anew there."""
    stream, current, empty = None, 0, np.zeros(0, dtype=np.float32)
    for rate, block in source:
        if rate != current:
            if stream is not None:
                yield stream.resample_chunk(empty, last=True)
            stream, current = resampler(rate), rate
        yield block if stream is None else stream.resample_chunk(block)
    if stream is not None:
        yield stream.resample_chunk(empty, last=True)


def resampler(rate: int) -> Any:
    """A soxr stream from `rate` (Hz) to 16 kHz, its output aligned to its input; None where it is that."""
    import soxr

    if rate == SAMPLE_RATE_HZ:
        return None
    return soxr.ResampleStream(rate, SAMPLE_RATE_HZ, 1, dtype="float32", quality=QUALITY)


def _gather(path: Path, parts: Iterator[NDArray[np.float32]]) -> NDArray[np.float32]:
    """One array of the parts, in [-1, 1]; grown in place, so that two hours never lie in memory twice."""
    samples, used = np.zeros(SAMPLE_RATE_HZ * 60, dtype=np.float32), 0
    for part in parts:
        if used + len(part) > _MAX_SECONDS * SAMPLE_RATE_HZ:
            raise BadInputError(f"{path} is longer than {_MAX_SECONDS // 60} minutes", "cut it into answers")
        if used + len(part) > len(samples):
            samples.resize((used + len(part)) * 3 // 2, refcheck=False)
        np.clip(part, -1.0, 1.0, out=samples[used : used + len(part)])
        used += len(part)
    samples.resize(used, refcheck=False)
    return samples
