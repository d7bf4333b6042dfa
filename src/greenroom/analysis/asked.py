"""What a question asks for, so that no rule faults an answer for being what was asked."""

from __future__ import annotations

from greenroom.records import Question

from .lexicon import read_toml

_CLASSES: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (entry["id"], tuple(entry["phrases"])) for entry in read_toml("lexicons", "questions.toml")["asks"]
)
_BY_KIND = {"intro": "self", "situational": "practice", "other": "self"}
_OF_DEEDS = ("behavioural", "leadership", "execution")
"""Kinds that never ask for knowledge: "What is a piece of work you are proud of?" asks for an episode."""


def asks_for(question: Question | None) -> str:
    """ "episode" (a story), "would" (a plan), "practice" (a habit), "self", or "knowledge".

    Where nothing is known of the question an episode is assumed: it is what most interview questions ask for.
    """
    if question is None:
        return "episode"
    text = question.text.lower().replace("’", "'")
    for asked, phrases in _CLASSES:
        if any(phrase in text for phrase in phrases):
            return "episode" if asked == "knowledge" and question.kind in _OF_DEEDS else asked
    return _BY_KIND.get(question.kind, "episode")
