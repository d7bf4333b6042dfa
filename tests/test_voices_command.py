"""`greenroom voices`: what is listed, what is chosen and why, and what is heard."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from greenroom import voice_sample, voices
from greenroom.audio.devices import Device
from greenroom.cli import cli
from greenroom.errors import EXIT_NO_MODEL, EXIT_USAGE, ModelError, UserError
from greenroom.installing import install_line
from greenroom.records import Clip
from greenroom.voices import listing
from greenroom.voices.piper_models import MODEL, PACKAGE, PiperModel

ENGLISH = [
    {"id": "gmw/en-us", "name": "English (America)", "language": "en-us", "gender": "male"},
    {"id": "gmw/en", "name": "English (Great Britain)", "language": "en-gb", "gender": "male"},
    {"id": "gmw/en-shaw", "name": "English (Shavian alphabet)", "language": "en-shaw", "gender": "male"},
]


LOUDSPEAKER = Device(0, "a loudspeaker", "ALSA", 0, 2, 48_000, default_input=False, default_output=True)


class System:
    """The engine of the operating system."""

    def voices(self) -> list[dict[str, str]]:
        return ENGLISH


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Piper and the system's engine are both installed, and no settings are."""
    monkeypatch.setenv("GREENROOM_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("GREENROOM_VOICE", raising=False)
    monkeypatch.setattr(listing, "load_pyttsx3", System)
    packaged = PiperModel(MODEL.removesuffix(".onnx"), tmp_path / MODEL, licence="CC0")
    monkeypatch.setattr(listing, "find_piper", lambda which="": packaged)


def listed(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["voices", "--json", *arguments], catch_exceptions=False)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_can_speak_and_which_one_does() -> None:
    found = listed()
    named = [each["name"] for each in found["voices"]]
    assert named == ["piper", "pyttsx3", "pyttsx3:en-us", "pyttsx3:en-gb", "silent"]
    assert [each["name"] for each in found["voices"] if each["chosen"]] == ["piper"]
    assert (found["chosen"], found["rate_wpm"]) == ("piper", 165)
    piper = found["voices"][0]
    assert (piper["licence"], piper["engine_licence"], piper["gender"]) == ("CC0", "GPL-3.0-or-later", "male")


def test_without_piper_the_systems_voice_asks_and_it_is_said_how_to_get_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = importlib.util.find_spec
    monkeypatch.undo()
    monkeypatch.setattr(listing, "load_pyttsx3", System)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == PACKAGE else real(name))
    found = listed("--voice", "auto")
    assert found["chosen"] == "pyttsx3"
    assert found["why"] == "piper is not installed"
    assert not found["voices"][0]["here"]
    assert install_line("greenroom[piper]") in found["voices"][0]["hint"]
    text = CliRunner().invoke(cli, ["voices", "--voice", "auto"], catch_exceptions=False).stdout
    assert f"not here\n    to get it: {install_line('greenroom[piper]')}" in text
    assert "* pyttsx3 " in text


@pytest.mark.parametrize(
    ("wanted", "marked"), [("silent", "silent"), ("pyttsx3", "pyttsx3"), ("pyttsx3:en-gb", "pyttsx3:en-gb")]
)
def test_the_voice_that_was_named_is_marked(wanted: str, marked: str) -> None:
    found = listed("--voice", wanted)
    assert (found["chosen"], found["why"]) == (wanted, "it was named")
    assert [each["name"] for each in found["voices"] if each["chosen"]] == [marked]


def test_a_voice_that_was_named_and_is_not_here() -> None:
    found = listed("--voice", "pyttsx3:klingon")
    assert (found["chosen"], found["why"]) == (None, "it was named, and is not here")


def test_the_settings_file_speaks_to_it(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('voice = "silent"\nspeech-rate = 140\n')
    assert (listed()["chosen"], listed()["rate_wpm"]) == ("silent", 140)


def test_without_any_engine_one_reads_along(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(which: str = "") -> Any:
        raise ModelError("it is not installed", "install it")

    monkeypatch.setattr(listing, "find_piper", missing)
    monkeypatch.setattr(listing, "load_pyttsx3", missing)
    found = listed()
    assert [each["here"] for each in found["voices"]] == [False, False, True]
    assert found["chosen"] == "silent"


# --- hearing one ----------------------------------------------------------------------------------


class Loud:
    """A loudspeaker that keeps what it played."""

    played: list[Clip]

    def __init__(self, device: Device) -> None:
        Loud.played = []

    def play(self, clip: Clip) -> Loud:
        Loud.played.append(clip)
        return self

    def wait(self, timeout: float) -> bool:
        return True


class Toned:
    name = "toned"

    def __init__(self, which: str, rate: int) -> None:
        self.rate = rate

    def render(self, text: str) -> Clip:
        return Clip(np.full(16_000 * 60 * len(text.split()) // self.rate, 0.5, dtype=np.float32), 16_000)


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch) -> type[Loud]:
    monkeypatch.setattr(voice_sample, "LoudSpeaker", Loud)
    monkeypatch.setattr(voice_sample, "find_output", lambda name: LOUDSPEAKER)
    monkeypatch.setitem(voices.VOICES, "toned", Toned)
    return Loud


def said(*arguments: str) -> str:
    return CliRunner().invoke(cli, ["voices", "say", *arguments], catch_exceptions=False).stdout


def test_a_text_is_heard_at_the_rate_that_was_asked_for(loud: type[Loud]) -> None:
    told = json.loads(said("one", "two", "three", "--voice", "toned", "--speech-rate", "180", "--json"))
    assert told["text"] == "one two three"
    assert (told["voice"], told["words_per_minute"], told["loudspeaker"]) == ("toned", 180, "a loudspeaker")
    assert [clip.seconds for clip in loud.played] == [1.0]


def test_without_a_text_it_is_a_question(loud: type[Loud]) -> None:
    assert said("--voice", "toned").startswith("toned: ")
    assert len(loud.played) == 1


def test_the_silent_voice_says_so(loud: type[Loud]) -> None:
    assert said("--voice", "silent") == "silent makes no sound.\n"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["--voice", "bark"], EXIT_USAGE), (["--voice", "piper:absent.onnx"], EXIT_NO_MODEL)],
)
def test_what_cannot_be_heard_is_one_line_and_a_hint(arguments: list[str], status: int) -> None:
    with pytest.raises(UserError) as caught:
        said("Welcome.", *arguments)
    assert caught.value.status == status
    assert len(caught.value.lines) == 2
