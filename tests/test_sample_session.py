"""recordings/sample, the golden session: read again and analysed again, it gives what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import jiwer
import pytest

from greenroom.analysis import Analyzer
from greenroom.audio.clip import load_clip
from greenroom.captions import web_vtt
from greenroom.coaching import Coach
from greenroom.listening.voice_activity import heard, load_detector
from greenroom.prosody import listen
from greenroom.records import (
    Finding,
    RubricScore,
    Session,
    SignalEvidence,
    Transcript,
    Turn,
    Utterance,
    filled_pauses,
)
from greenroom.session import load_session
from greenroom.transcription import load_transcriber
from greenroom.transcription.incremental import transcribe_twice

pytestmark = pytest.mark.slow

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


def plain(turn: Turn) -> Transcript:
    """The words of record, without the filled pauses that were put among them."""
    woven = {filler.first_word for filler in turn.delivery.fillers if filler.kind == "filled_pause"}
    words = tuple(word for index, word in enumerate(turn.transcript.words) if index not in woven)
    return replace(turn.transcript, words=words, text=" ".join(word.text for word in words))


def quotes(findings: Sequence[Finding | SignalEvidence | RubricScore]) -> list[tuple[str, list[str]]]:
    return [(finding.id, [span.text for span in finding.evidence]) for finding in findings]


def fluent(text: str) -> str:
    """Without the "um" that the words were analysed without."""
    words = text.split()
    return " ".join(word for i, word in enumerate(words) if i not in filled_pauses(words))


def test_analysing_again_gives_the_stored_result(session: Session) -> None:
    analyzer, coach = Analyzer(), Coach(seed=1)
    for turn in session.turns:
        analysis = analyzer.analyze(plain(turn), turn.asked, utterance_of(turn))
        assert analysis.delivery.words == turn.delivery.words
        assert [part.text for part in analysis.parts] == [fluent(part.text) for part in turn.parts]
        assert quotes(analysis.patterns) == quotes(turn.patterns)
        assert quotes(analysis.signals) == quotes(turn.signals)
        assert [(each.score, each.why) for each in analysis.rubric] == [
            (each.score, each.why) for each in turn.rubric
        ]
        assert quotes(analysis.rubric) == quotes(turn.rubric)
        assert (analysis.form, analysis.shares) == (turn.form, turn.shares)
        assert quotes(analysis.markers) == quotes(turn.markers)
        assert coach.feedback(plain(turn), analysis, turn.asked) == turn.feedback


def test_every_index_leads_to_the_words_it_is_of(session: Session) -> None:
    for turn in session.turns:
        words = turn.transcript.words
        fillers = [filler for filler in turn.delivery.fillers if filler.kind == "filled_pause"]
        assert len(fillers) >= 1
        for filler in fillers:
            assert filler.first_word is not None
            assert words[filler.first_word].text.lower().strip(".,") == filler.text
        for part in turn.parts:
            assert part.text.split()[0] == words[part.first_word].text
            assert part.text.split()[-1].strip(".,") == words[part.last_word].text.strip(".,")


def test_the_captions_are_those_of_the_words(session: Session) -> None:
    for turn in session.turns:
        captions = (SAMPLE / f"{turn.number:02}-answer.vtt").read_text()
        assert captions == web_vtt(turn.transcript.words)


@pytest.mark.weights
def test_transcribing_again_gives_the_stored_words_and_fillers(session: Session) -> None:
    transcriber = load_transcriber("openai-whisper", "base")
    for turn in session.turns:
        heard_again = utterance_of(turn)
        transcript, verbatim = transcribe_twice(transcriber, heard_again.clip, heard_again.speech)
        # Processors add up floats in different orders, so a word may differ; not a sentence.
        assert jiwer.wer(plain(turn).text, transcript.text) <= 0.03
        _, prosody = listen(transcript, heard_again, verbatim)
        stored = [filler for filler in turn.delivery.fillers if filler.kind == "filled_pause"]
        assert [filler.text for filler in prosody.fillers] == [filler.text for filler in stored]
        for again, once in zip(prosody.fillers, stored, strict=True):
            assert (again.start, again.end) == pytest.approx((once.start, once.end), abs=0.1)
