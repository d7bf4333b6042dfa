"""How the person thought that an answer went, held against what the rubric makes of it."""

from __future__ import annotations

from greenroom.records import RubricScore, Turn

_MUCH_THE_SAME = 0.5
"""Up to so far apart the two are called alike: nearer than half a step nobody can rate in whole ones."""

_ALIKE = (
    "A {rating} from you, and I heard it much the same.",
    "You said {rating}, and that is about where I have it, too.",
    "We hear it alike: about a {rating}.",
)
_MORE_CAME_ACROSS = (
    "A {rating} from you. More of it came across than that.",
    "You said {rating}. I heard more in it than you did.",
    "You gave it a {rating}, and it gave me more than that.",
)
_LESS_CAME_ACROSS = (
    "A {rating} from you. Some of what you know of it has not reached me yet.",
    "You said {rating}. It may all be there, and not all of it is in the words yet.",
    "You gave it a {rating}. A part of that is still with you, so let us bring it out.",
)
_SPOKEN = {1: "one", 2: "two", 3: "three", 4: "four"}


def heard_rating(turn: Turn) -> float | None:
    """The rubric's side, on the same scale from 1 to 4; None where nothing was scored.

    It is the mean score of clarity and of what the question probes; of everything where it probes nothing.
    """
    scores = [each.score for each in scores_asked_for(turn)]
    return sum(scores) / len(scores) if scores else None


def scores_asked_for(turn: Turn) -> tuple[RubricScore, ...]:
    """Those that heard_rating() is the mean of."""
    probed = turn.asked.signals
    return tuple(each for each in turn.rubric if not probed or each.id in ("clarity", *probed))


def gap(turn: Turn) -> float | None:
    """How far the person's rating lies above the rubric's (-3 to 3); None where either is missing."""
    heard = heard_rating(turn)
    return None if heard is None or turn.self_rating is None else turn.self_rating - heard


def compared(turn: Turn) -> str | None:
    """Both ratings in a sentence to read: "You gave it a 3; by the rubric it comes to 2.3."."""
    heard = heard_rating(turn)
    if heard is None or turn.self_rating is None:
        return None
    return f"You gave it a {turn.self_rating}; by the rubric it comes to {f'{heard:.1f}'.removesuffix('.0')}."


def said(turn: Turn) -> str | None:
    """The same to be heard before the feedback, without figures that a second look may still move."""
    apart = gap(turn)
    if apart is None or turn.self_rating is None:
        return None
    lines = _LESS_CAME_ACROSS if apart > 0 else _MORE_CAME_ACROSS
    if abs(apart) <= _MUCH_THE_SAME:
        lines = _ALIKE
    # From one answer to the next in other words.
    return lines[turn.number % len(lines)].format(rating=_SPOKEN[turn.self_rating])
