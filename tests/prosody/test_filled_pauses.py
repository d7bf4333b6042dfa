"""Filled pauses from the verbatim pass and from the sound, joined."""

from __future__ import annotations

import numpy as np
import pytest
from made_sound import hiss, in_a_room, nothing, vowel

from greenroom.prosody.acoustics import Acoustics, measured
from greenroom.prosody.filled_pauses import FilledPauses, detected, join
from greenroom.prosody.silences import speech_sound
from greenroom.prosody.steadiness import steady_sound, steady_voice
from greenroom.prosody.verbatim import found
from greenroom.records import Verbatim, Word

SPEECH = ((0.4, 2.9),)


def syllables(count: int) -> np.ndarray:
    """A word: vowels that glide, one into the other."""
    return np.concatenate(
        [vowel(0.12, 110 + 30 * (i % 2), end_hz=150, shift=0.8 + 0.3 * (i % 3)) for i in range(count)]
    )


@pytest.fixture(scope="module")
def acoustics() -> Acoustics:
    """A word (0.5 to 0.98 s), an "um" of 0.5 s (1.3 to 1.8), another word (2.2 to 2.68)."""
    clip = in_a_room(
        nothing(0.5), syllables(4), nothing(0.32), vowel(0.5), nothing(0.4), syllables(4), nothing(0.5)
    )
    return measured(clip, SPEECH)


WORDS = (Word("so", 0.5, 0.98, 0.9), Word("we", 2.2, 2.68, 0.9))


def heard(*words: tuple[str, float, float, float]) -> tuple[Verbatim, ...]:
    return (Verbatim(0.0, 3.2, tuple(Word(*word) for word in words)),)


UM = heard(("So,", 0.5, 1.0, 0.9), ("um,", 1.0, 2.15, 0.8), ("we", 2.2, 2.7, 0.9))


def joined(
    acoustics: Acoustics, words: tuple[Word, ...] = WORDS, verbatim: tuple[Verbatim, ...] = UM
) -> FilledPauses:
    return join(words, verbatim, acoustics, speech_sound(acoustics, SPEECH))


def test_a_held_vowel_is_steady_and_a_word_is_not(acoustics: Acoustics) -> None:
    for steady in (steady_sound(acoustics), steady_voice(acoustics)):
        assert steady[acoustics.hops(1.4, 1.7)].all()
        assert steady[acoustics.hops(0.5, 0.98)].mean() < 0.5


def test_heard_by_both_it_is_one_and_lies_where_it_sounds(acoustics: Acoustics) -> None:
    pauses = joined(acoustics)
    (filler,) = pauses.fillers
    assert (filler.text, filler.source, pauses.before) == ("um", "transcript", (1,))
    assert filler.start == pytest.approx(1.3, abs=0.06)
    assert filler.end == pytest.approx(1.8, abs=0.06)
    assert filler.confidence >= 0.9
    assert filler.first_word is None
    assert pauses.unsure == ()


def test_what_nobody_wrote_is_heard(acoustics: Acoustics) -> None:
    pauses = joined(acoustics, verbatim=heard(("So", 0.5, 1.0, 0.9), ("we", 2.2, 2.7, 0.9)))
    (filler,) = pauses.fillers
    assert (filler.text, filler.source, pauses.before) == ("…", "audio", (1,))
    assert filler.confidence < 0.9


def test_sound_that_a_word_covers_is_no_filled_pause(acoustics: Acoustics) -> None:
    words = (WORDS[0], Word("ooh", 1.3, 1.8, 0.9), WORDS[1])
    assert detected(acoustics, words, speech_sound(acoustics, SPEECH)) == ()


def test_where_nobody_speaks_nothing_is_detected(acoustics: Acoustics) -> None:
    assert detected(acoustics, (), speech_sound(acoustics, ())) == ()
    assert join((), (), acoustics, speech_sound(acoustics, ())) == FilledPauses()


def test_a_hum_without_any_words_is_music_or_an_engine(acoustics: Acoustics) -> None:
    assert detected(acoustics, (), speech_sound(acoustics, SPEECH)) == ()


def test_one_that_is_not_to_be_heard_is_not_believed(acoustics: Acoustics) -> None:
    invented = heard(("So", 0.5, 1.0, 0.9), ("we", 2.2, 2.7, 0.9), ("um", 2.95, 3.15, 0.9))
    assert [filler.text for filler in joined(acoustics, verbatim=invented).fillers] == ["…"]


def test_a_doubt_needs_sound_of_its_own(acoustics: Acoustics) -> None:
    at_the_hum = heard(("So", 0.5, 1.2, 0.9), ("um", 1.2, 2.2, 0.08), ("we", 2.2, 2.7, 0.9))
    assert [filler.text for filler in joined(acoustics, verbatim=at_the_hum).fillers] == ["um"]
    elsewhere = heard(("So", 0.5, 0.9, 0.9), ("um", 0.9, 0.9, 0.08), ("we", 2.2, 2.7, 0.9))
    assert [filler.text for filler in joined(acoustics, verbatim=elsewhere).fillers] == ["…"]


def test_one_that_has_no_time_is_in_doubt(acoustics: Acoustics) -> None:
    double = heard(("So,", 0.5, 1.0, 0.9), ("um", 1.0, 1.0, 0.8), ("we", 2.2, 2.7, 0.9))
    assert [filler.text for filler in joined(acoustics, verbatim=double).fillers] == ["…"]


def test_one_of_the_words_of_record_stays_where_it_is(acoustics: Acoustics) -> None:
    words = (WORDS[0], Word("um,", 1.3, 1.8, 0.7), WORDS[1])
    pauses = joined(acoustics, words)
    (filler,) = pauses.fillers
    assert (filler.first_word, filler.last_word, pauses.before) == (1, 1, (1,))
    assert filler.confidence == 0.95  # Whisper gives less to what was said


def test_its_time_is_that_of_the_pass_that_was_ready_for_it(acoustics: Acoustics) -> None:
    words = (WORDS[0], Word("um,", 1.9, 2.1, 0.7), WORDS[1])
    (filler,) = joined(acoustics, words).fillers
    assert filler.start == pytest.approx(1.3, abs=0.06)
    assert filler.end == pytest.approx(1.8, abs=0.06)


def test_one_that_the_next_chunk_hears_again_is_one(acoustics: Acoustics) -> None:
    words = (WORDS[0], Word("um,", 1.3, 1.8, 0.7), WORDS[1])
    again = (
        Verbatim(0.0, 2.0, (Word("So", 0.5, 1.0, 0.9), Word("um,", 1.2, 1.78, 0.8))),
        Verbatim(2.0, 3.2, (Word("Um,", 1.3, 1.82, 0.8), Word("we", 2.2, 2.7, 0.9))),
    )
    (filler,) = joined(acoustics, words, again).fillers
    assert filler.first_word == 1


def test_a_second_one_needs_sound_behind_the_first(acoustics: Acoustics) -> None:
    twice = heard(
        ("So", 0.5, 1.0, 0.9), ("um,", 1.0, 1.7, 0.8), ("um,", 1.7, 2.15, 0.8), ("we", 2.2, 2.7, 0.9)
    )
    (filler,) = joined(acoustics, verbatim=twice).fillers
    assert filler.end == pytest.approx(1.8, abs=0.08)


def test_a_pass_that_lost_words_is_not_believed(acoustics: Acoustics) -> None:
    words = tuple(Word(f"w{i}", 0.5 + 0.1 * i, 0.6 + 0.1 * i, 0.9) for i in range(8))
    lost = heard(("w0", 0.5, 0.6, 0.9), ("um", 1.3, 1.8, 0.9), ("w7", 2.2, 2.6, 0.9))
    claims = found(words, lost, acoustics, speech_sound(acoustics, SPEECH))
    assert claims.fillers == ()
    assert claims.unsure == ((0.0, 3.2),)


def test_where_the_pass_has_not_been_is_unsure(acoustics: Acoustics) -> None:
    pauses = joined(acoustics, verbatim=(Verbatim(0.0, 1.2, (Word("so", 0.5, 1.0, 0.9),)),))
    assert pauses.unsure == ((2.2, 2.68),)


def test_a_loop_is_cut(acoustics: Acoustics) -> None:
    loop = [("um", 1.3 + 0.05 * i, 1.35 + 0.05 * i, 0.9) for i in range(10)]
    claims = found(WORDS, heard(*loop), acoustics, speech_sound(acoustics, SPEECH))
    assert len(claims.fillers) <= 6


def test_breath_is_no_filled_pause() -> None:
    clip = in_a_room(nothing(0.5), syllables(4), nothing(0.3), hiss(0.5, -30.0), nothing(0.4), syllables(4))
    speech = ((0.4, 2.6),)
    breath = measured(clip, speech)
    assert detected(breath, WORDS, speech_sound(breath, speech)) == ()
