"""What is rendered while something else is being said or heard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from interview_room import QUESTIONS, Room

from greenroom.interview import Manner
from greenroom.records import OWN_BANKS
from greenroom.rendering_ahead import render_ahead

pytestmark = pytest.mark.usefixtures("no_echo")


def test_the_next_question_and_the_hint_are_ready_before_they_are_needed(tmp_path: Path) -> None:
    room = Room(tmp_path, manner=Manner(follow_ups=1))
    session = room.interview.run()
    first, second = (question.text for question in QUESTIONS)
    hints = [" ".join(room.stages.assessor.coach.hint(question)) for question in QUESTIONS]
    follow_ups = [turn.question for turn in session.turns if turn.follow_up_to is not None]
    prepared = [text for text in room.voice.prepared if text not in follow_ups]
    assert prepared == [first, hints[0], second, second, hints[1]]
    assert all(follow_up in room.voice.prepared for follow_up in follow_ups)
    assert len(follow_ups) > 0


def test_only_the_words_of_a_bank_are_kept_for_other_interviews(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tmp_path)
    kept: dict[str, bool] = {}
    monkeypatch.setattr(
        room.voice, "prepare", lambda *texts, keep=False: kept.update(dict.fromkeys(texts, keep))
    )
    own = replace(QUESTIONS[0], text="own", bank=next(iter(OWN_BANKS)))
    asked_again = replace(QUESTIONS[0], text="after", follows="q1")
    render_ahead(room.stages, [QUESTIONS[0], own, asked_again])
    assert [kept[text] for text in (QUESTIONS[0].text, "own", "after")] == [True, False, False]
