"""Keys of a real pseudo-terminal, in a process of their own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pexpect
import pytest

from greenroom.errors import UsageError
from greenroom.keys import NoKeys, open_keys, stdin_is_a_terminal
from greenroom.preparation.stories.story_adding import ask_in_terminal
from greenroom.purging.purge import agreed

_PROGRAM = str(Path(__file__).with_name("keys_program.py"))


@pytest.fixture
def terminal() -> pexpect.spawn:
    child = pexpect.spawn(sys.executable, [_PROGRAM], encoding="utf-8", timeout=10)
    child.expect("ready True")
    return child


def test_each_key_has_its_action_and_others_have_none(terminal: pexpect.spawn) -> None:
    terminal.send("xR\r s\x1b[Ahf7q")
    terminal.expect("repeat done pause skip hint feedback quit")
    terminal.expect("restored True")


def test_arrows_and_capitals_where_they_are_given_something_to_do() -> None:
    actions = {"up": "above", "down": "below", "left": "before", "right": "after"}
    actions |= {"n": "next", "N": "far", "q": "quit"}
    child = pexpect.spawn(sys.executable, [_PROGRAM, json.dumps(actions)], encoding="utf-8", timeout=10)
    child.expect("ready True")
    # Arrows as most terminals send them, and as some do; with Ctrl, and F5, which are nothing here.
    child.send("\x1b[A\x1bOB\x1b[D\x1b[1;5C\x1b[15~\x1b[CnNxQ")
    child.expect("above below before after next far quit")
    child.expect("restored True")


def test_an_answer_is_typed_in_lines(terminal: pexpect.spawn) -> None:
    terminal.send("t")
    terminal.expect("go")
    terminal.send("I built\rthe queue.\r\r")
    terminal.expect("typed: I built the queue.")
    terminal.send("q")
    terminal.expect("restored True")


def test_a_word_for_a_key_is_taken_at_once_if_it_comes_first(terminal: pexpect.spawn) -> None:
    terminal.send("t")
    terminal.expect("go")
    terminal.send("Hint\r")
    terminal.expect("typed: Hint")
    terminal.send("t")
    terminal.expect("go")
    terminal.send("I built\rh\r\r")
    terminal.expect("typed: I built h")
    terminal.send("q")
    terminal.expect("restored True")


def test_without_a_terminal_nobody_presses_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    with open_keys(sys.stderr) as keyboard:
        assert isinstance(keyboard, NoKeys)
        assert keyboard.poll() is None
        assert keyboard.read_lines("go") is None


def test_where_standard_input_is_closed_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # as Python has it after `greenroom <&-`
    assert not stdin_is_a_terminal()
    with open_keys(sys.stderr) as keyboard:
        assert isinstance(keyboard, NoKeys)
    with pytest.raises(UsageError, match="nobody is there"):
        agreed(yes=False)
    assert ask_in_terminal()("What is it about?") == ""
