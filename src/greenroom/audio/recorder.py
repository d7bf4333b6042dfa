"""The answer's sound on disk while it is spoken, so that a crash loses at most the last half second."""

from __future__ import annotations

import io
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from greenroom.audio.clip import from_pcm16, to_pcm16, write_pcm16
from greenroom.errors import BadInputError
from greenroom.private_files import make_private_folder
from greenroom.records import SAMPLE_RATE_HZ, Clip
from greenroom.timed_writing import DISK_SECONDS, SilentDiskError, in_time

_SYNC_SECONDS = 0.4
"""How often the raw file is pushed to the disk: below the half second that may be lost, and no oftener."""

_LAST_WRITING_SECONDS = DISK_SECONDS  # for the end of the raw file

_PRIVATE = 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class AnswerRecorder:
    """Records one answer: write() frames, then finish().

    The raw file (`flac_path` with suffix .pcm; 16-bit little-endian, 16 kHz mono) grows while the person
    speaks; a thread of its own writes it, so that a slow disk never holds up the listening. All of it is in
    memory too: where the disk is full or may not be written, nothing is lost as long as the program runs, and
    clip() gives it.
    """

    def __init__(self, flac_path: Path) -> None:
        """Open the raw file; where that cannot be, finish() says so.

        Raises:
            BadInputError: a raw file is there already (`recover` it, or discard it first).
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
        return Clip(from_pcm16(self._pcm()), SAMPLE_RATE_HZ)

    @property
    def path(self) -> Path:
        """The FLAC file that finish() writes."""
        return self._flac_path

    def save_copy(self, path: Path) -> None:
        """Write what was recorded so far to another FLAC file. BadInputError where that cannot be."""
        write_pcm16(path, self._pcm(), SAMPLE_RATE_HZ)

    def finish(self) -> Clip:
        """Write the FLAC file, remove the raw one and give the whole recording. Again: gives it again.

        Where nothing at all was recorded there is no FLAC file either: the format has no empty ones.

        A raw file that could not be written to the end is no error if the FLAC file, which is made from
        memory, can.

        Raises:
            BadInputError: the file cannot be written; SilentDiskError: the disk does not answer. clip()
                still holds everything, and finish() may be tried again once there is room.
        """
        if not self._stop_writing():
            raise SilentDiskError(self._flac_path)
        if not self._finished:
            in_time(self._write_flac, self._flac_path)
            self._finished = True
        return self.clip()

    def _pcm(self) -> NDArray[np.int16]:
        return np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int16)

    def _write_flac(self) -> None:
        if self._parts:
            with suppress(OSError):  # it may have been deleted; what else is wrong the writing says
                make_private_folder(self._flac_path.parent)
            write_pcm16(self._flac_path, self._pcm(), SAMPLE_RATE_HZ)
        with suppress(OSError):  # the whole of it is safe, so a raw file left behind harms nothing
            self._raw_path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Stop, and leave no file: for an answer that is to be taken again."""
        if self._stop_writing():
            with suppress(OSError):
                self._raw_path.unlink(missing_ok=True)

    def _stop_writing(self) -> bool:
        """Whether it has stopped: a disk that hangs holds it up, and shall hold up nobody else."""
        self._queue.put(None)
        self._writer.join(_LAST_WRITING_SECONDS)
        return not self._writer.is_alive()

    def _write_all(self) -> None:
        """The thread: append what comes until None; a disk that refuses is left alone from then on."""
        coming = iter(self._queue.get, None)
        # finish() writes everything from memory, and says so where that is not possible either
        with suppress(OSError):
            if self._file is not None:
                self._write(coming, self._file)
        for _ in coming:  # or it would lie there for nobody, a second time
            pass

    def _write(self, coming: Iterator[bytes | None], raw_file: io.FileIO) -> None:
        with raw_file as file:
            over = threading.Event()
            # By a thread of its own: a busy disk takes seconds for it, and what is written meanwhile outlives
            # this process all the same.
            syncing = threading.Thread(target=_sync_until, args=(over, file.fileno()), daemon=True)
            syncing.start()
            try:
                for data in coming:
                    _append(file, data or b"")
            finally:
                over.set()
                syncing.join()  # before the file is closed


def _append(file: io.FileIO, data: bytes) -> None:
    """All of it: where room is short, the system writes a part and says how much."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]


def _sync_until(over: threading.Event, handle: int) -> None:
    with suppress(OSError):
        while not over.wait(_SYNC_SECONDS):
            os.fsync(handle)


def recover(pcm_path: Path) -> Path:
    """Make the FLAC file of a raw recording that a crash left behind, and remove the raw one.

    Raises:
        BadInputError: it cannot be read or removed, holds no sound (it is removed then), or the FLAC cannot
            be written.
    """
    pcm = _read_raw(pcm_path)
    if not len(pcm):
        with suppress(OSError):
            pcm_path.unlink(missing_ok=True)
        raise BadInputError(f"{pcm_path.name} holds no sound")
    flac_path = pcm_path.with_suffix(".flac")
    if not _already_saved(flac_path, len(pcm)):
        write_pcm16(flac_path, pcm, SAMPLE_RATE_HZ)
    try:
        pcm_path.unlink(missing_ok=True)
    except OSError as error:
        raise BadInputError(f"{pcm_path} cannot be removed ({error.strerror}); its sound is safe") from error
    return flac_path


def _create(path: Path) -> io.FileIO | None:
    """The raw file; None where the disk takes none."""
    # Exclusively: an unfinished recording of the same name is somebody's answer.
    try:
        return in_time(lambda: io.FileIO(os.open(path, _NEW, _PRIVATE), "wb"), path)
    except FileExistsError as error:
        raise BadInputError(f"an unfinished recording is in the way: {path}", "move it elsewhere") from error
    except (OSError, SilentDiskError):
        return None


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
