"""Saying what to do, playing, and waiting: each ended by a key."""

from __future__ import annotations

import time
from concurrent.futures import Future

from greenroom import keys
from greenroom.audio.speaker import Playback, Speaker
from greenroom.errors import DeviceError, ModelError
from greenroom.keys import Keys
from greenroom.records import Clip
from greenroom.speaking import Narrator
from greenroom.voices import CachedVoice

LOOK_SECONDS = 0.05
"""Between two looks at the keyboard."""

_READING_SECONDS = 1.5  # where nothing is spoken, the person must have read what to do (judgement)

_WHISPER_SECONDS = 60.0
"""Whisper loads in 2 to 5 s and takes one or two; a machine that is busy may need longer."""


class Again(Exception):  # noqa: N818 - no error: the person wants this step once more
    pass


class Left(Exception):  # noqa: N818 - no error: the person leaves
    pass


class Prompter:
    """Speaks through a voice and a loudspeaker; every wait in it raises Again or Left for the keys r and q.

    Attributes:
        speaker: which may become another.
        voice_fault: why the voice does not speak, None where it does.
    """

    def __init__(
        self, voice: CachedVoice, voice_fault: ModelError | None, speaker: Speaker, keyboard: Keys
    ) -> None:
        self.speaker = speaker
        self.voice_fault = voice_fault
        self._voice = voice
        self._keys = keyboard

    def heed(self) -> bool:
        """Look at the keyboard: whether Enter was pressed."""
        return _heeded(self._keys.poll())

    def rendered(self, text: str) -> Clip | None:
        """The sound of a text; None from a voice that makes none."""
        try:
            return self._voice.render(text)
        except ModelError as error:
            self.voice_fault = self.voice_fault or error
            return None

    def say(self, text: str) -> None:
        """Say what to do; where nothing can be said it stands on the screen, and takes time to read."""
        if self.rendered(text) is None:
            until = time.monotonic() + _READING_SECONDS
            while time.monotonic() < until and not self.heed():
                time.sleep(LOOK_SECONDS)
            return
        narrator = Narrator(self._voice, self.speaker, self._keys)
        try:
            _heeded(narrator.say(text, heeded=(keys.DONE, keys.REPEAT, keys.QUIT)))
        except DeviceError:  # told in the loudspeaker's own step
            return

    def follow(self, playback: Playback) -> None:
        """Follow what is being played to its end, or to Enter. DeviceError: the loudspeaker was lost."""
        try:
            while not playback.wait(LOOK_SECONDS) and not self.heed():
                continue
        finally:
            playback.stop()

    def wait_for(self, words: Future[str]) -> str:
        """What is being worked out. ModelError: it failed, or takes too long."""
        until = time.monotonic() + _WHISPER_SECONDS
        while not words.done():
            self.heed()
            if time.monotonic() > until:
                raise ModelError("Whisper took more than a minute", "a smaller model: --model tiny.en")
            time.sleep(LOOK_SECONDS)
        return words.result()


def _heeded(pressed: str | None) -> bool:
    if pressed == keys.QUIT:
        raise Left
    if pressed == keys.REPEAT:
        raise Again
    return pressed == keys.DONE
