"""What is said after real answers: properties that hold for each of them and over long sessions."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from greenroom.analysis import Analyzer, transcript_of
from greenroom.coaching import Coach
from greenroom.coaching.quotes import has_amount
from greenroom.records import Analysis, Feedback, Question, Transcript, bare

pytestmark = pytest.mark.slow

ANSWERS = Path(__file__).parents[1] / "data" / "answers" / "tuning.jsonl"
MOST_WORDS_IN_25_SECONDS = 64
SESSION = 30

# Words on the person rather than the answer.
JUDGING = re.compile(
    r"\b(nervous|anxious|confident|confidence|smart|clever|stupid|lazy|weak|bad|poor|wrong of you|failed|"
    r"rejected|hire|talent\w*|natural|personality|you are a|you're a|impressive|amazing|perfect|"
    r"excellent|great)\b",
    re.I,
)
ASKS_FOR_A_NUMBER = re.compile(r"\b(how (much|many|often|long|big)|numbers?|figures?)\b", re.I)
QUOTE = re.compile("“([^”]*)”")

Case = tuple[Transcript, Analysis, Question]


@cache
def cases() -> tuple[Case, ...]:
    analyzer = Analyzer()
    found = []
    for line in ANSWERS.read_text("utf-8").splitlines():
        row = json.loads(line)
        question = Question(id="q", text=row["question"], kind=row["kind"], signals=("ownership",))
        transcript = transcript_of(row["answer"])
        found.append((transcript, analyzer.analyze(transcript, question), question))
    return tuple(found)


@cache
def session(seed: int) -> tuple[tuple[Case, Feedback], ...]:
    coach = Coach(seed)
    drawn = random.Random(seed).sample(cases(), SESSION)
    return tuple((case, coach.feedback(*case)) for case in drawn)


SEEDS = range(8)
over_sessions = pytest.mark.parametrize("seed", SEEDS)


def around_quotes(text: str, quotes: list[str]) -> str:
    for quote in sorted(quotes, key=len, reverse=True):
        text = text.replace(quote, "Q")
    return text


def quotes_of(feedback: Feedback) -> list[str]:
    return QUOTE.findall(" ".join((feedback.strength or "", *feedback.changes)))


@over_sessions
def test_it_fits_into_25_seconds_and_reads_well(seed: int) -> None:
    for _, feedback in session(seed):
        said = f"{feedback.spoken} {feedback.follow_up or ''}"
        assert 0 < len(feedback.spoken.split()) <= MOST_WORDS_IN_25_SECONDS
        assert len(feedback.changes) <= 2
        for text in (said, feedback.strength or "", *feedback.changes):
            assert not re.search(r"[{}\0]|\s[,.;:?!]|[,;:]\s*[,;:.?!]|\.\.|\s\s|[?!]\.", text), text
        unquoted = around_quotes(said, quotes_of(feedback))
        assert not re.search(r"\b(\w+),? \1\b", unquoted, re.I), unquoted
        assert re.search(r"[.?]$", feedback.spoken)


@over_sessions
def test_no_sentence_is_said_twice_in_a_session(seed: int) -> None:
    said = [
        sentence
        for _, feedback in session(seed)
        for sentence in re.split(r"(?<=[.?!]) ", f"{feedback.spoken} {feedback.follow_up or ''}".strip())
    ]
    assert sorted({each for each in said if said.count(each) > 1}) == []


@over_sessions
def test_two_answers_in_a_row_are_not_phrased_alike(seed: int) -> None:
    def runs(feedback: Feedback) -> set[tuple[str, ...]]:
        words = around_quotes(feedback.spoken, quotes_of(feedback)).lower().split()
        return {tuple(words[n : n + 9]) for n in range(len(words) - 8)}

    feedbacks = [feedback for _, feedback in session(seed)]
    alike = [runs(one) & runs(other) for one, other in pairwise(feedbacks)]
    assert [run for run in alike if run] == []


@over_sessions
def test_every_quote_is_in_the_answer(seed: int) -> None:
    for (transcript, _, _), feedback in session(seed):
        answer = [bare(word) for word in transcript.text.replace("“", "").split()]
        for quote in quotes_of(feedback):
            # Stumbles are left out of a quote, and "we" may be told as "I": the rest is there, in order.
            words = [bare(word) for word in quote.split()]
            told = (words, ["we", *words[1:]])
            assert any(in_order(each, answer) for each in told), quote


def in_order(words: list[str], answer: list[str]) -> bool:
    for start in (n for n, word in enumerate(answer) if word == words[0]):
        rest = iter(answer[start : start + len(words) + 10])
        if all(word in rest for word in words):
            return True
    return False


@over_sessions
def test_nothing_is_said_about_the_person(seed: int) -> None:
    for _, feedback in session(seed):
        ours = around_quotes(f"{feedback.spoken} {feedback.follow_up or ''}", quotes_of(feedback))
        assert not JUDGING.search(ours), ours


@over_sessions
def test_no_follow_up_asks_for_a_number_that_was_given(seed: int) -> None:
    for (_, analysis, _), feedback in session(seed):
        if any(part.id == "result" and has_amount(part.text) for part in analysis.parts):
            assert not ASKS_FOR_A_NUMBER.search(feedback.follow_up or ""), feedback.follow_up


@over_sessions
def test_praise_has_its_quote(seed: int) -> None:
    for _, feedback in session(seed):
        assert feedback.strength is None or QUOTE.search(feedback.strength)


def test_a_draft_leaves_its_sentences_free() -> None:
    drafting, plain = Coach(3), Coach(3)
    for case in cases()[:12]:
        memory = drafting.memory()
        drafting.feedback(*case)
        drafting.return_to(memory)
        assert drafting.feedback(*case) == plain.feedback(*case)


@pytest.mark.parametrize(
    ("answer", "asked_about"),
    [
        (
            "The site kept freezing over and nobody had planned for it. So I tented the slab and I swapped "
            "the pump to the early slot. I checked the slab every hour. It came out lovely.",
            "the slab",
        ),
        (
            "The export crashed at night and people were waiting. We rewrote the importer and we moved the "
            "importer to another machine. It was good for everybody in the end.",
            "the importer",
        ),
    ],
)
def test_a_follow_up_speaks_of_what_the_answer_spoke_of(answer: str, asked_about: str) -> None:
    transcript, question = transcript_of(answer), Question(id="q", text="Tell me about a time you fixed it.")
    analysis = Analyzer().analyze(transcript, question)
    assert asked_about in (Coach(1).feedback(transcript, analysis, question).follow_up or "")
