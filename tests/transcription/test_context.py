"""Which words are new where a chunk was decoded with the sound before it."""

from __future__ import annotations

from greenroom.records import Word
from greenroom.transcription.context import after_the_cut


def words(text: str, start: float = 0.0, each: float = 0.4) -> tuple[Word, ...]:
    return tuple(Word(w, start + i * each, start + (i + 1) * each) for i, w in enumerate(text.split()))


def texts(found: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in found)


def test_words_behind_the_known_ones_are_new() -> None:
    known = words("so we moved it.")
    assert texts(after_the_cut(words("We moved it and slept", 0.4), 2.0, known)) == "and slept"


def test_a_word_that_was_lost_at_the_end_of_the_chunk_before_is_found() -> None:
    known = words("some words.", 0.0)
    found = after_the_cut([*words("some words"), Word("and", 0.9, 1.4), Word("here", 2.1, 2.4)], 2.0, known)
    assert texts(found) == "and here"


def test_a_phrase_said_again_after_the_cut_is_not_taken_for_the_known_one() -> None:
    known = words("we tried")
    again = (*words("we tried"), *words("we tried again", 1.4))
    assert texts(after_the_cut(again, 1.2, known)) == "we tried again"
    # Nor where the first of the two was not heard again.
    assert texts(after_the_cut(words("we tried again", 2.4), 1.2, known)) == "we tried again"


def test_without_a_match_the_times_tell() -> None:
    known = words("entirely different")
    heard = words("something else said now", 0.0, 0.5)
    assert texts(after_the_cut(heard, 1.0, known)) == "said now"


def test_a_first_word_stretched_over_the_silence_before_it_is_kept() -> None:
    known = words("nothing alike")
    heard = (Word("So", 1.5, 3.0), Word("yes", 3.0, 3.3))
    assert texts(after_the_cut(heard, 2.0, known)) == "So yes"


def test_a_last_word_stretched_over_the_silence_after_it_is_not_heard_twice() -> None:
    known = (Word("done.", 0.2, 0.8),)
    heard = (Word("done", 0.2, 3.0), Word("Then", 3.0, 3.3))
    assert texts(after_the_cut(heard, 1.2, known)) == "Then"


def test_times_never_reach_back_over_a_known_word() -> None:
    known = words("and that was", 0.0, 0.5)
    (found,) = after_the_cut((*words("that was", 0.5, 0.5), Word("it", 1.2, 1.9)), 1.6, known)
    assert (found.start, found.end) == (1.5, 1.9)


def test_what_is_heard_before_the_first_chunk_is_nothing() -> None:
    heard = (Word("you", 0.0, 0.4), Word("Well", 1.9, 2.3))
    assert texts(after_the_cut(heard, 2.0, ())) == "Well"


def test_the_very_first_word_is_kept_however_far_it_is_stretched() -> None:
    heard = (Word("In", 0.0, 1.08), Word("January,", 1.08, 1.56))
    assert texts(after_the_cut(heard, 0.55, ())) == "In January,"
