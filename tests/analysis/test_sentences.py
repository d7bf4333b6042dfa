from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.analysis import transcript_of
from greenroom.analysis.parse import Parser
from greenroom.analysis.sentences import sentences_of
from greenroom.records import Word


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The export failed. I rewrote it.", ["The export failed.", "I rewrote it."]),
        ("why did it fail? nobody knew! so i looked", ["why did it fail?", "nobody knew!", "so i looked"]),
        ("no marks at all and yet it goes on", ["no marks at all and yet it goes on"]),
        ("I asked Dr. Okoro. She agreed.", ["I asked Dr. Okoro.", "She agreed."]),
        ("I asked J. Okoro, e.g. about the U.S. market.", ["I asked J. Okoro, e.g. about the U.S. market."]),
        ("It was... well, slow.", ["It was... well, slow."]),
        ("It was slow... Then I looked.", ["It was slow...", "Then I looked."]),
        ("He said “it works.” I checked.", ["He said “it works.”", "I checked."]),
        ("It cost 3.5 million.", ["It cost 3.5 million."]),
    ],
)
def test_a_sentence_ends_at_its_mark(text: str, sentences: list[str]) -> None:
    words = text.split()
    assert [" ".join(words[first:end]) for first, end in sentences_of(words)] == sentences


@given(
    st.lists(st.sampled_from(["so", "I", "left.", "why?", "...", "Dr.", "", "“No.”", "then…"]), max_size=30)
)
def test_every_word_is_in_one_sentence_and_an_earlier_end_stays(words: list[str]) -> None:
    bounds = sentences_of(words)
    assert [i for first, end in bounds for i in range(first, end)] == list(range(len(words)))
    for cut in range(len(words)):
        assert [b for b in sentences_of(words[:cut]) if b[1] < cut] == [b for b in bounds if b[1] < cut]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser()


def test_an_answer_that_goes_on_is_read_as_if_at_once(parser: Parser) -> None:
    """What was remembered of its beginning gives the same as reading all of it anew."""
    text = (
        "So, um, the nightly export kept failing. Two customers had left. I noticed a lock, and I split the "
        "job. It took us three weeks. The crashes went from nine a month to none."
    )
    words = tuple(Word(word) for word in text.split())
    for end in range(len(words)):
        parser.read(words[:end])
    assert parser.read(words) == Parser().read(words)


def test_sentences_count_on_where_the_parser_finds_several_in_one_without_marks(parser: Parser) -> None:
    text = "we were late i asked the customer what they needed i cut two reports. They were glad."
    clauses = parser.read(transcript_of(text).words).clauses
    assert [clause.sentence for clause in clauses] == sorted(clause.sentence for clause in clauses)
    assert clauses[-1].sentence > clauses[-2].sentence
