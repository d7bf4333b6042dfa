"""Stories against qualities: which are shown strongly, which weakly, and which by no story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_quality import StoryQuality, shows

Strength = Literal["strong", "weak"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One story that shows one quality; what a story does not show has no cell."""

    story: str
    quality: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Coverage:
    """Attributes:
    wanted: the qualities, each once, in the order they were wanted in.
    cells: by story, in the order of the stories, and within a story in the order of `wanted`.
    """

    wanted: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def strong(self) -> tuple[str, ...]:
        """Qualities that at least one story shows strongly."""
        return tuple(quality for quality in self.wanted if self.best(quality) == "strong")

    @property
    def weak(self) -> tuple[str, ...]:
        """Qualities that stories show, and none of them strongly."""
        return tuple(quality for quality in self.wanted if self.best(quality) == "weak")

    @property
    def uncovered(self) -> tuple[str, ...]:
        """Qualities that no story shows."""
        return tuple(quality for quality in self.wanted if self.best(quality) is None)

    def best(self, quality: str) -> Strength | None:
        """How strongly a quality is shown where it is shown most."""
        strengths = {cell.strength for cell in self.cells if cell.quality == quality}
        return "strong" if "strong" in strengths else "weak" if strengths else None

    def of(self, story: str, quality: str) -> Strength | None:
        """How strongly one story shows one quality."""
        found = (cell.strength for cell in self.cells if (cell.story, cell.quality) == (story, quality))
        return next(found, None)

    def stories_with(self, quality: str, strength: Strength) -> tuple[str, ...]:
        """Names of the stories that show a quality just so strongly."""
        return tuple(c.story for c in self.cells if c.quality == quality and c.strength == strength)

    def qualities_of(self, story: str, strength: Strength) -> tuple[str, ...]:
        """Qualities that a story shows just so strongly."""
        return tuple(c.quality for c in self.cells if c.story == story and c.strength == strength)


def cover(stories: Sequence[Story], qualities: Mapping[str, StoryQuality], wanted: Sequence[str]) -> Coverage:
    """Hold every story against every wanted quality.

    Args:
        qualities: what was read in each story, by its name; a story that was not read shows nothing.
        wanted: of records.SIGNALS, or in the person's own words.
    """
    distinct = tuple(dict.fromkeys(wanted))
    cells = (
        Cell(story.name, quality, strength)
        for story in stories
        if story.name in qualities
        for quality in distinct
        if (strength := shows(qualities[story.name], story, quality)) is not None
    )
    return Coverage(distinct, tuple(cells))
