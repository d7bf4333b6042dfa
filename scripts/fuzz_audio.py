"""Hostile sound files: small real ones of every format, with headers and bodies damaged, and made ones."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import struct
from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
from fuzz_inputs import damaged, mutated
from numpy.typing import NDArray

SUFFIXES = (
    ".wav",
    ".flac",
    ".mp3",
    ".ogg",
    ".m4a",
    ".webm",
    ".mp4",
    ".aiff",
    ".au",
    ".raw",
    ".w64",
    ".txt",
    "",
)
_RATE = 8000
_HEADER = 200  # bytes in which most formats say what they hold
_FIELDS = (
    0,
    1,
    2,
    3,
    8,
    16,
    24,
    32,
    64,
    255,
    1000,
    8000,
    2**15,
    2**16 - 1,
    2**24,
    2**31 - 1,
    2**31,
    2**32 - 1,
)


def tone(
    form: str, *, seconds: float = 0.25, rate: int = _RATE, channels: int = 1, subtype: str | None = None
) -> bytes:
    """A small real file that libsndfile writes."""
    import soundfile

    time = np.arange(round(seconds * rate)) / rate
    samples = np.tile(0.3 * np.sin(2 * np.pi * 220 * time)[:, None], (1, channels))
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=form, subtype=subtype)
    return file.getvalue()


def by_ffmpeg(form: str, codec: str, *, picture: bool = False) -> bytes:
    """A small real file that FFmpeg writes; with a picture it is a video."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        sound = container.add_stream(codec, rate=48_000)
        sound.layout = "mono"
        if picture:
            video = container.add_stream("mpeg4", rate=5)
            video.width = video.height = 16
            for _ in range(2):
                shown = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
                container.mux(video.encode(shown))
            container.mux(video.encode())
        wave = (8000 * np.sin(np.arange(12_000) / 20)).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
        frame.sample_rate = 48_000
        resampler = av.AudioResampler(
            format=sound.format, layout="mono", rate=48_000, frame_size=sound.frame_size or 0
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(sound.encode(piece))
        container.mux(sound.encode())
    return file.getvalue()


@functools.cache
def seeds() -> tuple[tuple[str, bytes], ...]:
    """Suffix and content of small real files: every format that people hand in, and videos."""
    wav = [
        tone("WAV", subtype=each)
        for each in ("PCM_16", "PCM_U8", "PCM_24", "FLOAT", "DOUBLE", "ULAW", "IMA_ADPCM")
    ]
    made = [(".wav", each) for each in (*wav, tone("WAV", channels=6), _floats())]
    made += [(".flac", tone("FLAC")), (".flac", tone("FLAC", channels=2, rate=44_100)), (".ogg", tone("OGG"))]
    made += [(".aiff", tone("AIFF")), (".au", tone("AU")), (".w64", tone("W64"))]
    made += [
        (".mp3", tone("MP3", rate=16_000)),
        (".m4a", by_ffmpeg("mp4", "aac")),
        (".webm", by_ffmpeg("webm", "libopus")),
    ]
    made += [
        (".mp4", by_ffmpeg("mp4", "aac", picture=True)),
        (".mkv", by_ffmpeg("matroska", "pcm_s16le", picture=True)),
    ]
    return (*made, (".txt", b"I led the migration. " * 20), (".wav", b"RIFF"), (".flac", b"fLaC"))


def wav_header(
    *, rate: int, channels: int, bits: int, form: int = 1, claimed: int, length: int = 16
) -> bytes:
    """The header of a WAV file, saying whatever it is told."""
    block = max(0, channels * bits // 8) & 0xFFFF
    fmt = struct.pack("<HHIIHH", form, channels, rate, (rate * block) & 0xFFFFFFFF, block, bits)
    fmt = (fmt + bytes(64))[:length] if length <= 64 else fmt
    return b"".join(
        (
            b"RIFF"
            + struct.pack("<I", (claimed + 36) & 0xFFFFFFFF)
            + b"WAVEfmt "
            + struct.pack("<I", length)
            + fmt,
            b"data" + struct.pack("<I", claimed),
        )
    )


def hostile_sound(rng: Random) -> bytes:
    """One of the seeds, damaged: its suffix, a zero byte, and its content."""
    way = rng.randrange(10)
    if way == 0:
        suffix, content = ".wav", _made_wav(rng)
    else:
        suffix, content = rng.choice(seeds())
    if way in (1, 2, 3):
        content = _header_swapped(rng, content)
    elif way in (4, 5):
        content = mutated(rng, content)
    elif way == 6:
        content = content[: rng.randrange(len(content) + 1)]
    elif way == 7:
        at = rng.randrange(len(content) + 1)
        content = content[:at] + rng.choice(seeds())[1][at:]
    else:
        content = damaged(rng, content)
    if rng.randrange(6) == 0:
        suffix = rng.choice(SUFFIXES)
    return suffix.encode() + b"\x00" + content


def named(data: bytes) -> tuple[str, bytes]:
    """What hostile_sound made, as suffix and content."""
    suffix, _, content = data.partition(b"\x00")
    known = suffix.decode("ascii", "replace")
    return (known, content) if known in {*SUFFIXES, ".mkv"} else (".wav", data)


@contextlib.contextmanager
def no_chatter() -> Iterator[None]:
    """What the C libraries write onto the screen goes nowhere."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _made_wav(rng: Random) -> bytes:
    body = bytes(rng.randrange(256) for _ in range(rng.choice((0, 1, 40, 400))))
    header = wav_header(
        rate=rng.choice((0, 1, 7, 8000, 44_100, 2**31 - 1, 2**32 - 1)),
        channels=rng.choice((0, 1, 2, 255, 1024, 65_535)),
        bits=rng.choice((0, 1, 8, 12, 16, 24, 32, 64, 65_535)),
        form=rng.choice((0, 1, 2, 3, 6, 7, 17, 0x55, 0xFFFE, 0xFFFF)),
        claimed=rng.choice((0, len(body), 2**31, 2**32 - 1)),
        length=rng.choice((0, 14, 16, 18, 40, 2**31 - 1)),
    )
    return header + body


def _header_swapped(rng: Random, content: bytes) -> bytes:
    """Numbers in the header, of every width and both orders, replaced by ones that nobody expects."""
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(min(_HEADER, len(content)) + 1)
        width = rng.choice("BHIQ")
        value = rng.choice(_FIELDS) & (2 ** (8 * struct.calcsize(width)) - 1)
        field = struct.pack(rng.choice("<>") + width, value)
        content = content[:at] + field + content[at + len(field) :]
    return content


def _floats() -> bytes:
    """Samples that are no numbers."""
    odd: NDArray[Any] = np.array([np.nan, np.inf, -np.inf, 1e30, 1e-40, 0.5] * 200, dtype="<f4")
    return wav_header(rate=16_000, channels=1, bits=32, form=3, claimed=odd.nbytes) + odd.tobytes()
