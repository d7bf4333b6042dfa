"""The candidate whom the person at the desk hears."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import FakeSpeaker

from greenroom.casting import _AudibleCandidate
from greenroom.records import SAMPLE_RATE_HZ, Clip


def test_after_a_pause_the_candidate_is_heard_from_where_it_stopped() -> None:
    """Also where something else was played meanwhile, which ended what the loudspeaker was playing."""
    speaker = FakeSpeaker()
    candidate = _AudibleCandidate(Clip(np.ones(SAMPLE_RATE_HZ, dtype=np.float32)), speaker)
    candidate.open()
    while candidate.clock() < 0.3:
        candidate.read(0.1)
    candidate.pause()
    speaker.play(Clip(np.ones(100, dtype=np.float32)))
    candidate.resume()
    whole, _, rest = speaker.clips
    assert whole.seconds == 1.0
    assert rest.seconds == pytest.approx(1.0 - candidate.clock(), abs=0.05)
    assert speaker.played[0].log == ["stop"]
    candidate.close()
    assert speaker.played[2].log == ["stop"]


def test_after_its_end_nothing_more_is_heard_of_it() -> None:
    speaker = FakeSpeaker()
    candidate = _AudibleCandidate(Clip(np.ones(100, dtype=np.float32)), speaker)
    candidate.open()
    while candidate.clock() < 0.1:
        candidate.read(0.1)
    candidate.pause()
    candidate.resume()
    assert len(speaker.clips) == 1
