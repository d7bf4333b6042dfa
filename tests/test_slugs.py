"""Names made of what a person calls something."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenroom.preparation.stories.story_reading import name_for
from greenroom.session import start_session
from greenroom.slugs import slug


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zürich, 2nd round", "zurich-2nd-round"),
        ("  What's your—er—CAFÉ? ", "what-s-your-er-cafe"),
        ("Straße", "strasse"),
        ("面接", ""),
    ],
)
def test_a_slug(text: str, name: str) -> None:
    assert slug(text) == name


def test_what_is_named_after_nothing_has_a_name(tmp_path: Path) -> None:
    folder, _ = start_session(tmp_path, "面接", {})
    assert folder.name.endswith("-interview")
    assert name_for("面接") == "story"


def test_a_story_is_named_without_its_apostrophes() -> None:
    assert name_for("The day it didn't, and didn’t, work") == "the-day-it-didnt-and-didnt-work"
