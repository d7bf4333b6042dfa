"""`greenroom check` from outside, at a virtual sound card: nobody speaks, somebody does, the room echoes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from end_to_end import CTRL_C, ENTER, JFK, JFK_SAID, Terminal, environment, plain, recognise
from soundcard import RATE_HZ, SoundCard, read_sound, start_playing, without_sound

pytestmark = [pytest.mark.device, pytest.mark.weights]

TINY = ("--engine", "faster-whisper", "--model", "tiny.en")
NOISE_DB = -54.0


@dataclass(frozen=True)
class Done:
    """A check without a terminal: its status, what it printed as its result, and what it said meanwhile."""

    status: int
    result: str
    talk: str

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.result))

    @property
    def kinds(self) -> list[str]:
        return [each["kind"] for each in self.told["findings"]]


def check(env: Mapping[str, str], *options: str, answer: np.ndarray | None = None) -> Done:
    """Hold a check to its end; `answer` is said into the microphone a while after it was asked for."""
    command = [sys.executable, "-m", "greenroom", "check", *TINY, *options]
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=dict(env), stdin=subprocess.DEVNULL, **streams) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        talk = []
        for line in process.stderr:
            talk.append(line)
            if answer is not None and "say a sentence" in line:
                threading.Timer(3.0, start_playing, (answer, env)).start()
        result = process.stdout.read()
    return Done(process.returncode, result, "".join(talk))


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def room(seconds: float) -> np.ndarray:
    noise = np.random.default_rng(3).normal(0, 10 ** (NOISE_DB / 20), round(seconds * RATE_HZ))
    return noise.astype(np.float32)


def test_a_microphone_that_gives_zeros_is_told_and_nothing_is_kept(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    done = check(environment(tmp_path, sound_card.env))
    assert done.status == 4
    assert done.result.startswith("Not yet")
    assert "Only zeros came from the microphone" in " ".join(done.result.split())
    assert "Step 5, Heard back: left out." in done.talk
    assert "Traceback" not in done.talk
    assert files_under(tmp_path) == []


def test_what_is_said_is_measured_understood_and_played_back(sound_card: SoundCard, tmp_path: Path) -> None:
    steady = start_playing(room(120.0), sound_card.env)
    speech = np.tile(read_sound(JFK) * np.float32(0.5), 2)
    with sound_card.record() as lines:
        done = check(environment(tmp_path, sound_card.env), "--json", answer=speech)
    steady.kill()
    steady.wait()
    assert done.status == 0
    assert done.kinds == []
    measured = done.told["measured"]
    assert measured["room"]["noise_db"] == pytest.approx(NOISE_DB, abs=2.0)
    assert 28 < measured["snr_db"] < 38
    understood = plain(done.told["understood"]).split()
    assert len(understood) >= 5
    assert np.mean([word in JFK_SAID.lower() for word in understood]) > 0.7
    assert "dB over the noise" in done.talk
    played_back = lines.loudspeaker.between(*lines.loudspeaker.sounds(quiet=2.0)[-1])
    again = plain(recognise(played_back)).split()
    assert np.mean([word in again for word in understood]) > 0.5
    assert files_under(tmp_path) == []


def test_the_loudspeaker_in_the_microphone_is_told(sound_card: SoundCard, tmp_path: Path) -> None:
    sound_card.play_into_the_room()
    done = check(environment(tmp_path, sound_card.env), "--json", "--seconds", "2")
    assert done.kinds == ["no_speech", "echo"]
    assert done.told["measured"]["echo"]["found"]
    assert done.status == 4
    assert "wear headphones" in done.talk


def test_by_the_keys_alone_in_a_terminal(sound_card: SoundCard, tmp_path: Path) -> None:
    env = environment(tmp_path, sound_card.env)
    with Terminal(["check", *TINY, "--quiet"], env, "xterm-256color") as terminal:
        terminal.await_text("listens and plays")
        terminal.await_text("goes on in")
        terminal.press(ENTER)
        terminal.await_text("left out")
        terminal.await_text("The room", "please be quiet")
        terminal.await_text("goes on in")
        terminal.press("r")
        terminal.await_text("please be quiet")
        terminal.await_text("goes on in")
        terminal.press(ENTER)
        terminal.await_text("say a sentence or two")
        terminal.await_text("░")  # the level
        terminal.press("q")
        assert terminal.status() == 0
        assert "You left before the end" in terminal.text
    assert files_under(tmp_path) == []


def test_a_microphone_that_is_pulled_out_is_told(sound_card: SoundCard, tmp_path: Path) -> None:
    options = ["check", *TINY, "--quiet"]
    with Terminal(options, environment(tmp_path, sound_card.env), "dumb") as terminal:
        for finished in ("Step 1, Devices: ok.", "Step 3"):
            terminal.await_text(finished)
            terminal.await_text("It waits for you.")
            terminal.press(ENTER)
        terminal.await_text("say a sentence or two")
        time.sleep(3.0)  # it listens by now
        sound_card.unplug()
        terminal.await_text("Step 4, Your voice: in the way. The microphone")
        terminal.await_text("Plug it in again")
        terminal.press(ENTER)
        assert terminal.status() == 4
        assert "Traceback" not in terminal.text


def test_ctrl_c_ends_it(sound_card: SoundCard, tmp_path: Path) -> None:
    with Terminal(["check", *TINY], environment(tmp_path, sound_card.env), "xterm-256color") as terminal:
        terminal.await_text("a tone and a sentence")
        terminal.press(CTRL_C)
        assert terminal.status() == 130
        assert "Traceback" not in terminal.text


def test_no_colour_and_a_plain_terminal_show_lines_and_keys(sound_card: SoundCard, tmp_path: Path) -> None:
    env = {**environment(tmp_path, sound_card.env), "NO_COLOR": "1"}
    with Terminal(["check", *TINY, "--quiet"], env, "xterm-256color") as terminal:
        terminal.await_text("Step 1, Devices: ok.")
        terminal.await_text("Enter go on")
        terminal.press("q")
        assert terminal.status() == 0
        assert "\x1b[" not in terminal.text
        assert "░" not in terminal.text


def test_without_any_device_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    env = {**environment(tmp_path / "home"), **without_sound(tmp_path)}
    done = check(env, "--json")
    assert done.status == 4
    assert done.kinds[0] == "no_microphone"
    assert done.told["microphone"] is None


def test_a_device_that_is_not_there_is_an_error_with_those_that_are(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    done = check(environment(tmp_path, sound_card.env), "--input", "Studio 9000")
    assert done.status == 4
    assert "error: no microphone is called “Studio 9000”" in done.talk
    assert "pulse" in done.talk
    assert done.result == ""
