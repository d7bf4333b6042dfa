"""Plain mode while somebody speaks: words are heeded as keys are, and nothing waits for them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from end_to_end import JFK, Terminal, environment, only_session, session_of, share_of_words
from soundcard import SoundCard, start_playing

pytestmark = pytest.mark.device

QUICK = ("--engine", "faster-whisper", "--model", "tiny.en")
XTERM = "xterm-256color"


@pytest.mark.weights
def test_an_answer_is_spoken_paused_ended_and_left_by_words(sound_card: SoundCard, tmp_path: Path) -> None:
    env = environment(tmp_path, sound_card.env)
    command = ["practice", "--questions", "1", "--quiet", "--plain", "--patience", "30", *QUICK]
    with Terminal(command, env, XTERM) as terminal:
        terminal.await_text("Words: done or just Enter; 1 to 4")
        terminal.await_text("Listening.")
        terminal.press("pause\n")
        terminal.await_text("Paused. go on listens again.")
        terminal.press("help\n")
        terminal.await_text("Words now: go on; done or just Enter")
        terminal.press("go on\n")
        terminal.await_text("Listening.")
        with start_playing(JFK, env) as player:
            # Half a word, typed while somebody speaks, must not keep a frame waiting.
            terminal.press("do")
            player.wait()
        time.sleep(0.5)
        terminal.press("ne\n")
        terminal.await_text("Answer finished.", "One moment", "You said")  # whichever was quicker
        terminal.await_text("It waits for you.", timeout=120)
        terminal.press("quit\n")
        assert terminal.status() == 0, terminal.text
    shown = terminal._shown
    assert "\x1b" not in shown
    assert "\r" not in shown.replace("\r\n", "")
    assert shown.count("Listening.") == 2
    (turn,) = session_of(only_session(tmp_path))["turns"]
    assert turn["ended_by"] == "key"
    assert not turn["overflowed"]
    assert share_of_words("ask not what your country can do for you", turn["transcript"]["text"]) > 0.8


def test_a_check_asks_for_words_and_waits_for_them(sound_card: SoundCard, tmp_path: Path) -> None:
    env = environment(tmp_path, sound_card.env)
    with Terminal(["check", "--plain", "--model", "tiny.en"], env, XTERM) as terminal:
        terminal.await_text("Words: go on or just Enter")
        terminal.await_text("It waits for you.")
        terminal.press("go on\n")
        terminal.await_text("yes or just Enter if you heard it; no if you heard nothing")
        terminal.await_text("It waits for you.")
        terminal.press("yess\n")
        terminal.await_text("Near it: yes")
        terminal.press("quit\n")
        assert terminal.status() in (0, 4), terminal.text
    assert "\x1b" not in terminal._shown
    assert "\r" not in terminal._shown.replace("\r\n", "")
