"""What is asked of somebody who tells a story: all of it, or step by step, and what is still open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from greenroom.coaching.quotes import has_amount
from greenroom.preparation.stories.stories import Story
from greenroom.preparation.telling.drafting import Piece
from greenroom.records import Question

MOST_GAPS = 3
"""More questions than that after a story, and telling it becomes an inquiry. (Judgement.)"""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask.

    Attributes:
        topic: what it asks for: "all", "broken", "stake", "decided", "result", "number", "own" or "title".
        part: the part of a story that the answer belongs to; "" where it may be any.
    """

    topic: str
    part: str
    question: Question


def _prompt(topic: str, part: str, text: str, about: str) -> Prompt:
    return Prompt(topic, part, Question(f"tell-{topic}", text, about=about, target_seconds=60))


WHOLE = _prompt(
    "all",
    "",
    "Tell me the story as it comes. What happened, what did you do, and what came of it?",
    "one true thing that happened, and you in the middle of it. It need not be in order yet.",
)

LED = (
    _prompt(
        "broken",
        "situation",
        "What was broken, or missing, or about to go wrong?",
        "the trouble at the start, so that somebody who was not there can see it.",
    ),
    _prompt(
        "stake",
        "situation",
        "Who cared about it, and what would it have cost them?",
        "the people who felt it: customers, colleagues, whoever pays for it.",
    ),
    _prompt(
        "decided",
        "action",
        "What did you decide, and what did you do?",
        "your own choice, and the steps that you took yourself.",
    ),
    _prompt(
        "result",
        "result",
        "What changed because of it?",
        "how it was afterwards, compared with how it had been.",
    ),
    _prompt(
        "number",
        "result",
        "By how much? A rough number will do.",
        "an amount: how many, how much, how long, before and after.",
    ),
)

GAPS = (
    _prompt(
        "result",
        "result",
        "What changed in the end? How was it afterwards, and how had it been before?",
        "what was different when you had finished.",
    ),
    _prompt(
        "number",
        "result",
        "What was the number? How much, how many or how long: a rough one will do.",
        "an amount that somebody else could check.",
    ),
    _prompt(
        "own",
        "task",
        "Which part was yours? What were you there to do, or to decide?",
        "your own task in it, beside what others did.",
    ),
    _prompt(
        "stake",
        "situation",
        "Who cared about it? For whom did it matter, and why?",
        "customers, colleagues, or whoever pays for it.",
    ),
)
"""The most valuable first. What came of it comes before its number, which nobody could give without it."""

TITLE = _prompt(
    "title",
    "",
    "What shall we call it?",
    "a few words by which you will find this story again.",
)


def next_gap(story: Story, pieces: Sequence[Piece], asked: Collection[str]) -> Prompt | None:
    """What to ask next of a story in draft; None where nothing that matters is open.

    Args:
        pieces: what it was drafted from.
        asked: topics that need not be asked any more.
    """
    patterns = {finding.id for piece in pieces if not piece.part for finding in piece.answer.patterns}
    is_open = {
        "result": not story.result,
        "number": not story.numbers or ("no_outcome" in patterns and not has_amount(story.result)),
        "own": not story.task or "hidden_in_team" in patterns,
        "stake": "no_business" in patterns,
    }
    return next((gap for gap in GAPS if is_open[gap.topic] and gap.topic not in asked), None)
