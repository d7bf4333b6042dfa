"""What a replay shows at a moment, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from greenroom import keys
from greenroom.keys import Way, word_line
from greenroom.review.passages import Passage, Stop

HOLD, BACK, FORTH = "hold", keys.LEFT, keys.RIGHT
NEXT, PREVIOUS, NEXT_TURN, PREVIOUS_TURN = "next", "previous", keys.DOWN, keys.UP

ACTIONS: Mapping[str, str] = {
    " ": HOLD,
    keys.LEFT: BACK,
    keys.RIGHT: FORTH,
    "n": NEXT,
    "p": PREVIOUS,
    keys.DOWN: NEXT_TURN,
    "N": NEXT_TURN,
    keys.UP: PREVIOUS_TURN,
    "P": PREVIOUS_TURN,
    "q": keys.QUIT,
    "pause": HOLD,
    "back": BACK,
    "forward": FORTH,
    "next finding": NEXT,
    "previous finding": PREVIOUS,
    "next turn": NEXT_TURN,
    "previous turn": PREVIOUS_TURN,
    "next": NEXT,
    "previous": PREVIOUS,
    "quit": keys.QUIT,
}
"""What each key and each word does while a session is replayed."""

KEY_LINE = "Space pause · ← → 5 s · n p finding · ↑ ↓ turn · q quit"
"""The keys, for the eye."""

KEYS_READ_OUT = (
    "Space pauses and goes on, left and right arrow go 5 seconds, n and p to the next and previous finding, "
    "up and down arrow (or P and N) to another turn, q quits."
)
"""The same for the ear: a screen reader may say nothing for an arrow."""

WAYS = (
    Way(HOLD, "Space", "pause", "pause", "pause or just Enter pauses; go on or just Enter goes on"),
    Way(BACK, "←", "5 s back", "back", "back 5 seconds"),
    Way(FORTH, "→", "5 s forward", "forward", "forward 5 seconds"),
    Way(NEXT, "n", "next finding", "next finding"),
    Way(PREVIOUS, "p", "previous finding", "previous finding"),
    Way(NEXT_TURN, "↓", "next turn", "next turn"),
    Way(PREVIOUS_TURN, "↑", "previous turn", "previous turn"),
    Way(keys.QUIT, "q", "quit", "quit"),
)

WORDS_READ_OUT = (
    f"{word_line(WAYS)}; help tells them again. b, f and q will do for back, forward and quit, "
    "n and p for the findings."
)
"""Where words are typed, each with Enter."""

_LINGERS_SECONDS = 4.0
"""So long a finding is still shown after its quote, to be read."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is shown before anything is played.

    Attributes:
        name: the session's folder.
        about: when it was, and its banks.
        turns: how many.
        sound: what it is heard through, or why it is not.
        keys: whether keys can be pressed; `words`: whether words are typed in their place.
    """

    name: str
    about: str
    turns: int
    sound: str
    keys: bool
    words: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A moment of the replay.

    Attributes:
        answer: what came back to the question; the passage itself, unless that is the question.
        position: where in the passage (s).
        state: "playing", "held" or "end".
        jumps: how often it was gone elsewhere; a change means that the position has not come by itself.
        note: a few words about what has just happened, "" for none.
        closes_in: seconds until it closes by itself, in state "end".
    """

    passage: Passage
    answer: Passage
    position: float
    state: str = "playing"
    jumps: int = 0
    note: str = ""
    closes_in: float | None = None

    @property
    def spoken(self) -> int:
        """How many words of the passage have begun."""
        return sum(start <= self.position for start, _, _ in self.passage.words)

    @property
    def stop(self) -> Stop | None:
        """The finding that is being heard, or has just been."""
        heard = [
            stop for stop in self.passage.stops if stop.at <= self.position <= stop.end + _LINGERS_SECONDS
        ]
        return heard[-1] if heard else None


class Screen(Protocol):
    def opening(self, opening: Opening) -> None: ...
    def show(self, view: View) -> None:
        """Called again and again; the screen decides how much of it is new."""

    def close(self) -> None: ...
