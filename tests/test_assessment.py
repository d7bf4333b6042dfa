"""From an utterance or a text to an answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fakes import FakeAnalyzer, FakeCoach, FakeTranscriber

from greenroom.assessment import Assessor
from greenroom.errors import ModelError
from greenroom.records import Analysis, Clip, Question, Utterance

QUESTION = Question("q", "Why?")


def utterance(*speech: tuple[float, float], seconds: float = 20.0, ended_by: str = "silence") -> Utterance:
    clip = Clip(np.zeros(round(seconds * 16_000), dtype=np.float32))
    return Utterance(clip, speech, ended_by, speech[-1][1] if speech else 0.0, seconds)


def test_an_answer_holds_everything() -> None:
    assessor = Assessor(FakeTranscriber, FakeCoach(), FakeAnalyzer)  # type: ignore[arg-type]
    assessed = assessor.assess(utterance((5.0, 8.0)), QUESTION, "a.flac").result(timeout=5)
    answer = assessed.answer
    assert (answer.source, answer.question, answer.seconds) == ("a.flac", "Why?", 20.0)
    assert len(answer.transcript.words) == answer.delivery.words == 7
    assert answer.transcript.words[0].start == 4.5
    assert answer.feedback.spoken == "Well told."
    assert assessed.transcribed <= assessed.analysed
    assessor.close()


def test_the_profile_reaches_the_analysis() -> None:
    class Noting(FakeAnalyzer):
        def analyze(self, *arguments: Any, profile: str = "usual", **more: Any) -> Analysis:
            seen.append(profile)
            return super().analyze(*arguments, profile=profile, **more)

    seen: list[str] = []
    assessor = Assessor(None, FakeCoach(), Noting, profile="stutter")  # type: ignore[arg-type]
    assessor.assess_text("I built it.", None, None).result(timeout=5)
    assert seen == ["stutter"]
    assessor.close()


def test_a_text_needs_no_transcriber() -> None:
    assessor = Assessor(None, FakeCoach(), FakeAnalyzer)  # type: ignore[arg-type]
    answer = assessor.assess_text("I built it.", None, None).result(timeout=5).answer
    assert (answer.transcript.text, answer.transcript.engine, answer.seconds) == ("I built it.", None, None)
    assert [word.start for word in answer.transcript.words] == [None] * 3
    assessor.close()


def test_what_loading_raises_is_raised_again() -> None:
    def missing() -> FakeTranscriber:
        raise ModelError("the base weights are not here")

    assessor = Assessor(missing, FakeCoach(), FakeAnalyzer)  # type: ignore[arg-type]
    with pytest.raises(ModelError):
        assessor.assess(utterance((5.0, 8.0)), QUESTION, None).result(timeout=5)
    with pytest.raises(ModelError):
        assessor.check()
    assessor.close()
