"""What the person sees of a check: numbered steps, one line of state each, the level as a bar."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from typing import Protocol, TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from greenroom.checking.diagnosis import QUIET_DB
from greenroom.screens import WIDEST, wants_plain_lines

STEPS = 5

_REFRESH_HZ = 10
_BAR_CELLS = 32
_SILENT_DB, _FULL_DB = -66.0, 0.0
_TOO_LOUD_DB = -6.0
"""Speech has peaks 10 dB and more above such a level: they are cut off."""
_HELD_FRAMES = 10  # the word beside the bar is that of the last 0.3 s, or it would flicker

_COLOURS = {"ok": "green", "look here": "yellow", "in the way": "red", "left out": "dim"}
_NAME_WIDTH, _STATE_WIDTH = 12, 10


class CheckScreen(Protocol):
    def opening(self, seconds: float) -> None:
        """How long it takes (s), and that nothing is kept."""

    def devices(self, lines: Sequence[str]) -> None: ...
    def step(self, number: int, name: str, asked: str) -> None:
        """A step begins; `asked` is what the person is to do, or what is done."""

    def level(self, db: float) -> None:
        """Called for every frame; the screen decides how much of it to show."""

    def done(self, number: int, name: str, state: str, text: str) -> None:
        """A step is over: "ok", "look here", "in the way" or "left out", and one line about it."""

    def choosing(self, advice: Sequence[str], ways: str, remaining: float) -> None:
        """Called again and again while the person may choose; it goes on by itself after `remaining` s."""

    def close(self) -> None: ...


def open_check_screen() -> CheckScreen:
    """The calm screen where standard error is a terminal that can show it, plain lines elsewhere."""
    return PlainCheckScreen(sys.stderr) if wants_plain_lines(sys.stderr) else CalmCheckScreen()


class CalmCheckScreen:
    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._console.width = min(self._console.width, WIDEST)
        self._live = Live(console=self._console, refresh_per_second=_REFRESH_HZ, transient=True)
        self._head = Text("")
        self._levels: list[float] = []
        self._live.start()

    def opening(self, seconds: float) -> None:
        lines = Text()
        lines.append("greenroom check", style="bold green")
        lines.append(f"   {STEPS} steps, {_about(seconds)}\n")
        lines.append("Nothing is kept: what is recorded stays in memory until this ends.\n", "dim")
        lines.append("Enter goes on · r repeats a step · q leaves; it also goes on by itself", "dim")
        self._live.console.print(Padding(lines, (1, 1)))

    def devices(self, lines: Sequence[str]) -> None:
        self._live.console.print(Padding(Text("\n".join(lines), style="dim"), (0, 0, 1, 5)))

    def step(self, number: int, name: str, asked: str) -> None:
        self._levels.clear()
        self._head = Text.assemble((f" {number}   ", "bold cyan"), (name, "bold"), f"   {asked}")
        self._live.update(self._head, refresh=True)

    def level(self, db: float) -> None:
        self._levels = [*self._levels[1 - _HELD_FRAMES :], db]
        held = max(self._levels)
        bar = Text("     ").append(bar_of(db), "yellow" if held > _TOO_LOUD_DB else "green")
        self._live.update(Group(self._head, bar.append(f" {db:4.0f} dB  {loudness_word(held)}", "dim")))

    def done(self, number: int, name: str, state: str, text: str) -> None:
        self._live.update(Text(""))
        row = Table.grid(padding=(0, 2, 0, 0))
        for width in (2, _NAME_WIDTH, _STATE_WIDTH):
            row.add_column(width=width, no_wrap=True)
        row.add_column()
        row.add_row(str(number), Text(name, "bold"), Text(state, _COLOURS[state]), Text(text))
        self._live.console.print(Padding(row, (0, 1)))

    def choosing(self, advice: Sequence[str], ways: str, remaining: float) -> None:
        lines = [Padding(Text(each, "yellow"), (0, 0, 0, 5)) for each in advice]
        keys = Padding(Text(f"{ways} · goes on in {math.ceil(remaining)} s", "dim"), (0, 0, 0, 5))
        self._live.update(Group(*lines, keys))

    def close(self) -> None:
        self._live.update(Text(""), refresh=True)
        self._live.stop()
        self._console.print()


class PlainCheckScreen:
    """Every change is a line; the level, which moves, is told when its step is over."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._chosen_for: tuple[str, ...] | None = None

    def _line(self, text: str) -> None:
        print(text, file=self._out, flush=True)

    def opening(self, seconds: float) -> None:
        self._line(f"greenroom check: {STEPS} steps, {_about(seconds)}.")
        self._line("Nothing is kept: what is recorded stays in memory until this ends.")

    def devices(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._line(f"  {line}")

    def step(self, number: int, name: str, asked: str) -> None:
        self._chosen_for = None
        self._line(f"Step {number} of {STEPS}, {name}: {asked}")

    def level(self, db: float) -> None:
        pass

    def done(self, number: int, name: str, state: str, text: str) -> None:
        self._line(f"Step {number}, {name}: {state}. {text[:1].upper()}{text[1:]}")

    def choosing(self, advice: Sequence[str], ways: str, remaining: float) -> None:
        if self._chosen_for is None:  # once: a screen reader would never come to an end
            for line in advice:
                self._line(f"  {line}")
            if math.isfinite(remaining):
                self._line(f"{ways}. It goes on in {remaining:.0f} seconds.")
            else:
                self._line(f"{ways}. It waits for you.")
            self._chosen_for = tuple(advice)

    def close(self) -> None:
        pass


def bar_of(db: float) -> str:
    """A level (dBov) as a bar between two edges: ▕██████░░░░▏"""
    share = (db - _SILENT_DB) / (_FULL_DB - _SILENT_DB)
    filled = round(max(0.0, min(1.0, share)) * _BAR_CELLS)
    return f"▕{'█' * filled}{'░' * (_BAR_CELLS - filled)}▏"


def loudness_word(db: float) -> str:
    """What a level (dBov) is to somebody who speaks."""
    if db <= _SILENT_DB:
        return "silence"
    if db < QUIET_DB:
        return "quiet"
    return "too loud" if db > _TOO_LOUD_DB else "good"


def _about(seconds: float) -> str:
    return "within two minutes" if seconds <= 75 else "within three minutes"
