"""The calm screen: what was said scrolls up, one status at the bottom moves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from greenroom.keys import Way, key_line
from greenroom.records import Answer, Question, Turn
from greenroom.screens import (
    ABOUT_PRACTICE,
    ABOUT_RATING,
    KEPT,
    WIDEST,
    Choice,
    Meter,
    Opening,
    asked_as,
    broken,
    clock,
    counted,
    numbers,
    shares,
)
from greenroom.screens.side_by_side import SideBySide, table
from greenroom.screens.ways import BY_STATE, LISTENING, PRACTISING
from greenroom.self_rating import compared

_ACCENT = "green"
_INDENT = 2
_BARS = " ▁▂▃▄▅▆▇█"
_QUIET_DB, _LOUD_DB = -60.0, -12.0  # the span of a voice at a desk, from room noise to close to clipping
_REFRESH_HZ = 10
_COUNTDOWN_FROM = 3.0  # s; sooner, every breath between two sentences would flash a number

_STATES = {
    "asking": ("◆", "Asking", "cyan"),
    "hint": ("◆", "A hint, and nothing is recorded", "cyan"),
    "ended": ("◆", "That is your answer, unless you go on", _ACCENT),
    "thinking": ("◇", "Thinking about your answer", "yellow"),
    "rating": ("◆", "How did that go?", _ACCENT),
    "feedback": ("◆", "Feedback", _ACCENT),
    "old": ("◆", "The old answer", "cyan"),
    "new": ("◆", "The new answer", "cyan"),
    "choosing": ("◆", "And now?", _ACCENT),
    "held": ("‖", "And now? There is time", "yellow"),
    "resting": ("‖", "And now? There is time", "yellow"),
    "waiting": ("●", "Listening, whenever you are ready", _ACCENT),
    "speaking": ("●", "Listening", _ACCENT),
    "silence": ("●", "Listening", _ACCENT),
    "paused": ("‖", "Paused: Space goes on", "yellow"),
}

_BEFORE_THE_KEYS = {"ended": "go on speaking to take it back · "}
"""What can be done without a key."""


class CalmScreen:
    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._console.width = min(self._console.width, WIDEST)
        self._live = Live(console=self._console, refresh_per_second=_REFRESH_HZ, transient=True)
        self._levels: list[float] = []
        self._listening = LISTENING
        self._live.start()

    def opening(self, opening: Opening) -> None:
        lines = Text()
        lines.append("greenroom", style=f"bold {_ACCENT}")
        lines.append(f"   {counted(opening.questions, 'question')} · {opening.banks} · {opening.mode} mode\n")
        lines.append(f"Microphone: {opening.microphone} · loudspeaker: {opening.loudspeaker}", "dim")
        lines.append(f" · voice: {opening.voice}\n", "dim")
        lines.append("Take your time before you begin. ", "dim")
        if opening.typed:
            lines.append("You type your answers; an empty line ends each.\n", "dim")
        else:
            lines.append(f"{opening.waits} end an answer; so does Enter.\n", "dim")
        if opening.mode == "practice":
            self._listening = PRACTISING
        if opening.mode == "practice" and not opening.typed:
            lines.append(f"{ABOUT_PRACTICE}\n{ABOUT_RATING}\n", "dim")
        lines.append(f"{KEPT.format(folder=opening.folder)}\nNothing leaves this computer.", "dim")
        self._print(Padding(lines, (1, 1)))

    def question(
        self,
        question: Question,
        number: int,
        total: int,
        *,
        follow_up: bool,
        advice: Sequence[str] | None = None,
    ) -> None:
        title = asked_as(number, total, follow_up=follow_up, again=advice is not None).lower()
        body = Text(question.text, style="bold")
        body.append("".join(f"\n\nThis time: {change}" for change in advice or ()), "not bold dim")
        self._print(Panel(body, title=title, title_align="left", border_style="cyan", padding=(1, 2)))

    def state(self, name: str) -> None:
        self._levels.clear()
        self._live.update(self._status(name) if name else Text(""), refresh=True)

    def listening(self, meter: Meter) -> None:
        self._levels = [*self._levels[-39:], meter.level_db]
        moving = Text()
        if meter.phase != "paused":
            moving.append("  " + "".join(_bar(level) for level in self._levels), style=_ACCENT)
        if meter.remaining is not None and meter.remaining <= _COUNTDOWN_FROM:
            moving.append(f"   ends in {math.ceil(meter.remaining)} s, or go on", style="dim")
        elif meter.hint:
            moving.append(f"   {meter.hint}", style="dim")
        self._live.update(self._status(meter.phase, f"  {clock(meter.seconds)}", moving))

    def hint(self, lines: Sequence[str]) -> None:
        self.said("\n".join(lines))

    def choosing(self, choice: Choice) -> None:
        timed = choice.remaining is not None and math.isfinite(choice.remaining)
        time = f"  goes on in {math.ceil(choice.remaining or 0.0)} s" if timed else ""
        self._live.update(self._status(choice.phase, time, keys=(choice.ways, choice.more)))

    def _status(
        self, name: str, time: str = "", moving: Text | None = None, keys: Sequence[str] = ()
    ) -> RenderableType:
        mark, words, colour = _STATES[name]
        line = Text(f" {mark} ", style=f"bold {colour}").append(words + time)
        keys = keys or (_BEFORE_THE_KEYS.get(name, "") + key_line(BY_STATE.get(name, self._listening)),)
        lines = [broken("   ", each, self._console.width) for each in keys]
        return Group(line, *([moving] if moving is not None else []), Text("\n".join(lines), style="dim"))

    def transcript(self, answer: Answer) -> None:
        words = answer.transcript.text or "(nothing that could be understood)"
        self._print(
            Panel(
                Text(words, style="dim"),
                title="you said",
                title_align="left",
                border_style="dim",
                padding=(0, 2),
            )
        )

    def feedback(self, answer: Answer) -> None:
        body = Text(answer.feedback.written or answer.feedback.spoken)
        self._print(Panel(body, title="feedback", title_align="left", border_style=_ACCENT, padding=(1, 2)))

    def measured(self, turn: Turn) -> None:
        self._print_items(f"answer {turn.number}: ", numbers(turn))
        if parts := shares(turn):
            self._print_items("told: ", parts)
        if ratings := compared(turn):
            self._print_items("", ratings)

    def side_by_side(self, told: SideBySide) -> None:
        self._print(Padding(table(told), (1, _INDENT)))

    def said(self, text: str) -> None:
        self._print(Padding(Text(text, style="italic"), (0, 2)))

    def note(self, text: str) -> None:
        self._print(Padding(Text(text, style="yellow"), (0, 2)))

    def closing(self, folder: Path, answers: int) -> None:
        self._print(Padding(Text(f"Saved: {counted(answers, 'answer')} in {folder}", style="dim"), (1, 2)))

    def _print_items(self, head: str, line: str) -> None:
        text = broken(head, line, self._console.width - 2 * _INDENT)
        self._print(Padding(Text(text, style="dim"), (0, _INDENT)))

    def _print(self, renderable: RenderableType) -> None:
        self._live.console.print(renderable)

    def no_ratings(self) -> None:
        self._listening = LISTENING

    def offered(self) -> Sequence[Way]:
        return ()  # it stands on the line of keys

    def offers(self, ways: Sequence[Way]) -> None:
        pass  # they are a note above that line

    @contextmanager
    def still(self) -> Iterator[None]:
        self._live.update(Text(""), refresh=True)
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    def close(self) -> None:
        self._live.update(Text(""), refresh=True)
        self._live.stop()


def _bar(level_db: float) -> str:
    share = (level_db - _QUIET_DB) / (_LOUD_DB - _QUIET_DB)
    return _BARS[max(0, min(len(_BARS) - 1, round(share * (len(_BARS) - 1))))]
