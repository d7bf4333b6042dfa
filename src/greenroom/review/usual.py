"""What is usual for a measure, from and to: the edges of the bands that the analysis calls good.

A session keeps the name of each band and not its edges, and this package knows nothing of the analysis:
tests hold these and analysis/lexicons equal.
"""

from __future__ import annotations

Usual = tuple[float, float]

USUAL_PACE: dict[str, Usual | None] = {
    "usual": (120.0, 180.5),
    "second-language": (100.0, 180.5),
    "stutter": None,
}
"""Words a minute, by profile; None where it is not judged."""

USUAL_PROFILE = "usual"
"""The profile that what follows belongs to."""

USUAL_FILLERS = (0.0, 5.0)
"""A minute."""

USUAL_LONG_PAUSES = (0.0, 3.0)
"""A minute."""

USUAL_LENGTH = (60.0, 120.5)
"""Seconds of an answer."""


def range_words(usual: Usual) -> str:
    """ "120 to 180", or "up to 5" """
    low, high = usual
    return f"{low:.0f} to {high:.0f}" if low else f"up to {high:.0f}"
