"""How long to wait after which words."""

from __future__ import annotations

import time

import pytest

from greenroom.errors import UsageError
from greenroom.listening.patience import named_patience
from greenroom.listening.tail_rules import lexicon
from greenroom.listening.tails import TAIL_WORDS, Reading, read_tail

SHORT = named_patience("short")
MINUTE = 60.0
ENDING = ("That", "was", "the", "end.", "We", "shipped", "it.")


def read(text: str) -> Reading:
    return read_tail(text.split())


@pytest.mark.parametrize(
    ("text", "base", "extended"),
    [
        ("short", 2.5, 4.0),
        ("patient", 4.0, 6.0),
        ("Patient ", 4.0, 6.0),
        ("3", 3.0, 3.0),  # who names seconds gets these
        ("0.5", 0.5, 0.5),
        ("50", 50.0, 50.0),
    ],
)
def test_patience_by_name_or_number(text: str, base: float, extended: float) -> None:
    named = named_patience(text)
    assert (named.base, named.extended) == (base, extended)


@pytest.mark.parametrize("text", ["", "soon", "-1", "0", "0.4", "61", "nan", "inf", "4s"])
def test_patience_that_is_none(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        named_patience(text)
    assert repr(text) in caught.value.message
    assert "short" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("tail", "spoken", "seconds"),
    [
        ("So in the end we shipped on time.", MINUTE, 2.5),
        ("So in the end we shipped the.", MINUTE, 4.0),
        ("So in the end we shipped", MINUTE, 4.0),
        ("So, that's my answer.", MINUTE, 0.8),
        ("I like to work with people.", 4.0, 4.0),  # hardly begun
        ("So... let me think.", 2.0, 4.0),
        ("I'm done.", 1.0, 0.8),
        ("That's it.", 60.0, 0.8),
        ("That's it.", 19.0, 4.0),  # after a short answer it is said of something else
        ("That's it.", 3.0, 4.0),
        ("", 3.0, 4.0),
        ("", MINUTE, 2.5),
    ],
)
def test_seconds_for(tail: str, spoken: float, seconds: float) -> None:
    assert SHORT.seconds_for(tail.split(), spoken) == seconds


def test_who_has_paused_long_in_this_answer_gets_that_time_again() -> None:
    done = ("We", "shipped", "it", "on", "time.")
    assert [SHORT.seconds_for(done, MINUTE, pause) for pause in (1.0, 2.4, 3.2, 9.0)] == [
        2.5,
        pytest.approx(2.9),
        pytest.approx(3.7),
        4.0,  # the extended patience is the most
    ]
    assert named_patience("3").seconds_for(done, MINUTE, 2.9) == 3.0
    speech = ((1.0, 20.0), (23.2, 40.0), (41.0, 50.0))
    assert (
        SHORT.after(done, speech) == pytest.approx(SHORT.seconds_for(done, 44.8, 3.2)) == pytest.approx(3.7)
    )


def test_a_spoken_ending_is_never_slower_than_the_patience() -> None:
    assert named_patience("0.5").seconds_for(("I'm", "done."), MINUTE) == 0.5


EXAMPLES = lexicon().examples


@pytest.mark.parametrize("state", ["ended", "finished", "unfinished"])
def test_examples(state: str) -> None:
    assert len(EXAMPLES[state]) > 15
    wrong = {text: read(text) for text in EXAMPLES[state]}
    assert {text: reading for text, reading in wrong.items() if reading.state != state} == {}


@pytest.mark.parametrize("text", EXAMPLES["not_ended"])
def test_said_otherwise_it_is_no_ending(text: str) -> None:
    assert read(text).state != "ended"


@pytest.mark.parametrize("mark", [",", "...", "…", " ...", "-", ";"])
def test_a_mark_in_mid_sentence_means_more(mark: str) -> None:
    tails = [text.rstrip(".") + mark for text in EXAMPLES["finished"]]
    assert [tail for tail in tails if read(tail).state != "unfinished"] == []


@pytest.mark.parametrize(
    "word", ["and", "because", "the", "to the", "um", "really", "I", "with my", "we're", "I mean"]
)
def test_an_open_word_after_a_finished_sentence_means_more(word: str) -> None:
    joined = [f"{text.rstrip('.')} {word}" for text in EXAMPLES["finished"]]
    stopped = [f"{tail}." for tail in joined]
    begun = [f"{text} {word.capitalize()}." for text in EXAMPLES["finished"]]
    assert [tail for tail in (*joined, *stopped, *begun) if read(tail).state != "unfinished"] == []


def test_how_words_are_parted_does_not_matter() -> None:
    text = "So, in the end “we shipped it on time.”"
    assert read(text) == read_tail([f" {word}" for word in text.split()]) == Reading("finished")
    assert read_tail(["I’m", "done."]).state == read_tail(["I'm done."]).state == "ended"


def test_a_full_stop_before_a_small_letter_was_a_guess() -> None:
    assert read("If we had. asked them before.") == read("If we had asked them before.")


def test_a_transcript_without_any_marks_is_read_by_its_words() -> None:
    words = (
        "we had a look at the numbers every week for a while and in the end the whole thing was much cheaper"
    )
    spoken = [
        *words.split(),
        "than",
        "we",
        "had",
        "ever",
        "hoped",
        "for",
        "and",
        "it",
        "was",
        "finished",
        "early",
    ]
    assert read_tail(spoken).state == "finished"
    assert read_tail([*spoken, "because"]).state == "unfinished"
    assert read_tail(spoken[-10:]) == Reading("unfinished", "no full stop")


def test_words_far_back_change_nothing() -> None:
    tail = ["earlier", "words"] * TAIL_WORDS + list(ENDING)
    assert read_tail(tail) == read_tail(ENDING)


@pytest.mark.parametrize("text", ["", "...", ".", "- -", "”", "?!", "'", "’s", "a", "I", "--th", "50%", "?"])
def test_odd_tails_are_read(text: str) -> None:
    assert read(text).state in ("finished", "unfinished")


def test_no_words_are_no_end() -> None:
    assert read_tail(()) == Reading("unfinished", "no words")


def test_reading_is_fast() -> None:
    tails = [[str(number), *ENDING * 8, "here."] for number in range(100)]
    began = time.process_time()
    for tail in tails:
        read_tail(tail)
    assert (time.process_time() - began) / len(tails) < 0.002  # about 0.3 ms; a frame lasts 30
