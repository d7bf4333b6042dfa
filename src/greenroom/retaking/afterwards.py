"""After the comparison: either answer heard again, the feedback, the hint; until the person has chosen."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from greenroom import keys
from greenroom.answering import Stages
from greenroom.audio.clip import load_clip
from greenroom.errors import BadInputError
from greenroom.prompts import IT_WAITS
from greenroom.records import Clip, Turn
from greenroom.review.finding import file_in
from greenroom.screens import Choice

HEEDED = frozenset({keys.REPEAT, keys.HINT, keys.FEEDBACK, keys.QUIT, "1", "2"})
"""What keys do while something is heard; Enter only ends it."""

_AROUND_SPEECH = 0.5  # s that are heard before the first word of an answer and after its last
_KEY_INTERVAL = 0.05  # s between looks at the keyboard


class Afterwards:
    """`folder` is that of the session; without `waits` nothing is waited for."""

    def __init__(self, stages: Stages, folder: Path, *, waits: bool) -> None:
        self._stages = stages
        self._folder = folder
        self._waits = waits and stages.keyboard.interactive

    def choose(self, before: Turn, after: Turn, pressed: str | None) -> str:
        """What the person chose: keys.DONE, REPEAT or QUIT; `pressed` is the key that brought them here."""
        to_hear: Mapping[str, Callable[[], str | None]] = {
            "1": partial(self._hear, before, "old"),
            "2": partial(self._hear, after, "new"),
            keys.FEEDBACK: partial(self._feedback, after),
            keys.HINT: partial(self._hint, after),
        }
        while pressed not in (keys.DONE, keys.REPEAT, keys.QUIT):
            if pressed is not None and pressed in to_hear:
                pressed = to_hear[pressed]()
            elif self._waits:
                self._stages.screen.choosing(Choice("retake", "choosing"))
                time.sleep(_KEY_INTERVAL)
                pressed = self._stages.keyboard.poll()
                if pressed == keys.PAUSE and self._stages.keyboard.by_words:
                    self._stages.screen.note(IT_WAITS)
            else:
                return keys.DONE
        return pressed

    def _hear(self, turn: Turn, phase: str) -> str | None:
        clip = self._clip(turn)
        if clip is None:
            return None
        self._stages.screen.choosing(Choice("hearing", phase))
        narrator = self._stages.narrator
        pressed = narrator.attend(narrator.begin(clip), heeded=HEEDED)
        if narrator.started is None and pressed is None:
            self._stages.screen.note("There is no loudspeaker to hear it through.")
        return pressed

    def _clip(self, turn: Turn) -> Clip | None:
        """What was said in an answer, without the thinking before it and the silence that ended it."""
        path = file_in(self._folder, turn.recording)
        if path is None or turn.ended_by == "typed":
            self._stages.screen.note(f"Answer {turn.number} was typed, so there is nothing to hear.")
            return None
        try:
            clip = load_clip(path)
        except BadInputError as error:
            self._stages.screen.note(error.sentence)
            return None
        words = turn.transcript.words
        start = max(0.0, (words[0].start or 0.0) - _AROUND_SPEECH) if words else 0.0
        end = (words[-1].end or clip.seconds) + _AROUND_SPEECH if words else clip.seconds
        return Clip(clip.samples[round(start * clip.rate) : round(end * clip.rate)], clip.rate)

    def _feedback(self, turn: Turn) -> str | None:
        self._stages.screen.choosing(Choice("retake", "feedback"))
        narrator, by_words = self._stages.narrator, self._stages.keyboard.by_words
        if by_words:
            self._stages.screen.feedback(turn)
        pressed = narrator.say(turn.feedback.spoken, heeded=HEEDED)
        if pressed is None and narrator.started is None and not by_words:  # nobody heard it
            self._stages.screen.feedback(turn)
        return pressed

    def _hint(self, turn: Turn) -> str | None:
        self._stages.screen.choosing(Choice("retake", "hint"))
        return self._stages.questioner.hint(turn.asked, HEEDED)
