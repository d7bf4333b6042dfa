"""`greenroom plan`: the goal set, everything measured, the plan printed; and a look back given later."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from greenroom.preparation.coverage.wanted import wanted_qualities
from greenroom.preparation.look_back.look_back_file import LookBack, load_look_backs
from greenroom.preparation.look_back.look_back_words import reminder
from greenroom.preparation.look_back.look_backs import wanted_focus
from greenroom.preparation.plan.goal import Goal, goal_file, load_goal, save_goal
from greenroom.preparation.plan.plan import Plan, make_plan
from greenroom.preparation.plan.plan_lines import plan_lines
from greenroom.preparation.plan.standing import ReadQualities, measure
from greenroom.preparation.stories.quality_cache import qualities_of
from greenroom.screens import wants_plain_lines

_WITH_RECORDINGS = ("practice", "plan", "debrief")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said about the goal just now; what is None or () stays as it was."""

    interview: date | None = None
    role: str | None = None
    qualities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Where the person's own lies.

    Attributes:
        named: options that name it on the command line, which every command that is shown repeats.
    """

    data: Path
    recordings: Path
    named: tuple[tuple[str, Path], ...] = ()

    def command(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words of a command line that does the same in the same place."""
        known = [
            (name, path) for name, path in self.named if name == "--data" or words[0] in _WITH_RECORDINGS
        ]
        return ("greenroom", *words, *(part for name, path in known for part in (name, str(path))))


def set_goal(data: Path, wishes: Wishes, today: date) -> Goal:
    """The goal as it stands now, saved where something of it is new.

    Without one the plan begins today, and so it does where another date follows an interview that is over.

    Raises:
        BadInputError: plan.toml has faults, or cannot be written.
        UsageError: more qualities than anybody can prepare for, or an empty one.
    """
    before = load_goal(data)
    goal = before or Goal(None, today)
    over = goal.interview is not None and goal.interview < today
    if wishes.interview is not None and over and wishes.interview > today:
        goal = replace(goal, started=today)
    goal = replace(
        goal,
        interview=wishes.interview or goal.interview,
        role=goal.role if wishes.role is None else " ".join(wishes.role.split()),
        qualities=wanted_qualities(None, wishes.qualities, None).qualities
        if wishes.qualities
        else goal.qualities,
    )
    if goal != before:
        save_goal(data, goal)
    if before is None:
        print(f"Your plan begins today; it is kept in {goal_file(data)}.", file=sys.stderr)
    return goal


def plan_of(goal: Goal, today: date, places: Places, read: ReadQualities = qualities_of) -> Plan:
    """The plan of one day, from everything there is."""
    standing = measure(goal, places.data, places.recordings, read)
    return make_plan(goal, today, standing, wanted_focus(places.data, places.recordings))


def show_plan(places: Places, wishes: Wishes, today: date, *, as_json: bool = False) -> None:
    """Set the goal where wishes were said, and print the plan of `today`; faults go to standard error.

    Raises:
        BadInputError: plan.toml has faults, or cannot be written.
    """
    goal = set_goal(places.data, wishes, today)
    plan = plan_of(goal, today, places)
    look_backs, _ = load_look_backs(places.data)
    last = look_backs[-1] if look_backs else None
    for fault in plan.faults:
        print(fault, file=sys.stderr)
    if as_json:
        print(json.dumps(as_data(plan, places, last)))
    else:
        _print(plan, places, reminder(last.fix, last.signal) if last else "")


def as_data(plan: Plan, places: Places, last: LookBack | None) -> dict[str, Any]:
    """The plan as plain data for JSON."""
    told: dict[str, Any] = msgspec.to_builtins(plan)
    command = shlex.join(places.command(plan.next.command))
    told["next"] = {**told["next"], "command": command}
    return {**told, "last_look_back": msgspec.to_builtins(last)}


def _print(plan: Plan, places: Places, last: str) -> None:
    lines = plan_lines(plan, places.command(plan.next.command), last)
    if wants_plain_lines(sys.stdout):
        print("\n".join(line.plain for line in lines))
        return
    from rich.console import Console

    console = Console(highlight=False)
    for line in lines:
        console.print(line, soft_wrap=True)
