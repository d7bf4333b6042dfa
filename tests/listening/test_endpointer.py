"""When an answer ends, from lists of (voiced, seconds)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.listening.endpointer import (
    MAX_HOLD_SECONDS,
    STALL_SECONDS,
    Endpointer,
    EndpointerSettings,
    Listening,
)
from greenroom.listening.segmenter import Segmenter
from greenroom.records import Clip, Silence

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


def heard_all(segments: Segments, **wanted: float) -> tuple[Endpointer, list[Listening]]:
    """As `listen`, but every frame is pushed, also those after an end."""
    endpointer = Endpointer(EndpointerSettings(**wanted))
    return endpointer, [endpointer.push(voiced) for voiced in frames(segments)]


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


def test_patience_that_falls_below_the_silence_ends_with_the_next_frame() -> None:
    endpointer, _ = listen([voice(3), quiet(1.5)], patience=2.5)
    endpointer.patience = 4.0
    states = [endpointer.push(voiced) for voiced in frames([quiet(2.1)])]
    assert all(state.phase == "silence" for state in states)
    endpointer.patience = 0.8
    assert endpointer.listening().phase == "silence", "nothing is decided between frames"
    assert endpointer.push(False).ended_by == "silence"
    assert endpointer.decided == pytest.approx(3 + 1.5 + 2.1 + FRAME, abs=FRAME / 2)


def test_speech_in_the_window_takes_the_end_back() -> None:
    endpointer, states = heard_all([voice(3), quiet(3.6), voice(3), quiet(9)], patience=2.5, reopen=2.0)
    assert phases_of(states)[1:] == ["speaking", "silence", "ended", "speaking", "silence", "ended"]
    first, last = states[round(6.3 / FRAME)], states[-1]
    assert (first.phase, first.ended_by, first.final) == ("ended", "silence", False)
    assert (last.ended_by, last.final, last.reopened) == ("silence", True, 1)
    assert edges_of(endpointer.speech) == pytest.approx([0.0, 3.0, 6.6, 9.6])
    assert endpointer.decided == pytest.approx(9.6 + 2.5, abs=2 * FRAME)
    # The window was listened to, and belongs to the recording; nothing after it.
    assert endpointer.seconds == pytest.approx(9.6 + 2.5 + 2.0, abs=2 * FRAME)


def test_an_end_taken_back_leaves_no_trace_in_the_state() -> None:
    endpointer, states = heard_all([voice(3), quiet(3.6), voice(0.9)], patience=2.5, reopen=2.0)
    assert states[-1] == Listening("speaking", endpointer.seconds, 0.0, reopened=1)
    assert endpointer.decided == 0.0


@pytest.mark.parametrize("burst", [0.03, 0.12, 0.24])
def test_a_knock_in_the_window_opens_nothing(burst: float) -> None:
    endpointer, states = heard_all(
        [voice(3), quiet(2.7), *[voice(burst), quiet(0.36)] * 3, quiet(3)], patience=2.5, reopen=2.0
    )
    assert (states[-1].final, states[-1].reopened, len(endpointer.speech)) == (True, 0, 1)


@pytest.mark.parametrize(("sound", "reopened"), [(0.24, 0), (0.6, 1)])
def test_a_sound_that_begins_as_the_window_closes_is_heard_out(sound: float, reopened: int) -> None:
    _, states = heard_all([voice(3), quiet(4.35), voice(sound), quiet(9)], patience=2.5, reopen=2.0)
    assert states[-1].reopened == reopened
    assert states[-1].final
    closed = next(i for i, state in enumerate(states) if state.final)
    if not reopened:
        assert 7.5 < (closed + 1) * FRAME <= 7.5 + MAX_HOLD_SECONDS + FRAME


def test_without_a_window_an_end_is_final_at_once() -> None:
    _, states = listen([voice(3), quiet(9)])
    assert states[-1].final
    assert not any(state.final for state in states[:-1])


def test_nobody_spoke_until_just_after_the_wait() -> None:
    endpointer, states = heard_all([quiet(11), voice(2), quiet(9)], no_speech=10.0, patience=2.5, reopen=2.0)
    assert phases_of(states) == ["waiting", "ended", "speaking", "silence", "ended"]
    assert (states[-1].ended_by, states[-1].reopened) == ("silence", 1)
    assert edges_of(endpointer.speech) == pytest.approx([11.0, 13.0], abs=FRAME)


def test_after_the_limit_was_taken_back_the_next_pause_of_a_second_ends() -> None:
    sound = [voice(11), quiet(2.1), voice(3), quiet(0.9), voice(3), quiet(9)]
    endpointer, states = heard_all(sound, max_answer=10.0, reopen=2.0)
    assert phases_of(states)[1:5] == ["speaking", "silence", "ended", "speaking"]
    assert (states[-1].ended_by, states[-1].reopened) == ("limit", 1)
    assert endpointer.decided == pytest.approx(20.0 + 1.0, abs=2 * FRAME)


def test_who_never_pauses_past_the_limit_is_ended_for_good() -> None:
    _, states = heard_all([voice(60)], max_answer=10.0, reopen=2.0)
    assert (states[-1].ended_by, states[-1].final) == ("limit", True)
    assert states[-1].elapsed == pytest.approx(30.0, abs=2 * FRAME)


def test_who_was_let_go_on_past_the_limit_gets_the_grace_again() -> None:
    _, states = heard_all([voice(28), quiet(1.8), voice(60)], max_answer=10.0, reopen=2.0)
    assert states[-1].ended_by == "limit"
    assert states[-1].elapsed == pytest.approx(29.8 + 0.27 + 20, abs=2 * FRAME)


def test_a_key_ends_for_good() -> None:
    endpointer, _ = heard_all([voice(3), quiet(0.6)], reopen=2.0)
    endpointer.finish()
    state = endpointer.push(True)
    assert (state.phase, state.ended_by, state.final) == ("ended", "key", True)
    assert endpointer.decided == endpointer.seconds == pytest.approx(3.6)
    endpointer.finish("stall")
    assert endpointer.listening().ended_by == "key"


def test_a_key_in_the_window_closes_it_and_leaves_the_end_as_it_was() -> None:
    endpointer, _ = heard_all([voice(3), quiet(3.3)], patience=2.5, reopen=2.0)
    decided = endpointer.decided
    endpointer.finish()
    assert endpointer.listening().final
    assert (endpointer.listening().ended_by, endpointer.decided) == ("silence", decided)
    assert endpointer.utterance(Clip(np.zeros(480, dtype=np.float32)), "silence").decided == decided


def stalled(sound: Segments, until: float, decoded: float, **wanted: float) -> Listening:
    """The state one frame after the words are noted; the sound is pushed before."""
    endpointer, _ = heard_all(sound, **wanted)
    endpointer.note_words(until, decoded)
    return endpointer.push(sound[-1][0])


def test_noise_without_words_stalls_for_good() -> None:
    state = stalled([voice(20)], until=13.0, decoded=19.0, reopen=2.0)
    assert (state.phase, state.ended_by, state.final) == ("ended", "stall", True)


@pytest.mark.parametrize(
    ("sound", "until", "decoded"),
    [
        ([voice(20)], 13.5, 19.0),  # 5.5 s only
        ([voice(20)], 14.0, 14.0),  # 6 s of speech that nobody has decoded yet
        ([voice(3), quiet(3.9), voice(3)], 2.9, 9.0),  # most of the time since the last word was a pause
        ([voice(12), quiet(2)], 2.0, 13.0),  # in silence the patience decides
    ],
)
def test_no_stall(sound: Segments, until: float, decoded: float) -> None:
    assert stalled(sound, until, decoded).ended_by is None


def test_no_stall_where_nobody_looks_for_words() -> None:
    _, states = heard_all([voice(60)])
    assert all(state.ended_by is None for state in states)


def test_noise_that_breaks_off_again_and_again_stalls_too() -> None:
    assert stalled([*[voice(1.2), quiet(0.6)] * 8, voice(1)], until=2.0, decoded=15.0).ended_by == "stall"


def test_before_any_word_somebody_may_be_thinking_in_a_noisy_room() -> None:
    thinking = stalled([voice(STALL_SECONDS + 1)], until=0.0, decoded=STALL_SECONDS + 0.5, no_speech=20.0)
    assert thinking.ended_by is None
    assert stalled([voice(21)], until=0.0, decoded=20.5, no_speech=20.0).ended_by == "stall"


def test_silences_are_the_pauses_and_the_end() -> None:
    sound = [
        quiet(0.9),
        voice(3),
        quiet(0.15),
        voice(1.5),
        quiet(0.6),
        voice(3),
        quiet(3.6),
        voice(3),
        quiet(9),
    ]
    endpointer, _ = heard_all(sound, patience=2.5, reopen=2.0)
    assert [
        (round(pause.start, 2), round(pause.seconds, 2), pause.resumed) for pause in endpointer.silences
    ] == [(5.55, 0.6, True), (9.15, 3.6, True), (15.75, 2.52, False)]


def test_silences_while_listening() -> None:
    assert heard_all([quiet(3)])[0].silences == ()
    assert heard_all([voice(3)])[0].silences == ()
    assert heard_all([voice(3), quiet(1.2)])[0].silences == (Silence(3.0, pytest.approx(1.2), False),)


def phases_of(states: Sequence[Listening]) -> list[str]:
    """The phases as they follow each other."""
    phases = [state.phase for state in states]
    return [phase for phase, before in zip(phases, [None, *phases], strict=False) if phase != before]


any_voice = st.floats(0.5, 3.0)
any_burst = st.integers(1, 8)  # frames: under 250 ms
a_gap = st.integers(12, 40)  # frames: bursts nearer than the window may be one word together


@settings(deadline=None, max_examples=80)
@given(any_voice, st.lists(st.tuples(a_gap, any_burst), max_size=12), st.sampled_from([0.0, 2.0]))
def test_bursts_never_reset_the_silence_and_never_reopen(
    seconds: float, bursts: list[tuple[int, int]], reopen: float
) -> None:
    endpointer = Endpointer(EndpointerSettings(patience=2.5, reopen=reopen))
    spoken = frames([voice(seconds)])
    noise = [flag for gap, burst in bursts for flag in [False] * gap + [True] * burst]
    states = [endpointer.push(flag) for flag in [*spoken, *noise, *[False] * 200]]
    assert len(endpointer.speech) == 1
    assert states[-1].reopened == 0
    late = endpointer.decided - len(spoken) * FRAME - 2.5
    assert -1e-6 < late <= MAX_HOLD_SECONDS + FRAME


@settings(deadline=None, max_examples=80)
@given(any_voice, st.floats(0.4, 2.3), st.integers(9, 30))
def test_a_filled_pause_resets_the_silence(seconds: float, pause: float, filled: int) -> None:
    spoken = frames([voice(seconds), quiet(pause)]) + [True] * filled
    endpointer = Endpointer(EndpointerSettings(patience=2.5))
    for flag in [*spoken, *[False] * 100]:
        endpointer.push(flag)
    assert endpointer.decided == pytest.approx(len(spoken) * FRAME + 2.52, abs=1e-6)


@settings(deadline=None, max_examples=80)
@given(any_voice, st.sampled_from([0.5, 0.8, 2.5, 4.0]))
def test_ends_exactly_the_patience_after_the_last_voiced_frame(seconds: float, patience: float) -> None:
    endpointer, _ = listen([voice(seconds), quiet(9)], patience=patience)
    assert 0 <= endpointer.decided - endpointer.speech_end - patience + 1e-9 < FRAME


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(st.booleans(), st.floats(0.03, 4.5)), max_size=20), st.sampled_from([0.0, 1.0, 2.0])
)
def test_reopening_loses_no_frame(sound: Segments, reopen: float) -> None:
    endpointer, alone = Endpointer(EndpointerSettings(patience=1.0, reopen=reopen)), Segmenter()
    states: list[Listening] = []
    for flag in frames(sound):
        if states and states[-1].final:
            break
        alone.push(flag)
        states.append(endpointer.push(flag))
    assert endpointer.seconds == pytest.approx(len(states) * FRAME)
    assert endpointer.speech == alone.intervals
    ends = phases_of(states).count("ended")
    assert endpointer.listening().reopened == ends - (endpointer.listening().phase == "ended")
    for pause, (start, end) in zip(endpointer.silences, gaps(endpointer.speech), strict=False):
        assert (pause.start, pause.start + pause.seconds) == pytest.approx((start, end))


def gaps(speech: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    return [(end, start) for (_, end), (start, _) in pairwise(speech)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.booleans(), max_size=300), st.lists(st.sampled_from([0.5, 0.8, 2.5]), max_size=8))
def test_the_same_frames_give_the_same_decisions(flags: list[bool], patiences: list[float]) -> None:
    def decisions() -> list[Listening]:
        endpointer = Endpointer(EndpointerSettings(patience=1.0, reopen=1.0))
        states = []
        for number, flag in enumerate(flags):
            if patiences and number % 30 == 29:
                endpointer.patience = patiences[number // 30 % len(patiences)]
            states.append(endpointer.push(flag))
        return states

    assert decisions() == decisions()


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.booleans(), st.floats(0.03, 3.0)), max_size=20))
def test_never_ends_inside_speech(sound: Segments) -> None:
    endpointer, before = Endpointer(EndpointerSettings(patience=0.5, reopen=1.0)), "waiting"
    alone = Segmenter()
    for flag in [*frames(sound), *frames([quiet(3)])]:
        if endpointer.listening().final:
            break
        alone.push(flag)
        phase = endpointer.push(flag).phase
        if phase == "ended" and before != "ended":
            assert not alone.speaking
            assert not alone.onset
            assert not flag
        before = phase


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


def interrupted(before: Segments, after: Segments, least: float, **wanted: float) -> tuple[Endpointer, float]:
    """The endpointer with an interruption between the two, and how long after it the answer ended (s)."""
    endpointer = Endpointer(EndpointerSettings(**wanted))
    for voiced in frames(before):
        endpointer.push(voiced)
    endpointer.begin_anew(least)
    began = endpointer.seconds
    for voiced in frames(after):
        if endpointer.push(voiced).phase == "ended":
            break
    return endpointer, endpointer.decided - began


@pytest.mark.parametrize(
    ("before", "after", "least", "ends_after"),
    [
        ([voice(5), quiet(3)], [quiet(9)], 0.0, 4.0),
        ([voice(5), quiet(3)], [quiet(40)], 30.0, 30.0),
        ([voice(5)], [quiet(40)], 30.0, 30.0),
        ([voice(5), quiet(3)], [quiet(8), voice(2), quiet(9)], 30.0, 14.0),
        ([voice(5), quiet(3)], [quiet(8), voice(0.21), quiet(40)], 30.0, 30.0),
        ([quiet(70)], [quiet(90)], 30.0, 75.0),
    ],
    ids=["a rest", "a hint", "a hint in mid-word", "speech after it", "a knock after it", "before any word"],
)
def test_after_an_interruption_the_silence_counts_anew(
    before: Segments, after: Segments, least: float, ends_after: float
) -> None:
    _, waited = interrupted(before, after, least)
    assert waited == pytest.approx(ends_after, abs=0.1)


def test_an_interruption_takes_back_an_end_that_is_not_final() -> None:
    endpointer, _ = interrupted([voice(5), quiet(5)], [quiet(1)], 30.0, reopen=2.0)
    state = endpointer.listening()
    assert (state.phase, state.ended_by, state.reopened) == ("silence", None, 0)
    endpointer.finish("key")
    endpointer.begin_anew()
    assert endpointer.listening().final


def test_a_pause_in_which_somebody_was_interrupted_is_none_of_their_own() -> None:
    endpointer, _ = interrupted(
        [voice(2), quiet(1), voice(2), quiet(3)], [quiet(8), voice(2), quiet(9)], 30.0
    )
    assert [(round(silence.seconds), silence.resumed) for silence in endpointer.silences] == [
        (1, True), (4, False),
    ]  # fmt: skip
