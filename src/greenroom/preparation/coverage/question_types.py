"""Which types of questions could be asked that no story answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from greenroom.preparation.coverage.coverage import Coverage
from greenroom.questions import QuestionBank
from greenroom.records import SIGNALS, Question

KIND_WORDS = {
    "behavioural": "“tell me about a time” questions",
    "leadership": "questions about leading people",
    "technical": "technical questions",
    "execution": "questions about getting things done",
    "situational": "“what would you do” questions",
}
"""Kinds that a story can answer, in plain words; an introduction is no story."""


@dataclass(frozen=True, slots=True)
class QuestionType:
    """Questions of one kind that no story answers, for one reason.

    Attributes:
        kind: one of KIND_WORDS.
        missing: a quality that no story shows; or two or three that no single story shows together.
        questions: those of the banks, in their order; at least one.
    """

    kind: str
    missing: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def example(self) -> Question:
        """One that is mostly about what is missing, suits everybody, and is quickly read."""
        return min(self.questions, key=self._distance)

    def _distance(self, question: Question) -> tuple[int, bool, int]:
        first = min(question.signals.index(each) for each in self.missing)
        return first, question.level != "any", len(question.text)


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, with all types of questions that ask for it, the most frequent first."""

    missing: tuple[str, ...]
    types: tuple[QuestionType, ...]

    @property
    def questions(self) -> int:
        """How many questions of the banks ask for it."""
        return sum(len(each.questions) for each in self.types)


def unanswered(coverage: Coverage, banks: Iterable[QuestionBank]) -> tuple[Gap, ...]:
    """What no story answers: single qualities first, in the order they are wanted, then those together.

    A question is answered by a story that shows, strongly or weakly, all wanted qualities that it probes.
    What is missing is the least that is: a question that probes several qualities which no story shows counts
    for each of them, and one whose qualities are shown, but not together, for each pair that is not.
    """
    stories = dict.fromkeys(cell.story for cell in coverage.cells)
    shown = [{cell.quality for cell in coverage.cells if cell.story == story} for story in stories]
    found: defaultdict[tuple[str, ...], defaultdict[str, list[Question]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for question in _askable(banks):
        probed = [quality for quality in coverage.wanted if quality in question.signals]
        for missing in _missing(probed, shown):
            found[missing][question.kind].append(question)
    gaps = (_gap(missing, by_kind) for missing, by_kind in found.items())
    order = {quality: place for place, quality in enumerate(coverage.wanted)}
    return tuple(
        sorted(
            gaps,
            key=lambda gap: (
                len(gap.missing) > 1,
                0 if len(gap.missing) == 1 else -gap.questions,
                [order[quality] for quality in gap.missing],
            ),
        )
    )


def without_questions(coverage: Coverage) -> tuple[str, ...]:
    """Qualities in own words that no story shows: no question of the shipped banks is marked with them."""
    return tuple(quality for quality in coverage.uncovered if quality not in SIGNALS)


def _askable(banks: Iterable[QuestionBank]) -> Iterator[Question]:
    for bank in banks:
        yield from (question for question in bank.questions if question.kind in KIND_WORDS)


def _missing(probed: Sequence[str], shown: Sequence[set[str]]) -> list[tuple[str, ...]]:
    """The fewest of the probed qualities that no story shows, or not together; all such, () for none."""
    for count in range(1, len(probed) + 1):
        together = combinations(probed, count)
        if missing := [each for each in together if not any(set(each) <= its for its in shown)]:
            return missing
    return []


def _gap(missing: tuple[str, ...], by_kind: dict[str, list[Question]]) -> Gap:
    types = (QuestionType(kind, missing, tuple(questions)) for kind, questions in by_kind.items())
    return Gap(missing, tuple(sorted(types, key=lambda each: -len(each.questions))))
