"""The microphone and the loudspeaker on a virtual sound card, judged by what goes over its lines."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from soundcard import RATE_HZ, Heard, SoundCard, start_playing

pytestmark = pytest.mark.device

PLAY = """
import ctypes, json, sys, threading, time
import numpy as np
from greenroom.audio.devices import find_output
from greenroom.audio.speaker import LoudSpeaker
from greenroom.records import Clip

do, seconds = sys.argv[1], float(sys.argv[2])
def hold_the_lock():
    for _ in range(3):
        time.sleep(0.5)
        ctypes.PyDLL(None).usleep(600_000)  # PyDLL: keeps the interpreter's lock, as importing torch does

if do == "load":
    threading.Thread(target=hold_the_lock).start()
ramp = np.linspace(0.1, 0.9, round(16000 * seconds), dtype=np.float32)
playback = LoudSpeaker(find_output(None)).play(Clip(ramp))
told = {}
if do == "stop":
    time.sleep(1.0)
    told["stop"] = time.monotonic()
    playback.stop()
if do == "pause":
    time.sleep(1.0)
    told["pause"] = time.monotonic()
    playback.pause()
    time.sleep(0.6)
    told["resume"] = time.monotonic()
    playback.resume()
told["heard"] = playback.wait(30)
told["end"] = time.monotonic()
told["started"], told["underflows"] = playback.started, playback.underflows
print(json.dumps(told))
"""

LISTEN = """
import json, sys, time
import numpy as np
from greenroom.audio.devices import find_input
from greenroom.audio.microphone import Microphone
from greenroom.errors import DeviceError

microphone, until = Microphone(find_input(None)), time.monotonic() + float(sys.argv[2])
microphone.open()
print("open", flush=True)
told, frames = {"lost": None}, []
while time.monotonic() < until:
    try:
        frame = microphone.read(0.1)
    except DeviceError as error:
        told["lost"] = error.message
        break
    if frame is not None:
        frames.append(frame)
told["zero"] = time.monotonic() - microphone.clock()
told["at"], told["overflowed"] = time.monotonic(), microphone.overflowed
microphone.close()
np.save(sys.argv[1], np.concatenate(frames))
print(json.dumps(told))
"""


def play(card: SoundCard, do: str, seconds: float) -> tuple[dict[str, Any], Heard]:
    with card.record() as recording:
        command = [sys.executable, "-c", PLAY, do, str(seconds)]
        done = subprocess.run(command, env=card.env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "ALSA" not in done.stderr
    return json.loads(done.stdout), recording.loudspeaker


def places(heard: Heard, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """When each audible sample was played (time.monotonic()), and where in the ramp it lies (s).

    Without the 20 ms at either end, where the fade makes the level tell nothing.
    """
    index = np.flatnonzero(heard.samples > 0.05)[320:-320]
    return heard.started + index / RATE_HZ, (heard.samples[index] - 0.1) / 0.8 * seconds


def test_played_whole_and_known_when(sound_card: SoundCard) -> None:
    told, heard = play(sound_card, "play", 3)
    when, where = places(heard, 3)
    assert told["heard"]
    assert when[-1] - when[0] == pytest.approx(2.96, abs=0.03)
    assert np.abs(np.diff(where)).max() < 0.02  # no hole, nothing twice
    assert told["started"] == pytest.approx(when[0] - 0.02, abs=0.05)
    assert -0.03 < told["end"] - when[-1] - 0.02 < 0.3


def test_stop_is_silent_within_100_ms(sound_card: SoundCard) -> None:
    told, heard = play(sound_card, "stop", 5)
    when, _ = places(heard, 5)
    assert not told["heard"]
    assert when[-1] + 0.02 - told["stop"] < 0.1
    assert when[-1] - when[0] > 0.8


def test_pause_is_silent_and_resume_loses_nothing(sound_card: SoundCard) -> None:
    told, heard = play(sound_card, "pause", 3)
    when, where = places(heard, 3)
    gap = int(np.argmax(np.diff(when)))
    assert told["heard"]
    assert when[gap] - told["pause"] < 0.1
    assert 0.0 <= when[gap + 1] - told["resume"] < 0.3
    assert where[gap + 320] - where[gap - 160] == pytest.approx(480 / RATE_HZ, abs=0.05)
    assert where[-1] > 2.9


def test_no_hole_while_the_interpreter_stands_still(sound_card: SoundCard) -> None:
    told, heard = play(sound_card, "load", 6)
    when, where = places(heard, 6)
    assert told["heard"]
    assert told["underflows"] == 0
    assert when[-1] - when[0] == pytest.approx(5.96, abs=0.03)
    assert np.abs(np.diff(where)).max() < 0.04


def test_microphone_hears_all_of_it_and_knows_when(sound_card: SoundCard, tmp_path) -> None:
    clicks = np.zeros(RATE_HZ * 4, dtype=np.float32)
    for start in range(RATE_HZ // 4, len(clicks) - RATE_HZ // 2, RATE_HZ // 2):
        clicks[start : start + 1600] = 0.5
    with sound_card.record() as recording, listening(sound_card, tmp_path, 6) as process:
        sound_card.say(clicks)
        told = json.loads(process.communicate(timeout=60)[0])
    line = recording.microphone
    given = line.started + rises(line.samples)
    heard = told["zero"] + rises(np.load(tmp_path / "heard.npy"))
    assert len(heard) == len(given) >= 7
    assert heard == pytest.approx(given, abs=0.05)
    assert np.ptp(heard - given) < 0.01
    assert not told["overflowed"]
    assert told["lost"] is None


def test_microphone_lost(sound_card: SoundCard, tmp_path) -> None:
    with listening(sound_card, tmp_path, 20) as process:
        hum = start_playing(np.full(RATE_HZ * 9, 0.1, dtype=np.float32), sound_card.env)
        try:
            hum.wait(1.0)
        except subprocess.TimeoutExpired:
            sound_card.unplug()
        told = json.loads(process.communicate(timeout=60)[0])
        hum.wait(10)
    assert told["lost"].endswith("was lost")


def listening(card: SoundCard, folder: Any, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LISTEN, str(folder / "heard.npy"), str(seconds)]
    process = subprocess.Popen(command, env=card.env, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def rises(samples: np.ndarray) -> np.ndarray:
    """Where the sound sets in (s)."""
    return np.flatnonzero((samples[1:] > 0.25) & (samples[:-1] <= 0.25)) / RATE_HZ
