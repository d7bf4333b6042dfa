"""A story's angles as lines for a terminal: side by side, or one after the other to be read aloud."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from textwrap import wrap

from greenroom.preparation.angles.angle_comparison import AngleComparison, AngleTelling
from greenroom.preparation.stories.stories import ANGLES
from greenroom.screens import clock, counted, listed, percent
from greenroom.screens.names import PATTERN_TITLES, SIGNAL_TITLES, named

WIDTH = 80
"""Columns of the narrowest terminal that is usual."""

_LABEL = 14
_COLUMN = (WIDTH - _LABEL) // len(ANGLES)
_SHARE = 0.005  # less would be shown as 0 %
_FORMS = {
    "story": "as a story",
    "pseudo_story": "as a habit",
    "opinion": "as a view",
    "self_description": "as a description",
}


def side_by_side(compared: AngleComparison) -> Iterator[str]:
    """The tellings in three columns of text, at most WIDTH wide."""
    yield from _head(compared)
    if not compared.tellings:
        yield from _next(compared)
        return
    by_angle = {telling.angle: telling for telling in compared.tellings}
    yield "".join(["".ljust(_LABEL), *(angle.ljust(_COLUMN) for angle in ANGLES)]).rstrip()
    missing = {angle: "not yet" if angle in compared.untold else "no longer there" for angle in ANGLES}
    columns = [
        _cells(by_angle[angle]) if angle in by_angle else {"told": [missing[angle]]} for angle in ANGLES
    ]
    for label in ("told", "angle", "form", "to change", "came across", "parts", "length"):
        cells = [_wrapped(column.get(label, ["–"])) for column in columns]
        for n, row in enumerate(zip_longest(*cells, fillvalue="")):
            first = (label if n == 0 else "").ljust(_LABEL)
            yield "".join([first, *(cell.ljust(_COLUMN) for cell in row)]).rstrip()
    yield ""
    for telling in compared.tellings:
        yield from wrap(f"{telling.angle.capitalize()}: {telling.judgement.sentence}", WIDTH)
    yield from _next(compared)


def plain(compared: AngleComparison) -> Iterator[str]:
    """The same, one telling after the other."""
    yield from _head(compared)
    for telling in compared.tellings:
        yield f"{telling.angle.capitalize()}:"
        for label, said in _cells(telling).items():
            yield f"  {label}: {', '.join(said)}"
        yield f"  {telling.judgement.sentence}"
    for angle in compared.lost:
        yield f"{angle.capitalize()}: told in a session that is no longer there."
    yield from _next(compared)


def _head(compared: AngleComparison) -> Iterator[str]:
    yield compared.title
    told = len(ANGLES) - len(compared.untold)
    if told:
        yield f"told from {told} of {counted(len(ANGLES), 'side')}"
    else:
        yield "not told from any side yet"
    yield ""


def _cells(telling: AngleTelling) -> dict[str, list[str]]:
    """What is said of one telling, by its label."""
    length = counted(telling.words, "word")
    times = f", {telling.times} times" if telling.times > 1 else ""
    return {
        "told": [f"{_day(telling.at)}{times}"],
        "angle": ["met" if telling.judgement.met else "not met yet"],
        "form": [_FORMS.get(telling.form or "", "–")],
        "to change": [named(PATTERN_TITLES, id) for id in telling.patterns] or ["nothing found"],
        "came across": [named(SIGNAL_TITLES, id) for id in telling.signals] or ["–"],
        "parts": [f"{part} {percent(share)}" for part, share in telling.shares.items() if share >= _SHARE]
        or ["–"],
        "length": [clock(telling.seconds), length] if telling.seconds else [length],
    }


def _wrapped(said: Sequence[str]) -> list[str]:
    return [line for each in said for line in wrap(each, _COLUMN - 2, subsequent_indent=" ")]


def _next(compared: AngleComparison) -> Iterator[str]:
    """What is strongest, and the one thing to do next as a command."""
    if compared.tellings:
        yield ""
    if compared.strongest is not None:
        yield f"Strongest so far: the {compared.strongest} side."
    again = [telling.angle for telling in compared.tellings if not telling.judgement.met]
    left = (*compared.untold, *again, *compared.lost)
    if compared.untold and compared.tellings:
        yield f"Not told yet from the {listed(compared.untold)} side."
    if left:
        yield f"Next: greenroom practice --story {shlex.quote(compared.name)} --angle {left[0]}"
    elif compared.tellings:
        yield "Every side was told, and each was met."


def _day(at: str) -> str:
    try:
        when = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return at
    return f"{when.day} {when:%B}"
