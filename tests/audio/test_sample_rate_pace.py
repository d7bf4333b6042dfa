"""Whether a changed sample rate is told apart from sound that comes in lumps, late, or with holes."""

from __future__ import annotations

import random

import pytest

from greenroom.audio.pace import Pace


def changes(rate: float, *, lost_every: int = 0, late: float = 0.0) -> float | None:
    """When (s) a change is noticed in a minute of pieces of 0.1 s at `rate` from a device of 48 kHz."""
    pace, draw = Pace(48_000), random.Random(3)
    for piece in range(1, 600):
        at = piece / 10 + (draw.uniform(0.0, late) if late else 0.0)
        lost = bool(lost_every) and piece % lost_every == 0
        if pace.changed(at, round(piece / 10 * rate), lost=lost):
            return at
    return None


@pytest.mark.parametrize("rate", [44_100, 16_000, 96_000, 52_245])
def test_another_rate_is_noticed_within_eleven_seconds(rate: int) -> None:
    noticed = changes(rate, late=0.1)
    assert noticed is not None
    assert noticed < 11.0


@pytest.mark.parametrize("late", [0.0, 0.1, 0.4])
def test_a_clock_that_is_a_little_off_and_a_busy_machine_change_nothing(late: float) -> None:
    assert changes(48_048, late=late) is None


def test_lost_samples_are_no_other_rate() -> None:
    assert changes(44_100, lost_every=40) is None
