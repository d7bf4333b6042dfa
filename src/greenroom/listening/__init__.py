"""Listening: which frames hold speech (voice activity) and when an answer has ended (endpointing)."""

from __future__ import annotations

from greenroom.listening.endpointer import (
    Endpointer,
    EndpointerSettings,
    Listening,
    patience_seconds,
)
from greenroom.listening.voice_activity import (
    DETECTORS,
    Detector,
    heard,
    load_detector,
    speech_intervals,
)

__all__ = [
    "DETECTORS",
    "Detector",
    "Endpointer",
    "EndpointerSettings",
    "Listening",
    "heard",
    "load_detector",
    "patience_seconds",
    "speech_intervals",
]
