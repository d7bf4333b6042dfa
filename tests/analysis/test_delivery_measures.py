"""Delivery by arithmetic that can be done in the head."""

from __future__ import annotations

import numpy as np
import pytest

from greenroom.analysis.delivery import band, bands, find_hedges, is_remarkable, measure
from greenroom.analysis.words import transcript_of
from greenroom.records import Clip, Utterance, Word


def spoken(
    texts: list[str], *, start: float = 1.0, step: float = 0.5, length: float = 0.4
) -> tuple[Word, ...]:
    """Words at an even beat: the n-th from start + n * step, each `length` long."""
    return tuple(Word(t, start + n * step, start + n * step + length, 0.9) for n, t in enumerate(texts))


def heard(*speech: tuple[float, float]) -> Utterance:
    end = speech[-1][1]
    clip = Clip(np.zeros(int((end + 1) * 16_000), dtype=np.float32))
    return Utterance(clip, speech, "silence", end, end + 1)


def test_speech_rate_is_words_by_the_time_from_first_to_last() -> None:
    words = spoken(["word"] * 61, start=2.0, step=0.5, length=0.0)  # 61 words, 30 s from first to last
    delivery = measure(words)
    assert delivery.words == 61
    assert delivery.speech_rate_wpm == 122.0
    assert delivery.first_word_seconds == 2.0
    assert delivery.speaking_seconds == 30.0


def test_articulation_rate_leaves_out_silences_of_250_ms_and_more() -> None:
    words = spoken(["word"] * 61, start=0.0, step=0.5, length=0.0)
    delivery = measure(words, heard((0.0, 10.0), (20.0, 25.0), (25.2, 30.0)))
    assert [(p.start, p.end) for p in delivery.pauses] == [(10.0, 20.0)]  # 0.2 s is no pause
    assert delivery.speaking_seconds == 20.0
    assert delivery.speech_rate_wpm == 122.0
    assert delivery.articulation_rate_wpm == 183.0


def test_a_pause_of_exactly_250_ms_counts() -> None:
    words = spoken(["word"] * 10)
    assert len(measure(words, heard((1.0, 2.0), (2.25, 6.0))).pauses) == 1
    assert measure(words, heard((1.0, 2.0), (2.24, 6.0))).pauses == ()


def test_silence_before_the_first_and_after_the_last_word_is_no_pause() -> None:
    words = spoken(["one", "two", "three"], start=5.0)
    assert measure(words, heard((0.0, 0.5), (5.0, 6.4), (9.0, 9.5))).pauses == ()


def test_pauses_need_the_sound() -> None:
    delivery = measure((Word("one", 0.0, 0.4), Word("two", 9.0, 9.4)))
    assert delivery.pauses == ()
    assert delivery.articulation_rate_wpm is None


def test_fillers_are_counted_apart_from_words() -> None:
    words = spoken(
        ["So,", "um,", "I", "uh", "left."] * 12, start=0.0, step=0.5, length=0.5
    )  # 60 words in 30 s
    delivery = measure(words)
    assert delivery.words == 36
    assert delivery.speech_rate_wpm == 72.0
    assert len(delivery.fillers) == 24
    assert delivery.fillers_per_minute == 48.0
    first = delivery.fillers[0]
    assert (first.text, first.start, first.end, first.source) == ("um", 0.5, 1.0, "transcript")


def test_a_pause_inside_a_clause_is_told_from_one_at_its_end() -> None:
    words = spoken(["I", "moved", "the", "queue.", "Then", "we", "shipped."], start=0.0, step=1.0, length=0.4)
    utterance = heard((0.0, 2.4), (3.0, 3.4), (4.0, 6.4))
    inside = [pause.inside_clause for pause in measure(words, utterance, {3, 6}).pauses]
    assert inside == [True, False]


def test_a_text_has_counts_but_no_rates() -> None:
    delivery = measure(transcript_of("Um, I sort of moved it.").words)
    assert delivery.words == 5
    assert [filler.text for filler in delivery.fillers] == ["um"]
    assert [hedge.text for hedge in delivery.hedges] == ["sort of"]
    assert (delivery.speech_rate_wpm, delivery.fillers_per_minute, delivery.speaking_seconds) == (
        None,
        None,
        None,
    )
    assert delivery.bands == {}


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("we kind of fixed it and maybe it worked", ["kind of", "maybe"]),
        ("I just moved the file", ["just"]),
        ("I guess I probably saved them money", ["I guess", "probably"]),
        ("that kind of bug is rare", []),
        ("it took just ten minutes, just before lunch", []),
        ("I think it was the right call", []),
    ],
)
def test_hedges_on_own_actions_only(text: str, hedges: list[str]) -> None:
    assert [span.text for span in find_hedges(transcript_of(text).words)] == hedges


def test_short_answers_are_not_judged() -> None:
    assert measure(spoken(["word"] * 29, step=1.0)).bands == {}  # 29 words
    assert measure(spoken(["word"] * 40, step=0.3)).bands == {}  # 12 s
    assert measure(spoken(["word"] * 40, step=0.5)).bands["speech_rate"] == "good"


@pytest.mark.parametrize(
    ("measure_name", "value", "name"),
    [
        ("speech_rate", 99.9, "very slow"),
        ("speech_rate", 100, "slow"),
        ("speech_rate", 119.9, "slow"),
        ("speech_rate", 120, "good"),
        ("speech_rate", 180, "good"),
        ("speech_rate", 181, "brisk"),
        ("speech_rate", 200, "brisk"),
        ("speech_rate", 201, "fast"),
        ("fillers", 2, "very clean"),
        ("fillers", 5, "fine"),
        ("fillers", 5.1, "noticeable"),
        ("fillers", 11.9, "work on it"),
        ("fillers", 12, "harmful"),
        ("first_word", 4.0, "fine"),
        ("first_word", 8.1, "long"),
        ("hedges", 2.6, "many"),
    ],
)
def test_band_edges(measure_name: str, value: float, name: str) -> None:
    assert band(measure_name, value) == name


def test_only_what_could_be_measured_has_a_band() -> None:
    assert bands({"speech_rate": 150.0, "articulation_rate": None}) == {"speech_rate": "good"}


def test_what_is_within_the_usual_is_not_remarked_on() -> None:
    assert is_remarkable("speech_rate", "fast")
    assert not is_remarkable("speech_rate", "brisk")
    assert not is_remarkable("fillers", "noticeable")


def test_nothing_said() -> None:
    delivery = measure(())
    assert delivery.words == 0
    assert delivery.bands == {}


def test_whispers_stretched_first_and_last_word_are_kept_inside_the_speech() -> None:
    words = [Word("Yes,", 0.0, 1.4), Word("we", 1.4, 1.6), Word("did.", 1.6, 4.9)]
    clip = Clip(np.zeros(5 * 16_000, dtype=np.float32))
    delivery = measure(words, Utterance(clip, ((1.0, 2.2),), "silence", 2.2, 5.0))
    assert delivery.first_word_seconds == 1.0
    assert delivery.speech_rate_wpm == pytest.approx(3 / 1.2 * 60, abs=0.1)


def test_few_fillers_written_by_whisper_are_no_reason_for_praise() -> None:
    assert bands({"fillers": 0.0, "speech_rate": 150.0}) == {"speech_rate": "good"}
    assert bands({"fillers": 9.0}) == {"fillers": "work on it"}
