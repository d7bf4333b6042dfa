"""What is replayed: passages, their words and findings; and where keys lead among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from replayed import (
    ANSWER_SECONDS,
    FIRST_WORD,
    QUESTION_SECONDS,
    WORD_SECONDS,
    finding,
    session_with_everything,
    span,
    spoken_turn,
)

from greenroom import keys
from greenroom.records import Question, Session, Transcript, Unanswered, Word
from greenroom.review import moves
from greenroom.review.moves import Place
from greenroom.review.passages import Passage, passages_of
from greenroom.review.replay_view import ACTIONS, BACK, FORTH, HOLD, NEXT, PREVIOUS


def test_passages_are_questions_and_what_came_back(passages: list[Passage]) -> None:
    assert [(passage.number, passage.kind) for passage in passages] == [
        (1, "question"), (1, "answer"), (2, "question"), (2, "typed"),
        (3, "question"), (3, "open"), (4, "question"), (4, "answer"),
    ]  # fmt: skip
    headings = [passage.heading for passage in passages[::2]]
    assert headings == [
        "Turn 1 of 4",
        "Turn 2 of 4, follow-up to turn 1",
        "Turn 3 of 4",
        "Turn 4 of 4, turn 1 once more",
    ]
    assert passages[5].remark == "Skipped."


def test_words_of_an_answer_have_their_times(passages: list[Passage]) -> None:
    words = passages[1].words
    assert words[0] == (1.0, 1.4, "In")
    assert words[-1] == (17.0, 17.4, "there.")
    assert passages[1].seconds == ANSWER_SECONDS
    assert passages[1].over == pytest.approx(17.4 + 1.5), "the silence at its end is not sat through"


def test_words_of_a_question_are_spread_over_its_sound(passages: list[Passage]) -> None:
    question = passages[0]
    assert question.seconds == pytest.approx(QUESTION_SECONDS)
    starts = [start for start, _, _ in question.words]
    assert starts == sorted(starts)
    assert starts[0] == 0.0
    assert 0.5 * QUESTION_SECONDS < starts[-1] < question.words[-1][1] <= QUESTION_SECONDS


def test_without_sound_a_question_is_read_at_the_pace_of_reading(tmp_path: Path) -> None:
    question = passages_of(session_with_everything(), tmp_path)[0]
    assert question.sound is None
    assert 2.0 <= question.seconds < 4.0


def test_findings_are_places_in_order_of_time(passages: list[Passage]) -> None:
    first, second, whole = passages[1].stops
    assert (first.name, first.quote) == ("Your part stays behind “we”", "We looked at the queue,")
    assert first.start == FIRST_WORD + 6 * WORD_SECONDS
    assert first.at == first.start - 0.5, "from just before it"
    assert second.name == "No result that can be counted"
    assert (whole.name, whole.quote) == ("Why it mattered is missing", "")
    assert whole.start == pytest.approx(17.4)
    (typed,) = passages[3].stops
    assert typed.quote == "I counted them."
    assert 0.0 <= typed.start < typed.end < passages[3].seconds


def test_what_would_command_a_terminal_is_only_text(tmp_path: Path) -> None:
    hostile = "\x1b[2J\x07<b>\u202eevil\nline"
    words = (Word(hostile, 0.5, 1.0, 0.9), Word("end.", 1.0, 1.5, 0.9))
    turn = spoken_turn(
        question=hostile,
        transcript=Transcript(hostile, words=words),
        patterns=(replace(finding("no\x1bway", span(words, 0, 1)), why=hostile, advice=hostile),),
    )
    turn = replace(turn, feedback=replace(turn.feedback, written=hostile))
    unheard = Unanswered(9, hostile, Question("q", hostile), hostile)
    session = replace(session_with_everything(), turns=(turn,), unanswered=(unheard,))
    for passage in passages_of(session, tmp_path):
        texts = [passage.question, passage.remark, passage.feedback, *(word for _, _, word in passage.words)]
        texts += [text for stop in passage.stops for text in (stop.name, stop.quote, stop.why, stop.advice)]
        assert all(text.isprintable() for text in texts), texts


def test_a_name_that_leads_out_of_the_folder_is_not_followed(everything: Path) -> None:
    turn = spoken_turn(recording=f"../{everything.name}/01-answer.flac", question_recording="/etc/hostname")
    session = replace(session_with_everything(), turns=(turn,), unanswered=())
    question, answer = passages_of(session, everything)
    assert (question.sound, answer.sound) == (None, None)
    assert answer.seconds == ANSWER_SECONDS, "its length is known from the session"


@pytest.mark.parametrize(
    "times", [((None, None), (2.0, 2.4)), ((3.0, 2.0), (1.0, 4.0)), ((5.0, 5.5), (None, None))]
)
def test_odd_times_never_go_back(tmp_path: Path, times: Sequence[tuple[float | None, float | None]]) -> None:
    words = tuple(Word(f"w{index}", start, end) for index, (start, end) in enumerate(times))
    turn = spoken_turn(transcript=Transcript("w0 w1", words=words))
    passage = passages_of(Session(id="x", started_at="", turns=(turn,)), tmp_path)[1]
    flat = [start for start, _, _ in passage.words]
    assert flat == sorted(flat)
    assert all(start <= end for start, end, _ in passage.words)


# Where keys lead


def test_five_seconds_back_and_forth_across_passages(passages: list[Passage]) -> None:
    assert moves.forth(passages, Place(1, 3.0)) == Place(1, 8.0)
    assert moves.forth(passages, Place(1, 15.0)) == Place(2, 0.0), "beyond its end begins the next"
    assert moves.back(passages, Place(1, 8.0)) == Place(1, 3.0)
    assert moves.back(passages, Place(2, 1.0)) == Place(1, pytest.approx(18.9 - 4.0))
    assert moves.back(passages, Place(1, 2.0)) == Place(0, 0.0)
    assert moves.back(passages, Place(0, 1.0)) == Place(0, 0.0)
    assert moves.forth(passages, Place(7, 7.0)) == Place(7, passages[7].over)


def test_findings_one_after_the_other_and_back(passages: list[Passage]) -> None:
    there = [Place(1, stop.at) for stop in passages[1].stops] + [Place(3, passages[3].stops[0].at)]
    place, seen = Place(0, 0.0), []
    while (found := moves.next_finding(passages, place)) is not None:
        seen.append(found)
        place = found
    assert seen == there
    assert moves.previous_finding(passages, there[1]) == there[0]
    just_after = Place(1, there[1].at + 1.0)
    assert moves.previous_finding(passages, just_after) == there[0], "twice p goes back twice"
    assert moves.previous_finding(passages, Place(1, there[1].at + 3.0)) == there[1]
    assert moves.previous_finding(passages, there[0]) is None


def test_turns(passages: list[Passage]) -> None:
    assert moves.next_turn(passages, Place(1, 5.0)) == Place(2, 0.0)
    assert moves.next_turn(passages, Place(6, 0.5)) is None
    assert moves.previous_turn(passages, Place(3, 1.0)) == Place(2, 0.0), "its own beginning first"
    assert moves.previous_turn(passages, Place(2, 0.5)) == Place(0, 0.0)
    assert moves.previous_turn(passages, Place(0, 0.1)) == Place(0, 0.0)


def test_every_key_has_what_it_does() -> None:
    assert {ACTIONS[key] for key in (" ", "n", "p", "q")} == {HOLD, NEXT, PREVIOUS, keys.QUIT}
    assert (ACTIONS["N"], ACTIONS["P"]) == (ACTIONS[keys.DOWN], ACTIONS[keys.UP])
    assert (ACTIONS[keys.LEFT], ACTIONS[keys.RIGHT]) == (BACK, FORTH)
