"""Ctrl-C, a closed terminal and a polite kill, from the first moment on and in every place."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

INTERRUPTED = 130

WHILE_IMPORTING = """
import builtins, os, signal, sys
sys.argv = ["/usr/bin/greenroom", "--help"]
plain = builtins.__import__

def interrupted(name, *more):
    if name == "click":  # the first library that is imported, with hundreds of milliseconds to come
        os.kill(os.getpid(), signal.{way})
    return plain(name, *more)

builtins.__import__ = interrupted
import greenroom.cli
print("still here")
"""

IN_A_CLEAN_UP = """
import os, signal, sys, time
from greenroom.interrupting import save_in_peace

class Cleaner:
    def __del__(self):
        os.kill(os.getpid(), signal.{way})
        time.sleep(0.01)

save_in_peace()
try:
    Cleaner()
    time.sleep(20)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    os._exit(130)
"""


SWITCHED_OFF = """
import os, signal
from greenroom.interrupting import leave_while_starting, save_in_peace

leave_while_starting()
os.kill(os.getpid(), signal.{off})
save_in_peace()
os.kill(os.getpid(), signal.{off})
print("goes on", flush=True)
try:
    os.kill(os.getpid(), signal.{on})
except KeyboardInterrupt:
    os.kill(os.getpid(), signal.{on})
    print("saved", flush=True)
"""


def run(program: str, *ignoring: str) -> subprocess.CompletedProcess[str]:
    """What the program did; started where these were switched off, as `nohup` does."""
    command = [sys.executable, "-c", program]
    if ignoring:
        off = " ".join(way.removeprefix("SIG") for way in ignoring)
        command = ["sh", "-c", f"trap '' {off}; exec \"$@\"", "sh", *command]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupt_while_it_starts_is_no_traceback(way: str) -> None:
    assert hasattr(signal, way)
    done = run(WHILE_IMPORTING.format(way=way))
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "")


@pytest.mark.parametrize(("way", "ignoring"), [("SIGINT", ()), ("SIGTERM", ("SIGINT",))])
def test_an_interrupt_that_a_clean_up_swallows_comes_again(way: str, ignoring: tuple[str, ...]) -> None:
    done = run(IN_A_CLEAN_UP.format(way=way), *ignoring)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "interrupted\n", "")


@pytest.mark.parametrize(("off", "on"), [("SIGHUP", "SIGINT"), ("SIGINT", "SIGTERM")])
def test_what_was_switched_off_before_it_began_stays_so(off: str, on: str) -> None:
    done = run(SWITCHED_OFF.format(off=off, on=on), off)
    assert (done.returncode, done.stdout, done.stderr) == (0, "goes on\nsaved\n", "")
