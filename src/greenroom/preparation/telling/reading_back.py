"""A story read back to the person who told it, and what shall become of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from greenroom import keys
from greenroom.answering import Stages
from greenroom.keys import Keys, Way, key_line, open_keys, word_line
from greenroom.preparation.stories.stories import Story
from greenroom.records import PARTS

EDIT, DISCARD = "edit", "discard"
"""Actions beside keys.DONE (it is kept) and keys.REPEAT (told once more)."""

READING_KEYS = {
    "\r": keys.DONE,
    "\n": keys.DONE,
    " ": keys.PAUSE,
    "e": EDIT,
    "r": keys.REPEAT,
    "d": DISCARD,
    "q": keys.DONE,  # as everywhere: save, and go
    "keep": keys.DONE,
    "yes": keys.DONE,
    "quit": keys.DONE,
    "edit": EDIT,
    "again": keys.REPEAT,
    "repeat": keys.REPEAT,
    "discard": DISCARD,
    "pause": keys.PAUSE,
    "hold": keys.PAUSE,
}
CHOICE = (
    Way(keys.DONE, "Enter", "keep it", "keep", "keep or just Enter"),
    Way(EDIT, "e", "keep and edit it", "edit", "edit to keep and edit it"),
    Way(keys.REPEAT, "r", "tell it once more", "again", "again to tell it once more"),
    Way(DISCARD, "d", "throw it away", "discard", "discard to throw it away"),
    Way(keys.PAUSE, "Space", "hold", "pause"),
)
WAYS = key_line(CHOICE)

HERE_IT_IS = "Here is your story."
SHALL_I_KEEP_IT = "Shall I keep it? Enter for yes."
_ANNOUNCED = {
    "situation": "The situation:",
    "task": "Your task:",
    "action": "What you did:",
    "result": "What came of it:",
}
_OPEN = {
    "situation": "The situation is still open.",
    "task": "Your task in it is still open.",
    "action": "What you did is still open.",
    "result": "What came of it is still open.",
}
_KEY_INTERVAL = 0.02  # s between looks at the keyboard, so that a key stops the voice at once

OpenKeys = Callable[[], AbstractContextManager[Keys]]


def spoken(story: Story) -> tuple[str, ...]:
    """The story as it is read aloud, piece by piece."""
    title = story.title if story.title.endswith((".", "?", "!")) else f"{story.title}."
    return (f"{HERE_IT_IS} {title}", *_parts(story))


def written(story: Story) -> str:
    """The story as it is shown: its title, its parts, and what is named in it."""
    named = {
        "Numbers": story.numbers,
        "People": story.people,
        "Dates": story.dates,
        "Technologies": story.technologies,
    }
    lines = [f"{label}: {', '.join(found)}" for label, found in named.items() if found]
    return "\n\n".join([story.title, *_parts(story), *(["\n".join(lines)] if lines else [])])


def _parts(story: Story) -> list[str]:
    told = {part: getattr(story, part) for part in PARTS}
    return [f"{_ANNOUNCED[part]} {text}" if text else _OPEN[part] for part, text in told.items()]


def _own_keys() -> AbstractContextManager[Keys]:
    """The terminal is in single-key mode already, and it is left so; but other keys count here."""
    return open_keys(sys.stderr, READING_KEYS, lambda: CHOICE)


def read_back(stages: Stages, story: Story, *, waits: bool, opened: OpenKeys = _own_keys) -> str:
    """Show and read a story; keys.DONE, keys.REPEAT, EDIT or DISCARD, by the person's key.

    A key counts while it is read, too. Without `waits`, or without a terminal, it is kept.
    """
    stages.screen.state("")
    stages.screen.said(written(story))
    with opened() as keyboard:
        waits = waits and keyboard.interactive
        if waits:
            stages.screen.note(f"Words: {word_line(CHOICE)}." if keyboard.by_words else WAYS)
        for text in spoken(story):
            if pressed := _read(stages, text, keyboard):
                return pressed
        if waits:
            stages.screen.said(SHALL_I_KEEP_IT)
            if pressed := _read(stages, SHALL_I_KEEP_IT, keyboard):
                return pressed
        while waits:
            if (pressed := keyboard.poll()) not in (None, keys.PAUSE):
                return str(pressed)
            time.sleep(_KEY_INTERVAL)
    return keys.DONE


def _read(stages: Stages, text: str, keyboard: Keys) -> str | None:
    """Read until the end or a key that chooses; Space holds it."""
    clip = stages.narrator.render(text)
    if clip is None:
        return None
    playback, held = stages.narrator.begin(clip), False
    try:
        while not playback.wait(_KEY_INTERVAL):
            pressed = keyboard.poll()
            if pressed == keys.PAUSE:
                held = not held
                (playback.pause if held else playback.resume)()
            elif pressed is not None:
                return pressed
    finally:
        playback.stop()
    return None
