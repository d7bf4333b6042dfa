"""The loudspeaker in the microphone: found however late and faint, and no other voice is taken for it."""

from __future__ import annotations

import numpy as np
import pytest
from made_rooms import SAMPLE_RATE_HZ, jfk, laid_in, noise, ours, theirs

from greenroom.audio.clip import resample
from greenroom.checking.loudspeaker_echo import Echo, echo_of
from greenroom.records import Clip

STARTS = 0.6
SECONDS = 6.5


def room(db: float = -65.0) -> np.ndarray:
    return noise(db, SECONDS)


@pytest.mark.parametrize("late", [0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("fainter", [0.0, 12.0, 24.0])
def test_an_echo_is_found_however_late_and_faint(late: float, fainter: float) -> None:
    echo = (ours() * 10 ** (-fainter / 20)).astype(np.float32)
    found = echo_of(Clip(ours()), laid_in(room(), (STARTS + late, echo)), STARTS)
    assert found.found
    assert found.level_db == pytest.approx(-27.0 - fainter, abs=3.0)  # its pauses are in it


@pytest.mark.parametrize("told", [STARTS - 0.3, STARTS + 0.3])
def test_when_it_began_need_only_be_known_roughly(told: float) -> None:
    assert echo_of(Clip(ours()), laid_in(room(), (STARTS + 0.1, ours())), told).found


def test_what_is_played_may_have_another_rate() -> None:
    heard = laid_in(room(), (STARTS + 0.1, ours()))
    assert echo_of(resample(Clip(ours()), 22_050), heard, STARTS).found


@pytest.mark.parametrize("voice", [theirs, jfk])
def test_another_voice_is_no_echo(voice) -> None:
    assert echo_of(Clip(ours()), laid_in(room(), (STARTS, voice())), STARTS) == Echo(found=False)


@pytest.mark.parametrize("db", [-96.0, -60.0, -30.0])
def test_the_rooms_noise_is_no_echo(db: float) -> None:
    assert echo_of(Clip(ours()), Clip(room(db)), STARTS) == Echo(found=False)


def test_digital_silence_is_no_echo() -> None:
    silence = Clip(np.zeros(round(SECONDS * SAMPLE_RATE_HZ), dtype=np.float32))
    assert echo_of(Clip(ours()), silence, STARTS) == Echo(found=False)
    assert echo_of(Clip(ours()), Clip(np.zeros(0, dtype=np.float32)), STARTS) == Echo(found=False)
