"""The plan in the terminal: in colour on a screen, plain lines anywhere else, 80 columns in both."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator
from datetime import date

from rich.text import Text

from greenroom.preparation.plan.next_things import ago
from greenroom.preparation.plan.plan import Plan, Step
from greenroom.preparation.plan.weeks import FOUR_WEEKS, MOST_STORIES, SEVEN, days_between
from greenroom.review.dates import day, month
from greenroom.review.wording import printable
from greenroom.screens import counted

_ACCENT = "green"
_WIDTH = 80
_STATE, _TITLE, _DAYS = 10, 34, 19  # columns
_INDENT = 2

TITLES = {
    "collect": "Collect stories",
    "map": "Map them to qualities",
    "angles": "Tell them from two angles or more",
    "mock": "Mock interviews with a look back",
}
_STATES = {
    "done": "done",
    "now": "now",
    "behind": "catch up",
    "left": "as it is",
    "later": "later",
    "none": "–",
}


def plan_lines(plan: Plan, command: tuple[str, ...], reminder: str = "") -> Iterator[Text]:
    """The plan line by line.

    Args:
        command: the words of the command line that does the next thing, "greenroom" among them.
        reminder: what the person wanted to do differently next time; "" for nothing.
    """
    yield Text()
    yield Text(heading(plan), style="bold")
    yield Text()
    yield from _next(plan, command)
    if plan.phase == "before":
        yield Text()
        yield from _steps(plan)
        for text in told_behind(plan):
            yield from _say(text)
    if reminder:
        yield Text()
        yield from _say(reminder)
    yield Text()


def heading(plan: Plan) -> str:
    """Until when, and for what: "Saturday 19 December 2026, backend engineer: 28 days left"."""
    role = f", {printable(plan.goal.role)}" if plan.goal.role else ""
    if plan.goal.interview is None:
        if plan.today >= plan.end:
            return f"Four weeks are over{role}, and no date is set"
        return f"Four weeks, until {_long(plan.end)}{role}: {counted(plan.days_left, 'day')} left"
    when = f"{_long(plan.goal.interview)}{role}"
    if plan.phase == "before":
        return f"{when}: {counted(plan.days_left, 'day')} left"
    return f"{when}: today" if plan.phase == "day" else f"{when}: {ago(plan.today, plan.goal.interview)}"


def told_behind(plan: Plan) -> Iterator[str]:
    """What becomes of steps whose days are over: what will do now, said without reproach."""
    left = counted(plan.days_left, "day")
    for step in plan.behind:
        if step.done < step.enough and step.state in ("behind", "now") and step.last is not None:
            what, until = TITLES[step.id], day(step.last)
            yield f"{what}: planned until {until}; with {left} left, {step.enough} will do."
    if any(step.state == "left" for step in plan.steps):
        yield f"“{_STATES['left']}”: what is there will do; more is still welcome."


def typed(command: tuple[str, ...], width: int = _WIDTH) -> list[str]:
    """A command as it is typed or copied, on lines that a shell joins again."""
    lines = [" " * 2 * _INDENT]
    for word in map(shlex.quote, command):
        longer = f"{lines[-1]} {word}" if lines[-1].strip() else lines[-1] + word
        if lines[-1].strip() and len(longer) > width - len(" \\"):
            lines[-1] += " \\"
            lines.append(" " * 3 * _INDENT + word)
        else:
            lines[-1] = longer
    return lines


def _next(plan: Plan, command: tuple[str, ...]) -> Iterator[Text]:
    name = "Next" if plan.phase != "day" else "Today"
    yield from _say(f"{name}: {plan.next.what}", f"bold {_ACCENT}", 0)
    yield from _say(f"{plan.next.why} About {counted(plan.next.minutes, 'minute')}.")
    yield Text()
    for line in typed(command):
        yield Text(line, style="bold")


def _steps(plan: Plan) -> Iterator[Text]:
    span = days_between(plan.goal.started, plan.end)
    name = "The four weeks" if span == FOUR_WEEKS else f"The four steps, in {counted(max(1, span), 'day')}"
    yield Text(name, style="bold")
    for step in plan.steps:
        now = step.state == "now"
        line = Text(" " * _INDENT)
        line.append(f"{_STATES[step.state]:<{_STATE}}", style=_ACCENT if now else "dim")
        line.append(f"{TITLES[step.id]:<{_TITLE}} ", style="bold" if now else "")
        line.append(f"{_days(step):<{_DAYS}}", style="dim")
        line.append(_count(step))
        yield line


def _count(step: Step) -> str:
    if step.state == "none":
        return "–"
    most = f" to {MOST_STORIES}" if step.id == "collect" and step.planned >= SEVEN else ""
    if most or step.done <= step.planned:
        return f"{step.done} of {step.planned}{most}"
    return f"{step.done} ({step.planned} planned)" if step.planned else str(step.done)


def _days(step: Step) -> str:
    if step.first is None or step.last is None:
        return "along the way" if step.planned else "no time for it"
    return day(step.first) if step.first == step.last else f"{day(step.first)} to {day(step.last)}"


def _say(text: str, style: str = "", indent: int = _INDENT) -> Iterator[Text]:
    space = " " * indent
    for line in textwrap.wrap(
        printable(text), _WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False
    ):
        yield Text(line, style=style)


def _long(at: date) -> str:
    """Saturday 19 December 2026"""
    return f"{at:%A} {at.day} {month(at)}"
