"""One session read again: what changes, what stays, and that the same model and rules give the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import jiwer
import numpy as np
import pytest
from archives import SAMPLE, TRANSCRIBED, WORDS_KEPT
from fakes import FakeAnalyzer, FakeTranscriber

from greenroom.analysis import Analyzer
from greenroom.audio.clip import to_pcm16
from greenroom.errors import ModelError
from greenroom.reanalysis import rereading
from greenroom.reanalysis.archive import job_of, open_session
from greenroom.reanalysis.fingerprint import rules_fingerprint
from greenroom.reanalysis.jobs import Job, Wanted, keeping_words
from greenroom.reanalysis.rereading import Reader, reread
from greenroom.records import Feedback, Session, Turn
from greenroom.session import load_session

STORED = load_session(SAMPLE)
TODAY = Wanted("openai-whisper", "base", rules_fingerprint())
READ_ANEW = {
    "transcript", "delivery", "form", "parts", "shares", "patterns", "signals", "markers", "rubric", "deeds",
    "feedback", "highlights", "openings",
}  # fmt: skip
"""The fields of a turn that another reading makes."""


def fake_reader(session: Session) -> Reader:
    return Reader(session, cast(Analyzer, FakeAnalyzer()), FakeTranscriber())


def tone(seconds: float) -> bytes:
    time = np.arange(round(seconds * 16_000)) / 16_000
    return to_pcm16((0.1 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)).tobytes()


def unlike(before: Turn, after: Turn) -> set[str]:
    """The names of the fields that differ."""
    return {name for name in before.__dataclass_fields__ if getattr(before, name) != getattr(after, name)}


class TestWhatChanges:
    """With a transcriber and an analyzer that are none: it is about what is done with what they give."""

    @pytest.fixture(autouse=True)
    def speech_all_along(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rereading, "speech_intervals", lambda clip, _: ((0.0, clip.seconds),))

    def test_how_and_when_it_was_answered_stays(self) -> None:
        rated = replace(STORED.turns[2], self_rating=3, answered_at="2026-11-23T08:00:00+00:00")
        after = fake_reader(STORED).read(rated, tone(6.0))
        assert unlike(rated, after) <= READ_ANEW
        assert {word.text for word in after.transcript.words} <= {"word", "um,", "Um,", "um."}
        assert (after.transcript.engine, after.transcript.model) == ("fake", "fake")

    def test_the_follow_up_that_was_asked_stays_the_one_that_was_asked(self) -> None:
        first, follow_up, third = (fake_reader(STORED).read(turn, None) for turn in STORED.turns)
        assert first.feedback.follow_up == STORED.turns[0].feedback.follow_up == follow_up.question
        assert first.feedback.follow_up_for == "no_outcome"
        assert first.feedback != STORED.turns[0].feedback
        # Nobody was asked the one after that, so it is today's.
        assert third.feedback.follow_up is not None

    def test_a_typed_answer_is_read_from_its_text_whatever_was_recorded(self) -> None:
        typed = replace(
            STORED.turns[1],
            ended_by="typed",
            transcript=replace(STORED.turns[1].transcript, text="I asked them.", words=()),
        )
        after = fake_reader(STORED).read(typed, tone(3.0))
        assert [word.text for word in after.transcript.words] == ["I", "asked", "them."]
        assert after.transcript.engine is None
        assert after.delivery.words == 3

    def test_a_turn_without_its_sound_keeps_its_words(self) -> None:
        after = fake_reader(STORED).read(STORED.turns[0], None)
        assert after.transcript == STORED.turns[0].transcript
        assert after.delivery.fillers == STORED.turns[0].delivery.fillers

    def test_a_voice_too_quiet_for_voice_activity_is_read_all_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rereading, "speech_intervals", lambda *_: ())
        nobody = replace(STORED.turns[1], transcript=replace(STORED.turns[1].transcript, words=()))
        by_key = replace(nobody, ended_by="key")
        assert fake_reader(STORED).read(by_key, tone(4.0)).transcript.words
        assert not fake_reader(STORED).read(nobody, tone(4.0)).transcript.words

    @pytest.mark.parametrize(
        "settings", [{"seed": "x", "vad": 3, "profile": "nobody's"}, {"seed": None}, {}], ids=str
    )
    def test_settings_of_another_hand_do_no_harm(self, settings: dict[str, Any]) -> None:
        session = replace(STORED, settings=settings)
        assert fake_reader(session).read(STORED.turns[2], tone(2.0)).delivery.words

    def test_the_profile_is_the_sessions(self) -> None:
        seen: list[str] = []

        class Listening(FakeAnalyzer):
            def analyze(self, *told: Any, profile: str = "usual") -> Any:
                seen.append(profile)
                return super().analyze(*told, profile=profile)

        session = replace(STORED, settings={"profile": "stutter"})
        Reader(session, cast(Analyzer, Listening()), None).read(STORED.turns[2], None)
        assert set(seen) == {"stutter"}


def test_other_rules_refuse() -> None:
    with pytest.raises(ModelError, match="another greenroom") as caught:
        reread(Job(STORED, WORDS_KEPT))
    assert caught.value.hint


def test_nothing_that_was_said_stands_in_the_text_of_a_job() -> None:
    text = repr(Job(STORED, TRANSCRIBED, {1: b"sound"}))
    assert "fake" in text
    assert "booking" not in text
    assert "sound" not in text.replace("sounds", "")


class TestTheSame:
    """The sample was made with today's rules and model (tests/test_sample_session.py holds that)."""

    @pytest.mark.slow
    def test_words_that_are_kept_give_the_stored_result(self) -> None:
        turns = reread(Job(STORED, keeping_words(TODAY)))
        for before, after in zip(STORED.turns, turns, strict=True):
            assert unlike(before, after) <= READ_ANEW
            assert (before.transcript, before.delivery) == (after.transcript, after.delivery)
            assert told(before) == told(after)

    @pytest.mark.weights
    def test_recordings_transcribed_again_give_the_stored_result(self, tmp_path: Path) -> None:
        job, silent = job_of(open_session(SAMPLE), TODAY)
        assert silent == ()
        for before, after in zip(STORED.turns, reread(job), strict=True):
            assert unlike(before, after) <= READ_ANEW
            # Processors add up floats in different orders, so a word may differ; not a sentence.
            assert jiwer.wer(before.transcript.text, after.transcript.text) <= 0.03
            if before.transcript.text == after.transcript.text:
                assert told(before) == told(after)


def told(turn: Turn) -> tuple[object, ...]:
    """What is said of an answer, without numbers that the last bit of a float may move."""
    feedback: Feedback = turn.feedback
    found = [
        [(each.id, [span.text for span in each.evidence]) for each in kind]
        for kind in (turn.patterns, turn.signals, turn.markers)
    ]
    return (
        found,
        [(each.id, each.score) for each in turn.rubric],
        [part.text for part in turn.parts],
        feedback,
    )
