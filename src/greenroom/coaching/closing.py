"""The last words of an interview: what came across in all of it, what never did, and what to fix first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from greenroom.records import Analysis, Delivery, Question

from .delivery import shared_remark
from .needs import most_needed
from .phrasing import MOST_SPOKEN_WORDS, Chooser, load_phrases, word_count

MOST_NAMED = 2


def closing(
    choose: Chooser, answers: Sequence[Analysis], questions: Sequence[Question], *, asks: bool = True
) -> str:
    """At most 25 s; what does not fit is left out, the last question stays.

    Only now is it known how every answer sounded, so that is said here rather than after each.

    Args:
        questions: that of each answer.
        asks: whether it ends with a question to oneself; not where such questions follow.
    """
    lines = [*_in_order(choose, answers, questions)]
    ask = choose.pick(load_phrases()["closing"]["ask"]) if asks else ""
    said: list[str] = []
    for line in lines:
        if word_count(" ".join([*said, line, ask])) <= MOST_SPOKEN_WORDS:
            said.append(line)
    return " ".join([*said, ask]).strip()


def _in_order(choose: Chooser, answers: Sequence[Analysis], questions: Sequence[Question]) -> Iterator[str]:
    phrases = load_phrases()["closing"]
    sent = Counter(signal.id for answer in answers for signal in answer.signals)
    lost = Counter(_lost(answers, questions))
    yield choose.pick(phrases["open"])
    if sent:
        yield choose.pick(phrases["came"]).format(signals=_named([id for id, _ in sent.most_common()]))
    else:
        yield choose.pick(phrases["none_came"])
    if never := _never_came(answers, questions):
        yield choose.pick(phrases["never"]).format(signals=_named(never))
    if lost:
        fix = load_phrases()["closing_fix"][lost.most_common(1)[0][0]]
        yield choose.pick(phrases["first"]).format(fix=fix)
    elif sent and not never:
        yield choose.pick(phrases["keep"])
    if heard := _heard_in_all(choose, [answer.delivery for answer in answers]):
        yield heard


def _lost(answers: Sequence[Analysis], questions: Sequence[Question]) -> Iterator[str]:
    """The patterns that each answer was told of: a follow-up is not asked for what went before it."""
    told = {question.id: answer for question, answer in zip(questions, answers, strict=False)}
    for answer, question in zip_longest(answers, questions[: len(answers)]):
        before = told.get(question.follows) if question else None
        yield from (finding.id for finding in most_needed(answer, question, before))


def _never_came(answers: Sequence[Analysis], questions: Sequence[Question]) -> list[str]:
    """The signals that were asked for and that no answer sent, the most asked for first."""
    # Clarity is no signal of its own: it shows in the rubric.
    sent = {signal.id for answer in answers for signal in answer.signals}
    probed = Counter(signal for question in questions for signal in question.signals)
    return [id for id, _ in probed.most_common() if id not in sent and id != "clarity"]


def _named(signals: Sequence[str]) -> str:
    return " and ".join(load_phrases()["names"][id] for id in signals[:MOST_NAMED])


def _heard_in_all(choose: Chooser, deliveries: Sequence[Delivery]) -> str | None:
    phrases = load_phrases()["closing_delivery"]
    key = shared_remark(deliveries, phrases)
    return None if key is None else choose.pick(phrases[key])
