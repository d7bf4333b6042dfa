"""`greenroom stories angles`: a story's angles compared, on standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from greenroom.preparation.angles.angle_comparison import compare_angles, sessions_told
from greenroom.preparation.angles.angle_lines import plain, side_by_side
from greenroom.preparation.angles.angles import AngleReader
from greenroom.preparation.stories.story_files import find_story
from greenroom.screens import wants_plain_lines


def show_angles(data: Path, recordings: Path, name: str, *, as_json: bool) -> None:
    """Print how a story was told from its angles.

    Raises:
        UsageError: there is no such story.
        BadInputError: its file cannot be used.
    """
    story = find_story(data, name)
    compared = compare_angles(story, sessions_told(story, (recordings,)), AngleReader())
    if as_json:
        import msgspec

        print(msgspec.json.encode(compared).decode())
        return
    for line in (plain if wants_plain_lines(sys.stdout) else side_by_side)(compared):
        print(line)
