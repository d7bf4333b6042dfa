"""One interview to be killed: the real loop, recorder, candidate and saves, in a process forked from here.

Only what takes long to load stands in: the transcriber (a word for every half second of sound), the
analyzer, and a voice and a loudspeaker of timed tones. The candidate's recordings are heard in real time.
Hooks here, and not in greenroom, write a log that outlives the process: every frame that was given to the
interview, every sync, every save.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from fakes import FakeAnalyzer, FakeTranscriber  # noqa: E402

from greenroom import casting, keeping, resuming, staging  # noqa: E402
from greenroom.assessment import Assessor  # noqa: E402
from greenroom.audio.candidate import RecordedCandidate  # noqa: E402
from greenroom.config import PracticeSettings  # noqa: E402
from greenroom.errors import UserError  # noqa: E402
from greenroom.records import SAMPLE_RATE_HZ, Clip  # noqa: E402

TONE_SECONDS = 0.6
_LATEST_AFTER_SYNC = 0.02  # s; the time in which a file takes another's place, and the next step begins


class TimedPlayback:
    """A sound that takes its time and is not heard."""

    def __init__(self, seconds: float) -> None:
        self.begins: float | None = time.monotonic()
        self.started = self.begins
        self._ends = time.monotonic() + seconds

    @property
    def heard(self) -> float:
        return TONE_SECONDS - max(0.0, self._ends - time.monotonic())

    def wait(self, timeout: float) -> bool:
        left = self._ends - time.monotonic()
        time.sleep(max(0.0, min(left, timeout)))
        return left <= timeout

    def stop(self) -> None:
        self._ends = time.monotonic()

    def pause(self) -> None:
        pass

    def resume(self) -> None:
        pass


class TimedSpeaker:
    def play(self, clip: Clip) -> TimedPlayback:
        return TimedPlayback(clip.seconds)

    def close(self) -> None:
        pass


class ToneVoice:
    name = "tone"

    def render(self, text: str, **_: Any) -> Clip:  # noqa: ARG002 - a tone is a tone
        return Clip(np.full(round(TONE_SECONDS * SAMPLE_RATE_HZ), 0.1, dtype=np.float32))


class Log:
    """Lines that are there whatever happens to who wrote them."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self, *words: object) -> None:
        os.write(self._handle, (" ".join(map(str, words)) + "\n").encode())


def settings_for(
    recordings: Path, candidate: Sequence[Path], questions: int, **more: Any
) -> PracticeSettings:
    """Short patience, short answers: a session of some seconds for each question."""
    return PracticeSettings(
        questions=questions,
        seed=1,
        patience="1",
        reopen=0.3,
        vad="webrtc",
        quiet=True,
        engine="faster-whisper",
        model="tiny.en",
        candidate=tuple(map(str, candidate)),
        recordings=recordings,
        data=recordings.parent / "data",
        **more,
    )


def forked(work: Callable[[], int], said: Path) -> int:
    """Run `work` in a fork of this process, with what it prints in the file `said`; its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(handle, stream)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        # Not closed with the object: a fork of this fork has the same numbers.
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", 1, closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", 1, closefd=False)  # noqa: SIM115
        status = work()
    except UserError as error:
        print("\n".join(error.lines), file=sys.stderr)
        status = error.status
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def interview(
    settings: PracticeSettings, given: Mapping[str, Any], resume: str | None, log: Path, kill_at: int = 0
) -> int:
    """Hold it, or go on with one; the exit status. `kill_at`: the sync after which it is killed, or 0."""
    _stand_ins(Log(log), kill_at)
    folder = resuming.begin_or_go_on(settings, given, resume)
    print(folder, flush=True)
    return 0


def next_start(recordings: Path) -> int:
    """What `greenroom practice` does first."""
    resuming.tell_remains(recordings)
    return 0


def _stand_ins(log: Log, kill_at: int) -> None:
    staging.ProcessTranscriber = lambda *_: FakeTranscriber()  # type: ignore[assignment,misc]
    staging.Assessor = partial(Assessor, load_analyzer=FakeAnalyzer)  # type: ignore[assignment,misc,arg-type]
    staging.locate = lambda *_: None  # type: ignore[assignment]
    staging.load_voice = lambda *_: ToneVoice()  # type: ignore[assignment]
    casting._speaker = lambda _: (TimedSpeaker(), "tones")  # type: ignore[assignment]
    casting.RecordedCandidate = partial(Logged, log)  # type: ignore[misc,assignment]
    _log_syncs(log, kill_at)
    _log_saves(log)


class Logged(RecordedCandidate):
    """A recorded candidate that logs every frame that it has given."""

    opened = 0

    def __init__(self, log: Log, clip: Clip, *, fast: bool = False, is_last: bool = False) -> None:
        super().__init__(clip, fast=fast, is_last=is_last)
        self._log = log
        self._number = 0

    def open(self) -> None:
        Logged.opened += 1
        self._number = Logged.opened
        self._log("open", self._number)
        super().open()

    def read(self, timeout: float) -> Any:
        frame = super().read(timeout)
        if frame is not None:
            self._log("frame", self._number, self._given)
        return frame


def _log_syncs(log: Log, kill_at: int) -> None:
    sync, count, rng = os.fsync, 0, random.Random(kill_at)

    def logged(handle: int) -> None:
        nonlocal count
        count += 1
        if count == kill_at:
            delay = rng.uniform(0.0, _LATEST_AFTER_SYNC)
            threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        sync(handle)
        path = Path(f"/proc/self/fd/{handle}")
        if path.exists():
            log("sync", path.readlink().name.replace(" ", "_"), os.fstat(handle).st_size)

    os.fsync = logged


def _log_saves(log: Log) -> None:
    save = keeping.save_session

    def logged(folder: Path, session: Any) -> None:
        save(folder, session)
        log("saved", len(session.turns), int(session.finished))

    keeping.save_session = logged
