"""What the analyzer read in each story, remembered: loading it takes seconds, and a plan is looked at daily.

Only a cache. It lies in the person's data folder, since it quotes them; it is made anew, wholly or in part,
for a story that has changed, for other rules, and where it cannot be believed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from greenroom.errors import BadInputError
from greenroom.preparation.places import make_folder
from greenroom.preparation.stories import story_quality
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.stories.story_quality import StoryQuality, quality_of
from greenroom.reanalysis.fingerprint import rules_fingerprint
from greenroom.session import write_private

CACHE_FILE = ".story-qualities.json"

_MOST = 200
"""Stories, earlier versions of them among them, from which on only those of today are remembered."""


class _Read(msgspec.Struct, frozen=True):
    """All that was read, by the rules of `rules`; `stories` by what was read."""

    rules: str = ""
    stories: dict[str, StoryQuality] = {}


def qualities_of(
    stories: Sequence[Story], data: Path, reading: Callable[[int], None] = lambda _: None
) -> Mapping[str, StoryQuality]:
    """What each story shows, by its name; the analyzer is loaded only for those that were not read yet.

    A story without a word shows nothing, and is left out.

    Args:
        reading: told how many stories will be read, before that takes its time.
    """
    told = {_key(story): story for story in stories if story.text}
    if not told:
        return {}
    path, rules = data / CACHE_FILE, _rules()
    known = _remembered(path, rules)
    found = {key: known[key] for key in told if key in known}
    if unread := [key for key in told if key not in known]:
        reading(len(unread))
        from greenroom.analysis import Analyzer

        analyzer = Analyzer()
        found |= {key: quality_of(told[key], analyzer) for key in unread}
        kept = found if len(known) > _MOST else {**known, **found}
        with suppress(BadInputError):  # where nothing can be written, it is read again the next time
            make_folder(data)
            write_private(path, msgspec.json.encode(_Read(rules, kept)))
    return {story.name: found[key] for key, story in told.items()}


def _key(story: Story) -> str:
    """Of all that the analyzer is given; where a story was told is no part of it."""
    parts = (
        story.name,
        story.title,
        story.situation,
        story.task,
        story.action,
        story.result,
        *story.qualities,
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _rules() -> str:
    """Which rules read a story: those of answers, and how a story is put to them."""
    how = hashlib.sha256(Path(story_quality.__file__).read_bytes()).hexdigest()
    return f"{rules_fingerprint()}-{how[:16]}"


def _remembered(path: Path, rules: str) -> Mapping[str, StoryQuality]:
    try:
        read = msgspec.json.decode(path.read_bytes(), type=_Read)
    except (OSError, msgspec.DecodeError):
        return {}
    return read.stories if read.rules == rules else {}
