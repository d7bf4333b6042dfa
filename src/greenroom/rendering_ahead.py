"""The sound of what will soon be said, made while something else is being said or heard."""

from __future__ import annotations

from collections.abc import Sequence

from greenroom.answering import Stages
from greenroom.records import Question


def render_ahead(stages: Stages, questions: Sequence[Question]) -> None:
    """Have these questions rendered, and the hint of the first, in the order in which they may be needed.

    Returns at once. Their sound is kept for other interviews where they are a bank's own words.
    """
    narrator = stages.narrator
    for number, question in enumerate(questions):
        narrator.prepare(question.text, keep=question.is_anybodys)
        if number == 0:
            narrator.prepare(" ".join(stages.assessor.coach.hint(question)), keep=question.is_anybodys)
