"""What both engines share, where it needs no model."""

from __future__ import annotations

import numpy as np

from greenroom.transcription.whisper_engine import remembering


def test_the_last_windows_are_encoded_once() -> None:
    encoded: list[float] = []

    def encode(window: np.ndarray) -> float:
        encoded.append(float(window[0]))
        return float(window.sum())

    remembered = remembering(encode, np.array_equal)
    windows = [np.full(3, number, np.float32) for number in range(7)]
    assert [remembered(window) for window in windows[:6]] == [0.0, 3.0, 6.0, 9.0, 12.0, 15.0]
    assert remembered(windows[0].copy()) == 0.0
    assert encoded == [0, 1, 2, 3, 4, 5]
    remembered(windows[6])
    remembered(windows[0])
    assert encoded == [0, 1, 2, 3, 4, 5, 6, 0]
