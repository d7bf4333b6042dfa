"""The attempts at one question, held against each other two at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from greenroom.records import Finding, SignalEvidence, StoryPart, Turn
from greenroom.screens import percent
from greenroom.screens.names import MARKER_TITLES, PATTERN_TITLES, SIGNAL_TITLES, named

from .answers import AnswerView, Place, places, suits
from .comparison import Change, Comparison, Exchange, compare, fillers_compare, measure_words
from .titles import attempt
from .usual import USUAL_FILLERS, USUAL_LONG_PAUSES, USUAL_PACE, USUAL_PROFILE, Usual, range_words

_NOT_MEASURED = "–"
_UNBROKEN = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Named:
    """What came, went or stayed, and the words that show it, where there are any."""

    title: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """Of one kind of things what is only in the earlier attempt (`gone`), in both, and only in the later one.

    `wanted`: whether it is good to have them; a pattern is better gone.
    """

    title: str
    gone: tuple[Named, ...]
    stayed: tuple[Named, ...]
    new: tuple[Named, ...]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Number:
    """One number before and after; `note` says what is usual, "" where that is not known."""

    title: str
    before: str
    after: str
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A rubric score before and after, None where there was none."""

    title: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two attempts side by side; `label` names them in a choice."""

    label: str
    before: AnswerView
    after: AnswerView
    kinds: tuple[Kind, ...]
    numbers: tuple[Number, ...]
    scores: tuple[Score, ...]


_MEASURES: Mapping[str, tuple[str, str, Usual | None]] = {
    "seconds": ("Length", "from first word to last", None),
    "speech_rate": ("Pace", "words a minute", USUAL_PACE[USUAL_PROFILE]),
    "fillers": ("Fillers", "a minute", USUAL_FILLERS),
    "long_pauses": ("Long pauses", "a minute", USUAL_LONG_PAUSES),
    "first_word": ("First word", "s after the question", None),
}
"""Name, unit, and what is usual."""


def attempts_of(turns: Sequence[Turn]) -> list[list[Turn]]:
    """Turns of the same question together, in the order in which the questions were first asked."""
    groups: dict[int, list[Turn]] = {}
    root: dict[int, int] = {}
    for turn in turns:
        first = root.get(turn.retry_of, turn.number) if turn.retry_of is not None else turn.number
        root[turn.number] = first
        groups.setdefault(first, []).append(turn)
    return list(groups.values())


def pairs_of(turns: Sequence[Turn], views: Sequence[AnswerView]) -> tuple[Pair, ...]:
    """The first attempt and the last, then each and the one after it; none of a question answered once.

    `views`: the attempts `turns` as they are shown.
    """
    last = len(turns) - 1
    chosen = dict.fromkeys([(0, last), *pairwise(range(len(turns)))]) if last else {}
    return tuple(_pair(turns, views, before, after) for before, after in chosen)


def _pair(turns: Sequence[Turn], views: Sequence[AnswerView], before: int, after: int) -> Pair:
    earlier, later = turns[before], turns[after]
    compared = compare(earlier, later)
    return Pair(
        label=f"{attempt(before + 1)} and {attempt(after + 1).lower()}",
        before=views[before],
        after=views[after],
        kinds=tuple(_kinds(compared, earlier, later)),
        numbers=tuple(_numbers(compared.measures, earlier, later)),
        scores=tuple(
            Score(named(SIGNAL_TITLES, each.id), _whole(each.before), _whole(each.after))
            for each in compared.rubric
        ),
    )


def _kinds(compared: Comparison, earlier: Turn, later: Turn) -> Iterator[Kind]:
    """Those of which there is anything in either."""
    both = (earlier, later)
    senior = "What senior answers show"
    kinds = (
        _kind("To change", compared.patterns, [each.patterns for each in both], both, PATTERN_TITLES, False),
        _kind("Came across", compared.signals, [each.signals for each in both], both, SIGNAL_TITLES, True),
        _kind(senior, compared.markers, [each.markers for each in both], both, MARKER_TITLES, True),
        _kind(
            "Parts of the story", compared.parts, [each.parts for each in both], both, _parts(compared), True
        ),
    )
    yield from (kind for kind in kinds if kind.gone or kind.stayed or kind.new)


def _parts(compared: Comparison) -> dict[str, str]:
    """ "Result 12 → 32 %" in one line: the parts of both attempts, with their shares of the time."""
    told = {}
    for change in compared.shares:
        if change.id in compared.parts.stayed and change.before and change.after:
            share = f"{change.id.capitalize()} {100 * change.before:.0f} → {percent(change.after)}"
            told[change.id] = share.replace(" ", _UNBROKEN)
    return told


def _kind(
    title: str,
    exchange: Exchange,
    found: Sequence[Sequence[Finding | SignalEvidence | StoryPart]],
    turns: tuple[Turn, Turn],
    titles: Mapping[str, str],
    wanted: bool,
) -> Kind:
    before, after = (
        partial(_named, {each.id: each for each in reversed(its)}, turn, titles)
        for its, turn in zip(found, turns, strict=True)
    )
    return Kind(
        title,
        gone=tuple(map(before, exchange.went)),
        stayed=tuple(map(after, exchange.stayed)),
        new=tuple(map(after, exchange.came)),
        wanted=wanted,
    )


def _named(
    found: Mapping[str, Finding | SignalEvidence | StoryPart], turn: Turn, titles: Mapping[str, str], id: str
) -> Named:
    its = found[id]
    spans = [its] if isinstance(its, StoryPart) else its.evidence[:1]
    return Named(named(titles, id), next(iter(places(turn, spans)), None))


def _numbers(changes: Sequence[Change], earlier: Turn, later: Turn) -> Iterator[Number]:
    judged_alike = all(turn.delivery.profile == USUAL_PROFILE for turn in (earlier, later))
    for change in changes:
        if change.id not in _MEASURES or (change.id == "fillers" and not fillers_compare(earlier, later)):
            continue
        title, unit, usual = _MEASURES[change.id]
        before, after = (
            _NOT_MEASURED if value is None else measure_words(change.id, value)
            for value in (change.before, change.after)
        )
        note = f"usual: {range_words(usual)}" if usual and judged_alike else ""
        yield Number(title, before, after, unit, suits(later.asked) if change.id == "seconds" else note)


def _whole(score: float | None) -> int | None:
    return None if score is None else round(score)
