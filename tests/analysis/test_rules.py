"""Every example of every rule: it fires on exactly the marked words, or stays quiet."""

from __future__ import annotations

import re
from typing import Any

import pytest

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.markers import markers_shown, showing
from greenroom.analysis.matchers import MATCHERS
from greenroom.analysis.patterns import matches_of
from greenroom.analysis.quoting import quote
from greenroom.analysis.rules import (
    Example,
    PatternRule,
    SignalRule,
    load_markers,
    load_patterns,
    load_signals,
)
from greenroom.analysis.signals import MOST_QUOTES, Support, by_rule
from greenroom.records import MARKERS, PATTERNS, SIGNALS, Question, Span

PATTERN_RULES = load_patterns()
SIGNAL_RULES = load_signals()
MARKER_RULES = load_markers()
RULES = (*PATTERN_RULES, *SIGNAL_RULES, *MARKER_RULES)


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


def test_there_is_a_rule_for_every_senior_marker() -> None:
    assert tuple(rule.id for rule in MARKER_RULES) == MARKERS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_two_examples_each_way_and_marks_its_evidence(rule) -> None:
    assert len(rule.fires) >= 2
    assert len(rule.quiet) >= 2
    assert all(marked(example.text)[1] for example in rule.fires)
    assert not any(marked(example.text)[1] for example in rule.quiet)


@pytest.mark.parametrize("rule", PATTERN_RULES, ids=lambda rule: rule.id)
def test_every_pattern_names_its_source_and_a_known_matcher(rule) -> None:
    assert rule.source
    assert rule.matcher in MATCHERS


def found_by_rule(analyzer: Analyzer, rule: Any, example: Example) -> list[tuple[int, int]]:
    """Places of what the rule by itself finds, without the scorer's word on it; none where it stays quiet."""
    reading = analyzer.read(transcript_of(marked(example.text)[0]), asked(example))
    if isinstance(rule, PatternRule):
        match = matches_of(reading, [rule])[rule.id]
        clauses = match.clauses if match.confidence > 0 else ()
    elif isinstance(rule, SignalRule):
        seen = by_rule(reading, rule)
        clauses = seen.clauses[:MOST_QUOTES] if seen.strength >= 1 else ()
    else:
        clauses = showing(reading, rule)
    return places(
        tuple(quote(reading, clause) for clause in sorted(clauses, key=lambda clause: clause.first))
    )


@pytest.mark.parametrize(("rule", "example"), cases(RULES, "fires"))
def test_a_rule_fires_on_the_marked_words(analyzer: Analyzer, rule, example) -> None:
    assert found_by_rule(analyzer, rule, example) == marked(example.text)[1]


@pytest.mark.parametrize(("rule", "example"), cases(RULES, "quiet"))
def test_a_rule_stays_quiet(analyzer: Analyzer, rule, example) -> None:
    assert found_by_rule(analyzer, rule, example) == []


@pytest.mark.parametrize("rule", MARKER_RULES, ids=lambda rule: rule.id)
def test_a_marker_is_not_there_without_its_signal(analyzer: Analyzer, rule) -> None:
    reading = analyzer.read(transcript_of(marked(rule.fires[0].text)[0]))
    unsent = {signal: Support(2.0, chance=0.2) for signal in SIGNALS}
    assert markers_shown(reading, [rule], unsent) == ()
    sent = {signal: Support(2.0, chance=0.6) for signal in SIGNALS}
    assert [marker.id for marker in markers_shown(reading, [rule], sent)] == [rule.id]
