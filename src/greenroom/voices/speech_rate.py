"""How fast a voice speaks, in words a minute as a listener hears them: pauses between sentences included."""

from __future__ import annotations

DEFAULT_WPM = 165
"""Radio authors recommend 160 to 180 (Rodero 2012); a synthetic voice is harder to follow than a person, so
the lower half."""

SLOWEST_WPM, FASTEST_WPM = 100, 260
"""Between these every voice here can still be followed. (Judgement.)"""
