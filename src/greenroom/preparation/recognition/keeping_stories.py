"""Answers that tell a story nobody has kept yet: found in a session, offered, and kept."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from greenroom import keys
from greenroom.answering import Stages
from greenroom.coaching.facts import main_deed
from greenroom.coaching.quotes import has_amount
from greenroom.errors import UsageError, UserError
from greenroom.preparation.angles.angles import BANK
from greenroom.preparation.recognition.recognising import likeness, recognise, root_numbers
from greenroom.preparation.stories import story_files
from greenroom.preparation.stories.stories import Story, Told
from greenroom.records import ASSERTED, Answer, Session, Turn, ends_sentence
from greenroom.review.finding import no_such_turn
from greenroom.session import load_session

_SECONDS = 8.0
"""How long an answer is waited for (s), as for a rating: one key, with closed eyes. (Judgement.)"""

_KEY_INTERVAL = 0.05  # s between looks at the keyboard

_HIDES = ("no_outcome", "hidden_in_team")
"""Patterns with which a story would be kept that still lacks what makes it one."""

_PERHAPS_KNOWN = 0.2
"""Likeness to a known story from which nothing is offered: the same story kept twice is worse than one that
is not offered. (Judgement: of the 46 made answers that tell no known story one reaches it.)"""

_NEAR = 15
"""Words of the same sentence that are still near its result: what was not punctuated is all one sentence."""

_LEAST_WORDS = 40  # judgement: less is no story that could be told again

WITH_KEYS = f"y or Enter keeps it as a story · any other key, or {_SECONDS:.0f} s, goes on"
IN_WORDS = "Words: yes or just Enter keeps it as a story, no goes on. It waits for you."

Draft = Callable[[Answer, str], Story]
"""Makes a story of an answer; the text is its title, "" to find one."""


def new_stories(session: Session, data: Path) -> tuple[Turn, ...]:
    """The answers of a session that tell a story with a measured result which is none of the known ones.

    Of a question that was answered more than once it is the latest answer; the best comes first. Follow-ups
    go on with a story and tell none, and what the demo candidate tells is nobody's own.
    """
    if "demo" in (session.settings.get("candidate") or ()):
        return ()
    known = story_files.load_stories(data).stories
    roots = root_numbers(session)
    taken = {
        root
        for root in roots.values()
        if any(told.session == session.id and told.turn == root for story in known for told in story.told)
    } | {roots[turn.number] for turn in session.turns if recognise(turn, known)}
    latest = {roots[turn.number]: turn for turn in session.turns if turn.follow_up_to is None}
    found = [turn for root, turn in latest.items() if root not in taken and _is_new(turn, known)]
    return tuple(sorted(found, key=lambda turn: (-_worth(turn), turn.number)))


def offer_to_keep(stages: Stages, session: Session, data: Path, draft: Draft | None = None) -> Path | None:
    """Offer, in a terminal, to keep the best new story of a session; the file that it was kept in.

    Nothing is lost by not keeping it: it says how to do so later. Where nobody is at the keys nothing is
    offered.

    Args:
        draft: makes the story; by default `drafting.draft_of`, which loads its models then.
    """
    found = new_stories(session, data) if stages.keyboard.interactive else ()
    if not found:
        return None
    turn, screen = found[0], stages.screen
    offer = _offer(turn, session)
    screen.said(offer)
    screen.note(IN_WORDS if stages.keyboard.by_words else WITH_KEYS)
    try:
        if _pressed(stages, offer) not in (keys.YES, keys.DONE):
            name = shlex.quote(session.id)
            screen.note(f"It stays in the session; later: greenroom stories keep {name} {turn.number}")
            return None
        screen.note("One moment: I am putting it into its parts.")
        path = story_files.save_story(data, _story(turn, session.id, session, data, "", draft or _drafted))
    except UserError as error:
        screen.note(f"It could not be kept: {error}")
        return None
    screen.note(f"Kept: {path}")
    return path


def keep(folder: Path, number: int, data: Path, title: str | None = None, draft: Draft | None = None) -> Path:
    """Keep the answer of a session's turn as a story; its file.

    Args:
        folder: the session's.
        title: what to call it; None for what it is most about.
        draft: as in `offer_to_keep`.

    Raises:
        UsageError: there is no such turn, or its answer is kept already.
        BadInputError: the session cannot be read, or the story not be written.
    """
    session = load_session(folder)
    turn = next((each for each in session.turns if each.number == number), None)
    if turn is None:
        raise no_such_turn(number, [each.number for each in session.turns])
    session_name = folder.resolve().name
    root = root_numbers(session)[number]
    for story in story_files.load_stories(data).stories:
        if any(told.session == session_name and told.turn == root for told in story.told):
            raise UsageError(
                f"answer {number} tells the story {story.name}, which is kept already",
                f"greenroom stories show {shlex.quote(story.name)}",
            )
    return story_files.save_story(
        data, _story(turn, session_name, session, data, title or "", draft or _drafted)
    )


def _is_new(turn: Turn, known: tuple[Story, ...]) -> bool:
    hidden = any(finding.id in _HIDES and finding.confidence >= ASSERTED for finding in turn.patterns)
    if turn.form != "story" or not _is_measured(turn) or hidden or turn.asked.bank == BANK:
        return False
    if turn.delivery.words < _LEAST_WORDS:
        return False
    return all(each.score < _PERHAPS_KNOWN for each in likeness(turn.transcript.text, known))


def _is_measured(turn: Turn) -> bool:
    """Whether a number stands in a sentence that tells the result; a part may be only a clause of it."""
    words = [word.text for word in turn.transcript.words] or turn.transcript.text.split()
    for part in (each for each in turn.parts if each.id == "result"):
        first, last = part.first_word, min(part.last_word, len(words) - 1)
        nearest = max(0, first - _NEAR)
        while first > nearest and not ends_sentence(words[first - 1]):
            first -= 1
        furthest = min(len(words) - 1, last + _NEAR)
        while last < furthest and not ends_sentence(words[last]):
            last += 1
        if has_amount(" ".join(words[first : last + 1])):
            return True
    return False


def _worth(turn: Turn) -> float:
    """How much it shows: signals and whole parts, less what still hides them."""
    parts = {part.id for part in turn.parts}
    return len(turn.signals) + len(parts) - len(turn.patterns)


def _offer(turn: Turn, session: Session) -> str:
    """ "That one is worth keeping", and which one: by what it is about, or by its number."""
    deed = main_deed(turn.deeds)
    if deed is not None and deed.mentions > 1:
        return f"The story about {deed.thing}: that one is worth keeping."
    mains = [each.number for each in session.turns if each.follow_up_to is None and each.retry_of is None]
    if len(mains) < 2:
        return "That one is worth keeping."
    place = mains.index(root_numbers(session)[turn.number]) + 1
    return f"Your answer to question {place}: that one is worth keeping."


def _pressed(stages: Stages, offer: str) -> str | None:
    """The key that answered the offer, None if none did in time."""
    heeded = frozenset({*keys.KEYS.values(), *keys.RATINGS})
    pressed = stages.narrator.say(offer, heeded=heeded)
    until = time.monotonic() + keys.time_for(stages.keyboard, _SECONDS)
    while pressed is None and time.monotonic() < until:
        pressed = stages.keyboard.poll()
        time.sleep(_KEY_INTERVAL)
    return pressed


def _story(turn: Turn, session_name: str, session: Session, data: Path, title: str, draft: Draft) -> Story:
    """The turn's story with a name of its own, told once: there."""

    made = draft(turn, title)
    told = Told(session_name, root_numbers(session)[turn.number], turn.answered_at or session.started_at)
    return replace(made, name=story_files.new_name(data, made.title), told=(told,))


def _drafted(answer: Answer, title: str) -> Story:
    from greenroom.preparation.telling.drafting import draft_of
    from greenroom.preparation.telling.entities import EntityReader

    return draft_of(answer, EntityReader(), title=title)
