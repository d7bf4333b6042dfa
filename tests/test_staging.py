"""The real parts put together as the settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from fakes import FakeKeys, FakeScreen, FakeTranscriber, FakeVoice

from greenroom import keys, staging
from greenroom.assessment import Assessor
from greenroom.audio.speaker import NoSpeaker
from greenroom.casting import Cast
from greenroom.coaching import Coach
from greenroom.config import PracticeSettings
from greenroom.listening.patience import Patience
from greenroom.prompts import SPOKEN
from greenroom.speaking import Narrator
from greenroom.voices import CachedVoice


@pytest.mark.parametrize(("mode", "rates"), [("practice", True), ("real", False)])
def test_numbers_are_keys_in_practice_mode_alone(
    monkeypatch: pytest.MonkeyPatch, mode: str, rates: bool
) -> None:
    opened: list[Mapping[str, str]] = []

    @contextmanager
    def open_keys(_: object, actions: Mapping[str, str], __: object) -> Iterator[FakeKeys]:
        opened.append(actions)
        yield FakeKeys()

    monkeypatch.setattr(staging, "open_keys", open_keys)
    monkeypatch.setattr(staging, "open_screen", FakeScreen)
    nobody = Cast(None, "", NoSpeaker(), "")
    with staging._open(nobody, PracticeSettings(mode=mode)):
        (actions,) = opened
    assert set(keys.KEYS.items()) <= set(actions.items())
    assert all((actions[key] in keys.RATINGS) == rates for key in ("1", "2", "3", "4"))


@pytest.mark.parametrize(
    ("settings", "aloud"), [({}, True), ({"rate": True}, False), ({"mode": "real"}, False)]
)
def test_feedback_begins_by_itself_where_nothing_comes_before_it(
    settings: dict[str, Any], aloud: bool
) -> None:
    narrator = Narrator(FakeVoice(), NoSpeaker(), FakeKeys())  # type: ignore[arg-type]
    assessor = Assessor(FakeTranscriber, Coach(), lambda: None)  # type: ignore[arg-type, return-value]
    followers = staging._followers(PracticeSettings(**settings), Patience(2.0, 3.0), narrator, assessor)
    assert followers is not None
    assert followers._feedback_aloud == aloud
    assessor.close()


@pytest.mark.parametrize("typed", [False, True])
def test_what_is_said_while_somebody_listens_is_ready_by_then(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: bool
) -> None:
    voice = FakeVoice()
    monkeypatch.setattr(voice, "tell_of_fallback", lambda _: None, raising=False)
    monkeypatch.setattr(staging, "listener_for", lambda *_: None)
    monkeypatch.setattr(staging, "Assessor", lambda *_, **__: Assessor(None, Coach(), lambda: None))  # type: ignore[arg-type, return-value]
    monkeypatch.setattr(staging, "open_screen", FakeScreen)
    parts = staging.Parts(Patience(2.0, 3.0), cast(CachedVoice, voice), Cast(None, "", NoSpeaker(), ""))
    with staging.staged(parts, PracticeSettings(typed=typed), tmp_path, 1):
        assert voice.prepared == ([] if typed else list(SPOKEN.values()))
