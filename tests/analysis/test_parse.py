"""From words to clauses: long chains, several threads, and infinitives."""

from __future__ import annotations

import time
from typing import Any

import pytest

from greenroom.analysis import Analyzer, transcript_of


class Interrupted:
    """The model, with another thread that goes first whenever it parses."""

    def __init__(self, model: Any, first: Any) -> None:
        self._model, self._first = model, first

    def pipe(self, *given: Any, **more: Any) -> Any:
        self._first()
        return self._model.pipe(*given, **more)


def test_what_was_remembered_stays_while_another_thread_forgets(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    parser = analyzer._parser
    analyzer.read(transcript_of("I mended the fence."))

    def forget() -> None:
        parser._remembered = {}

    monkeypatch.setattr(parser, "_nlp", Interrupted(parser._nlp, forget))
    reading = analyzer.read(transcript_of("I mended the fence. I painted it on a dull Tuesday in May."))
    assert [clause.verb for clause in reading.clauses] == ["mend", "paint"]


def test_a_chain_of_verbs_without_end_takes_little_time(analyzer: Analyzer) -> None:
    before = time.perf_counter()
    reading = analyzer.read(transcript_of("I cleaned" + " and cleaned" * 599 + "."))
    assert time.perf_counter() - before < 5, "0.5 s; it was 82 s when each verb walked to the first"
    assert len(reading.clauses) == 600
    assert {(c.subject, c.mood) for c in reading.clauses[:15]} == {("i", "past")}


def test_a_chain_of_infinitives_without_end_is_read(analyzer: Analyzer) -> None:
    (clause,) = analyzer.read(transcript_of("I tried" + " to try" * 1500 + ".")).clauses
    assert clause.verbs == {"try"}


@pytest.mark.parametrize(
    ("text", "subject", "mood"),
    [
        ("I was going there and coming back and telling them.", "i", "past"),
        ("I would go there and tell them.", "i", "would"),
        ("I have seen it and taken it.", "i", "perfect"),
    ],
)
def test_a_verb_without_form_of_its_own_has_that_of_the_verb_over_it(
    analyzer: Analyzer, text: str, subject: str, mood: str
) -> None:
    clauses = analyzer.read(transcript_of(text)).clauses
    assert {(clause.subject, clause.mood) for clause in clauses} == {(subject, mood)}


@pytest.mark.parametrize(
    "text",
    ["I had it all balanced in a spreadsheet.", "I had the report printed.", "I saw him leave the room."],
)
def test_what_was_brought_about_is_no_clause_of_its_own(analyzer: Analyzer, text: str) -> None:
    reading = analyzer.read(transcript_of(text))
    assert [reading.span(clause).text for clause in reading.clauses] == [text]


def test_what_something_was_got_to_do_is_no_clause_of_its_own(analyzer: Analyzer) -> None:
    reading = analyzer.read(transcript_of("I got it to read the tariff."))
    assert [reading.span(clause).text for clause in reading.clauses] == ["I got it to read the tariff."]
    assert reading.clauses[0].verbs == {"get", "read"}
