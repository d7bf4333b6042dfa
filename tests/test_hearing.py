"""Listening to one answer: what ends it, what interrupts it, what is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import UNVOICED, FakeDetector, FakeKeys, FakeScreen, FakeSource, frames

from greenroom import keys
from greenroom.audio.clip import load_clip
from greenroom.audio.recorder import AnswerRecorder
from greenroom.errors import DeviceError
from greenroom.hearing import Heard, Listener, level_db
from greenroom.listening.endpointer import EndpointerSettings


def listen(
    tmp_path: Path, source: FakeSource, keyboard: FakeKeys | None = None, screen: FakeScreen | None = None
) -> tuple[Heard, list[str]]:
    asides: list[str] = []

    def aside(action: str) -> str | None:
        asides.append(action)
        return None

    settings = EndpointerSettings(patience=1.0, max_answer=5.0, no_speech=3.0)
    listener = Listener(FakeDetector(), settings, keyboard or FakeKeys(), screen or FakeScreen())
    return listener.listen(source, AnswerRecorder(tmp_path / "01-answer.flac"), aside), asides


def test_silence_ends_an_answer(tmp_path: Path) -> None:
    heard, _ = listen(tmp_path, FakeSource([*frames(0.6, voiced=False), *frames(2.1, voiced=True)]))
    utterance = heard.utterance
    assert utterance.ended_by == "silence"
    assert utterance.speech_end == pytest.approx(2.7, abs=0.06)
    assert utterance.decided == pytest.approx(3.7, abs=0.2)
    assert utterance.clip.seconds == pytest.approx(utterance.decided, abs=0.001)
    assert utterance.speech[0][0] == pytest.approx(0.6, abs=0.06)
    assert load_clip(tmp_path / "01-answer.flac").seconds == pytest.approx(utterance.clip.seconds, abs=0.001)


def test_the_done_key_ends_it_at_once(tmp_path: Path) -> None:
    keyboard = FakeKeys([None] * 40 + [keys.DONE])
    heard, _ = listen(tmp_path, FakeSource(frames(4, voiced=True)), keyboard)
    assert heard.utterance.ended_by == "key"
    assert heard.action is None
    assert heard.utterance.decided == pytest.approx(40 * 0.03)


def test_the_limit_ends_a_long_answer(tmp_path: Path) -> None:
    heard, _ = listen(tmp_path, FakeSource(frames(60, voiced=True)))
    assert heard.utterance.ended_by == "limit"
    assert heard.utterance.decided >= 5.0


@pytest.mark.parametrize("action", [keys.SKIP, keys.TYPE, keys.QUIT])
def test_other_keys_end_the_listening_and_keep_the_sound(tmp_path: Path, action: str) -> None:
    heard, _ = listen(tmp_path, FakeSource(frames(9, voiced=True)), FakeKeys([None] * 50 + [action]))
    assert heard.action == action
    assert load_clip(tmp_path / "01-answer.flac").seconds == pytest.approx(1.5, abs=0.001)


def test_a_hint_pauses_the_recording(tmp_path: Path) -> None:
    source = FakeSource(frames(2, voiced=True))
    heard, asides = listen(tmp_path, source, FakeKeys([None] * 20 + [keys.HINT]))
    assert asides == [keys.HINT]
    assert source.log == ["pause", "resume"]
    assert heard.utterance.ended_by == "silence"


def test_space_holds_and_goes_on(tmp_path: Path) -> None:
    source, screen = FakeSource(frames(2, voiced=True)), FakeScreen()
    heard, _ = listen(tmp_path, source, FakeKeys([None] * 20 + [keys.PAUSE, None, keys.PAUSE]), screen)
    assert source.log == ["pause", "resume"]
    assert ("listening", "paused") in screen.log
    assert heard.utterance.clip.seconds == pytest.approx(3.0, abs=0.3)


def test_a_key_pressed_while_paused_is_acted_on(tmp_path: Path) -> None:
    keyboard = FakeKeys([None] * 20 + [keys.PAUSE, keys.QUIT])
    heard, _ = listen(tmp_path, FakeSource(frames(2, voiced=True)), keyboard)
    assert heard.action == keys.QUIT


def test_a_lost_microphone_leaves_what_was_heard_in_the_recorder(tmp_path: Path) -> None:
    source = FakeSource(frames(1.5, voiced=True), fault=DeviceError("the microphone is gone"))
    recorder = AnswerRecorder(tmp_path / "01-answer.flac")
    listener = Listener(FakeDetector(), EndpointerSettings(), FakeKeys(), FakeScreen())
    with pytest.raises(DeviceError):
        listener.listen(source, recorder, lambda action: None)
    assert recorder.finish().seconds == pytest.approx(1.5, abs=0.001)


def test_nobody_speaks(tmp_path: Path) -> None:
    heard, _ = listen(tmp_path, FakeSource([]))
    assert heard.utterance.speech == ()
    assert heard.utterance.decided == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize(
    ("frame", "level"),
    [(UNVOICED, -96.0), (np.ones(480, np.float32), 0.0), (np.full(480, 0.1, np.float32), -20.0)],
)
def test_level(frame: np.ndarray, level: float) -> None:
    assert level_db(frame) == pytest.approx(level, abs=0.01)
