"""The answer's sound on disk while it is spoken, so that a crash loses at most the last half second."""

from __future__ import annotations

import io
import os
import queue
import threading
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.clip import from_pcm16, to_pcm16, write_pcm16
from greenroom.errors import BadInputError
from greenroom.records import SAMPLE_RATE_HZ, Clip

_SYNC_SECONDS = 0.4
"""How often the raw file is pushed to the disk: below the half second that may be lost, and no oftener."""

_PRIVATE = 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class AnswerRecorder:
    """Records one answer: write() frames, then finish().

    The raw file (`flac_path` with suffix .pcm; 16-bit little-endian, 16 kHz mono) grows while the person
    speaks; a thread of its own writes it, so that a slow disk never holds up the listening. All of it is in
    memory too: where the disk fills up, nothing is lost as long as the program runs, and clip() gives it.
    """

    def __init__(self, flac_path: Path) -> None:
        """Open the raw file.

        Raises:
            BadInputError: it cannot be written, or one is there already (`recover` it, or discard it first).
        """
        self._flac_path = flac_path
        self._raw_path = flac_path.with_suffix(".pcm")
        self._parts: list[NDArray[np.int16]] = []
        self._samples = 0
        self._finished = False
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._file = _create(self._raw_path)
        self._writer = threading.Thread(target=self._write_all, name="answer-recorder", daemon=True)
        self._writer.start()

    @property
    def seconds(self) -> float:
        """How much was recorded (s)."""
        return self._samples / SAMPLE_RATE_HZ

    def write(self, frame: NDArray[np.float32]) -> None:
        """Take the next samples, float32 of any length, 16 kHz mono. Never waits for the disk."""
        pcm = to_pcm16(frame)
        self._parts.append(pcm)
        self._samples += len(pcm)
        self._queue.put(pcm.tobytes())

    def clip(self) -> Clip:
        """All that was recorded so far, also when the disk let us down."""
        pcm = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int16)
        return Clip(from_pcm16(pcm), SAMPLE_RATE_HZ)

    def finish(self) -> Clip:
        """Write the FLAC file, remove the raw one and give the whole recording. Again: gives it again.

        Where nothing at all was recorded there is no FLAC file either: the format has no empty ones.

        A raw file that could not be written to the end is no error if the FLAC file, which is made from
        memory, can.

        Raises:
            BadInputError: the file cannot be written. clip() still holds everything, and finish() may be
                tried again once there is room.
        """
        self._stop_writing()
        clip = self.clip()
        if not self._finished:
            if self._parts:
                write_pcm16(self._flac_path, to_pcm16(clip.samples), SAMPLE_RATE_HZ)
            self._raw_path.unlink(missing_ok=True)
            self._finished = True
        return clip

    def discard(self) -> None:
        """Stop, and leave no file: for an answer that is to be taken again."""
        self._stop_writing()
        self._raw_path.unlink(missing_ok=True)

    def _stop_writing(self) -> None:
        self._queue.put(None)
        self._writer.join()

    def _write_all(self) -> None:
        """The thread: append what comes until None; a disk that refuses is left alone from then on."""
        with self._file:
            try:
                while self._append_for(_SYNC_SECONDS):
                    os.fsync(self._file.fileno())
            except OSError:
                return  # finish() writes everything from memory, and says so where that is not possible

    def _append_for(self, seconds: float) -> bool:
        """Write what comes within the time; False once it was the last."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                data = self._queue.get(timeout=left)
            except queue.Empty:
                break
            if data is None:
                return False
            self._file.write(data)
        return True


def recover(pcm_path: Path) -> Path:
    """Make the FLAC file of a raw recording that a crash left behind, and remove the raw one.

    Raises:
        BadInputError: it cannot be read, holds no sound (it is removed then), or the FLAC cannot be written.
    """
    pcm = _read_raw(pcm_path)
    if not len(pcm):
        pcm_path.unlink(missing_ok=True)
        raise BadInputError(f"{pcm_path.name} holds no sound")
    flac_path = pcm_path.with_suffix(".flac")
    if not _already_saved(flac_path, len(pcm)):
        write_pcm16(flac_path, pcm, SAMPLE_RATE_HZ)
    pcm_path.unlink()
    return flac_path


def _create(path: Path) -> io.FileIO:
    # Exclusively: an unfinished recording of the same name is somebody's answer.
    try:
        return io.FileIO(os.open(path, _NEW, _PRIVATE), "wb")
    except FileExistsError as error:
        raise BadInputError(f"an unfinished recording is in the way: {path}", "move it elsewhere") from error
    except OSError as error:
        raise BadInputError(
            f"the recording cannot be written: {path} ({error.strerror})",
            "choose another folder with --recordings",
        ) from error


def _read_raw(path: Path) -> NDArray[np.int16]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInputError(f"the recording cannot be read: {path} ({error.strerror})") from error
    whole = len(data) // 2 * 2  # a crash can leave half a sample
    return np.frombuffer(data[:whole], dtype="<i2").astype(np.int16, copy=False)


def _already_saved(flac_path: Path, samples: int) -> bool:
    """Whether the crash came between the FLAC, which appears only when complete, and removing the raw."""
    import soundfile

    try:
        return int(soundfile.info(flac_path).frames) >= samples
    except (OSError, soundfile.SoundFileError):
        return False
