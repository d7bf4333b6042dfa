from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.analysis import Analyzer, transcript_of
from greenroom.analysis.disfluencies import disfluencies
from greenroom.records import Disfluency, Filler, Word


def found(text: str, fillers: tuple[Filler, ...] = ()) -> list[tuple[str, str]]:
    return [(slip.kind, slip.text) for slip in disfluencies(transcript_of(text).words, fillers)]


@pytest.mark.parametrize(
    ("text", "taken_back"),
    [
        ("I I went home", "I"),
        ("the the the van was late", "the the"),
        ("we were we were late", "we were"),
        ("We were, we were late.", "We were,"),
        ("and so I, I'm the lead", "I,"),
        ("i think i think we should", "i think"),
        ("she gave it to the uh the manager", "the"),
        ("We had, um, we had no choice.", "We had,"),
        ("so I- I went", "I-"),
        ("it is it is a good team", "it is"),
    ],
)
def test_repetitions(text: str, taken_back: str) -> None:
    assert found(text) == [("repetition", taken_back)]


@pytest.mark.parametrize(
    "text",
    [
        "we had had enough",
        "it was very very good",
        "i know that that man left",
        "He told her her van was late.",
        "What it is is a queue.",
        "we came in in June",
        "again and again it broke",
        "bit by bit by bit it grew",
        "No, no, that was fine.",
        "It was slow. It was loud.",
        "We saw it. It was fine.",
        "we sold 20 20 times",
        "Whatever it was, it was late.",
        "i like it it's good",
        "Excellent, excellent work.",
    ],
)
def test_what_may_be_meant_is_no_repetition(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "taken_back"),
    [
        ("I went, I walked to the depot.", "I went,"),
        ("we wanted to um we decided to leave it", "we wanted to"),
        ("we had the we built a new one", "we had the"),
        ("I was, I went to the other side.", "I was,"),
        ("they sent a — they wrote a letter", "they sent a"),
    ],
)
def test_restarts(text: str, taken_back: str) -> None:
    assert found(text) == [("restart", taken_back)]


@pytest.mark.parametrize(
    "text",
    [
        "I came, I saw, I left.",
        "I said, I will do it.",
        "As tired as I was, I went.",
        "That's all I have, I swear.",
        "It was the, I suppose, usual way.",
        "She is somebody I'm fond of I know her well",
        "If I can, I will.",
        "We tested it, we shipped it, we sold it.",
    ],
)
def test_what_may_be_whole_is_no_restart(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "taken_back"),
    [
        ("It started on mon- on Tuesday.", "mon-"),
        ("the proj— project was late", "proj—"),
        ("the proj— plan was late", "proj—"),
        ("th-the van was late", "th-the"),
        ("a thr—", "thr—"),
    ],
)
def test_words_cut_off(text: str, taken_back: str) -> None:
    assert found(text) == [("cut_off", taken_back)]


@pytest.mark.parametrize(
    "text",
    [
        "the project— well it was late",
        "We did a re-read and a t-test of it.",
        "the pre- and post-launch numbers",
        "a well-known so-so bye-bye",
        "it was — as they say — late",
    ],
)
def test_what_is_whole_is_not_cut_off(text: str) -> None:
    assert found(text) == []


def test_a_filler_word_between_hides_nothing() -> None:
    between = Filler("you know", None, None, kind="filler_word", first_word=3, last_word=4)
    assert found("it wanted a you know a quick fix", (between,)) == [("repetition", "a")]


def test_times_and_words_are_those_of_what_one_would_leave_out() -> None:
    words = [
        Word(text, i / 2, i / 2 + 0.4) for i, text in enumerate(["So", "we", "were", "we", "were", "in"])
    ]
    assert disfluencies(words) == (Disfluency("repetition", "we were", 0.5, 1.4, 1, 2),)


def test_no_words_no_slips() -> None:
    assert disfluencies([]) == ()
    assert found("um … - , uh") == []


SAID = [
    "I",
    "we",
    "the",
    "a",
    "um",
    "was,",
    "was",
    "the-",
    "proj—",
    "it's",
    "had",
    "and",
    "—",
    "ok.",
    "20",
    "",
]


@given(st.lists(st.sampled_from(SAID), max_size=25))
def test_slips_are_in_order_apart_and_inside(spoken: list[str]) -> None:
    slips = disfluencies([Word(text) for text in spoken])
    covered = [i for slip in slips for i in range(slip.first_word, slip.last_word + 1)]
    assert covered == sorted(set(covered))
    assert all(0 <= i < len(spoken) for i in covered)


def test_both_reach_the_delivery(analyzer: Analyzer) -> None:
    text = "So we we had, like, no idea, you know, and i like that that mon- Monday"
    delivery = analyzer.analyze(transcript_of(text)).delivery
    assert [f.text for f in delivery.fillers if f.kind == "filler_word"] == ["so", "like", "you know"]
    assert [(slip.kind, slip.text) for slip in delivery.disfluencies] == [
        ("repetition", "we"),
        ("cut_off", "mon-"),
    ]
