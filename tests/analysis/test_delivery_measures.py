"""Delivery by arithmetic that can be done in the head."""

from __future__ import annotations

import numpy as np
import pytest

from greenroom.analysis.bands import load_bands
from greenroom.analysis.delivery import measure
from greenroom.analysis.hedges import find_hedges
from greenroom.analysis.pauses import is_long
from greenroom.analysis.words import transcript_of
from greenroom.records import Clip, Disfluency, Filler, Prosody, Utterance, Voice, Word


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


def um(start: float, end: float, confidence: float = 0.9) -> Filler:
    return Filler("um", start, end, "audio", confidence)


def like(start: float, word: int) -> Filler:
    return Filler("like", start, start + 0.2, kind="filler_word", first_word=word, last_word=word)


def minute(**changes: object) -> Prosody:
    """A minute of speech from 1 s on, listened to with a second pass."""
    return Prosody(**{"start": 1.0, "end": 61.0, **changes})  # type: ignore[arg-type]


WORDS = spoken(["word"] * 120)  # 120 words from 1 s to 60.9 s
HEARD = heard((0.5, 61.5))


def test_listening_tells_when_the_speech_begins_and_ends() -> None:
    delivery = measure(WORDS, HEARD, prosody=minute(start=0.8, end=60.8))
    assert delivery.speech_rate_wpm == 120.0
    assert delivery.first_word_seconds == 1.0, "the um before it is no word"
    assert delivery.speaking_seconds == 60.0


def test_pauses_are_the_silences_that_were_heard_each_with_its_length() -> None:
    silences = ((5.0, 5.3), (10.0, 10.6), (20.0, 21.5), (30.0, 33.0), (40.0, 44.0))
    delivery = measure(WORDS, HEARD, prosody=minute(silences=silences))
    assert [pause.length for pause in delivery.pauses] == [
        "short",
        "phrase",
        "long",
        "very long",
        "standstill",
    ]
    assert delivery.silence_share == pytest.approx(9.4 / 60, abs=0.001)
    assert delivery.longest_run_seconds == 17.0  # from the last pause to the end
    assert delivery.articulation_rate_wpm == pytest.approx(120 / (60 - 9.4) * 60, abs=0.1)


def test_a_silence_of_a_second_is_long_wherever_it_lies() -> None:
    silences = ((1.8, 2.8), (9.3, 10.3), (20.0, 21.0), (30.1, 30.35), (40.3, 40.55))
    pauses = measure(WORDS, HEARD, prosody=minute(silences=silences)).pauses
    assert [pause.length for pause in pauses] == ["long"] * 3 + ["short"] * 2
    assert all(is_long(pause, load_bands().pauses) for pause in pauses[:3])


def test_fillers_of_both_kinds_come_in_the_order_of_their_times() -> None:
    filled = (um(4.0, 4.3), um(30.0, 30.4))
    delivery = measure(WORDS, HEARD, prosody=minute(fillers=filled), filler_words=(like(12.0, 22),))
    assert [filler.start for filler in delivery.fillers] == [4.0, 12.0, 30.0]
    assert delivery.fillers_per_minute == 3.0
    assert delivery.filled_pauses_per_minute == 2.0


def test_a_filler_that_whisper_wrote_and_the_sound_gave_is_one() -> None:
    words = (*WORDS[:4], Word("um,", 3.0, 3.3), *WORDS[5:])
    one = Filler("um", 3.0, 3.3, "transcript", 0.95, first_word=4, last_word=4)
    assert measure(words, HEARD, prosody=minute(fillers=(one,))).fillers == (one,)


@pytest.mark.parametrize(
    ("filled", "words", "name"),
    [
        (5, (), "fine"),
        (9, (), "work on it"),
        (0, ("like",) * 9, "work on it"),
        (0, ("basically",) * 9, "noticeable"),  # 0.6 each
        (12, (), "harmful"),
    ],
)
def test_what_fillers_weigh(filled: int, words: tuple[str, ...], name: str) -> None:
    fillers = tuple(um(2.0 + n, 2.2 + n) for n in range(filled))
    others = tuple(Filler(w, 30.0 + n, 30.2 + n, kind="filler_word") for n, w in enumerate(words))
    assert (
        measure(WORDS, HEARD, prosody=minute(fillers=fillers), filler_words=others).bands["fillers"] == name
    )


def test_what_may_be_no_filler_weighs_nothing() -> None:
    fillers = tuple(um(2.0 + n, 2.2 + n, confidence=0.3) for n in range(12))
    delivery = measure(WORDS, HEARD, prosody=minute(fillers=fillers))
    assert delivery.bands.get("fillers") not in ("harmful", "work on it")
    assert delivery.reliability["filled_pauses"].level == "poor"


def test_few_fillers_are_no_reason_for_praise_where_some_could_not_be_heard() -> None:
    assert measure(WORDS, HEARD, prosody=minute()).bands["fillers"] == "very clean"
    assert "fillers" not in measure(WORDS, HEARD).bands
    assert "fillers" not in measure(WORDS, HEARD, prosody=minute(unsure=((10.0, 20.0),))).bands
    many = minute(unsure=((10.0, 20.0),), fillers=tuple(um(2.0 + n, 2.2 + n) for n in range(13)))
    assert measure(WORDS, HEARD, prosody=many).remarkable[0] == "fillers.harmful"


def test_disfluencies_are_counted_apart() -> None:
    twice = Disfluency("repetition", "I", 2.0, 2.2, 2, 2)
    delivery = measure(WORDS, HEARD, prosody=minute(), disfluencies=(twice,))
    assert (delivery.disfluencies, delivery.fillers, delivery.words) == ((twice,), (), 120)
    assert "disfluencies" not in delivery.bands, "few of them are no praise, since Whisper leaves some out"


def test_of_words_recognised_with_doubt_no_disfluencies_are_judged() -> None:
    twice = tuple(Disfluency("repetition", "I", n + 2.0, n + 2.2, n, n) for n in range(20))
    mumbled = tuple(Word(word.text, word.start, word.end, 0.2) for word in WORDS)
    clear = measure(WORDS, HEARD, prosody=minute(), disfluencies=twice)
    doubtful = measure(mumbled, HEARD, prosody=minute(), disfluencies=twice)
    assert clear.bands["disfluencies"] == "many"
    assert doubtful.reliability["disfluencies"].level == "poor"
    assert "disfluencies" not in doubtful.bands


def test_long_pauses_inside_clauses_count_twice() -> None:
    silences = tuple((10.0 + 5 * n, 11.2 + 5 * n) for n in range(4))
    inside = measure(WORDS, HEARD, {119}, minute(silences=silences))
    between = measure(WORDS, HEARD, range(120), minute(silences=silences))
    assert (inside.bands["long_pauses"], between.bands["long_pauses"]) == ("many", "watch")
    assert inside.remarkable[:2] == ("inside_pauses.many", "long_pauses.many")


def test_the_voice_is_passed_through_and_its_bands_named() -> None:
    voice = Voice(-25.0, 31.0, 0.03, 14.0, 120.0, 5.0, 1.1)
    delivery = measure(WORDS, HEARD, prosody=minute(voice=voice))
    assert delivery.voice == voice
    assert {name: delivery.bands[name] for name in ("snr", "clipping", "fade", "pitch_sd")} == {
        "snr": "good",
        "clipping": "clipped",
        "fade": "fading",
        "pitch_sd": "flat",
    }


def test_in_a_loud_room_nothing_is_said_of_pauses_and_voice() -> None:
    voice = Voice(snr_db=8.0, fade_db=14.0, pitch_sd_semitones=1.0)
    delivery = measure(WORDS, HEARD, prosody=minute(voice=voice, silences=((10.0, 13.0),)))
    assert len(delivery.pauses) == 1
    assert not {"long_pauses", "longest_run", "fade", "pitch_sd"} & set(delivery.bands)
    assert delivery.remarkable == ("snr.drowned",)


def test_a_profile_reports_the_same_and_judges_otherwise() -> None:
    words = spoken(["word"] * 90, step=0.66)  # 90 a minute
    silences = tuple((5.0 + 5 * n, 7.0 + 5 * n) for n in range(9))
    twice = tuple(Disfluency("repetition", "I", n + 0.0, n + 0.2, n, n) for n in range(20))
    usual, second, stutter = (
        measure(words, HEARD, {89}, minute(silences=silences), (), twice, profile)
        for profile in ("usual", "second-language", "stutter")
    )
    assert usual.speech_rate_wpm == second.speech_rate_wpm == stutter.speech_rate_wpm == 90.0
    assert usual.pauses == second.pauses == stutter.pauses
    assert usual.remarkable[0] == "speech_rate.very slow"
    assert {"inside_pauses.many", "disfluencies.many"} <= set(usual.remarkable)
    assert second.bands["speech_rate"] == "slow"
    assert second.remarkable == ("long_pauses.many",)
    assert (stutter.remarkable, stutter.profile) == ((), "stutter")
    assert not {"speech_rate", "long_pauses", "disfluencies", "length"} & set(stutter.bands)


def test_an_answer_in_which_only_silence_was_heard() -> None:
    assert measure((), HEARD, prosody=Prosody()).words == 0
    delivery = measure(WORDS[:1], HEARD, prosody=Prosody())
    assert delivery.words == 1
    assert delivery.bands == {}
