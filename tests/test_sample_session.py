"""recordings/sample, the golden session: read again and analysed again, it gives what is stored."""

from __future__ import annotations

from pathlib import Path

import jiwer
import pytest

from greenroom.analysis import Analyzer
from greenroom.audio.clip import load_clip
from greenroom.captions import web_vtt
from greenroom.coaching import Coach
from greenroom.listening.voice_activity import heard, load_detector
from greenroom.records import Session, Turn, Utterance
from greenroom.session import load_session
from greenroom.transcription import load_transcriber
from greenroom.transcription.incremental import transcribe_in_chunks

SAMPLE = Path(__file__).parents[1] / "recordings" / "sample"


@pytest.fixture(scope="module")
def session() -> Session:
    return load_session(SAMPLE)


def utterance_of(turn: Turn) -> Utterance:
    assert turn.recording is not None
    return heard(load_clip(SAMPLE / turn.recording), load_detector("auto"))


def test_it_is_a_whole_interview(session: Session) -> None:
    assert session.finished
    assert [turn.follow_up_to for turn in session.turns] == [None, 1, None]
    assert [turn.ended_by for turn in session.turns] == ["silence"] * 3
    names = {path.name for path in SAMPLE.iterdir()}
    assert names == {"session.json"} | {
        f"0{turn.number}-{kind}"
        for turn in session.turns
        for kind in ("question.wav", "answer.flac", "answer.vtt")
    }


def test_the_answer_was_followed_up_for_what_it_lacked(session: Session) -> None:
    first, follow_up, _ = session.turns
    assert "no_outcome" in {finding.id for finding in first.patterns}
    assert first.feedback.follow_up_for == "no_outcome"
    assert follow_up.question == first.feedback.follow_up


def test_listening_again_hears_the_same(session: Session) -> None:
    for turn in session.turns:
        utterance = utterance_of(turn)
        assert utterance.speech_end == pytest.approx(turn.timing.speech_end, abs=0.001)
        assert utterance.clip.seconds == pytest.approx(turn.seconds, abs=0.001)


def test_analysing_again_gives_the_stored_result(session: Session) -> None:
    analyzer, coach = Analyzer(), Coach(seed=1)
    for turn in session.turns:
        analysis = analyzer.analyze(turn.transcript, turn.asked, utterance_of(turn))
        assert analysis.delivery == turn.delivery
        assert analysis.parts == turn.parts
        assert analysis.patterns == turn.patterns
        assert analysis.signals == turn.signals
        assert analysis.rubric == turn.rubric
        assert coach.feedback(turn.transcript, analysis, turn.asked) == turn.feedback


def test_the_captions_are_those_of_the_words(session: Session) -> None:
    for turn in session.turns:
        captions = (SAMPLE / f"{turn.number:02}-answer.vtt").read_text()
        assert captions == web_vtt(turn.transcript.words)


@pytest.mark.weights
def test_transcribing_again_gives_the_stored_words(session: Session) -> None:
    transcriber = load_transcriber("openai-whisper", "base")
    for turn in session.turns:
        heard_again = utterance_of(turn)
        words = transcribe_in_chunks(transcriber, heard_again.clip, heard_again.speech).text
        # Processors add up floats in different orders, so a word may differ; not a sentence.
        assert jiwer.wer(turn.transcript.text, words) <= 0.03
