"""What of an answer is said back: where it is cut, what counts as an amount, and what earns praise."""

from __future__ import annotations

import pytest

from greenroom.coaching.quotes import (
    MOST_QUOTE_WORDS,
    has_amount,
    has_measured_result,
    is_whole,
    quotable,
)
from greenroom.records import StoryPart


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("I moved the ER to a new triage list", "I moved the ER to a new triage list"),
        ("the slab was 5 mm too thick", "the slab was 5 mm too thick"),
        ("it was, mm, too thick", "it was too thick"),
        ("we moved, mmm... the queue, uhh, to Kotlin", "we moved the queue to Kotlin"),
    ],
)
def test_filled_pauses_are_left_out_and_names_and_units_are_not(text: str, quote: str) -> None:
    assert quotable(text) == quote


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("I asked Dr. Miller for the results", "I asked Dr. Miller for the results"),
        ("I called the U.S. office. They agreed.", "I called the U.S. office"),
    ],
)
def test_an_abbreviation_ends_no_quote(text: str, quote: str) -> None:
    assert quotable(text) == quote


def test_a_long_quote_is_not_cut_after_an_abbreviation() -> None:
    text = "I went through all of it with Dr. Miller and the whole night shift on the ward upstairs"
    assert quotable(text) == "I went through all of it with Dr. Miller"


@pytest.mark.parametrize(
    "text",
    [
        "I made sure they let you know the date",
        "I wrote it down before you know who called",
        "the people you know, they answered first",
        "we asked what you know about it",
    ],
)
def test_you_know_stays_where_it_is_the_clause(text: str) -> None:
    assert quotable(text) == text


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("each one, you know, got its own", "each one got its own"),
        ("you know we were late", "we were late"),
        ("and you know we were late", "we were late"),
        ("we were late, you know", "we were late"),
        ("we were late you know, that day", "we were late that day"),
        ("it was, I mean, up again", "it was up again"),
        ("because, you know, we were late", "we were late"),
    ],
)
def test_you_know_goes_where_it_is_set_off(text: str, quote: str) -> None:
    assert quotable(text) == quote


@pytest.mark.parametrize(
    "text",
    [
        "I came, I saw, I conquered the place",
        "it was up, it was down again",
        "I had it, I lost it",
        "we worked nine to five, five days a week",
        "we opened at 9, 9 of us at the desk",
        "we did what worked, worked late and left",
    ],
)
def test_what_is_meant_twice_is_no_stumble(text: str) -> None:
    assert quotable(text) == text


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("I was, I decided to do a swim", "I decided to do a swim"),
        ("we moved the, we moved our queue", "we moved our queue"),
        ("we moved, we moved our queue", "we moved our queue"),
        ("that's, that's how we did it", "that's how we did it"),
        ("I called the, the whole team in", "I called the whole team in"),
        ("I called the team the team of nights", "I called the team of nights"),
    ],
)
def test_what_was_begun_twice_is_said_once(text: str, quote: str) -> None:
    assert quotable(text) == quote


@pytest.mark.parametrize(
    "text",
    [
        *("in March 2019", "since 2019 we were late", "by 2020 it was done", "the end of 2021", "in May 12"),
        *("we shipped v2", "the P95 fell", "it was Q3", "we used S3 and EC2", "during COVID-19"),
        *("the two teams were happy", "the two of us were glad", "both sides of the 2 parties", "version 2"),
        *("on the 5th", "in the 1990s", "he avoided aisle nine", "the man in bed four"),
    ],
)
def test_what_is_a_date_or_a_name_is_no_amount(text: str) -> None:
    assert not has_amount(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "40k of them",
            "3x faster",
            "2.5m people",
            "down to 10ms",
            "£1.2m",
            "$40 saved",
            "40% less",
            "1,000",
        ),
        *("a 40-person team", "from three days to one", "twenty-five", "two weeks sooner", "200 customers"),
        *("a list of 2000 customers", "it grew to 2050 orders", "we hired two people", "2,019 errors"),
        *("I taught two of them to teach", "5 mm"),
    ],
)
def test_an_amount_is_an_amount(text: str) -> None:
    assert has_amount(text)


def test_a_measured_result_needs_no_mark_to_be_heard() -> None:
    text = (
        "it all went very much better after that and complaints went down from forty to six in a month which"
    )
    result, action = (StoryPart(id, None, None, text, 0, 19) for id in ("result", "action"))
    assert has_measured_result([result])
    assert not has_measured_result([action])


def test_a_clause_of_fourteen_words_is_said_back_uncut() -> None:
    text = "I moved the nightly export to a queue on the small machine under my desk"
    assert len(text.split()) > MOST_QUOTE_WORDS
    text = text.removesuffix(" desk").replace("my", "it")
    assert len(text.split()) == MOST_QUOTE_WORDS
    assert quotable(text) == text


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "we moved all our customers from the old ticket system to the new one over one long weekend",
            "we moved all our customers",
        ),
        (
            "I rebuilt the nightly export job of the team upstairs, because nobody else had the time for it",
            "I rebuilt the nightly export job of the team upstairs",
        ),
    ],
)
def test_a_long_quote_ends_where_a_phrase_or_clause_does(text: str, quote: str) -> None:
    assert quotable(text) == quote
    assert is_whole(quote, text)


@pytest.mark.parametrize(
    ("quote", "answer"),
    [
        (
            "we moved all our customers from the old ticket",
            "We moved all our customers from the old ticket system.",
        ),
        ("I said that the whole team dealt", "I said that the whole team dealt with it."),
        ("on that day I really looked", "On that day I really looked into it."),
        ("we stopped the whole team", "Then we stopped the whole team from shipping it."),
        ("we moved our customers", "We moved our customers from the old system."),
    ],
)
def test_no_quote_ends_before_what_belongs_to_it(quote: str, answer: str) -> None:
    assert not is_whole(quote, answer)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("i didn't tell her", "I didn't tell her"),
        ("then i moved what i had", "I moved what I had"),
        ("we used it, i.e. the queue", "we used it, i.e. the queue"),
    ],
)
def test_i_is_written_large(text: str, quote: str) -> None:
    assert quotable(text) == quote


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "I put a safety factor of two and a half on every weld that the crane would ever have to carry",
            "I put a safety factor",
        ),
        (
            "we cut the waiting time in the clinic from three and a half hours to forty minutes by spring",
            "we cut the waiting time in the clinic",
        ),
    ],
)
def test_no_quote_ends_inside_an_amount(text: str, quote: str) -> None:
    assert quotable(text) == quote


@pytest.mark.parametrize("text", ["I had never done that before.", "I called the supplier the week before."])
def test_before_may_be_the_last_word(text: str) -> None:
    assert quotable(text).endswith("before")


@pytest.mark.parametrize(
    ("result", "measured"),
    [
        ("because before that somebody had to walk over, it was ten minutes each way.", False),
        ("The report now takes 20 minutes where it used to take two hours.", True),
        ("We used to lose nine orders a week and now we lose one.", True),
        ("It fell from 90 minutes before that to 20 minutes.", True),
    ],
)
def test_how_it_had_been_is_no_result(result: str, measured: bool) -> None:
    assert has_measured_result([StoryPart("result", None, None, result, 0, 9)]) == measured
