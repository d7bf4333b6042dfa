"""The table of voices, and the one that is silent."""

from __future__ import annotations

import importlib.util

import pytest

from greenroom.errors import ModelError, UsageError
from greenroom.voices import VOICES, load_voice


def test_every_voice_goes_by_its_name() -> None:
    assert {name: load_voice(name).name for name in VOICES} == {"pyttsx3": "pyttsx3", "silent": "silent"}


def test_pyttsx3_speaks_if_nothing_else_is_asked_for() -> None:
    assert load_voice().name == "pyttsx3"


def test_an_unknown_voice() -> None:
    with pytest.raises(UsageError, match="'alto'") as caught:
        load_voice("alto")
    assert caught.value.hint == "one of: pyttsx3, silent"


def test_a_voice_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="pyttsx3 is not installed") as caught:
        load_voice("pyttsx3")
    assert "silent" in (caught.value.hint or "")


def test_the_silent_voice_makes_no_sound() -> None:
    assert load_voice("silent").render("Welcome.") is None
