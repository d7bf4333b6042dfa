"""Saying something aloud: rendered, played, stopped or held by a key."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from pathlib import Path

from greenroom import keys
from greenroom.audio.clip import save_clip
from greenroom.audio.speaker import Playback, Speaker
from greenroom.errors import BadInputError
from greenroom.keys import Keys
from greenroom.prompts import GOING_ON, PAUSED
from greenroom.records import Clip
from greenroom.timed_writing import in_time
from greenroom.voices import CachedVoice

_KEY_INTERVAL = 0.02  # s between looks at the keyboard, so that a key stops the voice well within 100 ms
_ROOM_TAIL = (
    0.2  # s after playback before anybody listens: the room still rings (reference: echo, section 1.7)
)


class Narrator:
    """Speaks texts through one voice and one loudspeaker.

    Args:
        tell: shows that it was held, or goes on, where words are typed in place of keys.

    Attributes:
        started: `time.monotonic()` of the first audible sample of the last text, None if it was not heard.
    """

    def __init__(
        self,
        voice: CachedVoice,
        speaker: Speaker,
        keyboard: Keys,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._voice = voice
        self._speaker = speaker
        self._keys = keyboard
        self._tell = tell
        self.started: float | None = None

    def render(self, text: str, *, keep: bool = False) -> Clip | None:
        """The sound of `text`, None from a voice without sound; from any thread, so that it is there in time.

        `keep` stores it in the user's cache: for fixed phrases only.
        """
        return self._voice.render(text, keep=keep)

    def prepare(self, text: str, *, keep: bool = False) -> None:
        """Have `text` rendered in the background, so that say() begins at once; `keep` as in render()."""
        self._voice.prepare(text, keep=keep)

    def begin(self, clip: Clip) -> Playback:
        """Begin to play; what was being played ends. Whoever begins it attends to it or stops it."""
        return self._speaker.play(clip)

    def say(
        self,
        text: str,
        *,
        keep: bool = False,
        save_as: Path | None = None,
        heeded: Collection[str] = keys.ASKING,
    ) -> str | None:
        """Speak until the end or until a key; returns the key's action, or None at the end.

        Enter ends the text, and is an action of its own only where it is `heeded`; Space holds it; of the
        other keys only those that are heeded do anything. `save_as` also writes the sound to that file;
        `keep` as in render().
        """
        self.started = None
        clip = self.render(text, keep=keep)
        if clip is None:
            return None
        playback = self.begin(clip)
        try:
            if save_as is not None:
                with suppress(BadInputError):  # no interview ends because the sound of a question is not kept
                    in_time(partial(save_clip, save_as, clip), save_as)
        except BaseException:
            playback.stop()
            raise
        return self.attend(playback, heeded=heeded)

    def attend(
        self, playback: Playback, pressed: str | None = None, heeded: Collection[str] = keys.ASKING
    ) -> str | None:
        """Follow what is being played to its end or to a key, as say() does; `pressed` is its first key."""
        try:
            action = self._attend(playback, pressed, heeded)
        finally:
            playback.stop()
            self.started = playback.started
        if action is None and self.started is not None:
            time.sleep(_ROOM_TAIL)
        return action

    def _attend(self, playback: Playback, pressed: str | None, heeded: Collection[str]) -> str | None:
        held = False
        while True:
            if pressed == keys.PAUSE:
                held = not held
                (playback.pause if held else playback.resume)()
                if self._keys.by_words:
                    self._tell(PAUSED if held else GOING_ON)
            elif pressed in heeded:
                return pressed
            elif pressed == keys.DONE:
                return None
            if playback.wait(_KEY_INTERVAL):
                return None
            pressed = self._keys.poll()
