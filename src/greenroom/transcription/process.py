"""A transcriber in a process of its own, so that decoding never keeps the microphone waiting.

Decoding and importing its libraries hold the interpreter's lock for tens of milliseconds at a time, and
whoever captures sound in the same process waits for it. The two processes speak through the child's standard
input and output; nothing of an answer goes anywhere else.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
from contextlib import suppress
from typing import IO, Any, Literal

from greenroom import detached_processes
from greenroom.errors import ModelError, UserError
from greenroom.records import SAMPLE_RATE_HZ, Clip, Transcript
from greenroom.transcription import (
    DEFAULT_ENGINE,
    DEFAULT_MODEL,
    child_process,
    find_engine,
    load_transcriber,
)

_PROGRAM = child_process.OUR_PATHS + "from greenroom.transcription.process import serve; serve()"

How = Literal["plain", "verbatim"]
"""Which of a transcriber's two ways a request wants."""

_HINT = "try again; if it happens again, a smaller model: --model tiny.en"


class _StoppedError(Exception):
    """The child is gone, or closed."""


class ProcessTranscriber:
    """A `Transcriber` whose work is done by a child process; may be used from several threads, one at a time.

    The child ends with this process, however that ends, and not by Ctrl-C or a closed terminal before it. If
    it ends by itself it is started once more for the request that it left unanswered.

    Args:
        engine, model, threads: as for `load_transcriber`.
        wait: whether to load now; else `load` does, or the first `transcribe`.

    Raises:
        UsageError: no engine has that name.
        ModelError: the engine's library or the weights are missing or damaged, or the child stopped.
    """

    def __init__(
        self,
        engine: str = DEFAULT_ENGINE,
        model: str = DEFAULT_MODEL,
        *,
        threads: int | None = None,
        wait: bool = True,
    ) -> None:
        find_engine(engine)
        self.engine = engine
        self.model = model
        self._wanted = (engine, model, threads)
        self._asking = threading.Lock()
        self._starting = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False
        if wait:
            self.load()

    def load(self) -> None:
        """Blocks until the model is loaded (2 to 5 s); at once if it is. `close` in another thread ends it.

        Raises:
            ModelError: as for the class.
        """
        with self._asking:
            self._at_second_go(None)

    def transcribe(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        """See `greenroom.transcription.Transcriber`.

        Raises:
            ModelError: the child stopped, twice, or this transcriber is closed.
        """
        return self._transcribed("plain", clip, offset)

    def transcribe_verbatim(self, clip: Clip, *, offset: float = 0.0) -> Transcript:
        """See `greenroom.transcription.Transcriber`.

        Raises:
            ModelError: as for `transcribe`; also where the clip is longer than 30 s.
        """
        return self._transcribed("verbatim", clip, offset)

    def close(self) -> None:
        """Ends the child at once; whoever waits for it gets a ModelError. May be called from any thread."""
        with self._starting:
            self._closed = True
            child, self._child = self._child, None
        if child is not None:
            detached_processes.end(child)

    def _transcribed(self, how: How, clip: Clip, offset: float) -> Transcript:
        if clip.rate != SAMPLE_RATE_HZ:
            raise ValueError(f"Whisper takes {SAMPLE_RATE_HZ} Hz, and this clip has {clip.rate} Hz")
        with self._asking:
            answer = self._at_second_go((how, clip.samples, offset))
        assert isinstance(answer, Transcript)
        return answer

    def _at_second_go(self, request: object) -> object:
        try:
            return self._ask(request)
        except _StoppedError:
            try:
                return self._ask(request)
            except _StoppedError as error:
                raise ModelError(f"the transcriber has stopped: {error}", _HINT) from None

    def _ask(self, request: object) -> object:
        child = self._loaded()
        return None if request is None else self._answer(child, request)

    def _loaded(self) -> subprocess.Popen[bytes]:
        child = self._child
        if child is not None and child.poll() is None:
            return child
        child = self._start()
        try:
            self.model = str(self._answer(child, self._wanted))
        except UserError:
            detached_processes.end(child)
            raise
        return child

    def _start(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._closed:
                raise _StoppedError("it was closed")
            if self._child is not None:
                detached_processes.end(self._child)
            try:
                self._child = child_process.spawn(_PROGRAM)
            except OSError as error:
                raise _StoppedError(str(error)) from error
            return self._child

    def _answer(self, child: subprocess.Popen[bytes], request: object) -> object:
        try:
            answer = child_process.ask(child, request)
        except child_process.LostError:
            raise _StoppedError(self._why(child)) from None
        except BaseException:
            # Ctrl-C: its answer, still to come, must not be taken for that to the next request.
            detached_processes.end(child)
            raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _why(self, child: subprocess.Popen[bytes]) -> str:
        if self._closed:
            return "it was closed"
        return child_process.why_it_ended(child)


def serve() -> None:
    """The child: loads what the first request names, then transcribes until its standard input ends."""
    requests, answers = child_process.open_in_child()
    # In the main thread: decoding in another one measured slower.
    with suppress(OSError):
        _work(requests, answers)
    os._exit(0)


def _work(requests: queue.SimpleQueue[Any], answers: IO[bytes]) -> None:
    engine, model, threads = requests.get()
    try:
        transcriber = load_transcriber(engine, model, threads=threads)
    except Exception as error:
        child_process.send(answers, _for_the_parent(error))
        return
    child_process.send(answers, transcriber.model)
    while True:
        how, samples, offset = requests.get()
        try:
            run = transcriber.transcribe if how == "plain" else transcriber.transcribe_verbatim
            child_process.send(answers, run(Clip(samples), offset=offset))
        except OSError:
            raise
        except Exception as error:
            child_process.send(answers, _for_the_parent(error))


def _for_the_parent(error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    lines = str(error).splitlines() or [""]
    return ModelError(f"the transcriber has stopped: {type(error).__name__} {lines[0][:200]}".rstrip(), _HINT)
