"""What reading sessions again came to, in words: of each session, and of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.text import Text

from greenroom.reanalysis.differences import TurnDifference, WordChange, exchanges, shown_measures
from greenroom.reanalysis.rounds import Outcome
from greenroom.records import Reanalysis
from greenroom.review.comparison import Change, Exchange
from greenroom.review.wording import printable
from greenroom.screens import WIDEST, broken, counted, percent
from greenroom.screens.names import FORM_TITLES, MARKER_TITLES, PATTERN_TITLES, SIGNAL_TITLES, named

_TITLES: Mapping[str, Mapping[str, str]] = {
    "patterns": PATTERN_TITLES,
    "signals": SIGNAL_TITLES,
    "markers": MARKER_TITLES,
    "parts": {},
}
_KINDS = {"patterns": "patterns", "signals": "signals", "markers": "senior", "parts": "parts"}
_UNITS = {
    "speech_rate": ("pace", "words a minute"),
    "fillers": ("fillers", "a minute"),
    "long_pauses": ("pauses", "of a second or more a minute"),
}
_PLACES_SHOWN = 3  # of words that changed; --json has all
_BETWEEN = " · "


def outcome_lines(outcome: Outcome, width: int | None = None) -> Iterator[Text]:
    """A session that was read again: a heading, and what differs in each answer.

    Args:
        width: of the terminal (characters); None for plain lines, broken nowhere.
    """
    same = sum(answer.is_none for answer in outcome.answers)
    told = "all as before" if same == len(outcome.answers) else f"{same} as before" if same else ""
    about = ", ".join(filter(None, (counted(len(outcome.answers), "answer"), told)))
    yield Text.assemble((printable(outcome.folder.name), "bold"), f"  {about}")
    for answer in outcome.answers:
        if not answer.is_none or not answer.sound:
            yield from _answer_lines(answer, min(width, WIDEST) if width else None)


def _answer_lines(answer: TurnDifference, width: int | None) -> Iterator[Text]:
    head = f"  {answer.number}  "
    question = printable(answer.question)
    if width and len(head) + len(question) > width:
        question = question[: width - len(head) - 1].rstrip() + "…"
    yield Text.assemble(head, (question, "dim"))
    for name, told in _differences(answer):
        line = broken(f"     {name:<9} ", told, width or 10**6)
        yield Text(line)


def _differences(answer: TurnDifference) -> Iterator[tuple[str, str]]:
    """Each kind of difference by name, its items with _BETWEEN between them."""
    if not answer.sound:
        yield "sound", "its recording cannot be read: the words are those of before"
    if answer.changed:
        yield "words", _words(answer)
    comparison = answer.comparison
    if comparison.form[0] != comparison.form[1]:
        forms = (named(FORM_TITLES, form) if form else "not known" for form in comparison.form)
        yield "told as", " → ".join(forms)
    for kind, exchange in exchanges(comparison).items():
        if told := _exchanged(kind, exchange):
            yield _KINDS[kind], told
    if scores := _BETWEEN.join(
        _score(change) for change in comparison.rubric if change.before != change.after
    ):
        yield "rubric", scores
    for id, (before, after) in shown_measures(comparison).items():
        if before != after:
            name, unit = _UNITS[id]
            yield name, f"{before or 'not measured'} → {after or 'not measured'} {unit}"


def _words(answer: TurnDifference) -> str:
    shown = answer.places[:_PLACES_SHOWN]
    places = [_place(place) for place in shown]
    more = [f"{len(answer.places) - len(shown)} more"] if len(answer.places) > len(shown) else []
    return _BETWEEN.join([f"{answer.changed} of {answer.words} changed", *places, *more])


def _place(place: WordChange) -> str:
    before, after = (f"“{printable(words)}”" for words in (place.before, place.after))
    if not place.before:
        return f"{after} added"
    return f"{before} → {after}" if place.after else f"{before} left out"


def _exchanged(kind: str, exchange: Exchange) -> str:
    titles = _TITLES[kind]
    came = [f"now: {named(titles, id)}" for id in exchange.came]
    went = [f"no longer: {named(titles, id)}" for id in exchange.went]
    return _BETWEEN.join((*came, *went))


def _score(change: Change) -> str:
    before, after = (
        "not scored" if score is None else f"{score:.0f}" for score in (change.before, change.after)
    )
    return f"{named(SIGNAL_TITLES, change.id)} {before} → {after}"


def outcome_data(outcome: Outcome) -> dict[str, object]:
    """All of it, for JSON."""
    return {
        "session": outcome.folder.name,
        "folder": str(outcome.folder),
        "result": outcome.result,
        "error": outcome.error.message if outcome.error else None,
        "reading": outcome.reading,
        "answers": outcome.answers,
    }


@dataclass
class Totals:
    """Adds up outcomes as they come."""

    read: int = 0
    known: int = 0
    failed: int = 0
    answers: int = 0
    same: int = 0
    silent: int = 0
    words: int = 0
    changed: int = 0
    stale_reports: int = 0
    came: Counter[tuple[str, str]] = field(default_factory=Counter)
    went: Counter[tuple[str, str]] = field(default_factory=Counter)
    measured: dict[str, list[float]] = field(default_factory=dict)
    reading: Reanalysis | None = None

    def add(self, outcome: Outcome) -> None:
        self.read += outcome.result == "read"
        self.known += outcome.result == "known"
        self.failed += outcome.result == "failed"
        self.stale_reports += outcome.stale_report
        self.reading = outcome.reading or self.reading
        for answer in outcome.answers:
            self._add_answer(answer)

    def _add_answer(self, answer: TurnDifference) -> None:
        self.answers += 1
        self.same += answer.is_none
        self.silent += not answer.sound
        self.words += answer.words
        self.changed += answer.changed
        for kind, exchange in exchanges(answer.comparison).items():
            self.came.update((kind, id) for id in exchange.came)
            self.went.update((kind, id) for id in exchange.went)
        for change in answer.comparison.measures:
            if change.by is not None:
                self.measured.setdefault(change.id, []).append(change.by)

    @property
    def seen(self) -> int:
        return self.read + self.known + self.failed


def total_lines(totals: Totals) -> Iterator[str]:
    """What all of them came to; of one alone only what is to be known besides."""
    if totals.seen > 1:
        yield from _sums(totals)
    yield from _remarks(totals)


def _sums(totals: Totals) -> Iterator[str]:
    if totals.read:
        yield f"{counted(totals.read, 'session')} read again{_with(totals.reading)}: {_answers(totals)}"
    if totals.changed:
        share = totals.changed / max(1, totals.words)
        yield f"  words: {totals.changed:,} of {totals.words:,} changed ({percent(share)})"
    for kind, id in _in_order(totals):
        came, went = totals.came[kind, id], totals.went[kind, id]
        counts = [f"now in {counted(came, 'answer')}"] if came else []
        counts += [f"no longer in {counted(went, 'answer')}"] if went else []
        yield f"  {_KINDS[kind]}: {named(_TITLES[kind], id)}: {', '.join(counts)}"
    for id, (name, unit) in _UNITS.items():
        changes = totals.measured.get(id, [])
        mean = sum(changes) / len(changes) if changes else 0.0
        if round(mean, 1):
            yield f"  {name}: {mean:+.1f} {unit} on average"


def _with(reading: Reanalysis | None) -> str:
    if reading is None or not reading.engine:
        return ", their words kept" if reading else ""
    return f" with {reading.engine} {reading.model}"


def _answers(totals: Totals) -> str:
    told = "all" if totals.same == totals.answers else totals.same or "none"
    return f"{counted(totals.answers, 'answer')}, {told} as before"


def _in_order(totals: Totals) -> Sequence[tuple[str, str]]:
    """The kinds in the order of an answer; in each what changed most often first."""
    moved = totals.came + totals.went
    kinds = list(_KINDS)
    return sorted(moved, key=lambda each: (kinds.index(each[0]), -moved[each], each[1]))


def _remarks(totals: Totals) -> Iterator[str]:
    if totals.silent:
        yield f"{counted(totals.silent, 'recording')} could not be read: there the words are those of before"
    if totals.known:
        sessions = counted(totals.known, "session")
        yield f"{sessions} had been read with these rules before; --again reads them all"
    if totals.stale_reports:
        reports = counted(totals.stale_reports, "report")
        yield f"older than this: {reports}; greenroom report SESSION writes one anew"
    if totals.read:
        yield "what was found before is kept in the session’s folder, in “earlier”"
