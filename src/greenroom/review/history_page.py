"""recordings/index.html: all sessions and their trends as a page that opens from the disk and loads nothing.

A filter chooses among panels that are all there already, so nothing is reckoned twice in two languages: the
script only shows and hides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_from_bytes

from markupsafe import Markup

from greenroom.screens import counted
from greenroom.screens.names import PATTERN_TITLES, named

from . import overview_words
from .charts import Address, charts, when_and_where
from .dates import day, hour, month
from .history import History, PastSession, begun
from .overview import LAST, Overview, overview_of
from .pages import HISTORY_FILE, REPORT_FILE, page_text, write_page_over
from .trend_words import COUNTED, RULE, head_of, number_words, numbers_of, reservations, whole_number
from .trends import EAR, Kind, Point, Trend, newest

_GROUPS: Mapping[Kind, str] = {
    "delivery": "How you speak",
    "pattern": "What can hide your work",
    "signal": "What your answers show",
    "ear": "How you hear yourself",
}
"""Charts of one kind stand together; the last are left out where nobody rated an answer."""

_RECENT_DAYS = 91
_MOST_BANKS = 20
"""So many can be chosen on the page, those of the most sessions; the others by --bank."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; the page opens with it. None for what was left open."""

    bank: str | None = None
    since: date | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A choice of time: the newest `last` sessions that were begun on `since` or later."""

    label: str
    last: int | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart with its words."""

    head: str
    numbers: str
    about: str
    changed: bool
    picture: Markup
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Row:
    """One session in the table behind a group of charts."""

    when: str
    address: str
    answers: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Charts of one kind and the table of their numbers; `absent` says what no answer shows, or is ""."""

    id: str
    title: str
    figures: tuple[Figure, ...]
    absent: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


class Line(NamedTuple):
    """One session in the list; `places` are those of its banks among the choices."""

    address: str
    when: str
    banks: str
    told: str
    found: str
    places: str
    day: str
    counted: bool


@dataclass(slots=True)
class Panel:
    """What is shown for one choice of bank and time; `keys` are all the choices that show the same."""

    seen: Overview
    groups: tuple[Group, ...]
    example_address: str
    keys: list[str] = field(default_factory=list)


def write_page(history: History, asked: Asked, today: date) -> Path:
    """Write the page into the recordings folder, for its owner only, and return where it is.

    Raises:
        BadInputError: it cannot be written, or somebody else's page is in its place.
    """
    path = history.recordings / HISTORY_FILE
    write_page_over(path, html_of(history, asked, today), again="greenroom history")
    return path


def html_of(history: History, asked: Asked, today: date) -> str:
    """The page as text. `today` is where the last months are counted from."""
    banks = list(history.banks[:_MOST_BANKS])
    if asked.bank is not None and asked.bank not in banks:
        banks.append(asked.bank)
    places = {bank: place for place, bank in enumerate(banks)}
    windows = _windows(asked, today)
    address = _addresses(history)
    panels = _panels(history, banks, windows, address)
    first = f"{places[asked.bank] if asked.bank is not None else ''}:0"
    return page_text(
        "history",
        ("history.js",),
        words=overview_words,
        history=history,
        panels=panels,
        shown=next((panel for panel in panels if first in panel.keys), None),
        banks=banks,
        windows=windows,
        chosen=banks.index(asked.bank) if asked.bank is not None else None,
        months=_months(history.sessions, places, address),
        explained=(RULE, COUNTED),
        counted=counted,
        day=day,
        named=named,
        PATTERN_TITLES=PATTERN_TITLES,
        reservations=reservations,
    )


def _windows(asked: Asked, today: date) -> list[Window]:
    """The first is the one that is shown at first."""
    recent = today - timedelta(days=_RECENT_DAYS)
    usual = [
        Window(f"Last {LAST} sessions", LAST),
        Window("Last 3 months", since=recent),
        Window("All time"),
    ]
    if asked.since is None and asked.last in (None, LAST):
        return usual
    since = f" since {day(asked.since, year=True)}" if asked.since else ""
    label = f"Last {counted(asked.last, 'session')}{since}" if asked.last else since.strip().capitalize()
    return [Window(label, asked.last, asked.since), *usual]


def _addresses(history: History) -> Address:
    """Where a click on a session leads: to its report, or to its folder where there is none."""
    root = os.fspath(history.recordings)

    @cache
    def address(folder: str) -> str:
        has_report = os.path.exists(f"{root}{os.sep}{folder}{os.sep}{REPORT_FILE}")  # noqa: PTH110 - quicker
        # "./" so that no name, whatever is in it, can be taken for an address elsewhere
        return f"./{quote_from_bytes(os.fsencode(folder))}/{REPORT_FILE if has_report else ''}"

    return lambda session: address(session.folder)


def _months(
    sessions: Sequence[PastSession], places: Mapping[str, int], address: Address
) -> list[tuple[str, list[Line]]]:
    """The sessions by month, the newest first."""
    newest_first = groupby(reversed(sessions), lambda session: month(session.began))
    return [(name, [_line(each, places, address) for each in its]) for name, its in newest_first]


def _line(session: PastSession, places: Mapping[str, int], address: Address) -> Line:
    banks = session.facts.banks
    return Line(
        address=address(session),
        when=f"{day(session.began)}, {hour(session.began)}",
        banks=", ".join(banks),
        told=overview_words.told_session(session),
        found=overview_words.found_in(session),
        places=" ".join(str(places[bank]) for bank in banks if bank in places),
        day=session.began.date().isoformat(),
        counted=session.counted,
    )


def _panels(
    history: History, banks: Sequence[str], windows: Sequence[Window], address: Address
) -> list[Panel]:
    panels: dict[tuple[str | None, tuple[str, ...]], Panel] = {}
    for place, bank in [("", None), *enumerate(banks)]:
        of_bank = history.chosen(bank)
        for number, window in enumerate(windows):
            sessions = begun(of_bank, window.since)
            if not sessions:
                continue  # the page has a word for that
            looked_at = newest(sessions, window.last)
            key = (bank, tuple(session.folder for session in looked_at))
            if key not in panels:
                panels[key] = _panel(overview_of(sessions, looked_at, history.recordings, bank), address)
            panels[key].keys.append(f"{place}:{number}")
    return list(panels.values())


def _panel(seen: Overview, address: Address) -> Panel:
    example = seen.last.example
    groups = (_group(seen, kind, title, address) for kind, title in _GROUPS.items())
    shown = tuple(group for group in groups if group.figures or group.id != EAR.kind)
    return Panel(seen, shown, f"{address(example.session)}#answer-{example.turn}" if example else "")


def _group(seen: Overview, kind: Kind, title: str, address: Address) -> Group:
    trends = [trend for trend in seen.trends if trend.measure.kind == kind and trend.whole]
    there = [trend for trend in trends if not trend.absent]
    if there and there[0].measure.is_share:
        there.sort(key=lambda trend: -(trend.whole.value if trend.whole else 0.0))
    return Group(
        id=kind,
        title=title,
        figures=tuple(map(_figure, there, charts(there, address))),
        absent=overview_words.not_there([trend for trend in trends if trend.absent]),
        columns=tuple(_column(trend) for trend in there),
        rows=tuple(_rows(seen, there, address)) if there else (),
    )


def _figure(trend: Trend, picture: Markup) -> Figure:
    first, last = trend.points[0].session, trend.points[-1].session
    return Figure(
        head=head_of(trend),
        numbers=numbers_of(trend),
        about=trend.measure.about,
        changed=trend.verdict == "changed",
        picture=picture,
        first=day(first.began, year=first.began.year != last.began.year),
        last=day(last.began) if len(trend.points) > 1 else "",
    )


def _column(trend: Trend) -> str:
    return f"{trend.measure.name}{f', {trend.measure.unit}' if trend.measure.unit else ''}"


def _rows(seen: Overview, trends: Sequence[Trend], address: Address) -> Iterator[Row]:
    """The newest first, as somebody looks for the last one."""
    points = [{point.session.folder: point for point in trend.points} for trend in trends]
    for session in reversed(seen.looked_at):
        its = [points_of.get(session.folder) for points_of in points]
        answers = session.facts.judged if trends[0].measure.is_share else session.facts.answers
        cells = tuple(_cell(trend, point) for trend, point in zip(trends, its, strict=True))
        yield Row(when_and_where(session), address(session), str(answers), cells)


def _cell(trend: Trend, point: Point | None) -> str:
    if point is None:
        return "–"
    return whole_number(point.amount) if trend.measure.is_share else number_words(trend.measure, point.value)
