"""Plays the passages of a session one after the other, and goes where the keys say."""

from __future__ import annotations

import time

from greenroom import keys
from greenroom.audio.clip import load_clip
from greenroom.errors import BadInputError
from greenroom.keys import Keys
from greenroom.records import Clip
from greenroom.review import moves
from greenroom.review.deck import Deck
from greenroom.review.moves import Place
from greenroom.review.passages import Passage
from greenroom.review.replay_view import (
    BACK,
    FORTH,
    HOLD,
    NEXT,
    NEXT_TURN,
    PREVIOUS,
    PREVIOUS_TURN,
    Screen,
    View,
)

_LOOK_SECONDS = 0.03  # between looks at the keyboard and at the words: too short to be noticed
_BREATH_SECONDS = 0.6  # between a question and its answer
_NOTE_SECONDS = 3.0

_NOWHERE = {
    NEXT: "no finding further on",
    PREVIOUS: "no finding before this",
    NEXT_TURN: "this is the last turn",
}


class Player:
    """`closes_after`: for so long (s) it stays at the end, where the last words may be wanted once more."""

    def __init__(
        self,
        passages: list[Passage],
        deck: Deck,
        keyboard: Keys,
        screen: Screen,
        *,
        closes_after: float = 0.0,
    ) -> None:
        self._passages = passages
        self._deck = deck
        self._keys = keyboard
        self._screen = screen
        self._closes_after = closes_after
        self._index = -1
        self._end = 0.0  # where the passage is gone on from (s)
        self._held = False
        self._due: float | None = (
            None  # when it goes on by itself after the end of a passage (time.monotonic())
        )
        self._jumps = 0
        self._note, self._noted = "", 0.0
        self._fault = ""

    def play(self, start: Place) -> Place | None:
        """Play from there to the end; where it was when the person had enough, None at the end.

        Raises:
            DeviceError: nothing can be heard, though it must be.
        """
        self._go(start)
        while self._heed_keys():
            self._show()
            self._deck.wait(_LOOK_SECONDS)
            self._notice_fault()
            if self._deck.running and self._deck.position() >= self._end:
                self._rest()
            if self._due is not None and time.monotonic() >= self._due:
                if self._is_last:
                    return None
                self._go(Place(self._index + 1, 0.0))
        return Place(self._index, self._deck.position())

    @property
    def _is_last(self) -> bool:
        return self._index == len(self._passages) - 1

    def _go(self, place: Place) -> None:
        """Be there, playing or held."""
        self._due = None
        if place.index != self._index:
            self._index = place.index
            passage = self._passages[place.index]
            self._deck.load(self._clip_of(passage), passage.seconds)
        passage = self._passages[place.index]
        # Whoever begins in the silence after an answer hears it.
        self._end = passage.seconds if place.at > passage.over else passage.over
        if self._held:
            self._deck.hold()
            self._deck.seek(place.at)
        else:
            self._deck.play(place.at)

    def _rest(self) -> None:
        """The passage has come to its end: a breath, or at the very end some time to go back."""
        self._deck.hold()
        self._deck.seek(self._end)
        self._show()
        self._due = time.monotonic() + (self._closes_after if self._is_last else _BREATH_SECONDS)

    def _heed_keys(self) -> bool:
        """Do what was pressed since the last time, all of it at once; False if that was to leave."""
        here = place = Place(self._index, self._deck.position())
        held = self._held
        while (action := self._keys.poll()) is not None:
            if action == keys.QUIT:
                return False
            if action == HOLD:
                self._held = not self._held
            elif (target := self._target(action, place)) is not None:
                place = target
                self._jumps += 1
            else:
                self._tell(_NOWHERE[action])
        if place != here or self._held != held:
            self._go(place)
        return True

    def _target(self, action: str, place: Place) -> Place | None:
        return {
            BACK: moves.back,
            FORTH: moves.forth,
            NEXT: moves.next_finding,
            PREVIOUS: moves.previous_finding,
            NEXT_TURN: moves.next_turn,
            PREVIOUS_TURN: moves.previous_turn,
        }[action](self._passages, place)

    def _show(self) -> None:
        passage = self._passages[self._index]
        asked = passage.kind == "question"
        position = self._deck.position()
        ended = self._is_last and not self._deck.running and position >= self._end
        now = time.monotonic()
        self._screen.show(
            View(
                passage,
                self._passages[self._index + 1] if asked else passage,
                position,
                "end" if ended else "held" if self._held else "playing",
                self._jumps,
                self._note if now < self._noted + _NOTE_SECONDS else "",
                max(0.0, self._due - now) if ended and self._due is not None else None,
            )
        )

    def _tell(self, note: str) -> None:
        self._note, self._noted = note, time.monotonic()

    def _notice_fault(self) -> None:
        if self._deck.fault != self._fault:
            self._fault = self._deck.fault
            self._tell(f"{self._fault}, so read along")

    def _clip_of(self, passage: Passage) -> Clip | None:
        """The sound of a passage; None where nothing can be heard, or the file does not give it."""
        if not self._deck.sounds:
            return None
        if passage.sound is None:
            if passage.kind == "answer" and passage.entry.recording:
                self._tell("its recording is not there, so read along")
            return None
        try:
            return load_clip(passage.sound)
        except BadInputError:
            self._tell(f"{passage.sound.name} cannot be played, so read along")
            return None
