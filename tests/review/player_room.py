"""A player with a clock, a loudspeaker and keys of the test's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fakes import FakeKeys
from replayed import frequency_of

from greenroom.errors import DeviceError
from greenroom.records import Clip
from greenroom.review.deck import Deck
from greenroom.review.moves import Place
from greenroom.review.passages import Passage
from greenroom.review.player import Player
from greenroom.review.replay_view import Opening, View

LOOK = 0.03
"""Seconds between two looks at the keyboard."""

OPENING = Opening("a-session", "demo", 4, "a loudspeaker", True)
BEGINNING = Place(0, 0.0)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(0.0, seconds)


class Playing:
    """What a loudspeaker does with a clip, by the test's clock; `latency` passes before it is heard."""

    begins: float | None = None
    started: float | None = None

    def __init__(self, clock: Clock, clip: Clip, latency: float) -> None:
        self._clock, self.clip, self._latency = clock, clip, latency
        self.began = clock.now
        self.stopped: float | None = None
        self.lost = False

    @property
    def heard(self) -> float:
        passed = (self.stopped or self._clock.now) - self.began - self._latency
        return min(max(0.0, passed), self.clip.seconds)

    @property
    def lasted(self) -> float | None:
        return None if self.stopped is None else round(self.stopped - self.began, 1)

    def wait(self, timeout: float) -> bool:
        if self.lost:
            raise DeviceError("the loudspeaker “Desk set” was lost")
        self._clock.sleep(timeout)
        return self.heard >= self.clip.seconds

    def stop(self) -> None:
        self.stopped = self.stopped or self._clock.now

    def pause(self) -> None:
        raise AssertionError("the deck stops, and begins anew")

    resume = pause


class Loudspeaker:
    """One that cannot be opened where it is `broken`."""

    def __init__(self, clock: Clock, *, latency: float = 0.1, broken: bool = False) -> None:
        self._clock, self._latency, self._broken = clock, latency, broken
        self.played: list[Playing] = []
        self.closed = False

    def play(self, clip: Clip) -> Playing:
        if self._broken:
            raise DeviceError("the loudspeaker “Desk set” cannot be opened")
        self.played.append(Playing(self._clock, clip, self._latency))
        return self.played[-1]

    def close(self) -> None:
        self.closed = True

    @property
    def seconds(self) -> list[int | None]:
        """Which second of an answer each clip begins in, None for a question."""
        hertz = [frequency_of(playing.clip.samples[1600:8000]) for playing in self.played]
        return [None if each < 290 else round((each - 300) / 50) for each in hertz]


class Watching:
    """A screen that remembers what it was shown."""

    def __init__(self) -> None:
        self.views: list[View] = []

    def opening(self, opening: Opening) -> None:
        pass

    def show(self, view: View) -> None:
        self.views.append(view)

    def close(self) -> None:
        pass

    @property
    def kinds(self) -> list[str]:
        """The passages, each once for every time that it was come to."""
        kinds = [f"{view.passage.number} {view.passage.kind}" for view in self.views]
        return [kind for index, kind in enumerate(kinds) if kinds[index - 1 : index] != [kind]]


def pressed(at: Mapping[float, str | Sequence[str]]) -> FakeKeys:
    """Keys pressed so many seconds after the beginning."""
    looks: list[str | None] = []
    for second, actions in sorted(at.items()):
        looks += [None] * (round(second / LOOK) - looks.count(None))
        looks += [actions] if isinstance(actions, str) else list(actions)
    return FakeKeys(looks)


def play(
    passages: list[Passage],
    at: Mapping[float, str | Sequence[str]],
    start: Place = BEGINNING,
    deck: Deck | None = None,
    closes_after: float = 0.0,
) -> tuple[Watching, Place | None]:
    """What was shown, and where it was left; by the clock alone where no deck is given."""
    screen = Watching()
    player = Player(passages, deck or Deck(None), pressed(at), screen, closes_after=closes_after)
    return screen, player.play(start)
