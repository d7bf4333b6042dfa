"""Stories that show just what a test is about, and the map of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone

from greenroom.preparation.coverage.coverage import Coverage, cover
from greenroom.preparation.coverage.story_map import StoryMap, map_of
from greenroom.preparation.coverage.wanted import Wanted
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_quality import StoryQuality
from greenroom.questions import QuestionBank, load_banks
from greenroom.records import Finding, Question, RubricScore, SignalEvidence, Span

FIRST = datetime(2026, 10, 26, 20, 15, tzinfo=timezone.utc)
SPAN = Span("I moved it.", None, None, 0, 2)
CONFIDENCE = {"strong": 0.9, "weak": 0.55}


def whole(name: str, title: str = "", **more: object) -> Story:
    """A story with all its parts."""
    parts = {part: f"The {part}." for part in ("situation", "task", "action", "result")}
    return Story(name, title or name.capitalize(), **{**parts, **more})  # type: ignore[arg-type]


def quality(name: str, strengths: Mapping[str, str], patterns: Sequence[str] = ()) -> StoryQuality:
    """What the analyzer would read in a story that shows signals "strong" or "weak"."""
    others = {id: how for id, how in strengths.items() if id != "clarity"}
    signals = tuple(SignalEvidence(id, (SPAN,), CONFIDENCE[how]) for id, how in others.items())
    clear = {"strong": 4, "weak": 3}.get(strengths.get("clarity", ""), 1)  # which the rubric alone knows
    found = tuple(Finding(id, 0.9, (SPAN,), "why", "advice") for id in patterns)
    return StoryQuality(name, "story", found, signals, (RubricScore("clarity", clear, "why"),))


def told(day: int, turn: int = 1, angle: str = "", session: str = "") -> Told:
    at = FIRST + timedelta(days=day)
    return Told(session or f"day-{day}", turn, at.isoformat(), angle)


def covered(
    wanted: Sequence[str], shown: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[Story, ...], dict[str, StoryQuality], Coverage]:
    stories = tuple(whole(name) for name in shown)
    qualities = {name: quality(name, strengths) for name, strengths in shown.items()}
    return stories, qualities, cover(stories, qualities, wanted)


def made_map(
    stories: Sequence[Story],
    shown: Mapping[str, Mapping[str, str]],
    wanted: Sequence[str],
    *,
    patterns: Mapping[str, Sequence[str]] | None = None,
    banks: Sequence[QuestionBank] | None = None,
    role: str = "Backend Engineer",
) -> StoryMap:
    """The map of these stories; where no banks are given it is held against those that are shipped."""
    hides = patterns or {}
    qualities = {name: quality(name, shown.get(name, {}), hides.get(name, ())) for name in _names(stories)}
    its = Wanted(tuple(wanted), "role", role, "backend engineer")
    return map_of(its, stories, qualities, load_banks() if banks is None else banks)


def _names(stories: Sequence[Story]) -> list[str]:
    return [story.name for story in stories]


def question(id: str, kind: str, *signals: str, text: str = "", level: str = "any") -> Question:
    return Question(id, text or f"Question {id}?", kind=kind, signals=signals, level=level)
