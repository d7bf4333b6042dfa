"""Every example of every rule: it fires on exactly the marked words, or stays quiet."""

from __future__ import annotations

import re

import pytest

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.matchers import MATCHERS
from greenroom.analysis.rules import Example, load_patterns, load_signals
from greenroom.records import PATTERNS, SIGNALS, Question, Span

PATTERN_RULES = load_patterns()
SIGNAL_RULES = load_signals()


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its brackets, and (first word, last word) of each bracketed stretch."""
    spans, opened = [], 0
    for i, word in enumerate(text.split()):
        opened = i if word.startswith("[") else opened
        if re.search(r"\]\W*$", word):
            spans.append((opened, i))
    return re.sub(r"[\[\]]", "", text), spans


def asked(example: Example) -> Question | None:
    return Question(id="", text=example.question) if example.question else None


def places(spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    return [(span.first_word, span.last_word) for span in spans]


def cases(rules, kind):
    return [
        pytest.param(rule, example, id=f"{rule.id}-{n}")
        for rule in rules
        for n, example in enumerate(getattr(rule, kind), start=1)
    ]


def test_there_is_a_rule_for_every_pattern_and_every_signal_but_clarity() -> None:
    assert tuple(rule.id for rule in PATTERN_RULES) == PATTERNS
    assert tuple(rule.id for rule in SIGNAL_RULES) == tuple(
        signal for signal in SIGNALS if signal != "clarity"
    )


@pytest.mark.parametrize("rule", [*PATTERN_RULES, *SIGNAL_RULES], ids=lambda rule: rule.id)
def test_every_rule_has_two_examples_each_way_and_marks_its_evidence(rule) -> None:
    assert len(rule.fires) >= 2
    assert len(rule.quiet) >= 2
    assert all(marked(example.text)[1] for example in rule.fires)
    assert not any(marked(example.text)[1] for example in rule.quiet)


@pytest.mark.parametrize("rule", PATTERN_RULES, ids=lambda rule: rule.id)
def test_every_pattern_names_its_source_and_a_known_matcher(rule) -> None:
    assert rule.source
    assert rule.matcher in MATCHERS


@pytest.mark.parametrize(("rule", "example"), cases(PATTERN_RULES, "fires"))
def test_a_pattern_fires_on_the_marked_words(analyzer: Analyzer, rule, example) -> None:
    text, spans = marked(example.text)
    found = {
        finding.id: finding for finding in analyzer.analyze(transcript_of(text), asked(example)).patterns
    }
    assert rule.id in found
    assert places(found[rule.id].evidence) == spans


@pytest.mark.parametrize(("rule", "example"), cases(PATTERN_RULES, "quiet"))
def test_a_pattern_stays_quiet(analyzer: Analyzer, rule, example) -> None:
    analysis = analyzer.analyze(transcript_of(example.text), asked(example))
    assert rule.id not in {finding.id for finding in analysis.patterns}


@pytest.mark.parametrize(("rule", "example"), cases(SIGNAL_RULES, "fires"))
def test_a_signal_is_seen_in_the_marked_words(analyzer: Analyzer, rule, example) -> None:
    text, spans = marked(example.text)
    found = {signal.id: signal for signal in analyzer.analyze(transcript_of(text), asked(example)).signals}
    assert rule.id in found
    assert places(found[rule.id].evidence) == spans


@pytest.mark.parametrize(("rule", "example"), cases(SIGNAL_RULES, "quiet"))
def test_a_claim_is_no_signal(analyzer: Analyzer, rule, example) -> None:
    analysis = analyzer.analyze(transcript_of(example.text), asked(example))
    assert rule.id not in {signal.id for signal in analysis.signals}
