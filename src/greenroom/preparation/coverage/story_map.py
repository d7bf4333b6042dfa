"""A person's stories held against what they prepare for: all that the map tells, however it is shown."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from greenroom.preparation.coverage.coverage import Coverage, cover
from greenroom.preparation.coverage.overuse import OverUse, over_used
from greenroom.preparation.coverage.question_types import Gap, unanswered, without_questions
from greenroom.preparation.coverage.wanted import Wanted, quality_in_sentence, quality_title, wanted_qualities
from greenroom.preparation.plan.goal import load_goal
from greenroom.preparation.stories.quality_cache import qualities_of
from greenroom.preparation.stories.stories import ANGLES, Story
from greenroom.preparation.stories.story_files import StoryFault, load_stories
from greenroom.preparation.stories.story_quality import HIDES, StoryQuality, sure_patterns
from greenroom.questions import QuestionBank, load_banks, question_data
from greenroom.records import SIGNALS, Finding
from greenroom.review.wording import printable
from greenroom.screens import listed
from greenroom.screens.names import PATTERN_TITLES, named


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next, the command that does it, and what stands in the way, "" for nothing."""

    told: str
    command: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class StoryMap:
    """Attributes:
    faults: of files that could not be used.
    qualities: what was read in each story, by its name.
    gaps: types of questions that no story answers.
    """

    wanted: Wanted
    stories: tuple[Story, ...]
    faults: tuple[StoryFault, ...]
    qualities: Mapping[str, StoryQuality]
    coverage: Coverage
    gaps: tuple[Gap, ...]
    overused: tuple[OverUse, ...]

    @property
    def next(self) -> NextStep:
        return next_step(self)

    def story(self, name: str) -> Story:
        return next(story for story in self.stories if story.name == name)

    def patterns(self, name: str) -> tuple[Finding, ...]:
        """What still hides the work in a story; () for one that was not read."""
        return sure_patterns(self.qualities[name]) if name in self.qualities else ()


def read_map(
    data: Path,
    role: str | None = None,
    own: Sequence[str] = (),
    reading: Callable[[int], None] = lambda _: None,
) -> StoryMap:
    """The map of the stories in the person's data folder.

    Args:
        role, own: as in `wanted_qualities`.
        reading: told how many stories will be read, before that takes its time.

    Raises:
        UsageError: qualities that cannot be used.
        BadInputError: a plan, or a bank, that cannot be read.
    """
    wanted = wanted_qualities(role, own, load_goal(data))
    loaded = load_stories(data)
    qualities = qualities_of(loaded.stories, data, reading)
    return map_of(wanted, loaded.stories, qualities, load_banks(), loaded.faults)


def map_of(
    wanted: Wanted,
    stories: Sequence[Story],
    qualities: Mapping[str, StoryQuality],
    banks: Sequence[QuestionBank],
    faults: Sequence[StoryFault] = (),
) -> StoryMap:
    """The map of stories that are read already."""
    coverage = cover(stories, qualities, wanted.qualities)
    return StoryMap(
        wanted,
        tuple(stories),
        tuple(faults),
        qualities,
        coverage,
        unanswered(coverage, banks),
        over_used(stories, coverage),
    )


def next_step(seen: StoryMap) -> NextStep:
    """First a story at all; then, as in the plan, a weak quality before one without a story; then rest."""
    if not seen.stories:
        return NextStep("Tell your first story, aloud and just as it comes.", "greenroom stories tell")
    if seen.coverage.weak:
        return _strengthen(seen, seen.coverage.weak[0])
    if seen.coverage.uncovered:
        quality = quality_in_sentence(seen.coverage.uncovered[0])
        return NextStep(f"Tell a story that shows {quality}.", "greenroom stories tell")
    if often := [use.story for use in seen.overused if use.often]:
        return _rest(seen, often)
    return _practise(seen)


def use_told(seen: StoryMap, use: OverUse, who: str = "") -> str:
    """Why a story is called over-used, in a sentence about `who`, or about its title."""
    who = who or f"“{title_of(seen.story(use.story))}”"
    reasons = []
    if use.told:
        often = "all" if use.told == use.of else str(use.told)
        reasons.append(f"was told in {often} of the last {use.of} sessions that told a story")
    if use.in_a_row:
        reasons.append(f"was the only one told in the last {use.in_a_row} tellings")
    if use.alone_for:
        qualities = listed([quality_in_sentence(each) for each in use.alone_for])
        reasons.append(f"is the only strong story for {qualities}")
    return f"{who} {listed(reasons)}."


def title_of(story: Story) -> str:
    """A title on one line, or the name where there is none."""
    return printable(story.title) or printable(story.name)


def as_data(seen: StoryMap) -> dict[str, Any]:
    """The map as plain data for JSON."""
    coverage = seen.coverage
    return {
        "role": seen.wanted.role or None,
        "known_as": seen.wanted.known_as or None,
        "source": seen.wanted.source,
        "qualities": [_quality_data(coverage, quality) for quality in coverage.wanted],
        "stories": [_story_data(seen, story) for story in seen.stories],
        "cells": [asdict(cell) for cell in coverage.cells],
        "strong": list(coverage.strong),
        "weak": list(coverage.weak),
        "uncovered": list(coverage.uncovered),
        "unanswered": [_gap_data(gap) for gap in seen.gaps],
        "without_questions": list(without_questions(coverage)),
        "overused": [{**asdict(use), "told_as": use_told(seen, use)} for use in seen.overused],
        "next": asdict(seen.next),
        "faults": [str(fault) for fault in seen.faults],
    }


def _strengthen(seen: StoryMap, quality: str) -> NextStep:
    """A weak quality: the story that shows it and has the least to mend."""
    names = seen.coverage.stories_with(quality, "weak")
    name = min(names, key=lambda each: (len(seen.story(each).missing), len(seen.patterns(each))))
    story = seen.story(name)
    told = f"Make “{title_of(story)}” show {quality_in_sentence(quality)} strongly."
    why = _what_to_mend(seen, story, quality)
    return NextStep(told, f"greenroom stories edit {shlex.quote(name)}", why)


def _what_to_mend(seen: StoryMap, story: Story, quality: str) -> str:
    if story.missing:
        return f"It has no {listed(story.missing)} yet."
    patterns = [finding.id for finding in seen.patterns(story.name)]
    hiding = [id for id in patterns if quality not in SIGNALS or quality in HIDES.get(id, ())]
    if not hiding:
        return "So far its words only hint at it."
    return f"What hides it: {_lower(named(PATTERN_TITLES, hiding[0]))}."


def _rest(seen: StoryMap, often: Sequence[str]) -> NextStep:
    others = [story for story in seen.stories if story.name not in often]
    tired = title_of(seen.story(often[0]))
    if not others:
        return NextStep(f"Tell another story, so that “{tired}” can rest.", "greenroom stories tell")
    other = min(others, key=lambda each: (len(each.missing), len(seen.patterns(each.name)), len(each.told)))
    told = f"Let “{tired}” rest, and practise “{title_of(other)}”."
    return NextStep(told, f"greenroom practice --story {shlex.quote(other.name)}")


def _practise(seen: StoryMap) -> NextStep:
    """Everything is covered strongly: the story told least, from a side it was not told from."""
    story = min(seen.stories, key=lambda each: (len(each.missing), len(each.told)))
    heard = {told.angle for told in story.told}
    angle = next((angle for angle in ANGLES if angle not in heard), ANGLES[0])
    told = f"Every quality has a strong story. Tell “{title_of(story)}” from its {angle} side."
    return NextStep(told, f"greenroom practice --story {shlex.quote(story.name)} --angle {angle}")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _quality_data(coverage: Coverage, quality: str) -> dict[str, Any]:
    return {
        "id": quality,
        "title": quality_title(quality),
        "best": coverage.best(quality),
        "strong": list(coverage.stories_with(quality, "strong")),
        "weak": list(coverage.stories_with(quality, "weak")),
    }


def _story_data(seen: StoryMap, story: Story) -> dict[str, Any]:
    return {
        "name": story.name,
        "title": story.title,
        "missing": list(story.missing),
        "patterns": [finding.id for finding in seen.patterns(story.name)],
        "told": len(story.told),
        "strong": list(seen.coverage.qualities_of(story.name, "strong")),
        "weak": list(seen.coverage.qualities_of(story.name, "weak")),
    }


def _gap_data(gap: Gap) -> dict[str, Any]:
    types = [
        {"kind": each.kind, "count": len(each.questions), "example": question_data(each.example)}
        for each in gap.types
    ]
    return {"missing": list(gap.missing), "count": gap.questions, "types": types}
