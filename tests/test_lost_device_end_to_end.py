"""A device that fails in mid-answer, a sound server that hangs: what was said is kept, and one goes on."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from end_to_end import CTRL_C, ENTER, JFK, Terminal, environment, only_session, plain, session_of
from soundcard import RATE_HZ, SoundCard, read_sound, start_playing

pytestmark = [pytest.mark.device, pytest.mark.weights]

ONE_QUESTION = ("practice", "--questions", "1", "--follow-ups", "0")
TINY = ("--engine", "faster-whisper", "--model", "tiny.en")
SPOKEN_SECONDS = 4.0


def environment_of(home: Path, card: SoundCard) -> dict[str, str]:
    """Plain lines, and single keys."""
    return environment(home, card.env) | {"NO_COLOR": "1"}


def begin_to_answer(terminal: Terminal, env: dict[str, str]) -> subprocess.Popen[bytes]:
    terminal.await_text("Question 1 of 1")
    terminal.press(ENTER)
    terminal.await_text("Listening.")
    saying = start_playing(JFK, env)
    time.sleep(SPOKEN_SECONDS)
    return saying


def seconds_kept(home: Path) -> float:
    return len(read_sound(only_session(home) / "01-answer.flac")) / RATE_HZ


def test_a_microphone_that_comes_back_goes_on_with_the_same_answer(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    env = environment_of(tmp_path, sound_card)
    with Terminal([*ONE_QUESTION, *TINY], env, "xterm") as terminal:
        saying = begin_to_answer(terminal, env)
        sound_card.unplug()
        saying.wait()
        terminal.await_text("I lost your microphone after 4 seconds. What you said is kept.")
        terminal.await_text("There is no microphone now.")
        terminal.await_text("q save and quit")
        sound_card.plug_in()
        terminal.await_text("Going on with “default”.")
        terminal.await_text("Your microphone is back. Go on, please.")
        terminal.await_text("Listening.")
        start_playing(JFK, env).wait()
        terminal.press(ENTER)
        terminal.await_text("You said")
        terminal.press("q")
        status = terminal.status()
    assert status == 0
    assert "Expression" not in terminal.text
    (turn,) = session_of(only_session(tmp_path))["turns"]
    said = plain(turn["transcript"]["text"])
    assert said.count("fellow americans") == 2, f"before and after: {said}"
    (gap,) = turn["gaps"]
    assert SPOKEN_SECONDS - 1.0 < gap < SPOKEN_SECONDS + 2.0
    assert "The recording has a gap at 0:0" in terminal.text
    assert seconds_kept(tmp_path) == pytest.approx(turn["seconds"], abs=0.01)
    assert seconds_kept(tmp_path) > SPOKEN_SECONDS - 1.0 + 11.0


def test_what_was_said_until_the_microphone_fell_asleep_can_be_the_answer(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    env = environment_of(tmp_path, sound_card)
    with Terminal([*ONE_QUESTION, *TINY], env, "xterm") as terminal:
        saying = begin_to_answer(terminal, env)
        sound_card.let_microphone_sleep()
        with sound_card.record_loudspeaker() as recording:
            terminal.await_text("What you said is kept.")
            terminal.await_text("No sound comes from your microphone yet.")
            terminal.await_text("(gave no sound just now)")
            terminal.await_text("y that was my answer")
        saying.kill()
        saying.wait()
        terminal.press("y")
        terminal.await_text("You said")
        terminal.press("q")
        status = terminal.status()
    assert status == 0
    told = sum(end - start for start, end in recording.loudspeaker.sounds())
    assert told > 2.0, "it was told aloud, too"
    (turn,) = session_of(only_session(tmp_path))["turns"]
    assert turn["ended_by"] == "key"
    assert seconds_kept(tmp_path) > SPOKEN_SECONDS - 1.0


def test_a_sound_server_that_hangs_in_mid_answer_holds_nothing_up(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    env = environment_of(tmp_path, sound_card)
    with Terminal([*ONE_QUESTION, *TINY], env, "xterm") as terminal:
        saying = begin_to_answer(terminal, env)
        try:
            sound_card.hang()
            terminal.await_text("What you said is kept.", timeout=10)
            terminal.await_text("The computer's sound system does not answer. I keep trying.", timeout=15)
            terminal.await_text("q save and quit")
            pressed = terminal.press(CTRL_C)
            status = terminal.status(10)
            took = time.monotonic() - pressed
        finally:
            sound_card.recover()
        saying.kill()
        saying.wait()
    assert status == 130
    assert took < 3.0  # a second, on a machine with nothing else to do
    (begun,) = session_of(only_session(tmp_path))["unanswered"]
    assert (begun["reason"], begun["recording"]) == ("interrupted", "01-answer.flac")
    assert seconds_kept(tmp_path) > SPOKEN_SECONDS - 1.0


@pytest.mark.parametrize("command", [("devices",), ("check", *TINY)])
def test_no_command_waits_for_ever_for_a_sound_server_that_hangs(
    sound_card: SoundCard, tmp_path: Path, command: tuple[str, ...]
) -> None:
    env = environment(tmp_path, sound_card.env)
    sound_card.hang()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "greenroom", *command],
            check=False,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=40,
        )
    finally:
        sound_card.recover()
    assert done.returncode == 4
    errors = [line for line in done.stderr.splitlines() if line.startswith(("error: ", "try: "))]
    assert errors[0] == "error: the computer's sound system does not answer"
    assert errors[1].startswith("try: restart it")
    assert "Traceback" not in done.stderr
