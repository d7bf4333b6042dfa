"""The table of voices, the choice among them, and the one that is silent."""

from __future__ import annotations

import importlib.util
from functools import partial
from pathlib import Path

import pytest

from greenroom import voices
from greenroom.config import PracticeSettings
from greenroom.errors import ModelError, UsageError
from greenroom.installing import install_line
from greenroom.live_options import speech_rate_option
from greenroom.records import Clip
from greenroom.voices import VOICES, CachedVoice, FallbackVoice, load_voice


class Speaking:
    """A voice that works, or does not."""

    def __init__(self, name: str, *, works: bool = True) -> None:
        self.name = name
        self.fingerprint = f"{name} 1"
        self.works = works
        self.said: list[str] = []

    def render(self, text: str) -> Clip | None:
        if not self.works:
            raise ModelError(f"the voice {self.name} does not start")
        self.said.append(text)
        return None


def install(monkeypatch: pytest.MonkeyPatch, *there: Speaking) -> None:
    """As if these voices, and no others, were installed."""

    def absent(which: str, rate: int) -> Speaking:
        raise ModelError("it is not installed")

    def given(each: Speaking, which: str, rate: int) -> Speaking:
        return each

    for name in ("piper", "pyttsx3"):
        makers = [partial(given, each) for each in there if each.name == name]
        monkeypatch.setitem(VOICES, name, next(iter(makers), absent))


@pytest.mark.slow
def test_every_voice_goes_by_its_name() -> None:
    named = ("piper", "pyttsx3", "silent")
    assert set(VOICES) == set(named)
    assert [load_voice(name).name for name in named] == list(named)
    assert load_voice("pyttsx3:en-gb").name == "pyttsx3:en-gb"


def test_an_unknown_voice() -> None:
    with pytest.raises(UsageError, match="'alto'") as caught:
        load_voice("alto")
    assert caught.value.hint == "one of: auto, piper, pyttsx3, silent"


def test_a_voice_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    for name, package in (("pyttsx3", "pyttsx3"), ("piper", "greenroom[piper]")):
        with pytest.raises(ModelError, match=f"{name} is not installed") as caught:
            load_voice(name)
        assert (caught.value.hint or "").startswith(f"{install_line(package)}, or --voice ")


def test_the_natural_voice_is_chosen_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    piper, system = Speaking("piper"), Speaking("pyttsx3")
    install(monkeypatch, piper, system)
    assert load_voice("auto").name == "piper"
    install(monkeypatch, system)
    assert load_voice("auto").name == "pyttsx3"


def test_without_any_voice_the_error_is_of_the_one_that_everybody_should_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(monkeypatch)
    with pytest.raises(ModelError):
        load_voice("auto")


def test_a_voice_chosen_by_itself_that_fails_gives_way_once_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    piper, system = Speaking("piper", works=False), Speaking("pyttsx3")
    install(monkeypatch, piper, system)
    voice = load_voice("auto")
    assert isinstance(voice, FallbackVoice)
    told: list[str] = []
    voice.on_fallback = told.append
    voice.render("Welcome.")
    voice.render("Thank you.")
    assert system.said == ["Welcome.", "Thank you."]
    assert told == ["The voice piper does not start; pyttsx3 speaks instead."]
    assert (voice.name, voice.fingerprint) == ("pyttsx3", "pyttsx3 1")


def test_a_voice_that_has_gone_gives_way_before_it_is_to_speak(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Gone(Speaking):
        @property
        def fingerprint(self) -> str:
            raise ModelError("the voice piper cannot be read")

        @fingerprint.setter
        def fingerprint(self, _: str) -> None: ...

    system = Speaking("pyttsx3")
    install(monkeypatch, Gone("piper"), system)
    CachedVoice(load_voice("auto"), tmp_path).render("Welcome.", keep=True)
    assert system.said == ["Welcome."]


def test_where_neither_works_it_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Speaking("piper", works=False), Speaking("pyttsx3", works=False))
    voice = load_voice("auto")
    for _ in range(2):
        with pytest.raises(ModelError, match="pyttsx3 does not start"):
            voice.render("Welcome.")


def test_a_voice_that_was_named_does_not_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Speaking("piper", works=False), Speaking("pyttsx3"))
    with pytest.raises(ModelError, match="piper does not start"):
        load_voice("piper").render("Welcome.")


def test_the_rate_is_a_setting_with_the_voices_own_limits() -> None:
    option = speech_rate_option(lambda: None).__click_params__[0]  # type: ignore[attr-defined]
    assert (option.type.min, option.type.max) == (voices.SLOWEST_WPM, voices.FASTEST_WPM)
    assert PracticeSettings().speech_rate == voices.DEFAULT_WPM


def test_the_silent_voice_makes_no_sound() -> None:
    assert load_voice("silent").render("Welcome.") is None
