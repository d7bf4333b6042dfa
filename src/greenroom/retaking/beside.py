"""What is shown of two answers to one question, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from greenroom.records import Turn
from greenroom.review.comparison import Change, Comparison, Exchange, fillers_compare, measure_words
from greenroom.screens import percent
from greenroom.screens.names import MARKER_TITLES, PATTERN_TITLES, SIGNAL_TITLES, named
from greenroom.screens.side_by_side import Group, Line, SideBySide

_MEASURES = {
    "seconds": "length",
    "speech_rate": "words a minute",
    "fillers": "fillers a minute",
    "long_pauses": "long pauses a minute",
    "first_word": "seconds to first word",
}
_FEWER_IS_BETTER = 1.0
"""So many fewer fillers or long pauses a minute are marked as better; a smaller difference between two may be
chance. The same as in the trends over sessions (review/trends.py)."""

_FORMS = {
    "story": "a story",
    "pseudo_story": "a habit",
    "opinion": "a view",
    "self_description": "a description",
}


def side_by_side(before: Turn, after: Turn, compared: Comparison, started_at: str) -> SideBySide:
    """The two answers in words; `started_at` is when the session of the earlier one began (ISO 8601)."""
    groups = (
        Group("To change", tuple(_found(compared.patterns, PATTERN_TITLES, wanted=False))),
        Group("Came across", tuple(_found(compared.signals, SIGNAL_TITLES))),
        Group("Senior", tuple(_found(compared.markers, MARKER_TITLES))),
        Group("Told", tuple(_told(compared))),
        Group("Rubric", tuple(_scored(compared))),
        Group("Spoken", tuple(_measured(compared, before, after))),
    )
    return SideBySide(
        before=f"answer {before.number}{_on(before.answered_at or started_at)}",
        after=f"answer {after.number}, now",
        groups=tuple(group for group in groups if group.lines),
    )


def _on(moment: str) -> str:
    """ ", 21 November"; nothing where it is no ISO 8601."""
    try:
        when = datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return f", {when.day} {when:%B}"


def _found(exchange: Exchange, titles: Mapping[str, str], *, wanted: bool = True) -> Iterator[Line]:
    """What is won, what is lost and what has stayed."""
    there, gone = ("yes", "no") if wanted else ("found", "gone")
    came = [Line(named(titles, id), "no", there, gained=wanted) for id in exchange.came]
    went = [Line(named(titles, id), there, gone, gained=not wanted) for id in exchange.went]
    yield from (*came, *went) if wanted else (*went, *came)
    for id in exchange.stayed:
        yield Line(named(titles, id), there, there)


def _told(compared: Comparison) -> Iterator[Line]:
    if any(compared.form) and compared.form[0] != compared.form[1]:
        before, after = (_FORMS.get(form, form) if form else "" for form in compared.form)
        yield Line("as", before, after, gained=compared.form[1] == "story")
    for change in compared.shares:
        before, after = (percent(share) if share else "" for share in (change.before, change.after))
        if before or after:
            yield Line(change.id, before, after, gained=not before)


def _scored(compared: Comparison) -> Iterator[Line]:
    for change in compared.rubric:
        before, after = ("" if score is None else f"{score:.0f}" for score in (change.before, change.after))
        yield Line(named(SIGNAL_TITLES, change.id).lower(), before, after, gained=(change.by or 0) > 0)


def _measured(compared: Comparison, before: Turn, after: Turn) -> Iterator[Line]:
    for change in compared.measures:
        if change.id not in _MEASURES or (change.id == "fillers" and not fillers_compare(before, after)):
            continue
        values = (change.before, change.after)
        earlier, later = ("" if value is None else measure_words(change.id, value) for value in values)
        yield Line(_MEASURES[change.id], earlier, later, gained=_fewer(change))


def _fewer(change: Change) -> bool:
    by = change.by
    return change.id in ("fillers", "long_pauses") and by is not None and by <= -_FEWER_IS_BETTER
