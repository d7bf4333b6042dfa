"""Charts of trends as SVG: every point is a link to its session, every label stands at what it names.

Places are in per cent of the picture and sizes in pixels: a chart takes any width, its text stays readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from .dates import day
from .history import PastSession
from .trend_words import head_of, number_words, numbers_of, point_words
from .trends import EAR, Measure, Point, Side, Trend
from .usual import USUAL_PROFILE, Usual, range_words

Address = Callable[[PastSession], str]

_BESIDE_VALUES, _BESIDE_SHARES = 9, 13  # on either side, for the levels' numbers
_TOP, _BOTTOM = 8.0, 92.0
_HALF_A_LETTER = 4  # px
_MANY = 30  # points; more are drawn smaller
_ROOM = 0.1  # of the range, above and below what is shown
_LEAST_SHARE_SHOWN = 0.5
_AS_NEAR_AS_CAN_BE = (0.0,)  # an ear to the rubric
_WORDS_REACH = 20  # per cent: of the width on either side of the middle, and of the height, that words take


@dataclass(frozen=True, slots=True)
class _Scale:
    """Values to per cent of the height, points to per cent of the width."""

    low: float
    high: float
    points: int
    left: int

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _BOTTOM - (_BOTTOM - _TOP) * min(1.0, max(0.0, share))

    def x(self, index: float) -> float:
        return self.left + self.step * (index + 0.5)

    @property
    def step(self) -> float:
        return (100 - 2 * self.left) / self.points


def charts(trends: Sequence[Trend], address: Address) -> list[Markup]:
    """The charts of trends that have points; shares all on one scale, so that they can be held side by side.

    `address` tells where a click on a session leads.
    """
    shares = [point.value for trend in trends if trend.measure.is_share for point in trend.points]
    highest = max([_LEAST_SHARE_SHOWN, *shares])
    return [_chart(trend, highest, address) for trend in trends]


def _chart(trend: Trend, highest_share: float, address: Address) -> Markup:
    points, share = trend.points, trend.measure.is_share
    if share:
        scale = _Scale(0.0, highest_share, len(points), _BESIDE_SHARES)
        ground = _ground(scale)
    else:
        usual = _usual_of(trend)
        scale = _scale(points, _AS_NEAR_AS_CAN_BE if trend.measure == EAR else usual or ())
        ground = _band(usual, points, scale) + _line(points, scale)
    drawn = "".join((ground, _levels(trend, scale), *_points(trend, scale, address)))
    kind, label = "shares" if share else "values", escape(_label(trend))
    # What is put in is escaped where it is text, and else a number.
    return Markup(f'<svg class="chart {kind}" role="group" aria-label="{label}">{drawn}</svg>')


def _label(trend: Trend) -> str:
    first, last = (day(trend.points[at].session.began, year=True) for at in (0, -1))
    return f"{head_of(trend)}: {numbers_of(trend)}. {len(trend.points)} sessions, {first} to {last}."


def _usual_of(trend: Trend) -> Usual | None:
    """What is usual for the measure; None where some answers are held against other bands."""
    profiles = {point.session.facts.profile for point in trend.points}
    return trend.measure.usual if profiles == {USUAL_PROFILE} else None


def _scale(points: Sequence[Point], held_against: Sequence[float]) -> _Scale:
    """From the lowest to the highest of all this, or from zero where that is near."""
    shown = [*(point.value for point in points), *held_against]
    low, high = min(shown), max(shown)
    room = _ROOM * (high - low or 1.0)
    return _Scale(0.0 if low - room <= 0 else low - room, high + room, len(points), _BESIDE_VALUES)


def _band(usual: Usual | None, points: Sequence[Point], scale: _Scale) -> str:
    """The band of what is usual, with its edges in words at that edge where fewer points are in their way."""
    if usual is None:
        return ""
    low, high = usual
    top, bottom = scale.y(high), scale.y(low)
    places = [(scale.x(index), scale.y(point.value)) for index, point in enumerate(points)]
    heights = [y for x, y in places if abs(x - 50) < _WORDS_REACH]
    at_bottom = sum(0 <= bottom - y < _WORDS_REACH for y in heights)
    at_top = sum(0 <= y - top < _WORDS_REACH for y in heights)
    edge, lower = (top, 16) if at_top < at_bottom else (bottom, -6)  # px
    return (
        f'<rect class="usual" x="{scale.left}%" width="{100 - 2 * scale.left}%" y="{top:.1f}%" '
        f'height="{bottom - top:.1f}%"/>'
        f'<text x="50%" y="{edge:.1f}%" dy="{lower}" text-anchor="middle">usual: {range_words(usual)}</text>'
    )


def _ground(scale: _Scale) -> str:
    """The line on which shares stand."""
    left, right = scale.left, 100 - scale.left
    return f'<line class="ground" x1="{left}%" x2="{right}%" y1="{_BOTTOM}%" y2="{_BOTTOM}%"/>'


def _line(points: Sequence[Point], scale: _Scale) -> str:
    """What leads the eye from point to point; stretched with the picture, its stroke is not."""
    places = " ".join(f"{scale.x(i):.1f},{scale.y(point.value):.1f}" for i, point in enumerate(points))
    return (
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%" aria-hidden="true">'
        f'<polyline class="line" points="{places}"/></svg>'
    )


def _levels(trend: Trend, scale: _Scale) -> str:
    """Each half's value as a level with its number beside it; that of all sessions where they are too few."""
    count, whole, older, newer = len(trend.points), trend.whole, trend.older, trend.newer
    if trend.verdict != "few" and older and newer:
        before = _level(trend.measure, older, (0, older.sessions), scale, "before")
        return before + _level(trend.measure, newer, (older.sessions, count), scale, "since")
    return _level(trend.measure, whole, (0, count), scale, "since") if whole else ""


def _level(measure: Measure, side: Side, reach: tuple[int, int], scale: _Scale, name: str) -> str:
    y = f"{scale.y(side.value):.1f}%"
    start, end = (f"{scale.x(index - 0.5):.1f}%" for index in reach)
    at, anchor = ("0", "start") if name == "before" else ("100%", "end")
    return (
        f'<line class="level {name}" x1="{start}" x2="{end}" y1="{y}" y2="{y}"/>'
        f'<text class="at {name}" x="{at}" y="{y}" dy="{_HALF_A_LETTER}" text-anchor="{anchor}">'
        f"{number_words(measure, side.value)}</text>"
    )


def _points(trend: Trend, scale: _Scale, address: Address) -> Iterator[str]:
    """One link per session. Only the newest is reached by Tab, the others by arrow keys (history.js)."""
    last, radius = len(trend.points) - 1, 4 if scale.points <= _MANY else 3
    for i, point in enumerate(trend.points):
        words = escape(f"{when_and_where(point.session)}: {point_words(trend.measure, point)}")
        href, tab = escape(address(point.session)), "" if i == last else ' tabindex="-1"'
        mark = _mark(trend.measure, point, scale, i, radius)
        yield f'<a href="{href}" aria-label="{words}"{tab}>{mark}</a>'


def _mark(measure: Measure, point: Point, scale: _Scale, index: int, radius: int) -> str:
    """A point with the column in which the pointer meets it; a share stands on a stem."""
    x, y, step = scale.x(index), scale.y(point.value), scale.step
    hit = f'<rect class="hit" x="{x - step / 2:.1f}%" width="{step:.1f}%" height="100%"/>'
    stands = measure.is_share and point.amount > 0
    stem = f'<line class="stem" x1="{x:.1f}%" x2="{x:.1f}%" y1="{_BOTTOM}%" y2="{y:.1f}%"/>' if stands else ""
    dot = "dot none" if measure.is_share and not point.amount else "dot"
    return f'{hit}{stem}<circle class="{dot}" cx="{x:.1f}%" cy="{y:.1f}%" r="{radius}"/>'


def when_and_where(session: PastSession) -> str:
    """15 Nov 2026, behavioural"""
    return ", ".join((day(session.began, year=True), *session.facts.banks))
