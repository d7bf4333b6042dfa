"""When an answer ends, from lists of (voiced, seconds)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.errors import UsageError
from greenroom.listening.endpointer import (
    MAX_HOLD_SECONDS,
    Endpointer,
    EndpointerSettings,
    Listening,
    patience_seconds,
)
from greenroom.records import Clip

FRAME = 0.03
Segments = list[tuple[bool, float]]


def voice(seconds: float) -> tuple[bool, float]:
    return (True, seconds)


def quiet(seconds: float) -> tuple[bool, float]:
    return (False, seconds)


def frames(segments: Segments) -> list[bool]:
    """One flag per frame; each segment's edges lie on the nearest frame."""
    flags: list[bool] = []
    until = 0.0
    for voiced, seconds in segments:
        until += seconds
        flags += [voiced] * (round(until / FRAME) - len(flags))
    return flags


def listen(segments: Segments, **wanted: float) -> tuple[Endpointer, list[Listening]]:
    """The endpointer after the segments, and its states up to and including the end."""
    endpointer = Endpointer(EndpointerSettings(**wanted))
    states = []
    for voiced in frames(segments):
        states.append(endpointer.push(voiced))
        if states[-1].phase == "ended":
            break
    return endpointer, states


def edges_of(speech: Sequence[tuple[float, float]]) -> list[float]:
    return [edge for interval in speech for edge in interval]


def clicks(seconds: float) -> Segments:
    """Typing: five clicks of 30 ms a second."""
    return [voice(0.03), quiet(0.17)] * round(seconds * 5)


ENDINGS = {
    "an answer, then silence": ([quiet(1.2), voice(6), quiet(9)], {}, "silence", 11.2),
    "short patience": ([quiet(1.2), voice(6), quiet(9)], {"patience": 2.5}, "silence", 9.7),
    "a pause a little under the patience": (
        [voice(3), quiet(3.9), voice(3), quiet(9)],
        {},
        "silence",
        13.9,
    ),
    "a filled pause of 270 ms starts the wait anew": (
        [voice(3), quiet(2.4), voice(0.27), quiet(9)],
        {},
        "silence",
        9.67,
    ),
    "a knock of 240 ms does not": ([voice(3), quiet(2.4), voice(0.24), quiet(9)], {}, "silence", 7.0),
    "knock after knock does not": (
        [voice(3), *[quiet(0.5), voice(0.21)] * 9, quiet(9)],
        {},
        "silence",
        7.0,
    ),
    "typing does not, though its first click still counts to the speech before it": (
        [voice(3), *clicks(12)],
        {},
        "silence",
        7.23,
    ),
    "a knock just as the wait is over holds the end until it is known to be one": (
        [voice(3), quiet(3.9), voice(0.24), quiet(9)],
        {},
        "silence",
        7.26,
    ),
    "a word just as the wait is over is heard": (
        [voice(3), quiet(3.9), voice(0.6), quiet(9)],
        {},
        "silence",
        11.5,
    ),
    "nobody speaks": ([quiet(80)], {}, "no_speech", 75.0),
    "nobody speaks, somebody knocks": ([quiet(4), voice(0.2), quiet(80)], {}, "no_speech", 75.0),
    "the first word comes late": ([quiet(74.5), voice(2), quiet(9)], {}, "silence", 80.5),
    "past the limit the next pause of a second ends it": (
        [*[voice(4), quiet(0.8)] * 3, voice(4), quiet(9)],
        {"max_answer": 10.0},
        "limit",
        19.4,
    ),
    "the limit falls into a pause": ([voice(8), quiet(9)], {"max_answer": 10.0}, "limit", 10.0),
    "the limit counts from the first word": (
        [quiet(5), voice(8), quiet(9)],
        {"max_answer": 10.0},
        "limit",
        15.0,
    ),
    "no pause for twenty seconds past the limit": ([voice(60)], {"max_answer": 10.0}, "limit", 30.0),
    "short pauses only past the limit": (
        [voice(1), quiet(0.9)] * 30,
        {"max_answer": 10.0},
        "limit",
        30.0,
    ),
    "the limit does not cut the wait for a first word": (
        [quiet(15), voice(2), quiet(9)],
        {"max_answer": 10.0},
        "silence",
        21.0,
    ),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_ends(case: str) -> None:
    segments, wanted, ended_by, seconds = ENDINGS[case]
    endpointer, states = listen(segments, **wanted)
    assert states[-1].ended_by == ended_by
    # One frame for the rounding of each edge.
    assert endpointer.seconds == pytest.approx(seconds, abs=2 * FRAME)
    assert all(state.ended_by is None for state in states[:-1])


@pytest.mark.parametrize(
    ("segments", "speech"),
    [
        ([quiet(3)], []),
        ([quiet(0.9), voice(3), quiet(0.9)], [(0.9, 3.9)]),
        ([voice(3), quiet(0.24), voice(3)], [(0.0, 6.24)]),
        ([voice(3), quiet(0.6), voice(3)], [(0.0, 3.0), (3.6, 6.6)]),
        ([quiet(0.9), voice(0.21), quiet(0.9), voice(0.6), quiet(0.3)], [(2.01, 2.61)]),
    ],
)
def test_speech_is_dated_by_its_first_and_last_voiced_frame(
    segments: Segments, speech: list[tuple[float, float]]
) -> None:
    endpointer, _ = listen(segments)
    assert edges_of(endpointer.speech) == pytest.approx(edges_of(speech))
    assert endpointer.speech_end == pytest.approx(speech[-1][1] if speech else 0.0)


def test_phases_of_an_answer() -> None:
    _, states = listen([quiet(0.6), voice(0.21), quiet(0.9), voice(3), quiet(0.9), voice(0.6), quiet(5)])
    phases = [state.phase for state in states]
    changes = [phase for phase, before in zip(phases, [None, *phases], strict=False) if phase != before]
    # The knock shows as speech at once, and is taken back.
    assert changes == [
        "waiting", "speaking", "waiting", "speaking", "silence", "speaking", "silence", "ended",
    ]  # fmt: skip


def test_the_countdown_runs_in_a_pause_only_and_reaches_the_end() -> None:
    _, states = listen([quiet(0.9), voice(3), quiet(9)])
    assert all((state.remaining is None) == (state.phase != "silence") for state in states)
    pause = [state for state in states if state.phase == "silence"]
    assert pause[-1].remaining == pytest.approx(FRAME)
    for state in pause:
        assert state.silence + (state.remaining or 0.0) == pytest.approx(4.0, abs=FRAME)


def test_a_knock_does_not_stop_the_countdown() -> None:
    _, states = listen([voice(3), quiet(1.5), voice(0.24), quiet(1.5)])
    remaining = [state.remaining for state in states if state.phase == "silence"]
    assert len(remaining) > 90
    assert remaining == sorted(remaining, key=lambda seconds: -(seconds or 0.0))


def test_the_countdown_knows_the_limit() -> None:
    _, states = listen([voice(8), quiet(1.5)], max_answer=10.0)
    assert states[-1].remaining == pytest.approx(0.5, abs=2 * FRAME)


def test_silence_is_zero_while_speaking_and_counts_from_the_start_before() -> None:
    _, states = listen([quiet(0.9), voice(3)])
    assert states[29].silence == pytest.approx(0.9)
    assert states[-1].silence == 0.0
    assert states[-1].elapsed == pytest.approx(3.9)


def test_patience_may_change_while_listening() -> None:
    endpointer, states = listen([voice(3), quiet(3.5)])
    assert states[-1].remaining == pytest.approx(0.5, abs=FRAME)
    endpointer.patience = 6.0
    assert endpointer.listening().remaining == pytest.approx(2.5, abs=FRAME)
    endpointer.patience = 0.8
    assert endpointer.push(False).ended_by == "silence"


def test_after_the_end_nothing_changes() -> None:
    endpointer, states = listen([voice(3), quiet(9)])
    speech, seconds = endpointer.speech, endpointer.seconds
    assert [endpointer.push(True) for _ in range(40)] == [states[-1]] * 40
    assert (endpointer.speech, endpointer.seconds) == (speech, seconds)


def test_an_utterance_holds_what_was_heard() -> None:
    clip = Clip(np.zeros(72_000, dtype=np.float32))
    endpointer, _ = listen([quiet(0.9), voice(3), quiet(0.6)])
    utterance = endpointer.utterance(clip, "key")
    assert utterance.clip is clip
    assert edges_of(utterance.speech) == pytest.approx([0.9, 3.9])
    assert (utterance.ended_by, utterance.speech_end) == ("key", pytest.approx(3.9))
    assert utterance.decided == pytest.approx(4.5)


@pytest.mark.parametrize(
    ("text", "seconds"), [("short", 2.5), ("patient", 4.0), ("Patient ", 4.0), ("3", 3.0), ("6.5", 6.5)]
)
def test_patience_by_name_or_number(text: str, seconds: float) -> None:
    assert patience_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1", "0", "0.4", "61", "nan", "inf", "4s"])
def test_patience_that_is_none(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        patience_seconds(text)
    assert repr(text) in caught.value.message
    assert "short" in caught.value.message
    assert caught.value.hint


any_sound = st.lists(st.tuples(st.booleans(), st.floats(0.03, 3.0)), max_size=20)
any_patience = st.sampled_from([0.5, 0.8, 2.5, 4.0])


@settings(deadline=None, max_examples=120)
@given(any_sound, any_patience)
def test_never_ends_before_its_patience_has_passed_in_silence(sound: Segments, patience: float) -> None:
    endpointer, states = listen([*sound, quiet(9)], patience=patience, no_speech=1e6)
    if not endpointer.speech:
        assert states[-1].ended_by is None
        return
    assert states[-1].ended_by == "silence"
    beyond = endpointer.seconds - endpointer.speech_end - patience
    # Never early; late only by a sound that might have been a word, or by a window that is not yet quiet.
    assert beyond > -1e-6
    assert not any(state.phase == "ended" for state in states[:-1])


@settings(deadline=None, max_examples=120)
@given(any_sound, st.sampled_from([2.5, 4.0]))
def test_always_ends_when_it_stays_silent(sound: Segments, patience: float) -> None:
    endpointer, states = listen([*sound, voice(0.6), quiet(patience + 0.3)], patience=patience)
    assert states[-1].ended_by == "silence"
    if endpointer.seconds > frames_seconds(sound) + 0.6:
        assert endpointer.seconds - endpointer.speech_end < patience + FRAME


@settings(deadline=None, max_examples=120)
@given(st.lists(st.booleans(), min_size=20, max_size=80))
def test_noise_holds_the_end_back_no_longer_than_it_says(noise: list[bool]) -> None:
    endpointer = Endpointer(EndpointerSettings(patience=2.5))
    for voiced in [*frames([voice(3), quiet(2.1)]), *noise]:
        endpointer.push(voiced)
    if len(endpointer.speech) == 1 and endpointer.listening().phase != "ended":
        silent = endpointer.seconds - endpointer.speech_end
        assert silent < 2.5 + MAX_HOLD_SECONDS + FRAME


@settings(deadline=None, max_examples=120)
@given(any_sound)
def test_intervals_are_ordered_apart_and_within_what_was_heard(sound: Segments) -> None:
    endpointer, _ = listen(sound)
    edges = edges_of(endpointer.speech)
    assert edges == sorted(set(edges))
    assert endpointer.speech_end == (edges[-1] if edges else 0.0)
    assert endpointer.speech_end <= endpointer.seconds


def frames_seconds(segments: Segments) -> float:
    return len(frames(segments)) * FRAME
