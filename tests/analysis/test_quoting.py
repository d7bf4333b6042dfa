"""The words that are quoted: no fragments, none too long, none twice."""

from __future__ import annotations

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.matchers import absent
from greenroom.analysis.quoting import MOST_WORDS, quote, quotes

LONG = "I saw that the whole of the queue had been sitting behind the old importer for more than three days."


def test_a_fragment_is_quoted_with_the_beginning_of_a_long_clause(analyzer: Analyzer) -> None:
    reading = analyzer.read(transcript_of(LONG))
    span = quote(reading, reading.clauses[0])
    assert span.text == "I saw that the whole of the queue had been sitting"
    assert span.last_word - span.first_word < MOST_WORDS


def test_it_is_quoted_with_the_whole_of_a_short_one(analyzer: Analyzer) -> None:
    reading = analyzer.read(transcript_of("I saw that the orders were lost."))
    assert quote(reading, reading.clauses[0]).text == "I saw that the orders were lost."


def test_no_words_are_quoted_twice(analyzer: Analyzer) -> None:
    reading = analyzer.read(transcript_of("I saw that the orders were lost."))
    assert [span.text for span in quotes(reading, reading.clauses)] == [
        "I saw",
        "that the orders were lost.",
    ]


def test_where_something_is_absent_no_fragment_is_quoted(analyzer: Analyzer) -> None:
    deeds = {"subject": ["i"], "mood": ["past"]}
    rule = {"work": [deeds], "least": 1.0, "wanted": [{"any": ["reaction"]}], "enough": 1.0}
    long_and_short = analyzer.read(transcript_of("I moved all of the backups by night. I slept."))
    assert [clause.verb for clause in absent(long_and_short, rule).clauses] == ["move"]
    only_short = analyzer.read(transcript_of("I moved it. I slept."))
    assert [clause.verb for clause in absent(only_short, rule).clauses] == ["sleep"]
