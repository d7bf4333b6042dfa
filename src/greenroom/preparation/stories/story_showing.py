"""`greenroom stories list`, `show` and `check`: in the terminal, or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from greenroom.errors import BadInputError
from greenroom.plain_mode import wants_words
from greenroom.preparation.places import stories_folder
from greenroom.preparation.stories.quality_cache import qualities_of
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_faults import StoryFault
from greenroom.preparation.stories.story_files import find_file, find_story, load_stories
from greenroom.preparation.stories.story_lines import WIDTH, list_lines, show_lines
from greenroom.preparation.stories.story_quality import StoryQuality, shows, to_add
from greenroom.preparation.stories.story_reading import read_file
from greenroom.screens import counted

if TYPE_CHECKING:
    from rich.text import Text

FORMAT = "docs/stories.md describes the format"


def show_list(data: Path, *, as_json: bool) -> None:
    """Print all stories to standard output.

    Raises:
        BadInputError: afterwards, if files have faults; its details name them.
    """
    loaded = load_stories(data)
    read = _qualities(loaded.stories, data)
    if as_json:
        stories = [_list_data(story, quality, data) for story, quality in read]
        print(json.dumps({"stories": stories, "faults": _fault_data(loaded.faults)}))
    else:
        _print(lambda screen: list_lines(read, stories_folder(data), screen=screen))
    refuse(loaded.faults, "greenroom stories edit NAME")


def show_one(data: Path, name: str, *, as_json: bool) -> None:
    """Print one story with its quality to standard output, and the faults of its file to standard error.

    Raises:
        UsageError: there is no such story.
        BadInputError: its file cannot be used.
    """
    story, path = find_story(data, name), find_file(data, name)
    faults = read_file(path).faults
    ((_, quality),) = _qualities([story], data)
    if as_json:
        print(json.dumps({**_data(story, quality, path), "faults": _fault_data(faults)}))
    else:
        _print(lambda screen: show_lines(story, quality, path, screen=screen))
    for fault in faults:
        print(fault, file=sys.stderr)


def check(data: Path, *, as_json: bool) -> None:
    """Print every fault of every story's file to standard output.

    Raises:
        BadInputError: afterwards, if there are any.
    """
    faults = load_stories(data).faults
    if as_json:
        print(json.dumps(_fault_data(faults)))
    else:
        print("\n".join(map(str, faults)) or "no faults")
    if faults:
        raise BadInputError(f"{counted(len(faults), 'fault')} found", FORMAT)


def refuse(faults: Sequence[StoryFault], hint: str) -> None:
    """BadInputError that names all faults, if there are any."""
    if faults:
        head = f"{counted(len(faults), 'fault')} in your stories; all else is used"
        raise BadInputError(head, f"{hint}; {FORMAT}", details=tuple(map(str, faults)))


def _qualities(stories: Sequence[Story], data: Path) -> list[tuple[Story, StoryQuality]]:
    read = qualities_of(stories, data, _tell_reading)
    return [(story, read.get(story.name) or StoryQuality(story.name, None, (), (), ())) for story in stories]


def _tell_reading(count: int) -> None:
    if sys.stderr.isatty():
        read = "the story" if count == 1 else f"{count} stories"
        print(f"reading {read}, which takes some seconds", file=sys.stderr)


def _print(lines_of: Callable[[bool], Iterator[Text]]) -> None:
    """Colours on a terminal, unless NO_COLOR; whole lines into a pipe, a file or a dumb terminal."""
    if not sys.stdout.isatty() or wants_words():
        print("\n".join(line.plain for line in lines_of(False)))
        return
    from rich.console import Console

    console = Console(highlight=False, width=WIDTH)
    for line in lines_of(True):
        console.print(line, soft_wrap=True)


def _list_data(story: Story, quality: StoryQuality, data: Path) -> dict[str, Any]:
    return {
        "name": story.name,
        "title": story.title,
        "path": str(stories_folder(data) / f"{story.name}.toml"),
        "missing": story.missing,
        "form": quality.form,
        "patterns": [{"id": each.id, "confidence": each.confidence} for each in quality.patterns],
        "signals": [{"id": each.id, "confidence": each.confidence} for each in quality.signals],
        "told": len(story.told),
        "last_told": max((told.at for told in story.told), key=_moment, default=None),
    }


def _moment(at: str) -> Any:
    from greenroom.review.dates import moment

    return moment(at)


def _data(story: Story, quality: StoryQuality, path: Path) -> dict[str, Any]:
    return {
        **asdict(story),
        "path": str(path),
        "missing": story.missing,
        **{key: value for key, value in asdict(quality).items() if key != "name"},
        "shows": {wanted: shows(quality, story, wanted) for wanted in story.qualities},
        "to_add": to_add(story, quality),
    }


def _fault_data(faults: Iterable[StoryFault]) -> list[dict[str, Any]]:
    """Each as JSON holds it: its place apart, and all of it on one line as `told`."""
    return [{**asdict(fault), "told": str(fault)} for fault in faults]
