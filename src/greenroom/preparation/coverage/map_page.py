"""data/map.html: the story map as a page that opens from the disk and loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.preparation.coverage import coverage_lines, question_types, story_map, wanted
from greenroom.preparation.coverage.coverage import Strength
from greenroom.preparation.coverage.overuse import RULE
from greenroom.preparation.coverage.story_map import StoryMap, title_of
from greenroom.preparation.places import make_folder
from greenroom.preparation.stories.stories import Story, Told
from greenroom.review.dates import day, moment
from greenroom.review.pages import MAP_FILE, REPORT_FILE, page_text, write_page_over
from greenroom.screens import listed
from greenroom.screens.names import PATTERN_TITLES, named

STRENGTH_WORDS: dict[Strength | None, str] = {"strong": "strong", "weak": "weak", None: "not shown"}
VERDICT_WORDS: dict[Strength | None, str] = {"strong": "strong", "weak": "only weak", None: "none yet"}

_MOST_TITLES = 10
"""Stories; of more only the numbers stand over the table, and the titles below it."""


_MOST_GAPS = 8
"""Shown at once; the others when they are asked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """One quality: how each story shows it, and how it is shown at best."""

    title: str
    cells: tuple[Strength | None, ...]
    best: Strength | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One story below the table.

    Attributes:
        shows: what it shows, a line for each strength.
        lacks: what to mend, in words; () for nothing.
        told: when it was told, in a line; "" where it never was.
        report: address of the page of the last session that told it, "" where there is none.
        uses: why it is called over-used.
    """

    name: str
    title: str
    shows: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    told: str
    report: str
    uses: tuple[str, ...]


def write_page(seen: StoryMap, data: Path, recordings: Path) -> Path:
    """Write the page into the data folder, for its owner only, and return where it is.

    Raises:
        BadInputError: it cannot be written, or somebody else's page is in its place.
    """
    make_folder(data)
    path = data / MAP_FILE
    write_page_over(path, html_of(seen, recordings), again="greenroom stories map")
    return path


def html_of(seen: StoryMap, recordings: Path) -> str:
    """The page as text."""
    return page_text(
        "map",
        (),
        seen=seen,
        lines=[_line(seen, quality) for quality in seen.coverage.wanted],
        sheets=[_sheet(seen, story, recordings) for story in seen.stories],
        titles_above=len(seen.stories) <= _MOST_TITLES,
        strength_words=STRENGTH_WORDS,
        verdict_words=VERDICT_WORDS,
        kind_words=coverage_lines.kind_words,
        gap_title=coverage_lines.gap_title,
        use_told=story_map.use_told,
        own_words=question_types.without_questions(seen.coverage),
        no_question_told=coverage_lines.no_question_told,
        titled=_titled,
        most_gaps=_MOST_GAPS,
        rule=RULE,
    )


def _titled(qualities: Sequence[str]) -> str:
    """ "Customer focus, ownership and clarity"."""
    return listed([wanted.quality_title(qualities[0]), *map(wanted.quality_in_sentence, qualities[1:])])


def _line(seen: StoryMap, quality: str) -> Line:
    cells = tuple(seen.coverage.of(story.name, quality) for story in seen.stories)
    return Line(wanted.quality_title(quality), cells, seen.coverage.best(quality))


def _sheet(seen: StoryMap, story: Story, recordings: Path) -> Sheet:
    strengths: tuple[tuple[str, Strength], ...] = (("Strong in", "strong"), ("Weak in", "weak"))
    shows = tuple(
        (words, listed([wanted.quality_in_sentence(each) for each in qualities]))
        for words, strength in strengths
        if (qualities := seen.coverage.qualities_of(story.name, strength))
    )
    missing = (f"No {listed(story.missing)} yet",) if story.missing else ()
    patterns = tuple(named(PATTERN_TITLES, finding.id) for finding in seen.patterns(story.name))
    last = story.told[-1] if story.told else None
    return Sheet(
        name=story.name,
        title=title_of(story),
        shows=shows,
        lacks=missing + patterns,
        told=_told(story),
        report=_report(last, recordings) if last else "",
        uses=tuple(story_map.use_told(seen, use, "It") for use in seen.overused if use.story == story.name),
    )


def _told(story: Story) -> str:
    """ "Told twice, last on 21 Nov 2026"."""
    if not story.told:
        return ""
    times = {1: "once", 2: "twice"}.get(len(story.told), f"{len(story.told)} times")
    try:
        on = f"{'' if len(story.told) == 1 else ', last'} on {day(moment(story.told[-1].at), year=True)}"
    except BadInputError:
        on = ""
    return f"Told {times}{on}"


def _report(told: Told, recordings: Path) -> str:
    """A session's name is written in a file by hand, perhaps: it leads to no place but the recordings."""
    try:
        root = recordings.resolve()
        page = (root / told.session / REPORT_FILE).resolve()
        there = page.parent.parent == root and page.is_file()
    except (OSError, ValueError):  # no name that a folder could have
        return ""
    return f"{page.as_uri()}#answer-{told.turn}" if there else ""
