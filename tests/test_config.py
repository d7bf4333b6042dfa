"""Flags over environment over file over defaults."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from greenroom import begin
from greenroom.cli import cli
from greenroom.config import PracticeSettings
from greenroom.practice import _manner, _patience_advice
from greenroom.staging import listener_for, patience_for
from greenroom.timed_writing import SilentDiskError


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("GREENROOM_CONFIG", str(path))
    monkeypatch.delenv("GREENROOM_RECORDINGS", raising=False)
    return path


def settings_of(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> PracticeSettings:
    seen: list[PracticeSettings] = []
    monkeypatch.setattr(begin, "begin", seen.append)
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return seen[0]


def test_defaults(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of(["practice"], monkeypatch) == PracticeSettings()
    assert settings_of([], monkeypatch) == PracticeSettings()


def test_each_stands_over_the_next(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text('questions = 2\nmode = "real"\nbank = "leadership"\nfollow-ups = 0\n')
    monkeypatch.setenv("GREENROOM_QUESTIONS", "3")
    settings = settings_of([], monkeypatch)
    assert (settings.questions, settings.mode, settings.bank, settings.follow_ups) == (
        3,
        "real",
        ("leadership",),
        0,
    )
    settings = settings_of(
        ["practice", "--questions", "4", "--bank", "technical", "--bank", "execution"], monkeypatch
    )
    assert (settings.questions, settings.bank) == (4, ("technical", "execution"))


def test_recordings_from_the_environment(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_RECORDINGS", "/elsewhere")
    assert settings_of([], monkeypatch).recordings == Path("/elsewhere")


def test_being_asked_how_it_went(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settings_of([], monkeypatch).rate
    assert settings_of(["practice", "--rate"], monkeypatch).rate
    config.write_text("rate = true\n")
    assert settings_of([], monkeypatch).rate
    monkeypatch.setenv("GREENROOM_RATE", "0")
    assert not settings_of([], monkeypatch).rate


def test_a_retake_takes_its_settings_from_the_same_places(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[PracticeSettings, tuple[str, ...]]] = []
    monkeypatch.setattr("greenroom.retaking.subject.subject_of", lambda given, _: given)
    monkeypatch.setattr(
        "greenroom.retaking.retake.retake", lambda given, settings, _: seen.append((settings, given))
    )
    config.write_text('patience = "short"\nquestions = 3\n')
    monkeypatch.setenv("GREENROOM_VOICE", "silent")
    CliRunner().invoke(cli, ["retake", "a session", "2", "--typed", "--model", "tiny.en", "--json"])
    ((settings, given),) = seen
    assert given == ("a session", "2")
    assert (settings.patience, settings.voice, settings.model) == ("short", "silent", "tiny.en")
    assert settings.mode == "practice"


def test_several_candidates(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(["practice", "--fast", "--candidate", "a.wav", "b.wav", "c.wav"], monkeypatch)
    assert settings.candidate == ("a.wav", "b.wav", "c.wav")


def test_the_profile(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings_of(["practice", "--profile", "stutter"], monkeypatch).profile == "stutter"
    monkeypatch.setenv("GREENROOM_PROFILE", "second-language")
    assert settings_of([], monkeypatch).profile == "second-language"
    assert CliRunner().invoke(cli, ["practice", "--profile", "perfect"]).exit_code == 2


@pytest.mark.parametrize(
    ("settings", "base", "extended"),
    [
        ({}, 4.0, 6.0),
        ({"profile": "second-language"}, 5.0, 7.5),
        ({"profile": "stutter"}, 6.0, 9.0),
        ({"profile": "stutter", "patience": "short"}, 2.5, 4.0),
        ({"profile": "stutter", "patience": "3"}, 3.0, 3.0),
    ],
)
def test_a_profile_is_given_its_time_unless_another_is_named(
    settings: dict[str, str], base: float, extended: float
) -> None:
    patience = patience_for(PracticeSettings(**settings))
    assert (patience.base, patience.extended) == (base, extended)


def test_saved_settings_are_plain() -> None:
    saved = PracticeSettings(seed=0, follow_ups=0, recordings=Path("/x")).as_saved()
    assert (saved["seed"], saved["follow_ups"]) == (0, 0)
    assert saved["bank"] == ["behavioural"]
    assert "recordings" not in saved
    assert "focus" not in saved


@pytest.mark.parametrize(("mode", "seconds"), [("practice", 20.0), ("real", math.inf)])
def test_a_hint_is_offered_in_practice_mode_alone(mode: str, seconds: float) -> None:
    settings = PracticeSettings(mode=mode, lost=20.0, vad="webrtc")
    nobody: Any = None
    listener = listener_for(settings, patience_for(settings), nobody, nobody, nobody)
    assert listener is not None
    assert listener.nudges.lost == seconds


@pytest.mark.parametrize(("candidate", "seconds"), [((), 9.0), (("a.wav",), 0.0)])
def test_for_recordings_no_choice_is_waited_for(candidate: tuple[str, ...], seconds: float) -> None:
    assert _manner(PracticeSettings(choose=9.0, candidate=candidate)).choose == seconds


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), SilentDiskError(Path("session.json"))])
def test_a_disk_that_is_gone_at_the_end_gives_no_advice(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(root: Path, count: int) -> tuple[()]:
        raise error

    monkeypatch.setattr("greenroom.practice.latest_sessions", gone)
    assert _patience_advice(tmp_path / "session", patience_for(PracticeSettings())) is None
