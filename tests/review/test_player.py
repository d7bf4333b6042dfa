"""A replay's player with a clock of the test's own: what is heard, what is lit, and what keys do."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from player_room import Clock, Loudspeaker, Watching, play, pressed
from replayed import ANSWER_SECONDS, QUESTION_SECONDS, SAMPLE_RATE_HZ, session_with_everything, steps

from greenroom.errors import DeviceError
from greenroom.records import Clip
from greenroom.review.deck import Deck
from greenroom.review.moves import Place
from greenroom.review.passages import Passage, passages_of
from greenroom.review.player import Player
from greenroom.review.replay_view import BACK, FORTH, HOLD, NEXT, PREVIOUS, View


def test_it_walks_through_everything_in_time(clock: Clock, passages: list[Passage]) -> None:
    began = clock.now
    screen, left = play(passages, {})
    assert left is None
    assert screen.kinds == [
        "1 question", "1 answer", "2 question", "2 typed", "3 question", "3 open", "4 question", "4 answer",
    ]  # fmt: skip
    lasts = sum(passage.over for passage in passages) + 7 * 0.6
    assert clock.now - began == pytest.approx(lasts, abs=0.05 * len(passages))


def test_a_word_is_lit_when_it_is_due(clock: Clock, passages: list[Passage]) -> None:
    screen, _ = play(passages, {3.0: "quit"}, Place(1, 2.0))
    for view in screen.views:
        due = [text for start, _, text in passages[1].words if start <= view.position]
        assert view.spoken == len(due)
    assert screen.views[-1].position == pytest.approx(5.0, abs=0.05)


def test_space_stands_still_and_goes_on(clock: Clock, passages: list[Passage]) -> None:
    screen, left = play(passages, {2.0: HOLD, 60.0: HOLD, 61.0: "quit"}, Place(1, 0.0))
    held = {round(view.position, 3) for view in screen.views if view.state == "held"}
    assert len(held) == 1
    assert held.pop() == pytest.approx(2.0, abs=0.05)
    assert left == Place(1, pytest.approx(3.0, abs=0.1))


def test_while_held_the_arrows_move_and_nothing_runs(clock: Clock, passages: list[Passage]) -> None:
    screen, left = play(passages, {1.0: (HOLD, FORTH, FORTH, BACK), 9.0: "quit"}, Place(1, 0.0))
    assert left == Place(1, pytest.approx(6.0, abs=0.05))
    assert screen.views[-1].state == "held"


def test_n_goes_to_the_next_finding_and_says_when_there_is_none(
    clock: Clock, passages: list[Passage]
) -> None:
    screen, left = play(passages, {0.5: NEXT, 0.6: "quit"})
    assert left == Place(1, pytest.approx(passages[1].stops[0].at + 0.1, abs=0.05))
    screen, _ = play(passages, {0.5: NEXT, 1.0: "quit"}, Place(6, 0.0))
    assert "no finding further on" in {view.note for view in screen.views}
    assert screen.views[-1].passage is passages[6]


def test_the_finding_that_is_heard_is_the_one_shown(clock: Clock, passages: list[Passage]) -> None:
    screen, _ = play(passages, {0.5: NEXT, 3.0: "quit"})
    stop = passages[1].stops[0]
    assert [view.stop for view in screen.views if view.passage.kind == "answer"] == [stop] * len(
        [view for view in screen.views if view.passage.kind == "answer"]
    )
    assert View(passages[1], passages[1], stop.end + 4.1).stop is None
    assert View(passages[1], passages[1], stop.at - 0.1).stop is None


def test_a_held_breath_between_passages_goes_on_with_the_next(clock: Clock, passages: list[Passage]) -> None:
    at_its_end = QUESTION_SECONDS + 0.3  # while it waits between the question and the answer
    screen, left = play(passages, {at_its_end: HOLD, 20.0: HOLD, 22.0: "quit"})
    assert [view.state for view in screen.views].count("held") > 500
    assert left == Place(1, pytest.approx(1.4, abs=0.15))


def test_at_the_end_one_can_go_back_before_it_closes(clock: Clock, passages: list[Passage]) -> None:
    start = Place(7, passages[7].over - 1.0)
    began = clock.now
    screen, left = play(passages, {}, start, closes_after=8.0)
    assert left is None
    assert clock.now - began == pytest.approx(9.0, abs=0.2)
    assert screen.views[-1].state == "end"
    assert screen.views[-1].closes_in == pytest.approx(0.0, abs=0.1)
    screen, left = play(passages, {3.0: BACK, 4.0: "quit"}, start, closes_after=8.0)
    assert left == Place(7, pytest.approx(passages[7].over - 4.0, abs=0.1))
    screen, left = play(passages, {3.0: HOLD, 60.0: "quit"}, start, closes_after=8.0)
    assert (screen.views[-1].state, screen.views[-1].closes_in) == ("end", None), "Space keeps it open"


# The player, with a loudspeaker


def test_what_is_heard_leads_and_not_the_clock(
    clock: Clock, everything: Path, passages: list[Passage]
) -> None:
    speaker = Loudspeaker(clock, latency=0.5)
    screen, _ = play(passages, {2.0: "quit"}, Place(1, 3.0), Deck(speaker, SAMPLE_RATE_HZ))
    assert speaker.seconds == [3]
    assert screen.views[-1].position == pytest.approx(4.5, abs=0.05)
    assert [view.position for view in screen.views[:10]] == [3.0] * 10


def test_question_and_answer_sound_one_after_the_other(clock: Clock, passages: list[Passage]) -> None:
    speaker = Loudspeaker(clock)
    play(passages, {4.0: "quit"}, deck=Deck(speaker, SAMPLE_RATE_HZ))
    assert speaker.seconds == [None, 0]
    question, answer = speaker.played
    assert question.clip.seconds == pytest.approx(QUESTION_SECONDS)
    assert answer.began - question.began == pytest.approx(QUESTION_SECONDS + 0.1 + 0.6, abs=0.1)


def test_keys_are_heard(clock: Clock, passages: list[Passage]) -> None:
    speaker = Loudspeaker(clock)
    at = {1.0: FORTH, 2.0: HOLD, 5.0: HOLD, 6.0: PREVIOUS, 7.0: "quit"}
    play(passages, at, Place(1, 2.3), Deck(speaker, SAMPLE_RATE_HZ))
    assert speaker.seconds == [2, 8, 9, 3]
    assert [playing.lasted for playing in speaker.played[:3]] == [1.0, 1.0, 1.0]


def test_keys_pressed_at_once_are_one_movement(clock: Clock, passages: list[Passage]) -> None:
    speaker = Loudspeaker(clock)
    at = {0.5: [FORTH] * 3, 1.0: "quit"}
    play(passages, at, Place(1, 0.2), Deck(speaker, SAMPLE_RATE_HZ))
    assert speaker.seconds == [0, 15]


def test_typed_and_open_turns_make_no_sound(clock: Clock, passages: list[Passage]) -> None:
    speaker = Loudspeaker(clock)
    screen, _ = play(passages, {10.0: "quit"}, Place(2, 0.0), Deck(speaker, SAMPLE_RATE_HZ))
    assert speaker.played == []
    assert screen.kinds[:3] == ["2 question", "2 typed", "3 question"]


def test_a_lost_loudspeaker_does_not_end_it(clock: Clock, passages: list[Passage]) -> None:
    speaker = Loudspeaker(clock)
    lose = pressed({2.0: FORTH, 8.0: "quit"})
    poll = lose.poll

    def poll_and_lose() -> str | None:
        if clock.now >= 1001.0 and speaker.played:
            speaker.played[-1].lost = True
        return poll()

    lose.poll = poll_and_lose  # type: ignore[method-assign]
    screen = Watching()
    left = Player(passages, Deck(speaker, SAMPLE_RATE_HZ), lose, screen).play(Place(1, 0.0))
    assert any("was lost, so read along" in view.note for view in screen.views)
    positions = [view.position for view in screen.views]
    assert max(later - now for now, later in pairwise(positions)) == pytest.approx(5.0, abs=0.1)
    assert left == Place(1, pytest.approx(8.0 + 5.0 - 0.1, abs=0.2))
    assert len(speaker.played) == 1


def test_a_loudspeaker_that_does_not_open_matters_only_where_it_was_named(
    clock: Clock, passages: list[Passage]
) -> None:
    screen, left = play(passages, {2.0: "quit"}, Place(1, 0.0), Deck(Loudspeaker(clock, broken=True), 16_000))
    assert left == Place(1, pytest.approx(2.0, abs=0.1))
    assert any("cannot be opened, so read along" in view.note for view in screen.views)
    with pytest.raises(DeviceError):
        play(passages, {}, Place(1, 0.0), Deck(Loudspeaker(clock, broken=True), 16_000, must_sound=True))


def test_a_recording_that_is_gone_or_damaged_is_read_along(clock: Clock, everything: Path) -> None:
    (everything / "01-answer.flac").unlink()
    (everything / "04-question.wav").write_bytes((everything / "04-question.wav").read_bytes()[:44])
    passages = passages_of(session_with_everything(), everything)
    assert passages[1].sound is None
    speaker = Loudspeaker(clock)
    screen, left = play(passages, {2.0: "quit"}, Place(1, 0.0), Deck(speaker, SAMPLE_RATE_HZ))
    assert (speaker.played, left) == ([], Place(1, pytest.approx(2.0, abs=0.1)))
    assert any("its recording is not there" in view.note for view in screen.views)


def test_a_recording_that_breaks_off_is_walked_to_its_end(clock: Clock, everything: Path) -> None:
    whole = (everything / "01-answer.flac").read_bytes()
    (everything / "01-answer.flac").write_bytes(whole[: len(whole) // 3])
    passages = passages_of(session_with_everything(), everything)
    assert passages[1].seconds == ANSWER_SECONDS, "its header still says so"
    speaker = Loudspeaker(clock, latency=0.0)
    screen, _ = play(passages, {25.0: "quit"}, Place(1, 1.0), Deck(speaker, SAMPLE_RATE_HZ))
    assert 1.0 < speaker.played[0].clip.seconds < 12.0
    positions = [view.position for view in screen.views if view.passage is passages[1]]
    assert positions == sorted(positions)
    assert max(later - now for now, later in pairwise(positions)) < 0.1
    assert screen.kinds[:2] == ["1 answer", "2 question"]


def test_the_deck_plays_at_the_devices_rate_and_goes_on_where_it_was(clock: Clock) -> None:
    speaker = Loudspeaker(clock, latency=0.0)
    deck = Deck(speaker, 48_000)
    deck.load(Clip(steps(ANSWER_SECONDS)), ANSWER_SECONDS)
    deck.play(2.0)
    assert speaker.played[0].clip.rate == 48_000
    assert speaker.played[0].clip.seconds == pytest.approx(ANSWER_SECONDS - 2.0, abs=0.001)
    deck.wait(1.0)
    deck.hold()
    deck.wait(5.0)
    assert deck.position() == pytest.approx(3.0)
    deck.seek(99.0)
    assert deck.position() == ANSWER_SECONDS
    deck.seek(-1.0)
    assert deck.position() == 0.0
    deck.close()
    assert speaker.closed
