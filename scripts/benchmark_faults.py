"""What is lost when the program dies: a session is killed at random moments, and goes on.

    scripts/benchmark faults [--runs N] [--jobs N] [--seed N] [--json FILE] [--work FOLDER]

Each run holds an interview in a process of its own (faults_session.py tells what is real in it) and kills it
with SIGKILL: two of three at a moment drawn from its whole life, the third within 20 ms of a write to the
disk. Before that, at another random moment, the process is stopped and its folder copied as a power cut would
leave it: raw sound only as far as it was synced. Both are then found by the next start, which is held to what
it promises, and `--resume` goes on with both to the end. It needs os.fork and /proc: Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from faults_session import forked, interview, next_start, settings_for

from greenroom.demo import demo_recordings
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Session
from greenroom.session import load_session

MOST_LOST = 1.0  # s of the answer in progress
_SPOKEN = 3.0  # s of each candidate's recording
_SYNCS = 13  # about as many as a question has
_TO_SPARE = 3  # recordings beside those for the questions
_PATIENCE = 120.0  # s until a process that does not end has hung


@dataclass
class Fed:
    """What the log of a session says had happened until a moment.

    Attributes:
        frames: by the number of the answer, how many frames the interview was given.
        turns: how many turns were saved.
        synced: by file name, how much of it had reached the disk (bytes).
    """

    frames: dict[int, int] = field(default_factory=dict)
    turns: int = 0
    finished: bool = False
    synced: dict[str, int] = field(default_factory=dict)


@dataclass
class Checked:
    """One death and what came after it.

    Attributes:
        where: "before the session", "asking", "answering", "between", or "after the end".
        lost: seconds of the answer in progress that were fed and are not there; None where none was.
        turns: answers that were whole and had to stay.
        told: what the next start said.
        faults: what was not as it has to be.
    """

    run: int
    kind: str
    at: float
    where: str = ""
    lost: float | None = None
    turns: int = 0
    told: str = ""
    faults: list[str] = field(default_factory=list)


def fed_until_now(log: Path) -> Fed:
    fed = Fed()
    for line in log.read_text().splitlines() if log.exists() else ():
        words = line.split()
        if words[0] == "open":
            fed.frames[int(words[1])] = 0
        elif words[0] == "frame":
            fed.frames[int(words[1])] = int(words[2])
        elif words[0] == "saved":
            fed.turns, fed.finished = int(words[1]), words[2] == "1"
        elif words[0] == "sync":
            fed.synced[words[1]] = int(words[2])
    return fed


@dataclass(frozen=True)
class Trial:
    """What is the same for every run.

    Attributes:
        life: how long a session lives that nobody kills (s).
    """

    seed: int
    questions: int
    candidate: list[Path]
    life: float = 0.0


def one_run(run: int, folder: Path, trial: Trial) -> list[Checked]:
    rng = random.Random(f"{trial.seed}/{run}")
    at_a_sync = run % 3 == 2
    kill_at = rng.randint(1, _SYNCS * trial.questions) if at_a_sync else 0
    killed = Checked(run, "at a write" if at_a_sync else "any moment", rng.uniform(0.0, trial.life))
    cut = Checked(run, "power cut", rng.uniform(0.0, trial.life if at_a_sync else killed.at))
    home, copy, log = folder / "killed", folder / "cut", folder / "log"
    settings = settings_for(home / "recordings", trial.candidate, trial.questions)
    began = time.monotonic()
    pid = forked(lambda: interview(settings, {}, None, log, kill_at), folder / "said")
    alive = _await(pid, began + cut.at)
    fed_at_cut = None
    if alive:
        fed_at_cut = _power_cut(pid, home, copy, log)
        alive = fed_at_cut is not None and _await(pid, began + (_PATIENCE if at_a_sync else killed.at))
    if alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    killed.at = round(time.monotonic() - began, 2)
    deaths = [(killed, home, fed_until_now(log))]
    if fed_at_cut is not None:
        deaths.append((cut, copy, fed_at_cut))
    for checked, place, fed in deaths:
        _check(checked, place, fed, trial)
    return [checked for checked, *_ in deaths]


def _await(pid: int, until: float) -> bool:
    """Whether the process still lives at that time."""
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
        time.sleep(0.005)
    return True


def _power_cut(pid: int, home: Path, copy: Path, log: Path) -> Fed | None:
    """The folder as it is on the disk at this moment: what was not synced is not there.

    None where the process has ended just now.
    """
    os.kill(pid, signal.SIGSTOP)
    if not os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1]):
        return None
    try:
        fed = fed_until_now(log)
        copy.mkdir(exist_ok=True)
        if (home / "recordings").exists():
            shutil.copytree(home / "recordings", copy / "recordings")
    finally:
        os.kill(pid, signal.SIGCONT)
    for raw in copy.glob("recordings/*/*.pcm"):
        os.truncate(raw, min(raw.stat().st_size, fed.synced.get(raw.name, 0)))
    return fed


def _check(checked: Checked, home: Path, fed: Fed, trial: Trial) -> None:
    try:
        _check_start(checked, home, fed)
        _check_resume(checked, home, trial)
    except Exception as fault:
        checked.faults.append(f"{type(fault).__name__}: {fault} {traceback.format_exc(limit=-2)}")


def _check_start(checked: Checked, home: Path, fed: Fed) -> None:
    """What died is whole as it lies there, and wholly so after the next start, which says what it found."""
    folders = list((home / "recordings").glob("*")) if home.exists() else []
    if not folders or not (folders[0] / "session.json").exists():
        checked.where = "before the session"
    else:
        before = load_session(folders[0])  # opens and is whole without any repair
        checked.faults += _turns_faults(folders[0], before, fed)
    said = home.parent / f"start-{home.name}"
    status = _wait(forked(lambda: next_start(home / "recordings"), said))
    checked.told = said.read_text().strip()
    if status or "Traceback" in checked.told:
        checked.faults.append(f"the next start ended with {status}")
    if checked.where:
        return
    after = load_session(folders[0])
    checked.turns = len(after.turns)
    if after.turns != before.turns:
        checked.faults.append("the turns are others after the next start")
    checked.where, checked.lost = _progress(folders[0], after, fed)
    if checked.lost is not None and checked.lost > MOST_LOST:
        checked.faults.append(f"{checked.lost:.2f} s of the answer are missing")
    checked.faults += _untidy(folders[0], after)
    if not fed.finished and "broke off" not in checked.told:
        checked.faults.append("the next start said nothing of it")


def _turns_faults(folder: Path, session: Session, fed: Fed) -> list[str]:
    """Every answer that was saved is there, with the whole of its sound; so is the one before the current."""
    faults = []
    number = max(fed.frames, default=0)
    if len(session.turns) < max(fed.turns, number - 1):
        faults.append(f"{len(session.turns)} turns, where {max(fed.turns, number - 1)} were answered")
    for turn in session.turns:
        heard = _seconds(folder / (turn.recording or ""))
        given = fed.frames.get(turn.number, 0) * FRAME_SAMPLES / SAMPLE_RATE_HZ
        if abs(heard - given) > 0.001 or abs(heard - (turn.seconds or 0.0)) > 0.001:
            faults.append(f"turn {turn.number} has {heard:.2f} s of sound, of {given:.2f} s that were heard")
    return faults


def _progress(folder: Path, session: Session, fed: Fed) -> tuple[str, float | None]:
    """What was going on, and how much of the answer in progress is missing (s)."""
    if fed.finished:
        return "after the end", None
    number = max(fed.frames, default=0)
    if number == 0:
        return "asking", None
    if number <= len(session.turns):
        last = max((*session.turns, *session.unanswered), key=lambda each: each.number)
        return ("asking" if last.number > number else "between"), None
    kept = _seconds(folder / f"{number:02}-answer.flac")
    return "answering", round(fed.frames[number] * FRAME_SAMPLES / SAMPLE_RATE_HZ - kept, 3)


def _untidy(folder: Path, session: Session) -> list[str]:
    """What is left in the folder that nothing names."""
    named = {each.recording for each in (*session.turns, *session.unanswered)}
    numbers = {f"{each.number:02}" for each in (*session.turns, *session.unanswered)}
    known = {
        "session.json",
        *(f"{each}-{kind}" for each in numbers for kind in ("question.wav", "answer.vtt")),
    }
    return [f"{path.name} is left" for path in folder.iterdir() if path.name not in known | named]


def _check_resume(checked: Checked, home: Path, trial: Trial) -> None:
    """--resume goes on to the end, with the answers of before as they were; or says why it does not."""
    folders = [folder for folder in (home / "recordings").glob("*") if (folder / "session.json").exists()]
    before = load_session(folders[0]) if folders else None
    settings = settings_for(home / "recordings", trial.candidate, trial.questions, fast=True)
    said = home.parent / f"resume-{home.name}"
    log = home.parent / f"log-{home.name}"
    status = _wait(forked(lambda: interview(settings, {"fast": True}, "", log), said))
    text = said.read_text()
    wanted = 0 if before is not None and not before.finished else 3
    if status != wanted or "Traceback" in text:
        checked.faults.append(f"--resume ended with {status}: {text[-600:]}")
        return
    if before is None or before.finished:
        return
    after = load_session(folders[0])
    if not after.finished or {turn.asked.id for turn in after.turns} < {each.id for each in before.plan}:
        checked.faults.append("--resume left questions unanswered")
    if (
        tuple(turn for turn in after.turns if turn.number in {each.number for each in before.turns})
        != before.turns
    ):
        checked.faults.append("--resume changed an earlier answer")
    checked.faults += _untidy(folders[0], after)


def _seconds(path: Path) -> float:
    try:
        samples, rate = soundfile.read(path, dtype="int16")
    except (OSError, soundfile.LibsndfileError):
        return 0.0
    return len(samples) / float(rate)


def _wait(pid: int) -> int:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -9


def made_candidate(folder: Path, count: int) -> list[Path]:
    """Recordings that answer: the first seconds of the demo's, which are speech."""
    folder.mkdir(parents=True, exist_ok=True)
    samples, rate = soundfile.read(demo_recordings()[0], dtype="float32")
    path = folder / "answer.flac"
    soundfile.write(path, np.asarray(samples)[: round(_SPOKEN * rate)], rate)
    return [path] * count


def undisturbed(folder: Path, trial: Trial) -> float:
    """How long a session lives that nobody kills (s)."""
    folder.mkdir(parents=True)
    began = time.monotonic()
    settings = settings_for(folder / "recordings", trial.candidate, trial.questions)
    status = _wait(forked(lambda: interview(settings, {}, None, folder / "log"), folder / "said"))
    if status:
        raise SystemExit(f"the session ended with {status}: {(folder / 'said').read_text()[-2000:]}")
    return time.monotonic() - began


def all_runs(runs: int, jobs: int, folder: Path, trial: Trial) -> list[Checked]:
    waiting, running = list(range(runs)), set[int]()
    while waiting or running:
        while waiting and len(running) < jobs:
            run = waiting.pop(0)
            place = folder / f"run-{run:03}"
            place.mkdir()
            running.add(_runner(run, place, trial))
        running.discard(os.waitpid(-1, 0)[0])
    return [checked for run in range(runs) for checked in _result(run, folder / f"run-{run:03}")]


def _runner(run: int, place: Path, trial: Trial) -> int:
    def work() -> int:
        found = one_run(run, place, trial)
        (place / "result.json").write_text(json.dumps([asdict(each) for each in found]))
        return 0

    return forked(work, place / "runner")


def _result(run: int, place: Path) -> list[Checked]:
    result = place / "result.json"
    if not result.exists():
        return [Checked(run, "run", 0.0, faults=[f"it broke off: {(place / 'runner').read_text()[-2000:]}"])]
    return [Checked(**each) for each in json.loads(result.read_text())]


def table(life: float, found: Sequence[Checked]) -> str:
    lines = [
        f"A session of {life:.0f} s.",
        "",
        "| died | times | where | most lost (s) | median (s) | faults |",
    ]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for kind in ("any moment", "at a write", "power cut"):
        of_kind = [each for each in found if each.kind == kind]
        lost = [each.lost for each in of_kind if each.lost is not None]
        where = ", ".join(
            f"{count} {name}" for name, count in Counter(each.where for each in of_kind).most_common()
        )
        most = f"{max(lost):.2f}" if lost else "-"
        median = f"{statistics.median(lost):.2f}" if lost else "-"
        faults = sum(bool(each.faults) for each in of_kind)
        lines.append(f"| {kind} | {len(of_kind)} | {where} | {most} | {median} | {faults} |")
    kept = sum(each.turns for each in found)
    lines += ["", f"{kept} earlier answers had to stay as they were."]
    lines += [
        f"run {each.run}, {each.kind}, {each.where}: {fault}" for each in found for fault in each.faults
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> Any:
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark faults", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=6, help="so many at once")
    parser.add_argument("--questions", type=int, default=3, help="so many in each session")
    parser.add_argument("--seed", type=int, default=8)
    parser.add_argument("--json", type=Path, help="every death, as JSON in a file")
    parser.add_argument("--work", type=Path, help="where the sessions lie; a temporary folder unless named")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="greenroom-faults-") as temporary:
        folder = options.work or Path(temporary)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        candidate = made_candidate(folder / "candidate", options.questions + _TO_SPARE)
        trial = Trial(options.seed, options.questions, candidate)
        trial = replace(trial, life=undisturbed(folder / "undisturbed", trial))
        found = all_runs(options.runs, options.jobs, folder, trial)
    if options.json:
        options.json.write_text(json.dumps([asdict(each) for each in found], indent=1))
    print(table(trial.life, found))
    return 1 if any(each.faults for each in found) else 0


if __name__ == "__main__":
    sys.exit(main())
