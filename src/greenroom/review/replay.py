"""A session played back in the terminal: what was asked and answered, heard and read along."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from greenroom.audio.devices import Device, find_output
from greenroom.audio.speaker import LoudSpeaker
from greenroom.errors import BadInputError, DeviceError, UsageError
from greenroom.keys import Keys, open_keys
from greenroom.records import Session
from greenroom.review.dates import day_and_hour
from greenroom.review.deck import Deck
from greenroom.review.finding import no_such_turn
from greenroom.review.moves import Place
from greenroom.review.passages import Passage, passages_of
from greenroom.review.player import Player
from greenroom.review.replay_lines import PlainReplay
from greenroom.review.replay_view import ACTIONS, WAYS, Opening, Screen, View
from greenroom.review.wording import banks_of, printable
from greenroom.screens import clock, wants_plain_lines
from greenroom.session import load_session

_CLOSES_AFTER_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """What a replay can be told.

    Attributes:
        turn: the number of the turn to begin with, None for the first.
        begin: where in its answer to begin (s), None for its question.
        output: number or part of the name of a loudspeaker; None for the system's.
        quiet: nothing is heard.
    """

    turn: int | None = None
    begin: float | None = None
    output: str | None = None
    quiet: bool = False


def replay(folder: Path, settings: ReplaySettings) -> None:
    """Play the session in `folder` back, to its end or until the person has enough.

    Where there is no loudspeaker, and none was named, it walks through the transcript by the clock; where
    standard output is no terminal either, nobody keeps time with it, and all of it is printed at once.

    Raises:
        BadInputError: there is no session in the folder, or nothing in it.
        UsageError: the session has no such turn, or its answer no such moment.
        DeviceError: the loudspeaker that was named is not there or cannot be opened.
    """
    session = load_session(folder)
    passages = passages_of(session, folder)
    if not passages:
        raise BadInputError(
            f"no question was asked in {folder.name}", "name another session, by name or folder"
        )
    start = _start(passages, settings)
    device, sound = _loudspeaker(settings)
    if device is None and not sys.stdout.isatty():
        _print_at_once(passages, start, _opening(folder, session, sound, keys=False))
        return
    must_sound = settings.output is not None
    deck = Deck(LoudSpeaker(device), device.rate, must_sound=must_sound) if device else Deck(None)
    with _open(deck) as (screen, keyboard):
        opening = _opening(folder, session, sound, keys=keyboard.interactive)
        screen.opening(replace(opening, words=keyboard.by_words))
        lingers = keyboard.interactive and not isinstance(screen, PlainReplay)
        closes_after = _CLOSES_AFTER_SECONDS if lingers else 0.0
        left = Player(passages, deck, keyboard, screen, closes_after=closes_after).play(start)
    if left is not None:
        _tell_how_to_go_on(folder, passages[left.index], left)


def _opening(folder: Path, session: Session, sound: str, *, keys: bool) -> Opening:
    began = printable(day_and_hour(session.started_at))
    about = " · ".join(filter(None, (", ".join(banks_of(session)), began)))
    turns = len(session.turns) + len(session.unanswered)
    return Opening(printable(folder.resolve().name), about, turns, printable(sound), keys)


def _start(passages: list[Passage], settings: ReplaySettings) -> Place:
    numbers = sorted({passage.number for passage in passages})
    number = settings.turn if settings.turn is not None else numbers[0]
    if number not in numbers:
        raise no_such_turn(number, numbers)
    question = next(index for index, passage in enumerate(passages) if passage.number == number)
    if settings.begin is None:
        return Place(question, 0.0)
    answer = passages[question + 1]
    if settings.begin >= answer.seconds:
        raise UsageError(
            f"the answer of turn {number} ends at {clock(answer.seconds)}, before {clock(settings.begin)}",
            "give an earlier moment, or another --turn",
        )
    return Place(question + 1, settings.begin)


def _loudspeaker(settings: ReplaySettings) -> tuple[Device | None, str]:
    """What to play through, and how to call that; None for nothing."""
    if settings.quiet:
        return None, "off (quiet)"
    try:
        device = find_output(settings.output)
    except DeviceError:
        if settings.output is not None:
            raise
        return None, "no loudspeaker was found, so read along"
    return device, device.name


def _print_at_once(passages: list[Passage], start: Place, opening: Opening) -> None:
    screen = PlainReplay(sys.stdout)
    screen.opening(opening)
    for passage in passages[start.index :]:
        screen.show(View(passage, passage, start.at if passage is passages[start.index] else 0.0))
        screen.show(View(passage, passage, passage.seconds))


@contextmanager
def _open(deck: Deck) -> Iterator[tuple[Screen, Keys]]:
    """The screen and the keyboard for the time of one replay, and the loudspeaker closed at its end."""
    try:
        with open_keys(sys.stderr, ACTIONS, lambda: WAYS) as keyboard:
            screen = _screen()
            try:
                yield screen, keyboard
            finally:
                screen.close()
    finally:
        deck.close()


def _screen() -> Screen:
    """The whole terminal where standard output is one that can show it, plain lines elsewhere."""
    if wants_plain_lines(sys.stdout):
        return PlainReplay(sys.stdout)
    from greenroom.review.replay_screen import WholeScreen

    return WholeScreen()


def _tell_how_to_go_on(folder: Path, passage: Passage, place: Place) -> None:
    begin = f" --from {clock(place.at)}" if passage.is_timed else ""
    again = f"greenroom replay {shlex.quote(str(folder))} --turn {passage.number}{begin}"
    print(f"To go on here: {again}", file=sys.stderr)
