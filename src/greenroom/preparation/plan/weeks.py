"""The plan's arithmetic: four steps over the days there are, how much of each, until when. Pure and total.

Every number here that carries a judgement says so; docs/plan.md tells the same to the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

STEPS = ("collect", "map", "angles", "mock")
"""Stories collected, mapped to qualities, told from different angles; mock interviews with a look back."""

FOUR_WEEKS = 28
"""Days; a week for each step, as in the four-week plan that this follows, and without an interview's date."""

SEVEN, MOST_STORIES = 7, 10
"""Stories, where all of FOUR_WEEKS is there: seven to ten."""

FEWEST_TO_GO_ON = 3
"""Stories without which nothing later is begun while there is time. (Judgement: with fewer, two questions in
one interview would be answered by the same story.)"""

_FIRST_TO_GET_A_DAY = ("collect", "mock", "angles", "map")
"""Who gets the days that are left over when they are dealt out evenly. (Judgement: without a story there is
nothing to rehearse; then a rehearsal aloud is worth most; mapping takes minutes.)"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of one step, in order; none where there are fewer days than steps."""

    step: str
    first: date
    days: int

    @property
    def last(self) -> date:
        """Its last day; the day before `first` where it has none."""
        return self.first + timedelta(days=self.days - 1)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Targets:
    """How much of each step is enough.

    Attributes:
        collect: stories that are whole.
        map: qualities with a strong story.
        angles: stories told from two angles or more.
        mock: mock interviews with a look back.
    """

    collect: int
    map: int
    angles: int
    mock: int

    def of(self, step: str) -> int:
        return {"collect": self.collect, "map": self.map, "angles": self.angles, "mock": self.mock}[step]


def end_of(started: date, interview: date | None) -> date:
    """The day of the interview; without one the day after four weeks."""
    return interview or _later(started, FOUR_WEEKS)


def days_between(first: date, end: date) -> int:
    """Days to prepare on, from `first` to the day before `end`; 0 on the day itself and after it."""
    return max(0, (end - first).days)


def stretches(started: date, end: date) -> tuple[Stretch, ...]:
    """The days from `started` to the day before `end`, dealt out to STEPS in their order.

    Each gets as many as the others, and what is left over goes round by _FIRST_TO_GET_A_DAY. Where `end` is
    `started` or earlier there is one day, `started`.
    """
    days = max(1, days_between(started, end))
    each, over = divmod(days, len(STEPS))
    found: list[Stretch] = []
    first = started
    for step in STEPS:
        its = each + (_FIRST_TO_GET_A_DAY.index(step) < over)
        found.append(Stretch(step, first, its))
        first = _later(first, its)
    return tuple(found)


def step_on(day: date, calendar: tuple[Stretch, ...]) -> str:
    """The one step that a day belongs to; days before and after are the first one's and the last one's."""
    with_days = [stretch for stretch in calendar if stretch.days]
    held = [stretch for stretch in with_days if stretch.holds(day)]
    return (held or (with_days[:1] if day < with_days[0].first else with_days[-1:]))[0].step


def targets(days: int, qualities: int) -> Targets:
    """What is enough where there are so many days, and so many qualities are wanted.

    Judgement throughout: in four weeks (from 26 days on) seven stories, all qualities, four stories from
    several angles, four mock interviews. With less time less of each, and never more than three stories or
    two mock interviews in one of the step's days. In three days three stories, one of them from two angles,
    and one mock interview; mapping then has no time of its own. On the last day one story and one mock
    interview.
    """
    weeks = max(0, days) // 7
    stories = min(SEVEN, 3 + (days + 2) // 7) if days >= 3 else 2 if days == 2 else 1
    whole = stories == SEVEN
    return Targets(
        collect=stories,
        map=0 if days < len(STEPS) else qualities if whole else min(qualities, stories),
        angles=0 if days < 3 else min(4, 1 + weeks),
        mock=min(4, 1 + weeks),
    )


def enough(step: str, calendar: tuple[Stretch, ...], today: date, end: date, qualities: int) -> int:
    """What is enough of a step as of today.

    Until its days are over that is what the whole plan has room for; afterwards no more than what the days
    that are left would have room for. It never grows as days pass.
    """
    started = calendar[0].first
    planned = targets(max(1, days_between(started, end)), qualities).of(step)
    if today <= _stretch_of(step, calendar).last:
        return planned
    left = targets(days_between(max(today, started), end), qualities).of(step)
    return min(planned, max(1, left) if step in ("collect", "mock") else left)


def caught_up_until(step: str, calendar: tuple[Stretch, ...]) -> date:
    """The last day on which a step that is behind comes before a later one.

    That is half-way through the days of the next step that has any (judgement: catching up may take half of
    them, and no more). The last step has until its own last day.
    """
    place = STEPS.index(step)
    later = [stretch for stretch in calendar[place + 1 :] if stretch.days]
    if not later:
        return calendar[-1].last
    return _later(later[0].first, ceil(later[0].days / 2) - 1)


def _stretch_of(step: str, calendar: tuple[Stretch, ...]) -> Stretch:
    return calendar[STEPS.index(step)]


def _later(day: date, days: int) -> date:
    """So many days later, and never beyond what a calendar knows."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max
