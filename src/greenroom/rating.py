"""Asking how an answer went for the person, before anything is said about it."""

from __future__ import annotations

import time

from greenroom import keys
from greenroom.keys import Keys, time_for
from greenroom.prompts import HOW_IT_WENT, IT_WAITS
from greenroom.screens import Choice, Screen
from greenroom.speaking import Narrator

HEEDED = frozenset({keys.DONE, keys.QUIT, *keys.RATINGS})

_SECONDS = 8.0
"""How long a rating is waited for (s) once it has been asked for. (Judgement: one key out of four, with
closed eyes; longer, and the answer fades before the feedback comes.)"""

_KEY_INTERVAL = 0.05  # s between looks at the keyboard


def ask_rating(narrator: Narrator, keyboard: Keys, screen: Screen, *, aloud: bool) -> str | None:
    """Show the question, and say it if `aloud`; the key of HEEDED that answered it, None if none did.

    Nothing is asked where nobody is at the keys.
    """
    if not keyboard.interactive:
        return None
    screen.choosing(Choice("rating", "rating", _SECONDS))
    pressed = narrator.say(HOW_IT_WENT, keep=True, heeded=HEEDED) if aloud else None
    until = time.monotonic() + time_for(keyboard, _SECONDS)
    while pressed not in HEEDED and (left := until - time.monotonic()) > 0:
        screen.choosing(Choice("rating", "rating", left))
        pressed = keyboard.poll()
        if pressed == keys.PAUSE and keyboard.by_words:
            screen.note(IT_WAITS)
        time.sleep(_KEY_INTERVAL)
    screen.state("")
    return pressed
