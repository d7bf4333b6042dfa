"""The plan as of today: the one next thing with its command, and where each of the four steps stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from greenroom.preparation.plan.goal import Goal
from greenroom.preparation.plan.next_things import Next, after_the_interview, next_of, on_the_day
from greenroom.preparation.plan.standing import Standing, wanted_by
from greenroom.preparation.plan.weeks import (
    FEWEST_TO_GO_ON,
    FOUR_WEEKS,
    Stretch,
    caught_up_until,
    days_between,
    end_of,
    enough,
    stretches,
    targets,
)


@dataclass(frozen=True, slots=True)
class Step:
    """Where one step stands.

    Attributes:
        id: one of weeks.STEPS.
        first, last: its days; None where it has none of its own.
        done: how much there is.
        enough: how much is enough as of today; `planned` is how much was on the first day.
        state: "done", "now" (the next thing is of this step), "behind" (its days are over, and it is being
            caught up), "left" (its days are over, and what there is will do), "later", or "none" (there is
            no time for it).
    """

    id: str
    first: date | None
    last: date | None
    done: int
    enough: int
    planned: int
    state: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Attributes:
    phase: "before" the interview, "day" of it, or "after" it.
    end: the day of the interview; without a date, the day after four weeks.
    days_left: days to prepare on, today among them; 0 on the day itself and after it.
    focus: the signal that the next mock interview probes, or None.
    wanted: the qualities.
    """

    goal: Goal
    today: date
    end: date
    days_left: int
    phase: str
    next: Next
    steps: tuple[Step, ...]
    focus: str | None
    wanted: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def behind(self) -> tuple[Step, ...]:
        """Steps whose days are over and which have less than was planned."""
        return tuple(
            step
            for step in self.steps
            if step.done < step.planned and step.last is not None and step.last < self.today
        )


def make_plan(goal: Goal, today: date, standing: Standing, focus: str | None = None) -> Plan:
    """The plan of one day, from what exists. Pure.

    Args:
        focus: the signal that the next mock interview is to probe (look_backs.wanted_focus).
    """
    wanted = wanted_by(goal)
    end = end_of(goal.started, goal.interview)
    calendar = stretches(goal.started, end)
    phase = _phase(goal, today)
    left = max(days_between(today, end), 1 if phase == "before" else 0)
    steps = _steps(goal, today, calendar, standing, len(wanted))
    if phase == "before":
        current = current_step(steps, calendar, today)
        following = next_of(current, standing, left if goal.interview else FOUR_WEEKS, today, focus)
        steps = tuple(_placed(step, current, calendar, today) for step in steps)
    else:
        following = (on_the_day if phase == "day" else after_the_interview)(goal, standing, today, focus)
        steps = tuple(replace(step, state=_settled(step)) for step in steps)
    return Plan(goal, today, end, left, phase, following, steps, focus, wanted, standing.faults)


def current_step(steps: tuple[Step, ...], calendar: tuple[Stretch, ...], today: date) -> str | None:
    """The step that the next thing is of; None where all four have all that was planned.

    The first that lacks something, as long as it may still be caught up; before there are a few stories, that
    is collecting. Where only steps lack something that time has passed over, mock interviews come first.
    """
    lacking = [step.id for step in steps if step.done < step.enough]
    collect = steps[0]
    if collect.done < min(FEWEST_TO_GO_ON, collect.enough):
        return collect.id
    in_time = [id for id in lacking if today <= caught_up_until(id, calendar)]
    return next(iter([*in_time, *(id for id in lacking if id == "mock"), *lacking]), None)


def _phase(goal: Goal, today: date) -> str:
    if goal.interview is None or today < goal.interview:
        return "before"
    return "day" if today == goal.interview else "after"


def _steps(
    goal: Goal, today: date, calendar: tuple[Stretch, ...], standing: Standing, qualities: int
) -> tuple[Step, ...]:
    end = end_of(goal.started, goal.interview)
    planned = targets(max(1, days_between(goal.started, end)), qualities)
    steps = []
    for stretch in calendar:
        # Without a date nothing presses.
        fixed = goal.interview is not None
        will_do = enough(stretch.step, calendar, today, end, qualities) if fixed else planned.of(stretch.step)
        first, last = (stretch.first, stretch.last) if stretch.days else (None, None)
        done = standing.done(stretch.step)
        steps.append(Step(stretch.step, first, last, done, will_do, planned.of(stretch.step), ""))
    return tuple(steps)


def _placed(step: Step, current: str | None, calendar: tuple[Stretch, ...], today: date) -> Step:
    if step.id == current:
        state = "now"
    elif step.done >= step.enough:
        state = _settled(step)
    elif step.last is not None and today <= step.last:
        state = "later"
    else:
        state = "behind" if today <= caught_up_until(step.id, calendar) else "left"
    return replace(step, state=state)


def _settled(step: Step) -> str:
    """Of a step that is not gone on with: all that was planned is there, or what is there will do."""
    if not step.planned and not step.done:
        return "none"
    return "done" if step.done >= step.planned else "left"
