"""An interview asked by Piper, chosen by itself: it says what was to be said, and can be understood."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from end_to_end import JFK, environment, only_session, session_of, word_error_rate
from soundcard import without_sound

from greenroom.audio.clip import load_clip
from greenroom.transcription import load_transcriber

pytestmark = pytest.mark.weights


def test_piper_asks_where_it_is_installed(tmp_path: Path) -> None:
    """Without a loudspeaker: the questions are rendered and kept all the same."""
    said = ("--questions", "1", "--follow-ups", "0", "--seed", "0", "--voice", "auto", "--speech-rate", "150")
    heard = ("--candidate", str(JFK), "--fast", "--engine", "faster-whisper", "--model", "tiny.en")
    done = subprocess.run(
        [sys.executable, "-m", "greenroom", "practice", *said, *heard],
        env=environment(tmp_path) | without_sound(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    assert "Voice: piper." in done.stderr
    folder = only_session(tmp_path)
    session = session_of(folder)
    assert (session["settings"]["voice"], session["settings"]["spoken_by"]) == ("auto", "piper")
    (turn,) = session["turns"]
    clip = load_clip(folder / "01-question.wav")
    text = load_transcriber("faster-whisper", "tiny.en").transcribe(clip).text
    assert word_error_rate(turn["question"], text) <= 0.2, text
    assert 100 < len(turn["question"].split()) / clip.seconds * 60 < 200
