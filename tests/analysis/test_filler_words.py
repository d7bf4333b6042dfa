"""Filler words: every example of every file, and the labelled sentences, of which half were unseen."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from greenroom.analysis import transcript_of
from greenroom.analysis.filler_words import FillerRule, filler_words, load_fillers
from greenroom.analysis.parse import Parser
from greenroom.records import Filler, Word

RULES = load_fillers()
PHRASES = {
    "like",
    "you know",
    "I mean",
    "sort of",
    "kind of",
    "basically",
    "actually",
    "literally",
    "right",
    "so",
    "well",
    "okay",
}
SENTENCES = Path(__file__).parent.parent / "data" / "filler_sentences.tsv"


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser()


def found(parser: Parser, text: str) -> tuple[Filler, ...]:
    return filler_words(parser.read(transcript_of(text).words))


def said(parser: Parser, text: str) -> list[str]:
    return [filler.text for filler in found(parser, text)]


def plain(text: str) -> str:
    return re.sub(r"[\[\]]", "", text)


def marked(text: str) -> list[int]:
    return [i for i, word in enumerate(text.split()) if "[" in word]


def cases(kind: str) -> list:
    return [
        pytest.param(rule, text, id=f"{rule.phrase}-{n}")
        for rule in RULES
        for n, text in enumerate(getattr(rule, kind), start=1)
    ]


def test_every_word_has_its_file_with_reasons_and_examples_each_way() -> None:
    assert {rule.phrase for rule in RULES} == PHRASES
    assert all(rule.why and rule.why_not for rule in RULES)
    assert all(len(rule.examples) >= 4 and len(rule.against) >= 4 for rule in RULES)
    assert all(0 < case.confidence <= 1 and case.why for rule in RULES for case in rule.cases)


@pytest.mark.parametrize(("rule", "text"), cases("examples"))
def test_it_is_a_filler_where_it_is_marked(parser: Parser, rule: FillerRule, text: str) -> None:
    own = [f for f in found(parser, plain(text)) if f.text in rule.forms]
    assert [filler.first_word for filler in own] == marked(text)


@pytest.mark.parametrize(("rule", "text"), cases("against"))
def test_it_is_none_where_it_means_something(parser: Parser, rule: FillerRule, text: str) -> None:
    assert not set(said(parser, text)) & set(rule.forms)


def labelled(half: str) -> list[dict[str, str]]:
    with SENTENCES.open(newline="") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["half"] == half]


def counts(parser: Parser, half: str) -> dict[str, Counter]:
    """For each phrase how many of the marked places were rightly and wrongly taken for fillers."""
    result: dict[str, Counter] = {}
    for row in labelled(half):
        (place,) = marked(row["sentence"])
        got = any(f.first_word == place for f in found(parser, plain(row["sentence"])))
        outcome = ("missed", "hit")[got] if row["discourse"] == "1" else ("quiet", "false")[got]
        result.setdefault(row["phrase"], Counter())[outcome] += 1
    return result


def f1(tally: Counter) -> float:
    return 2 * tally["hit"] / (2 * tally["hit"] + tally["missed"] + tally["false"])


def test_the_sentences_are_half_content_and_half_unseen() -> None:
    rows = [row for half in ("seen", "unseen") for row in labelled(half)]
    uses = Counter((row["phrase"], row["discourse"]) for row in rows)
    assert len(rows) >= 200
    assert {phrase for phrase, _ in uses} == PHRASES
    assert all(uses[phrase, "0"] == uses[phrase, "1"] for phrase in PHRASES)
    assert all(uses[phrase, "0"] >= 25 for phrase in ("like", "you know", "I mean"))
    assert len(labelled("seen")) == len(labelled("unseen"))


@pytest.mark.parametrize("half", ["seen", "unseen"])
def test_the_labelled_sentences(parser: Parser, half: str) -> None:
    tallies = counts(parser, half)
    assert all(f1(tallies[phrase]) >= 0.9 for phrase in ("like", "you know", "I mean"))
    assert f1(sum(tallies.values(), Counter())) >= 0.9


def test_a_filler_word_knows_its_words_and_times(parser: Parser) -> None:
    spoken = ["And", "um", "you", "know,", "it", "rained."]
    words = tuple(Word(text, i / 2, i / 2 + 0.4) for i, text in enumerate(spoken))
    (filler,) = filler_words(parser.read(words))
    assert (filler.text, filler.kind, filler.source) == ("you know", "filler_word", "transcript")
    assert (filler.first_word, filler.last_word, filler.start, filler.end) == (2, 3, 1.0, 1.9)


def test_two_of_them_are_two(parser: Parser) -> None:
    assert said(parser, "It was, like, you know, a mess.") == ["like", "you know"]
    assert said(parser, "i mean like nobody came") == ["i mean", "like"]


def test_filled_pauses_stay_out_of_it(parser: Parser) -> None:
    assert said(parser, "um uh hmm") == []
    assert said(parser, "") == []


def test_a_filled_pause_beside_it_is_a_sign(parser: Parser) -> None:
    assert said(parser, "and we so um waited") == ["so"]
    assert said(parser, "the van broke so we waited") == []


def test_a_long_answer_takes_next_to_no_time(parser: Parser) -> None:
    reading = parser.read(
        transcript_of("So I was, like, you know, sort of new and it was right. " * 40).words
    )
    before = time.process_time()
    assert len(filler_words(reading)) > 100
    # 5 to 15 ms for these 520 words; what this catches is something that grows with their square.
    assert time.process_time() - before < 0.2
