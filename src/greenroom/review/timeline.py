"""What is drawn along the time of an answer: parts, pauses, fillers, findings, pace.

Places are whole thousandths of the width (`left`, `width`) or hundredths of the height (`top`), so that a
page can hold each of them as one CSS rule: its security policy lets no element carry a style of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from greenroom.records import LONG_PAUSE_SECONDS, PARTS, Delivery, PacePoint, Turn
from greenroom.screens import clock
from greenroom.screens.names import named

from .titles import PATTERN_LABELS
from .usual import USUAL_PACE, Usual, range_words

WIDTH = 1000
_DRAWN_PAUSE = 0.5  # s; shorter ones are the breath between words
_TICK_STEPS = (5, 10, 15, 30, 60, 120, 300, 600)
_MOST_TICKS = 8
_TICK_LABEL = 30  # thousandths of the width; nearer to the end it stands to the left
_PACE_LOW, _PACE_HIGH, _PACE_MARGIN = 90.0, 210.0, 8.0  # words a minute that the curve has room for at least
_PAUSE_LABEL, _FILLER_LABEL, _FINDING_LABEL = 42, 30, 130  # thousandths of the width that a label takes
_NARROW_FINDING_LABEL = 330  # the same on a phone
_EDGE = 170  # thousandths from either edge in which the label of a point of the pace is not centred


@dataclass(frozen=True, slots=True)
class Box:
    """Something from `start` to `end` (s).

    Attributes:
        label: "" where there is no room for it beside its neighbour's.
        ends: whether the label stands to the left of the end, since it would run out of the page.
        row: tells findings apart that would stand on each other, from 0.
        narrow_ends, narrow_row: the same on a narrow page, where labels take more of the width.
    """

    left: int
    width: int
    start: float
    end: float
    label: str
    kind: str = ""
    word: int | None = None
    ends: bool = False
    row: int = 0
    narrow_ends: bool = False
    narrow_row: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the pace curve with its number beside it: below it where it is `low`.

    `anchor` is "start", "middle" or "end": which part of the label stands at the point.
    """

    left: int
    top: int
    time: float
    label: str
    low: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class PaceCurve:
    """The pace as SVG paths in a field of 1000 by 100.

    Attributes:
        path: of the whole curve; `departures`: of the stretches that were fast or slow for long.
        band: top and height of the usual pace, None where the profile's is not judged.
        usual: the band in words, "120 to 180".
        marks: its fastest and its slowest point.
        about: all of it in a sentence.
    """

    path: str
    departures: tuple[str, ...]
    band: tuple[float, float] | None
    usual: str
    marks: tuple[Mark, ...]
    about: str

    @property
    def middle(self) -> int:
        """Where the middle of the band is, as hundredths of the height."""
        return round(self.band[0] + self.band[1] / 2) if self.band else 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """`width`: of the answer itself, where its attempts share the time of the longest."""

    width: int
    parts: tuple[Box, ...]
    pauses: tuple[Box, ...]
    fillers: tuple[Box, ...]
    findings: tuple[Box, ...]
    ticks: tuple[Box, ...]
    pace: PaceCurve | None

    @property
    def rows(self) -> int:
        """How many rows the findings take; `narrow_rows`: on a narrow page."""
        return max((box.row + 1 for box in self.findings), default=0)

    @property
    def narrow_rows(self) -> int:
        return max((box.narrow_row + 1 for box in self.findings), default=0)

    def places(self) -> Iterator[tuple[str, int]]:
        """Every ("left" | "width" | "top", number) that is used."""
        yield "width", self.width
        for box in (*self.parts, *self.pauses, *self.fillers, *self.findings, *self.ticks):
            yield from (("left", box.left), ("width", box.width), ("left", box.left + box.width))
        if self.pace:
            yield "top", self.pace.middle
            for mark in self.pace.marks:
                yield from (("left", mark.left), ("top", mark.top))


def timeline_of(turn: Turn, seconds: float, shared: float) -> Timeline:
    """`seconds`: length of the recording; `shared`: of the longest of the attempts at its question."""
    scale = _Scale(shared)
    delivery = turn.delivery
    pauses = [p for p in delivery.pauses if p.end - p.start >= _DRAWN_PAUSE]
    return Timeline(
        width=scale.at(seconds),
        parts=tuple(
            scale.box(
                part.start,
                part.end,
                part.id.capitalize(),
                part.id if part.id in PARTS else "",
                part.first_word,
            )
            for part in turn.parts
            if part.start is not None and part.end is not None
        ),
        pauses=_spaced(
            (scale.box(p.start, p.end, _length(p.end - p.start), "pause") for p in pauses), _PAUSE_LABEL
        ),
        fillers=_spaced(
            (
                scale.box(f.start, f.end, f.text, f.kind, f.first_word)
                for f in delivery.fillers
                if f.start is not None and f.end is not None
            ),
            _FILLER_LABEL,
        ),
        findings=_stacked(
            scale.box(span.start, span.end, named(PATTERN_LABELS, found.id), found.id, span.first_word)
            for found in turn.patterns
            for span in found.evidence
            if span.start is not None and span.end is not None
        ),
        ticks=tuple(_ticks(scale, shared)),
        pace=_pace(delivery, scale),
    )


class _Scale:
    def __init__(self, seconds: float) -> None:
        self._seconds = max(seconds, 0.1)

    def at(self, time: float) -> int:
        return round(WIDTH * min(max(time / self._seconds, 0.0), 1.0))

    def box(self, start: float, end: float, label: str, kind: str = "", word: int | None = None) -> Box:
        left = self.at(start)
        return Box(left, self.at(end) - left, start, end, label, kind, word)


def _length(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= LONG_PAUSE_SECONDS else ""


def _spaced(boxes: Iterable[Box], needed: int) -> tuple[Box, ...]:
    """Boxes in order of time; a label that would run into the one before it is left out."""
    spaced: list[Box] = []
    free = 0
    for box in sorted(boxes, key=lambda box: box.start):
        middle = box.left + box.width // 2
        fits = bool(box.label) and middle - needed // 2 >= free
        free = middle + needed // 2 if fits else free
        spaced.append(box if fits else replace(box, label=""))
    return tuple(spaced)


def _stacked(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes in order of time, each in the first row where it and its label have room."""
    ordered = sorted(boxes, key=lambda box: box.start)
    wide, narrow = _rows(ordered, _FINDING_LABEL), _rows(ordered, _NARROW_FINDING_LABEL)
    return tuple(
        replace(box, ends=ends, row=row, narrow_ends=narrow_ends, narrow_row=narrow_row)
        for box, (ends, row), (narrow_ends, narrow_row) in zip(ordered, wide, narrow, strict=True)
    )


def _rows(boxes: Iterable[Box], needed: int) -> Iterator[tuple[bool, int]]:
    free: list[int] = []
    for box in boxes:
        right = box.left + box.width
        ends = box.left + needed > WIDTH
        left, right = (
            (min(box.left, right - needed), right) if ends else (box.left, max(right, box.left + needed))
        )
        row = next((row for row, from_here in enumerate(free) if left >= from_here), len(free))
        free[row : row + 1] = [right]
        yield ends, row


def _ticks(scale: _Scale, seconds: float) -> Iterator[Box]:
    step = next((step for step in _TICK_STEPS if seconds / step <= _MOST_TICKS), 1200)
    for time in range(0, int(seconds) + 1, step):
        tick = scale.box(time, time, clock(time))
        yield replace(tick, ends=tick.left > WIDTH - _TICK_LABEL)


def _pace(delivery: Delivery, scale: _Scale) -> PaceCurve | None:
    points = delivery.pace
    if len(points) < 2:
        return None
    rates = [point.wpm for point in points]
    low = min(_PACE_LOW, min(rates) - _PACE_MARGIN)
    high = max(_PACE_HIGH, max(rates) + _PACE_MARGIN)

    def top(wpm: float) -> float:
        return round(100 * (high - wpm) / (high - low), 1)

    def path(along: Sequence[PacePoint]) -> str:
        return "M" + "L".join(f"{scale.at(point.time)},{top(point.wpm)}" for point in along)

    def mark(point: PacePoint, unit: str = "", *, low: bool) -> Mark:
        left = scale.at(point.time)
        anchor = "start" if left < _EDGE else "end" if left > WIDTH - _EDGE else "middle"
        return Mark(left, round(top(point.wpm)), point.time, f"{point.wpm:.0f}{unit}", low, anchor)

    fastest, slowest = max(points, key=lambda p: p.wpm), min(points, key=lambda p: p.wpm)
    usual = USUAL_PACE.get(delivery.profile)
    stretches = [[p for p in points if d.start <= p.time <= d.end] for d in delivery.pace_departures]
    return PaceCurve(
        path=path(points),
        departures=tuple(path(stretch) for stretch in stretches if len(stretch) > 1),
        band=(top(usual[1]), round(top(usual[0]) - top(usual[1]), 1)) if usual else None,
        usual=range_words(usual) if usual else "",
        marks=(mark(fastest, " words a minute", low=False), mark(slowest, low=True)),
        about=_about_pace(fastest, slowest, usual),
    )


def _about_pace(fastest: PacePoint, slowest: PacePoint, usual: Usual | None) -> str:
    usually = f" {range_words(usual)} is usual." if usual else ""
    return (
        f"Words a minute over time: fastest {fastest.wpm:.0f} at {clock(fastest.time)}, "
        f"slowest {slowest.wpm:.0f} at {clock(slowest.time)}.{usually}"
    )
