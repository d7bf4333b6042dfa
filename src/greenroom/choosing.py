"""After the feedback: on to what comes next, or the same question once more; by a key, or by waiting."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from greenroom import keys
from greenroom.keys import Keys
from greenroom.prompts import SKIPPED
from greenroom.records import Question, Turn
from greenroom.screens import Choice, Screen
from greenroom.speaking import Narrator

_KEY_INTERVAL = 0.05  # s between looks at the keyboard
_WORDS_READ = 3.0  # a second; silent reading is nearer to four (Brysbaert 2019), and this is no race


@dataclass(frozen=True, slots=True)
class Asking:
    """One asking of a question.

    Attributes:
        main: the question of the bank; `question` is what is asked: the same, or a follow-up to it.
        index: which question of the interview `main` is, from 1.
        left: how many more follow-ups there may be.
        follow_up_to: number of the turn that it follows up.
        retry_of: number of the turn whose question it asks once more.
        advice: what to change then; None where it is asked for the first time.
        lead: what is said before it is asked, "" for nothing.
    """

    main: Question
    question: Question
    index: int
    left: int
    follow_up_to: int | None = None
    retry_of: int | None = None
    advice: tuple[str, ...] | None = None
    lead: str = ""


class Choosing:
    """Lets the person choose after each feedback.

    Args:
        hint: gives the hint to a question; returns the key that cut it short, of those heeded.
        seconds: how long a choice is waited for; 0.0 goes on at once.
    """

    def __init__(
        self,
        narrator: Narrator,
        keyboard: Keys,
        screen: Screen,
        hint: Callable[[Question, Collection[str]], str | None],
        seconds: float,
    ) -> None:
        self._narrator = narrator
        self._keys = keyboard
        self._screen = screen
        self._hint = hint
        self._seconds = seconds if keyboard.interactive else 0.0
        self._held = False

    def choose(self, turn: Turn, comes_next: str, pressed: str | None, meanwhile: Callable[[], None]) -> str:
        """What the person chose: keys.DONE (or nothing), SKIP, REPEAT or QUIT.

        Args:
            comes_next: what is gone on to, as in screens.Choice.
            pressed: the key that ended the feedback, None at its own end.
            meanwhile: called at every look at the keyboard.
        """
        seconds = self._seconds
        self._held = bool(seconds) and self._keys.by_words  # a word takes as long as it takes
        if seconds and self._narrator.started is None:  # nobody heard the feedback, so it is being read
            seconds += len(turn.feedback.spoken.split()) / _WORDS_READ
        while True:
            if pressed is None:
                pressed = self._wait(comes_next, seconds, meanwhile)
            if pressed == keys.FEEDBACK:
                pressed = self._feedback_again(turn, comes_next)
            elif pressed == keys.HINT:
                self._screen.choosing(Choice(comes_next, "hint"))
                pressed = self._hint(turn.asked, keys.AFTER_FEEDBACK)
            elif pressed == keys.SKIP and self._keys.by_words:
                if comes_next == "follow-up":
                    self._screen.note(SKIPPED)
                    return pressed
                pressed = None  # it has been told that there is nothing to skip
            else:
                return pressed

    def _feedback_again(self, turn: Turn, comes_next: str) -> str | None:
        """Say it once more, and show it where it is read; the key that cut it short."""
        self._screen.choosing(Choice(comes_next, "feedback"))
        if self._keys.by_words:  # lines that have gone by are hard to find again with a screen reader
            self._screen.feedback(turn)
        pressed = self._narrator.say(turn.feedback.spoken, heeded=keys.AFTER_FEEDBACK)
        if pressed is None and self._narrator.started is None and not self._keys.by_words:
            self._screen.feedback(turn)
        return pressed

    def _wait(self, comes_next: str, seconds: float, meanwhile: Callable[[], None]) -> str:
        """The next key that chooses, or DONE after so many seconds; Space holds them, and gives them anew.

        By words it waits anyhow; there a pause only keeps the next Enter from going on.
        """
        until, resting = time.monotonic() + seconds, False
        while (left := until - time.monotonic()) > 0 or self._held:
            phase, remaining = ("held", None) if self._held else ("choosing", left)
            self._screen.choosing(Choice(comes_next, "resting" if resting else phase, remaining))
            pressed = self._keys.poll()
            if self._keys.by_words and (pressed == keys.PAUSE or (resting and pressed == keys.DONE)):
                resting = not resting
            elif pressed == keys.PAUSE:
                until, self._held = time.monotonic() + seconds, not self._held
            elif pressed in keys.AFTER_FEEDBACK:
                return pressed
            meanwhile()
            time.sleep(_KEY_INTERVAL)
        return keys.DONE
