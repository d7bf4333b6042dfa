"""`greenroom doctor --offline`: a real interview where nothing can reach the network, and what tried to."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenroom.config import PracticeSettings
from greenroom.demo import demo_bank_path, demo_recordings
from greenroom.errors import EXIT_DONE

from . import control
from .examination import Summary
from .findings import Finding, cures
from .watching import Means, Run, Seen, find_means, run_watched

HOW, WHAT, RESULT = "How it is proved", "What was done", "What was seen"

EXIT_UNPROVEN = 1
"""Something tried to reach the network, or the proof could not be had."""

LONGEST = 600.0
"""Seconds after which one step is given up. The longest, an interview, took 50 to 115 on two processors that
other programs used, too."""

_TYPED = (
    "Our import failed every night. I rewrote its queue and added a check. "
    "Since then it has not failed once in four months."
)
_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a person does with greenroom; `arguments` are those of Python."""

    what: str
    arguments: tuple[str, ...]


def prove(settings: PracticeSettings, means: Means | None = None) -> Iterator[Finding]:
    """Findings one by one: by which ways, each step that was done, and what was seen. Takes about a minute.

    Everything that is recorded lies in a temporary folder, and is gone afterwards.
    """
    means = means or find_means()
    yield from _how(means)
    seen = Seen()
    with tempfile.TemporaryDirectory(prefix="greenroom-offline-") as name:
        folder = Path(name)
        watch = _Watch(means, folder, _environment(folder))
        yield watch.control()
        for step in steps(settings, folder):
            run = watch.run(step.arguments)
            seen += run.seen
            yield _done(step, run)
    yield from results(seen, means)


def steps(settings: PracticeSettings, folder: Path) -> tuple[Step, ...]:
    """What the proof covers. Each is the command that a person would give, with a recording as candidate."""
    (folder / "answer.txt").write_text(_TYPED, encoding="utf-8")
    model = Path(settings.model)  # a path, or a name of which there is no file
    named = str(model.absolute()) if model.exists() else settings.model
    reading = ("--engine", settings.engine, "--model", named)
    hearing = (*reading, "--vad", settings.vad)
    practice = (
        *("practice", "--bank", str(demo_bank_path()), "--questions", "1", "--follow-ups", "0", "--quiet"),
        # Not with --fast: libraries that report home have been seen to wait for nine seconds before they do.
        *("--candidate", str(demo_recordings()[0]), *hearing),
    )
    sounding = (settings.voice, *((settings.output,) if settings.output else ()))
    return (
        Step("an interview, answered by a bundled recording", _greenroom(*practice)),
        Step("the report of it", _greenroom("report")),
        Step("the replay of its end", _greenroom("replay", "--quiet", "--turn", "1", "--from", "41")),
        Step("the history of all interviews", _greenroom("history")),
        Step("the interview read again", _greenroom("reanalyze", "--all", *reading)),
        Step("the analysis of a written answer", _greenroom("analyze", "answer.txt")),
        Step("one word by voice and loudspeaker", ("-m", "greenroom.doctoring.aloud", *sounding)),
    )


def results(seen: Seen, means: Means) -> Iterator[Finding]:
    """What all the steps together showed, and how far that goes."""
    attempts = seen.hook + seen.kernel
    if attempts:
        listed = [f"{what} ({count} times)" if count > 1 else what for what, count in attempts.most_common()]
        many = "one attempt, which" if seen.attempts == 1 else f"{seen.attempts} attempts, which"
        told = f"{many} failed: {_listed(listed)}"
        yield Finding(RESULT, "network", "look here", told, cures("offline"), EXIT_UNPROVEN)
    else:
        told = f"not one attempt to reach it, in {seen.pythons} Python processes"
        yield Finding(
            RESULT, "network", "ok", told + (" and all else that they started" if means.strace else "")
        )
    if seen.made and not attempts:
        told = f"{seen.made} opened, and nothing sent or connected with them: libraries try what there is"
        yield Finding(RESULT, "unused sockets", "ok", told)
    local = [f"{who} ({count} times)" if count > 1 else who for who, count in seen.local.most_common()]
    told = _listed(local) if local else "none"
    yield Finding(RESULT, "sockets on this computer", "ok", told)
    yield Finding(RESULT, "what this covers", "ok", _covered(means))
    yield Finding(RESULT, "what it does not cover", "ok", _uncovered(means))


def summed_up_proof(findings: Sequence[Finding]) -> Summary:
    """Whether it is proved. A step that did not come to its end proves nothing of what it would have done."""
    stopping = [finding for finding in findings if finding.stops is not None]
    if not stopping:
        return Summary(EXIT_DONE, "No network connection was opened, and none was tried.")
    if any(finding.group == RESULT for finding in stopping):
        return Summary(EXIT_UNPROVEN, "Something tried to reach the network. It did not succeed here.")
    names = ", ".join(finding.name for finding in stopping)
    return Summary(EXIT_UNPROVEN, f"Nothing reached the network, but the proof is not complete: see {names}.")


@dataclass(frozen=True, slots=True)
class _Watch:
    means: Means
    folder: Path
    environment: Mapping[str, str]

    def run(self, arguments: Sequence[str]) -> Run:
        command = (sys.executable, *arguments)
        return run_watched(command, self.means, self.folder, self.environment, timeout=LONGEST)

    def control(self) -> Finding:
        """A connection tried on purpose: every way has to see it, and none may let it through."""
        # Behind Python's back only where the namespace keeps it in.
        kernel = (control.KERNEL,) if self.means.namespace else ()
        run = self.run(("-m", "greenroom.doctoring.control", *kernel))
        wanted = ["python failed", *(["kernel failed"] if kernel else [])]
        blind = [
            *(["the audit hook"] if not run.seen.hook else []),
            *(["strace"] if kernel and self.means.strace and not run.seen.kernel else []),
        ]
        if run.output.splitlines() == wanted and not blind:
            told = f"a connection to {control.ADDRESS}, tried on purpose, failed and was seen"
            return Finding(HOW, "control", "ok", told)
        told = (
            f"{' and '.join(blind)} did not see an attempt that was made on purpose" if blind else run.output
        )
        cure = cures("offline")
        return Finding(HOW, "control", "look here", told or run.complaint.strip(), cure, EXIT_UNPROVEN)


def _how(means: Means) -> Iterator[Finding]:
    for name in means.names:
        yield Finding(HOW, "by", "ok", name)


def _done(step: Step, run: Run) -> Finding:
    if run.status == EXIT_DONE:
        return Finding(WHAT, step.what, "ok", f"done in {run.seconds:.0f} s")
    lines = [line for line in run.complaint.splitlines() if line.strip()]
    said = next((line for line in lines if line.startswith("error: ")), lines[-1] if lines else "")
    ended = f"ended with status {run.status}" if run.status is not None else f"gave no end in {LONGEST:g} s"
    told = f"{ended}: {said.removeprefix('error: ')}" if said else ended
    return Finding(WHAT, step.what, "look here", told, cures("offline-run"), EXIT_UNPROVEN)


def _covered(means: Means) -> str:
    watched = "whatever it is written in" if means.strace else "as far as it is written in Python"
    kept = "; nothing could have got out, seen or not" if means.namespace else ""
    return f"these steps, on this computer, in every process that they started, {watched}{kept}"


def _uncovered(means: Means) -> str:
    """What a person might take the proof for, and it is not."""
    gaps = ["models fetch (the one command that downloads, and asks)", "reanalyze --cluster"]
    if not means.strace:
        libraries = "what libraries that are not Python do by themselves"
        gaps.append(f"the counting of {libraries}" if means.namespace else libraries)
    gaps.append("what would be tried only after a longer time than an interview of one question takes")
    gaps.append("a microphone: a recording answered")
    gaps.append("what programs behind the sockets on this computer do, such as a sound server")
    return "; ".join(gaps)


def _listed(items: Sequence[str]) -> str:
    more = len(items) - _MOST_SHOWN
    return "; ".join(items[:_MOST_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _greenroom(*arguments: str) -> tuple[str, ...]:
    return ("-m", "greenroom", *arguments)


def _environment(folder: Path) -> dict[str, str]:
    """The person's, but for settings: those are in the steps' options, and none of their files is touched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GREENROOM_")}
    return {
        **kept,
        "GREENROOM_RECORDINGS": str(folder / "recordings"),
        "GREENROOM_DATA": str(folder / "data"),
        "GREENROOM_CONFIG": str(folder / "no-settings.toml"),
    }
