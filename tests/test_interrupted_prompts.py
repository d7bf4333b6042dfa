"""Ctrl-C, a polite kill and a closed terminal at the prompts of an interview: all is saved, no traceback.

While an answer is heard: tests/test_end_to_end.py.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from end_to_end import Terminal, environment, only_session, session_of
from soundcard import without_sound

sys.path.insert(0, str(Path(__file__).parent / "recovering"))

from broken_off import PLAN, left_open, raw_sound, session_with

pytestmark = pytest.mark.slow

TYPED = ("--typed", "--quiet", "--questions", "1", "--follow-ups", "0", "--choose", "60")
ANSWER = "Last year I fixed a slow report. I added an index and it became ten times faster.\n\n"


def interrupt(home: Path, way: signal.Signals, arguments: Sequence[str], *waits: tuple[str, str]) -> None:
    """Begin an interview, press what is asked for, and end it so at the last prompt."""
    env = environment(home) | without_sound(home)
    with Terminal(["practice", *arguments], env, "xterm") as terminal:
        for wanted, keys in waits:
            terminal.await_text(wanted)
            if keys:
                terminal.press(keys)
        os.kill(terminal.pid, way)
        assert terminal.status() == 130
        assert "Traceback" not in terminal.text


def test_where_there_is_no_microphone(tmp_path: Path) -> None:
    interrupt(tmp_path, signal.SIGINT, ["--quiet"], ("q quit: ", ""))
    assert not (tmp_path / "recordings").exists()


def test_where_it_offers_to_go_on(tmp_path: Path) -> None:
    folder = session_with(tmp_path / "recordings", left_open(1, PLAN[0]))
    raw_sound(folder, 1, 5.0)
    interrupt(tmp_path, signal.SIGHUP, ["--quiet"], ("r go on with it", ""))
    assert {path.name for path in folder.iterdir()} == {"session.json", "01-answer.flac"}


def test_where_an_answer_is_typed(tmp_path: Path) -> None:
    interrupt(tmp_path, signal.SIGTERM, TYPED, ("Type your answer", "half a line"))
    session = session_of(only_session(tmp_path))
    assert [entry["reason"] for entry in session["unanswered"]] == ["interrupted"]
    assert {path.name for path in only_session(tmp_path).iterdir()} == {"session.json"}


def test_where_it_waits_for_what_comes_next(tmp_path: Path) -> None:
    interrupt(tmp_path, signal.SIGINT, TYPED, ("Type your answer", ANSWER), ("goes on in", ""))
    session = session_of(only_session(tmp_path))
    assert len(session["turns"]) == 1
    assert session["unanswered"] == []
    assert not session["finished"]
