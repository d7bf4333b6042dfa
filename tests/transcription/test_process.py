"""A transcriber in a child process: answers, errors, ends. The engine behaves as its model is called."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fake_engines
import numpy as np
import pytest

from greenroom.errors import BadInputError, ModelError, UsageError
from greenroom.records import Clip, Word
from greenroom.transcription import ENGINES, Transcriber, child_process, process
from greenroom.transcription.process import ProcessTranscriber

CLIP = Clip(np.full(16_000, -0.25, np.float32))
CHILD = "import sys; sys.path[:] = {path!r}; import fake_engines; fake_engines.install()\n"
Start = Callable[..., ProcessTranscriber]


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "fake", fake_engines.FAKE)
    monkeypatch.setattr(process, "_PROGRAM", CHILD + process._PROGRAM)


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[ProcessTranscriber] = []

    def of(model: str, *, wait: bool = True) -> ProcessTranscriber:
        started.append(ProcessTranscriber("fake", model, threads=3, wait=wait))
        return started[-1]

    yield of
    for transcriber in started:
        transcriber.close()


def child_of(transcriber: ProcessTranscriber) -> int:
    assert transcriber._child is not None
    return transcriber._child.pid


def ends(pid: int, within: float) -> bool:
    until = time.monotonic() + within
    while not (ended := not runs(pid)) and time.monotonic() < until:
        time.sleep(0.02)
    return ended


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_verbatim_pass_is_asked_for_in_the_same_child(start: Start) -> None:
    transcriber = start("any")
    child = child_of(transcriber)
    plain = transcriber.transcribe(CLIP, offset=2.0)
    verbatim = transcriber.transcribe_verbatim(CLIP, offset=2.0)
    assert verbatim.text == f"um {plain.text}"
    assert verbatim.words[0] == Word("um", 2.0, 2.5, 0.9)
    assert child_of(transcriber) == child


def test_it_answers_as_the_engine_in_it_does(start: Start) -> None:
    transcriber: Transcriber = start("good")
    transcript = transcriber.transcribe(CLIP, offset=12.5)
    text = "16000 4000.000 float32 3"
    assert transcript == fake_engines.FakeEngine("good", 3).transcribe(CLIP, offset=12.5)
    assert transcript.words == (Word(text, 12.5, 13.5, 0.5),)
    assert (transcriber.engine, transcriber.model) == ("fake", "good")


def test_a_long_clip_arrives_whole(start: Start) -> None:
    samples = np.arange(16_000 * 300, dtype=np.float32) % 7 / 8
    text = start("good").transcribe(Clip(samples)).text
    assert text.startswith(f"{len(samples)} {float(np.abs(samples).sum()):.3f}")


def test_several_threads_get_their_own_answers(start: Start) -> None:
    transcriber = start("good")
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda n: transcriber.transcribe(Clip(CLIP.samples[:n])).text, range(1, 41)))
    assert [int(text.split()[0]) for text in texts] == list(range(1, 41))


def test_an_error_of_loading_comes_with_its_hint(start: Start) -> None:
    with pytest.raises(ModelError) as caught:
        start("absent")
    error = caught.value
    assert (error.message, error.hint, error.details) == ("no such model", "fetch it", ("one", "two"))


def test_an_unknown_engine_is_told_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "spawn", lambda _: pytest.fail("a child was started"))
    with pytest.raises(UsageError, match="slower-whisper"):
        ProcessTranscriber("slower-whisper", "base")


def test_an_error_about_a_clip_is_raised_again_and_work_goes_on(start: Start) -> None:
    transcriber = start("refuses")
    before = child_of(transcriber)
    for _ in range(2):
        with pytest.raises(BadInputError, match="not this clip") as caught:
            transcriber.transcribe(CLIP)
        assert caught.value.hint == "another one"
    assert child_of(transcriber) == before


def test_a_defect_becomes_one_line(start: Start) -> None:
    with pytest.raises(ModelError) as caught:
        start("has a bug").transcribe(CLIP)
    assert caught.value.message == "the transcriber has stopped: ZeroDivisionError by nought"
    assert caught.value.hint


def test_a_child_that_crashes_is_noticed_at_once(start: Start) -> None:
    transcriber = start("crashes")
    with pytest.raises(ModelError, match="its process ended with status 7"):
        transcriber.transcribe(CLIP)


@pytest.mark.timeout(60)
def test_a_child_that_crashed_once_is_started_again(start: Start, tmp_path: Path) -> None:
    transcriber = start(str(tmp_path / "crashes once"))
    before = child_of(transcriber)
    assert transcriber.transcribe(CLIP).words
    assert child_of(transcriber) != before


def test_one_that_was_killed_between_two_clips_is_replaced(start: Start) -> None:
    transcriber = start("good")
    os.kill(child_of(transcriber), signal.SIGKILL)
    assert transcriber.transcribe(CLIP).words


@pytest.mark.timeout(60)
@pytest.mark.parametrize("model", ["slow to load", "takes long"])
def test_closing_frees_whoever_waits(start: Start, model: str) -> None:
    transcriber = start(model, wait=False)
    caught: list[BaseException] = []

    def ask() -> None:
        try:
            transcriber.transcribe(CLIP)
        except ModelError as error:
            caught.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    until = time.monotonic() + 30
    while transcriber._child is None and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.3)
    pid = child_of(transcriber)
    transcriber.close()
    waiting.join(timeout=5)
    assert not waiting.is_alive()
    assert "it was closed" in str(caught)
    assert ends(pid, within=0)


def test_closing_twice_is_well_and_then_it_is_closed(start: Start) -> None:
    transcriber = start("good")
    pid = child_of(transcriber)
    transcriber.close()
    transcriber.close()
    assert ends(pid, within=0)
    with pytest.raises(ModelError, match="it was closed"):
        transcriber.transcribe(CLIP)


def test_another_rate_is_refused_here(start: Start) -> None:
    with pytest.raises(ValueError, match="48000"):
        start("good", wait=False).transcribe(Clip(CLIP.samples, 48_000))


def test_what_a_library_prints_is_not_taken_for_an_answer(start: Start) -> None:
    assert start("prints").transcribe(CLIP).words


def test_ctrl_c_and_a_closed_terminal_do_not_reach_it(start: Start) -> None:
    transcriber = start("good")
    pid = child_of(transcriber)
    assert os.getsid(pid) != os.getsid(0)
    os.kill(pid, signal.SIGINT)
    assert transcriber.transcribe(CLIP).words
    assert child_of(transcriber) == pid


def test_a_file_in_the_working_folder_stands_in_for_nothing(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert start("good").transcribe(CLIP).words


PROGRAM = """
import signal, sys
# What a shell runs in the background ignores Ctrl-C, and these tests with it.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path[:0] = {path!r}
import fake_engines
fake_engines.install()
from greenroom.records import Clip
from greenroom.transcription import process
process._PROGRAM = {child!r} + process._PROGRAM
print("begun", flush=True)
transcriber = process.ProcessTranscriber("fake", "takes long")
print(transcriber._child.pid, flush=True)
import numpy
transcriber.transcribe(Clip(numpy.ones(16000, numpy.float32)))
"""


@pytest.mark.timeout(60)
@pytest.mark.parametrize("last", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda last: last.name)
def test_it_runs_no_program_twice_and_ends_with_it(tmp_path: Path, last: signal.Signals) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM.format(path=[str(Path(__file__).parent)], child=CHILD))
    parent = subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    with parent:
        assert parent.stdout.readline() == "begun\n"
        pid = int(parent.stdout.readline())  # and nothing in between
        time.sleep(0.3)  # it is at work on the clip by then
        parent.send_signal(last)
    assert ends(pid, within=5.0)
