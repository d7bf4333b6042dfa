"""Which known story an answer tells: by the names, numbers and rarer words that both hold.

Nothing is parsed and nothing loaded: what tells one story of a person from their others are words that few
answers hold, and those need no grammar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenroom.errors import UserError
from greenroom.preparation.angles.angles import angle_asked
from greenroom.preparation.recognition.story_words import (
    HINT,
    NAME,
    NUMBER,
    WORD,
    Mark,
    Marks,
    marks_of,
    marks_of_story,
    names_of,
    sound,
)
from greenroom.preparation.stories import story_files
from greenroom.preparation.stories.stories import Story, Told
from greenroom.records import Answer, Session, Turn

THRESHOLD = 0.28
"""Likeness from which an answer is taken for a telling. It lies half way between the answers of one made
person that tell none of their stories (up to 0.23) and those that do (from 0.34); another made person's
answers, on which it was not chosen, it tells apart with a precision of 1.00 and a recall of 0.93
(scripts/measure_recognition.py)."""

_CLEARLY = 1.15
"""So many times the likeness to the next story is asked for: between two that fit as well nobody decides."""

_LEAST_SHARED = 2
"""One name alone may be in any answer of the same trade."""

_WEIGHTS: Mapping[str, float] = {NAME: 1.6, NUMBER: 1.2, WORD: 1.0, HINT: 0.45}
_BY_SOUND = 0.7
"""What is left of a mark that only sounds alike, or of a number that is a percentage in one. (Judgement.)"""

_SHORT = 5.0
"""Weight added to the shorter of the two, so that two words shared with a short answer are not half of it."""

_LONG_SOUND = 5
"""Consonants; a word that is no name is recognised by its sound only from here on."""

_LEAST_TOLD = 12
"""Words that an answer has at least where it tells the story it was asked for; fewer are "pass" or "next"."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A story that an answer tells, or may tell.

    Attributes:
        story: its name.
        score: how like they are, 0 to 1.
        shared: what both hold, in the story's words, the most telling first.
    """

    story: str
    score: float
    shared: tuple[str, ...]


def recognise(answer: Answer, stories: Sequence[Story]) -> Recognised | None:
    """The one of these stories that the answer tells; None if it tells none, or it is not clear which."""
    return recognise_text(answer.transcript.text, stories)


def recognise_text(text: str, stories: Sequence[Story]) -> Recognised | None:
    """The same for the words of an answer."""
    found = sorted(likeness(text, stories), key=lambda each: -each.score)
    if not found or found[0].score < THRESHOLD or len(found[0].shared) < _LEAST_SHARED:
        return None
    if len(found) > 1 and found[0].score < _CLEARLY * found[1].score:
        return None
    return found[0]


def likeness(text: str, stories: Sequence[Story]) -> list[Recognised]:
    """How like each of the stories the words are, in the order of the stories."""
    answer = marks_of(text, frozenset().union(*map(names_of, stories)))
    known = [marks_of_story(story) for story in stories]
    held = Counter(key for marks in known for key in marks.by_key)
    return [_likeness(story.name, marks, answer, held) for story, marks in zip(stories, known, strict=True)]


def _likeness(name: str, story: Marks, answer: Marks, held: Mapping[str, int]) -> Recognised:
    """A mark weighs the less, the more of the person's stories hold it."""
    weights = {key: _WEIGHTS[mark.kind] / held[key] for key, mark in story.by_key.items()}
    shared = {
        key: weights[key] * share
        for key, mark in story.by_key.items()
        if (share := _share(key, mark, answer)) > 0
    }
    said = sum(_WEIGHTS[mark.kind] for mark in answer.by_key.values())
    score = sum(shared.values()) / (min(said, sum(weights.values())) + _SHORT)
    telling = sorted((key for key in shared if story.by_key[key].kind != HINT), key=lambda key: -shared[key])
    return Recognised(name, round(min(score, 1.0), 3), tuple(story.by_key[key].said for key in telling))


def _share(key: str, mark: Mark, answer: Marks) -> float:
    """How far the answer holds a mark of the story: 1 as it is, less where it only sounds so, or 0."""
    if key in answer.by_key:
        return 1.0
    if key.startswith("#"):  # "from nine to four percent": the first of them has no percent of its own
        other = key.removesuffix("%") if key.endswith("%") else f"{key}%"
        if other not in answer.by_key:
            return 0.0
        small = HINT in (mark.kind, answer.by_key[other].kind)  # "nine" may count anything
        return _WEIGHTS[HINT] if small else _BY_SOUND
    heard = sound(key) if mark.kind in (NAME, WORD) else ""
    told = heard in answer.sounds and (mark.kind == NAME or len(heard) >= _LONG_SOUND)
    return _BY_SOUND if heard and told else 0.0


def note_tellings(
    session: Session, folder_name: str, data: Path, angle: str = "", known: str | None = None
) -> tuple[Recognised, ...]:
    """Write into the files of the stories where they were told in a session; those that were newly noted.

    A question answered again, or followed up, is one telling of the story with it: that of its first answer.
    What stands in a story's file already is not written again, and a file that cannot be written keeps no
    other from it.

    Args:
        folder_name: name of the session's folder.
        angle: of stories.ANGLES, the side from which `known` was asked for; a question that was made by
            `angles.angle_question` says its own.
        known: name of the story that the session asked for; its answers tell it, recognised or not.

    Raises:
        UserError: a story's file cannot be written; all others are.
    """
    stories = story_files.load_stories(data).stories
    names = {story.name for story in stories}
    noted = {
        (story.name, each.turn) for story in stories for each in story.told if each.session == folder_name
    }
    roots = root_numbers(session)
    new: list[Recognised] = []
    faults: list[UserError] = []
    for turn in session.turns:
        asked_for, side = _asked_for(turn, known, angle)
        found = recognise(turn, stories) or _taken_for(turn, asked_for if asked_for in names else None)
        if found is None or (found.story, roots[turn.number]) in noted:
            continue
        noted.add((found.story, roots[turn.number]))
        at = turn.answered_at or session.started_at
        told = Told(folder_name, roots[turn.number], at, side if found.story == asked_for else "")
        try:
            story_files.note_told(data, found.story, told)
            new.append(found)
        except UserError as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return tuple(new)


def root_numbers(session: Session) -> dict[int, int]:
    """For the number of each turn that of the turn which it repeats or follows up, directly or not."""
    roots: dict[int, int] = {}
    for turn in sorted(session.turns, key=lambda each: each.number):
        before = turn.retry_of or turn.follow_up_to
        roots[turn.number] = roots.get(before, before) if before else turn.number
    return roots


def _asked_for(turn: Turn, known: str | None, angle: str) -> tuple[str | None, str]:
    """The name of the story that the question asks for, and from which side; None if it asks for none."""
    if (asked := angle_asked(turn.asked)) is not None:
        return asked
    return (known, angle) if known is not None and not turn.follow_up_to else (None, "")


def _taken_for(turn: Turn, asked_for: str | None) -> Recognised | None:
    """An answer to the question for a story tells it even where no word of it comes back."""
    told = asked_for is not None and turn.delivery.words >= _LEAST_TOLD
    return Recognised(asked_for, 0.0, ()) if asked_for is not None and told else None
