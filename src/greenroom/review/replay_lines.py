"""A replay in plain lines, one after the other: for pipes, NO_COLOR, TERM=dumb and screen readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from greenroom.captions import Timed
from greenroom.records import Turn, ends_sentence
from greenroom.review.passages import Passage, Stop
from greenroom.review.replay_view import KEYS_READ_OUT, WORDS_READ_OUT, Opening, View
from greenroom.screens import clock, counted, numbers

_TITLES = {"question": "Question", "answer": "Answer", "typed": "Answer, typed", "open": "Answer"}
_MOST_WORDS = 40  # without an end of a sentence; about a quarter of a minute


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is due at `time` (s) and speaks of what lasts until `end` (s)."""

    time: float
    end: float
    text: str


class PlainReplay:
    """Every sentence is a line when it begins; what moves is left out."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._last: View | None = None
        self._due: list[_Line] = []

    def opening(self, opening: Opening) -> None:
        self._print(f"greenroom replay: {opening.name}, {opening.about}, {counted(opening.turns, 'turn')}.")
        self._print(f"Sound: {opening.sound}.")
        if opening.keys:
            self._print(f"Words: {WORDS_READ_OUT}" if opening.words else f"Keys: {KEYS_READ_OUT}")

    def show(self, view: View) -> None:
        before, self._last = self._last, view
        if before is None or before.passage.number != view.passage.number:
            self._print(f"\n{view.passage.heading}")
        elif before.jumps != view.jumps and view.passage.kind == "question" and view.position < 1.0:
            self._print(f"\n{view.passage.heading}, from its beginning")
        if before is None or before.passage is not view.passage or before.jumps != view.jumps:
            self._turn_to(view)
        while self._due and self._due[0].time <= view.position:
            self._print(self._due.pop(0).text)
        self._tell_state(before, view)

    def close(self) -> None:
        pass

    def _turn_to(self, view: View) -> None:
        """Have ready what is to be said from here on."""
        self._due = [line for line in _lines(view.passage) if line.end >= view.position]
        if view.position >= 1.0 and view.passage.is_timed:
            # The sentence in which it lies is told whole, with the earlier time of its beginning.
            cut = view.passage.kind == "answer" and any(line.time < view.position for line in self._due[:1])
            self._print(f"From {clock(view.position)}{', in the middle of' if cut else ''}:")

    def _tell_state(self, before: View | None, view: View) -> None:
        held = before is not None and before.state == "held"
        if view.state == "held" and not held:
            self._print(f"Paused at {clock(view.position)}.")
        elif view.state == "playing" and held:
            self._print("Going on.")
        if view.note and (before is None or before.note != view.note):
            self._print(f"{view.note}.")

    def _print(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def _lines(passage: Passage) -> list[_Line]:
    return sorted(_unsorted(passage), key=lambda line: line.time)


def _unsorted(passage: Passage) -> Iterator[_Line]:
    title = _TITLES[passage.kind]
    if passage.remark:
        yield _Line(0.0, passage.over, f"{title}: ({passage.remark})")
    elif passage.kind != "answer":
        yield _Line(0.0, passage.over, f"{title}: {' '.join(text for _, _, text in passage.words)}")
    words = passage.words if passage.kind == "answer" else ()
    for sentence in _sentences(words):
        start, end = sentence[0][0], sentence[-1][1]
        yield _Line(start, end, f"[{clock(start)}] {' '.join(text for _, _, text in sentence)}")
    for stop in passage.stops:
        yield _Line(stop.end, stop.end, _finding(stop, timed=passage.is_timed))
    if isinstance(passage.entry, Turn) and passage.kind != "question":
        yield _Line(passage.over, passage.over, f"Measured: {numbers(passage.entry, read_out=True)}.")
        if passage.came_across:
            yield _Line(passage.over, passage.over, f"Came across: {', '.join(passage.came_across)}.")
        if passage.rated:
            yield _Line(passage.over, passage.over, passage.rated)
        yield _Line(passage.over, passage.over, f"Feedback: {passage.feedback}")


def _sentences(words: Sequence[Timed]) -> Iterator[Sequence[Timed]]:
    """The words a sentence at a time; one that does not end is cut."""
    first = 0
    for index, (_, _, text) in enumerate(words):
        if ends_sentence(text) or index - first + 1 >= _MOST_WORDS or index + 1 == len(words):
            yield words[first : index + 1]
            first = index + 1


def _finding(stop: Stop, *, timed: bool) -> str:
    place = f", {clock(stop.start)} to {clock(stop.end)}" if timed and stop.quote else ""
    quote = f": “{stop.quote}”" if stop.quote else "."
    return f"Finding{place}, {stop.name}{quote} {stop.why} {stop.advice}"
