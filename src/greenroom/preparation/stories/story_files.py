"""A person's stories as files, one TOML file each: found, read, written so that nothing of theirs is lost."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.places import EARLIER, make_folder, replace_file, stories_folder
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_faults import StoryFault
from greenroom.preparation.stories.story_reading import Standing, is_plain_name, name_for, read_file
from greenroom.preparation.stories.story_writing import changed_text, new_text
from greenroom.question_check import nearest, quoted
from greenroom.session import write_private

__all__ = [
    "Loaded",
    "StoryFault",
    "find_file",
    "find_story",
    "keep_copy",
    "load_stories",
    "new_name",
    "note_told",
    "save_story",
]

# Windows takes these for devices, whatever the ending.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """All stories that can be used, in the order of their names, and all faults of their files."""

    stories: tuple[Story, ...]
    faults: tuple[StoryFault, ...]


def load_stories(data: Path) -> Loaded:
    """Every story of the data folder. Never raises: a file that cannot be used is a fault."""
    paths, faults = _files(data)
    standing = [read_file(path) for path in paths]
    return Loaded(
        tuple(each.story for each in standing if each.story is not None),
        (*faults, *(fault for each in standing for fault in each.faults)),
    )


def find_file(data: Path, name: str) -> Path:
    """The file of a story, by its name, the beginning of it, or its title; it may have faults.

    Raises:
        UsageError: there is none.
    """
    paths = {path.stem: path for path in _files(data)[0]}
    wanted = name.strip().removesuffix(".toml")
    for known in (wanted, name_for(wanted)):
        if known in paths:
            return paths[known]
    begins = [known for known in paths if known.startswith(name_for(wanted))]
    if len(begins) == 1:
        return paths[begins[0]]
    for story in load_stories(data).stories:
        if story.title.strip().casefold() == wanted.casefold():
            return paths[story.name]
    if not paths:
        raise UsageError("there are no stories yet", "greenroom stories tell, or: greenroom stories add")
    near = nearest(wanted, paths)
    raise UsageError(
        f"there is no story {quoted(name)}{f'; did you mean {quoted(near)}?' if near else ''}",
        f"one of these: {', '.join(list(paths)[:10])}{', ...' if len(paths) > 10 else ''}",
    )


def find_story(data: Path, name: str) -> Story:
    """A story by its name, the beginning of it, or its title.

    Raises:
        UsageError: there is none; names the nearest.
        BadInputError: its file cannot be used.
    """
    return _usable(read_file(path := find_file(data, name)), path)


def save_story(data: Path, story: Story) -> Path:
    """Write a story to its file, and return where that is.

    In a file that is there, only what differs is changed; its comments, its order and what greenroom does not
    know stay, and a copy of it goes to places.EARLIER. A file of that name that cannot be read stays as it
    is, and the story gets a new name.

    Raises:
        BadInputError: it cannot be written.
    """
    if not is_plain_name(story.name):
        raise ValueError(f"{story.name!r} is no name of a story")
    path = stories_folder(data) / f"{story.name}.toml"
    if not path.exists() and not path.is_symlink():
        replace_file(path, new_text(story))
        return path
    standing = read_file(path)
    if standing.text is None or standing.story is None:
        path = path.with_name(f"{new_name(data, story.name)}.toml")
        replace_file(path, new_text(story))
    else:
        replace_file(path, changed_text(standing.text, standing.story, story))
    return path


def new_name(data: Path, title: str) -> str:
    """A name for a new story's file: its title in small letters, with a number where that is taken."""
    stem = name_for(title)
    stem = f"{stem}-story" if stem in _RESERVED else stem
    try:
        taken = {path.stem.casefold() for path in stories_folder(data).iterdir()}
    except OSError:
        taken = set()
    names = (stem if count == 1 else f"{stem}-{count}" for count in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def note_told(data: Path, name: str, told: Told) -> None:
    """Add to a story's file where it was told; a turn that stands there already is not added twice.

    Raises:
        UsageError: there is no such story.
        BadInputError: its file cannot be used, or not be written.
    """
    path = stories_folder(data) / f"{name}.toml"  # just this one, not what a person might mean
    if not path.exists():
        raise UsageError(f"there is no story {quoted(name)}", "greenroom stories list")
    story = _usable(read_file(path), path)
    if (told.session, told.turn) in ((each.session, each.turn) for each in story.told):
        return
    save_story(data, replace(story, told=(*story.told, told)))


def keep_copy(path: Path) -> Path:
    """A copy of a story's file in places.EARLIER, before something else than greenroom changes it.

    Raises:
        BadInputError: it cannot be read, or the copy not be written.
    """
    folder = path.parent / EARLIER
    make_folder(folder)
    stem = f"{path.stem}-{datetime.now():%Y-%m-%dT%H-%M-%S}"
    copies = (folder / f"{stem}{f'-{count}' if count > 1 else ''}{path.suffix}" for count in range(1, 10_000))
    copy = next(each for each in copies if not each.exists())
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {error.strerror or error}") from error
    write_private(copy, content)
    return copy


def _files(data: Path) -> tuple[list[Path], tuple[StoryFault, ...]]:
    """The files of a folder that are stories, and what kept them from being listed."""
    folder = stories_folder(data)
    try:
        found = [each for each in folder.iterdir() if each.suffix.lower() == ".toml"]
    except FileNotFoundError:
        return [], ()
    except OSError as error:
        return [], (StoryFault(str(folder), None, "", f"cannot be read ({error.strerror or error})"),)
    shown = (each for each in found if not each.name.startswith("."))
    return sorted(shown, key=lambda each: (each.stem, each.name)), ()


def _usable(standing: Standing, path: Path) -> Story:
    if standing.story is not None:
        return standing.story
    raise BadInputError(str(standing.faults[0]), f"greenroom stories edit {shlex.quote(path.stem)}")
