"""Ctrl-C, a closed terminal and a polite kill: each ends greenroom once, and what was said is saved first."""

from __future__ import annotations

import os
import signal
import sys
from functools import cache
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_EXIT_INTERRUPTED = 130  # of errors.py, which is not loaded yet when this begins
_A_MOMENT = 0.05  # s; long enough for the clean-up that swallowed an interrupt to be over

_WAYS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_came: int = signal.SIGINT  # the way of the last interrupt


@cache
def _heeded() -> tuple[int, ...]:
    """The ways that were not switched off before greenroom began: `nohup greenroom reanalyze &` outlives its
    terminal, and a script's job in the background the script's Ctrl-C.

    Asked once: what is ignored later greenroom ignores itself.
    """
    return tuple(way for way in _WAYS if signal.getsignal(way) is not signal.SIG_IGN)


def leave_while_starting() -> None:
    """Until save_in_peace(): leave at once and without a word. Nothing has begun that could be saved.

    To be called before the imports that take their time; Python's own start cannot be helped.
    """
    for way in _heeded():
        signal.signal(way, _leave)


def _leave(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signal's
    os._exit(_EXIT_INTERRUPTED)


def save_in_peace() -> None:
    """From now on each of the ways raises KeyboardInterrupt, and none of them twice."""
    for way in _heeded():
        signal.signal(way, _interrupt)
    sys.unraisablehook = _once_more


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signal's
    global _came
    _came = number
    for way in _heeded():  # the second Ctrl-C of an impatient person must not interrupt the saving
        signal.signal(way, signal.SIG_IGN)
    if number == getattr(signal, "SIGHUP", None):
        _forget_terminal()
    raise KeyboardInterrupt


def _once_more(unraisable: UnraisableHookArgs) -> None:
    """An interrupt in the midst of a clean-up, which lets nothing out, would be lost: it comes again."""
    if not issubclass(unraisable.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
        return
    import _thread
    import threading

    save_in_peace()
    threading.Timer(_A_MOMENT, _thread.interrupt_main, (_came,)).start()


def _forget_terminal() -> None:
    """What is still printed goes nowhere: writing to a terminal that has gone is an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
