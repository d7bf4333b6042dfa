"""A replay on the whole terminal: the answer with the spoken word lit, its findings, and where it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.text import Text

from greenroom.review.passages import Passage, Stop
from greenroom.review.replay_view import KEY_LINE, Opening, View
from greenroom.screens import broken, clock

_ACCENT = "green"
_AMBER = "yellow"
LIT = "bold reverse green"
"""The word that is being spoken."""
_MARGIN = 2
_WIDTH = 84  # characters of a line of text; longer ones are hard to follow with the eye
_LIT_AFTER_SECONDS = 0.15  # a word stays lit so long after its end: lights that go out between words flicker
_SMALLEST_HEIGHT = 16  # lines, under which the findings give their place to the words
_QUESTION_LINES = 3
_CAME_ACROSS = "Came across  "
_HUNG = len(_CAME_ACROSS)
_TITLES = {
    "question": "the question",
    "answer": "your answer",
    "typed": "your answer, typed, at the pace of reading",
    "open": "no answer",
}
_STATES = {"playing": "▶", "held": "‖", "end": "■"}
"""For the eye; the line of keys, and "That was all", say the same in words."""


class WholeScreen:
    """Draws on the terminal's second page, so that what was there comes back at the end."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._live = Live(console=self._console, screen=True, auto_refresh=False, redirect_stderr=False)
        self._opening = Opening("", "", 0, "", True)
        self._shown: object = None
        self._live.start()

    def opening(self, opening: Opening) -> None:
        self._opening = opening

    def show(self, view: View) -> None:
        width, height = self._console.size
        if (seen := (width, height, self._opening, *_seen(view))) != self._shown:
            self._shown = seen
            self._live.update(picture(self._opening, view, width, height), refresh=True)

    def close(self) -> None:
        self._live.stop()


def _seen(view: View) -> tuple[object, ...]:
    """All that a picture depends on, as coarse as it shows it."""
    closes_in = None if view.closes_in is None else int(view.closes_in)
    lit = _lit(view)
    return view.passage, view.spoken, lit, int(view.position), view.state, view.note, view.stop, closes_in


def picture(opening: Opening, view: View, width: int, height: int) -> Text:
    """All lines of the screen, `height` of them at most, none wider than `width`."""
    room = min(width - 2 * _MARGIN, _WIDTH)
    head = [*_header(opening, room), *_question(view, room), Text()]
    foot = [Text(), _bar(view, room), *_keys(view, room)]
    left = height - len(head) - len(foot)
    findings = _findings(view, room, left // 2) if height >= _SMALLEST_HEIGHT else []
    words = _words(view, room, max(1, left - len(findings)))
    lines = [*head, *words, *findings, *foot]
    for line in lines:
        line.truncate(width - _MARGIN, overflow="ellipsis")
    return Text("\n", no_wrap=True, end="").join(Text(" " * _MARGIN) + line for line in lines[:height])


def _header(opening: Opening, room: int) -> list[Text]:
    """What is replayed, and through what it is heard, below that where both do not fit into a line."""
    name, about, sound = "greenroom replay", f"   {opening.about}", f"♪ {opening.sound}"
    line = Text.assemble((name, f"bold {_ACCENT}"), (about, "dim"))
    gap = room - cell_len(name + about + sound)
    if gap < 3:
        return [line, Text(sound, "dim"), Text()]
    return [line.append(" " * gap + sound, "dim"), Text()]


def _question(view: View, room: int) -> list[Text]:
    """The heading and the question, lit while it is asked; only so many lines of a long one."""
    heading = Text(f"{view.passage.heading} · {_TITLES[view.passage.kind]}", "dim")
    asked = view.passage if view.passage.kind == "question" else None
    texts = [text for _, _, text in asked.words] if asked else view.passage.question.split()
    rows = wrapped(texts, room)
    spoken = view.spoken if asked else len(texts)
    first = _first_row(rows, spoken, _QUESTION_LINES) if asked else 0
    lit = _lit(view) if asked else None
    return [
        heading,
        *(
            _row(texts, row, ["bold" if index < spoken else "dim" for index in row], lit)
            for row in rows[first : first + _QUESTION_LINES]
        ),
    ]


def _words(view: View, room: int, height: int) -> list[Text]:
    """The answer, `height` lines of it: those around the word that is being spoken."""
    answer = view.answer
    if not answer.words:
        lines = [Text(f"({answer.remark})", "dim italic")]
        return [*lines, *(Text() for _ in range(height - 1))]
    now = view.passage is answer
    spoken = view.spoken if now else 0
    texts = [text for _, _, text in answer.words]
    rows = wrapped(texts, room)
    first = _first_row(rows, spoken, height)
    styles = _styles(answer, spoken)
    lit = _lit(view) if now else None
    shown = [_row(texts, row, [styles[index] for index in row], lit) for row in rows[first : first + height]]
    return [*shown, *(Text() for _ in range(height - len(shown)))]


def _styles(answer: Passage, spoken: int) -> list[str]:
    """How each word looks: what is still to come is pale, the quotes of findings are amber."""
    styles = ["" if index < spoken else "dim" for index in range(len(answer.words))]
    for stop in answer.stops:
        for index in range(stop.first_word, stop.last_word + 1):
            styles[index] = _AMBER if index < spoken else f"dim {_AMBER}"
    return styles


def _row(texts: Sequence[str], row: range, styles: Iterable[str], lit: int | None) -> Text:
    line = Text()
    last = ""
    for index, style in zip(row, styles, strict=True):
        if index > row.start:
            line.append(" ", style if style == last else "")
        line.append(texts[index], LIT if index == lit else style)
        last = style
    return line


def wrapped(texts: Sequence[str], room: int) -> list[range]:
    """Which words stand on each line of `room` characters; a word that is longer has one for itself."""
    rows: list[range] = []
    first, used = 0, 0
    for index, text in enumerate(texts):
        width = cell_len(text)
        if index > first and used + 1 + width > room:
            rows.append(range(first, index))
            first, used = index, width
        else:
            used += width + (1 if index > first else 0)
    return [*rows, range(first, len(texts))] if texts else []


def _first_row(rows: Sequence[range], spoken: int, height: int) -> int:
    """The first line to show: the spoken one stays in the upper half, so that what comes can be seen."""
    current = next((number for number, row in enumerate(rows) if spoken - 1 < row.stop), len(rows) - 1)
    return max(0, min(current - (height - 1) // 3, len(rows) - height))


def _lit(view: View) -> int | None:
    """The word that is being spoken; None in a pause."""
    index = view.spoken - 1
    if index < 0 or view.state == "end":
        return None
    return index if view.position <= view.passage.words[index][1] + _LIT_AFTER_SECONDS else None


def _findings(view: View, room: int, height: int) -> list[Text]:
    """What came across, and the findings; the one that is being heard with its reason and advice.

    Where there are none the coach's words stand in their place.

    As many lines for an answer at every moment, at most `height`: what is above must not move.
    """
    answer, current = view.answer, view.stop
    lines = [Text()]
    if answer.came_across:
        signals = broken(_CAME_ACROSS, " · ".join(answer.came_across), room).splitlines()
        lines += [Text.assemble((line[:_HUNG], "dim"), (line[_HUNG:], _ACCENT)) for line in signals]
    if answer.rated:
        lines += _hung("How it went".ljust(_HUNG), answer.rated, room)
    if not answer.stops and answer.feedback:
        lines += _hung("Feedback".ljust(_HUNG), answer.feedback, room)
    opened = [_block(stop, room, answer, opened=True) for stop in answer.stops]
    closed = [_block(stop, room, answer, opened=False) for stop in answer.stops]
    most = max((len(block) for block in opened), default=1) - 1 + len(closed)
    room_left = min(height - len(lines), most)
    blocks = [
        large if stop is current else small
        for stop, large, small in zip(answer.stops, opened, closed, strict=True)
    ]
    lines += _around(blocks, answer.stops, current, room_left)[: max(0, room_left)]
    needed = min(height, len(lines) + most - sum(len(block) for block in blocks))
    return [*lines, *(Text() for _ in range(needed - len(lines)))][:height]


def _block(stop: Stop, room: int, answer: Passage, *, opened: bool) -> list[Text]:
    time = clock(stop.start) if answer.is_timed else "·"
    line = Text.assemble((f"{time:>5}  ", "dim"), (stop.name, f"bold {_AMBER}" if opened else _AMBER))
    if stop.quote:
        line.append(f"  “{stop.quote}”", "" if opened else "dim")
    line.truncate(room, overflow="ellipsis")
    if not opened:
        return [line]
    return [line, *_hung(" " * 7, f"{stop.why} {stop.advice}", room)]


def _hung(head: str, text: str, room: int) -> list[Text]:
    """Text in lines beside its head."""
    texts = text.split()
    rows = [" ".join(texts[row.start : row.stop]) for row in wrapped(texts, max(1, room - len(head)))]
    heads = [head, *([" " * len(head)] * len(rows))]
    return [Text.assemble((head, "dim"), row) for head, row in zip(heads, rows, strict=False)]


def _around(
    blocks: Sequence[list[Text]], stops: Sequence[Stop], current: Stop | None, height: int
) -> list[Text]:
    """Whole findings, as many as fit; the current one always, with those before it left out if need be."""
    first = next((number for number, stop in enumerate(stops) if stop is current), 0)
    while first > 0 and sum(len(block) for block in blocks[first - 1 :]) <= height:
        first -= 1
    return [line for block in blocks[first:] for line in block]


def _bar(view: View, room: int) -> Text:
    """Where it is in the passage, with a mark for each finding."""
    passage = view.passage
    colour = _ACCENT if view.state == "playing" else _AMBER
    state = Text.assemble((f"{_STATES[view.state]} ", f"bold {colour}"))
    now, end = clock(view.position), clock(passage.seconds)
    length = max(4, room - cell_len(state.plain) - len(now) - len(end) - 2)

    def cell(seconds: float) -> int:
        return min(length - 1, int(seconds / passage.seconds * length)) if passage.seconds else 0

    here = cell(view.position)
    line = Text.assemble(("━" * here, _ACCENT), ("●", f"bold {_ACCENT}"), ("─" * (length - here - 1), "dim"))
    for stop in passage.stops:
        if (at := cell(stop.start)) != here:
            line = line[:at] + Text("◆", _AMBER) + line[at + 1 :]
    return state.append(f"{now} ").append_text(line).append(f" {end}", "dim")


def _keys(view: View, room: int) -> list[Text]:
    keys = KEY_LINE.replace("Space pause", "Space go on" if view.state == "held" else "Space pause")
    if view.state == "end":
        keys = KEY_LINE.replace("Space pause · ", "")
    lines = [Text(line, "dim") for line in broken("", keys, room).splitlines()]
    told = view.note
    if view.state == "end" and not told:
        told = "That was all."
        if view.closes_in is not None:
            told += f" It closes in {int(view.closes_in) + 1} s; Space keeps it open."
    return [Text(told, _AMBER), *lines]
