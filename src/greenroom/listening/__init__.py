"""Listening: which frames hold speech (voice activity) and when an answer has ended (endpointing)."""

from __future__ import annotations

from greenroom.listening.endpointer import (
    Endpointer,
    EndpointerSettings,
    Listening,
)
from greenroom.listening.nudges import Nudges, NudgeTimes
from greenroom.listening.patience import Patience, named_patience
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
    "NudgeTimes",
    "Nudges",
    "Patience",
    "heard",
    "load_detector",
    "named_patience",
    "speech_intervals",
]
