"""Sessions to read again: copies of the sample, whole or in part; and workers that are no processes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from greenroom.reanalysis.jobs import Job, Wanted
from greenroom.reanalysis.workers import Turns
from greenroom.records import Session, Transcript, Turn, Word
from greenroom.session import load_session, save_session

SAMPLE = Path(__file__).parents[2] / "recordings" / "sample"
WORDS_KEPT = Wanted("", "", "these rules")
TRANSCRIBED = Wanted("fake", "fake", "these rules")


def sample_copy(recordings: Path, name: str = "2026-11-22T13-19-46-demo", *, sound: bool = False) -> Path:
    """The sample without its questions' sound; `sound`: with that of its answers."""
    folder = recordings / name
    folder.mkdir(parents=True)
    for file in SAMPLE.iterdir():
        if file.suffix in (".json", ".vtt") or (sound and file.suffix == ".flac"):
            shutil.copy(file, folder / file.name)
    return folder


def only_turn(folder: Path, number: int) -> Path:
    """The same session with one turn left."""
    session = load_session(folder)
    save_session(folder, replace(session, turns=tuple(t for t in session.turns if t.number == number)))
    return folder


def with_turn(folder: Path, number: int, change: Callable[[Turn], Turn]) -> Session:
    session = load_session(folder)
    turns = tuple(change(turn) if turn.number == number else turn for turn in session.turns)
    save_session(folder, replace(session, turns=turns))
    return load_session(folder)


def said(turn: Turn, text: str) -> Turn:
    """The turn with other words, a second each."""
    words = tuple(Word(word, float(i), i + 0.5, 0.9) for i, word in enumerate(text.split()))
    return replace(turn, transcript=Transcript(text, engine="fake", model="fake", words=words))


def unchanged(job: Job) -> Turns:
    return job.session.turns


class Here:
    """Does the work at once, or when it is told to; remembers how much was under way."""

    def __init__(self, work: Callable[[Job], Turns] = unchanged, room: int = 1) -> None:
        self._work = work
        self.room = room
        self.given: list[Job] = []

    def submit(self, job: Job) -> Future[Turns]:
        self.given.append(job)
        future = Future[Turns]()
        try:
            future.set_result(self._work(job))
        except BaseException as fault:
            future.set_exception(fault)
        return future

    def close(self) -> None:
        pass
