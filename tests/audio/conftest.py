from __future__ import annotations

import pytest
from fake_portaudio import FakePortAudio

from greenroom.audio import portaudio


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    module = FakePortAudio()
    monkeypatch.setattr(portaudio, "load", lambda: module)
    return module
