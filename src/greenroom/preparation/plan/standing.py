"""What there is of each step, measured from files and sessions; nothing of it can be ticked by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from greenroom.preparation.coverage.coverage import Coverage, cover
from greenroom.preparation.coverage.wanted import wanted_qualities
from greenroom.preparation.look_back.look_back_file import load_look_backs
from greenroom.preparation.places import debriefs_folder
from greenroom.preparation.plan.goal import Goal
from greenroom.preparation.plan.mock_interviews import day_of, is_mock, own_sessions
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_files import load_stories
from greenroom.preparation.stories.story_quality import StoryQuality

ENOUGH_ANGLES = 2
"""Angles from which a story has to be told for it to count."""

ReadQualities = Callable[[Sequence[Story], Path], Mapping[str, StoryQuality]]
"""Stories, and the data folder, to what the analyzer reads in each, by their names."""

_DATE = len("2026-11-21")


@dataclass(frozen=True, slots=True)
class Mock:
    """One mock interview: the name of its session, its day, and whether it was looked back at."""

    session: str
    day: date
    looked_back: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What exists.

    Attributes:
        stories: all that can be read.
        mocks: those held since the plan began, the earliest first.
        practised: the day of the person's latest session of any kind, None where there is none.
        debriefs: the days of the debriefs.
        faults: of the person's files, a line each.
    """

    stories: tuple[Story, ...]
    coverage: Coverage
    mocks: tuple[Mock, ...] = ()
    practised: date | None = None
    debriefs: tuple[date, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def whole(self) -> tuple[Story, ...]:
        """Stories in which no part is missing."""
        return tuple(story for story in self.stories if not story.missing)

    @property
    def unfinished(self) -> tuple[Story, ...]:
        """Stories that were begun: something is written, and something missing."""
        return tuple(story for story in self.stories if story.missing)

    def done(self, step: str) -> int:
        """How much there is of one of weeks.STEPS."""
        return {
            "collect": len(self.whole),
            "map": len(self.coverage.strong),
            "angles": sum(len(angles_of(story)) >= ENOUGH_ANGLES for story in self.whole),
            "mock": sum(mock.looked_back for mock in self.mocks),
        }[step]


def angles_of(story: Story) -> frozenset[str]:
    """The angles that a story was told from."""
    return frozenset(told.angle for told in story.told if told.angle)


def wanted_by(goal: Goal) -> tuple[str, ...]:
    """The qualities that the person chose, else those to begin with for the role."""
    return wanted_qualities(None, (), goal).qualities


def measure(goal: Goal, data: Path, recordings: Path, read: ReadQualities) -> Standing:
    """Look at everything there is. What cannot be read is named in `faults` and spoils nothing else."""
    loaded = load_stories(data)
    look_backs, faults = load_look_backs(data)
    coverage = cover(loaded.stories, read(loaded.stories, data), wanted_by(goal))
    mocks, practised = _sessions(recordings, goal.started, {each.session for each in look_backs})
    return Standing(
        loaded.stories, coverage, mocks, practised, _debriefs(data), (*map(str, loaded.faults), *faults)
    )


def _sessions(recordings: Path, since: date, looked_back: set[str]) -> tuple[tuple[Mock, ...], date | None]:
    """Mock interviews held on the day `since` and later, and the day of the latest session of any kind."""
    mocks: list[Mock] = []
    practised: date | None = None
    for name, session in own_sessions(recordings):
        day = day_of(session)
        if day is None or not session.turns:
            continue
        practised = practised or day
        if day < since:
            break
        if is_mock(session):
            mocks.append(Mock(name, day, bool({name, session.id} & looked_back)))
    return tuple(reversed(mocks)), practised


def _debriefs(data: Path) -> tuple[date, ...]:
    """The days of the debriefs, as they stand in the names of their folders."""
    found = []
    for path in sorted(debriefs_folder(data).glob("*/debrief.toml")):
        try:
            found.append(date.fromisoformat(path.parent.name[:_DATE]))
        except ValueError:  # a folder that was given another name
            continue
    return tuple(found)
