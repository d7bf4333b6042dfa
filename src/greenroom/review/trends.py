"""Trends over sessions: each measure session by session, and whether it changed by more than chance.

The rule, in words a person can check: the older half of the sessions is held against the newer half. A
measure changed if the difference is large enough to be noticed, and if, with the sessions shuffled into any
other order, fewer than one order in a hundred gave a difference as large. A session is shuffled as a whole,
since its answers have the day, the bank and the mood in common. Everything else is not called a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
import numpy.typing as npt

from greenroom.records import PATTERNS, SIGNALS
from greenroom.screens.names import PATTERN_TITLES, SIGNAL_TITLES

from .history import PastSession, Tally
from .usual import USUAL_FILLERS, USUAL_LENGTH, USUAL_LONG_PAUSES, USUAL_PACE, USUAL_PROFILE, Usual

LEAST_SESSIONS = 10
"""Of five sessions against five there are 252 orders, so one in a hundred can be told; of fewer it cannot."""

MOST_SESSIONS = 60
"""Of the newest sessions: where somebody stands, and as many points as a chart has room for."""

CHANCE = 0.01
"""About twenty measures are looked at; at one in twenty, some change would be told every time."""

_ALL_ORDERS_UP_TO = 3500  # fourteen sessions; beyond, that many orders are drawn
_EPSILON = 1e-9

Verdict = Literal["changed", "same", "unclear", "few"]
Kind = Literal["delivery", "ear", "pattern", "signal"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is followed over sessions.

    Attributes:
        unit: behind its value: "words a minute"; "" for a share of the answers.
        least: the smallest difference that is worth a word; in its unit, or as a share of the answers.
        usual: what is usual for it, from and to; None where nothing is.
        about: what it is, in a few words.
    """

    id: str
    kind: Kind
    name: str
    unit: str
    least: float
    usual: Usual | None = None
    about: str = ""

    @property
    def is_share(self) -> bool:
        return self.kind in ("pattern", "signal")


DELIVERY = (
    Measure(
        "pace",
        "delivery",
        "Pace",
        "words a minute",
        least=10,
        usual=USUAL_PACE[USUAL_PROFILE],
        about="from the first word to the last",
    ),
    Measure(
        "fillers",
        "delivery",
        "Fillers",
        "a minute",
        least=1,
        usual=USUAL_FILLERS,
        about="um, uh and words that say nothing",
    ),
    Measure(
        "long_pauses",
        "delivery",
        "Long pauses",
        "a minute",
        least=1,
        usual=USUAL_LONG_PAUSES,
        about="of a second or more",
    ),
    Measure(
        "length",
        "delivery",
        "Answer length",
        "seconds",
        least=10,
        usual=USUAL_LENGTH,
        about="first answers, without follow-ups",
    ),
)
EAR = Measure(
    "ear", "ear", "Your own ear", "points off", 0.3, about="how far your own ratings lay from the rubric’s"
)
AVERAGES = (*DELIVERY, EAR)
"""What is measured, and not only found or not."""

_LEAST_SHARE = 0.1
MEASURES = (
    *AVERAGES,
    *(Measure(id, "pattern", PATTERN_TITLES[id], "", _LEAST_SHARE) for id in PATTERNS),
    # Clarity is scored from structure and delivery; no answer sends it as a signal.
    *(Measure(id, "signal", SIGNAL_TITLES[id], "", _LEAST_SHARE) for id in SIGNALS if id != "clarity"),
)


@dataclass(frozen=True, slots=True)
class Point:
    """One session's value of a measure; `amount` by `per`, from so many `answers`."""

    session: PastSession
    amount: float
    per: float
    answers: int

    @property
    def value(self) -> float:
        return self.amount / self.per


@dataclass(frozen=True, slots=True)
class Side:
    """The older or the newer half: its value over all answers together, and what that rests on."""

    value: float
    amount: float
    answers: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Trend:
    """A measure over the sessions that have it, the oldest first.

    Attributes:
        whole, older, newer: all of it, and its halves; None where no session has the measure.
        verdict: "changed", "same" (by less than would be noticed), "unclear" (by more, and it may be
            chance), or "few" (too few sessions to tell).
        chance: share of the orders of these sessions that give as large a difference; None for "few".
        asked_for: of a signal, how many answers of either half were to questions that probe it.
    """

    measure: Measure
    points: tuple[Point, ...]
    whole: Side | None
    older: Side | None
    newer: Side | None
    verdict: Verdict
    chance: float | None = None
    asked_for: tuple[int, int] | None = None

    @property
    def difference(self) -> float:
        """Newer half less older half."""
        return self.newer.value - self.older.value if self.newer and self.older else 0.0

    @property
    def absent(self) -> bool:
        """Whether it is a pattern or a signal that no answer shows."""
        return self.measure.is_share and self.whole is not None and not self.whole.amount


def newest(sessions: Sequence[PastSession], last: int | None = None) -> tuple[PastSession, ...]:
    """The newest `last` of those that trends are made of, MOST_SESSIONS at most, the oldest first."""
    counted = [session for session in sessions if session.counted]
    return tuple(counted[-min(last or MOST_SESSIONS, MOST_SESSIONS) :])


def trends_over(sessions: Sequence[PastSession]) -> tuple[Trend, ...]:
    """Every measure over these sessions, in the order of MEASURES; sessions from the oldest to the newest."""
    return tuple(_trend(measure, sessions) for measure in MEASURES)


def _trend(measure: Measure, sessions: Sequence[PastSession]) -> Trend:
    tallies = [(session, tally_of(measure, session)) for session in sessions]
    points = tuple(
        Point(session, tally.amount, tally.per, tally.answers)
        for session, tally in tallies
        if tally is not None
    )
    if not points:
        return Trend(measure, (), None, None, None, "few")
    middle = len(points) - len(points) // 2
    older, newer = points[:middle], points[middle:]
    asked_for = (_asked(measure, older), _asked(measure, newer)) if measure.kind == "signal" else None
    whole, before = _side(points), _side(older)
    if len(points) < LEAST_SESSIONS:
        now = _side(newer) if newer else None
        return Trend(measure, points, whole, before, now, "few", asked_for=asked_for)
    now = _side(newer)
    chance = _chance(points) if whole.amount else 1.0  # of what was never there every order is the same
    noticeable = abs(now.value - before.value) >= measure.least - _EPSILON
    verdict: Verdict = "same" if not noticeable else "changed" if chance < CHANCE else "unclear"
    return Trend(measure, points, whole, before, now, verdict, chance, asked_for)


def tally_of(measure: Measure, session: PastSession) -> Tally | None:
    """The measure in one session, None where nothing there has it."""
    facts = session.facts
    if not measure.is_share:
        return facts.tallies.get(measure.id)
    if not facts.judged:
        return None
    found = facts.patterns if measure.kind == "pattern" else facts.signals
    return Tally(found.get(measure.id, 0), facts.judged, facts.judged)


def _asked(measure: Measure, points: Sequence[Point]) -> int:
    return sum(point.session.facts.asked_for.get(measure.id, 0) for point in points)


def _side(points: Sequence[Point]) -> Side:
    amount, per = sum(point.amount for point in points), sum(point.per for point in points)
    return Side(amount / per, amount, sum(point.answers for point in points), len(points))


def _chance(points: Sequence[Point]) -> float:
    """Share of the orders of these sessions whose halves differ as much as in the true order, or more."""
    pairs = np.array([(point.amount, point.per) for point in points])
    orders = _orders(len(points))
    newer = orders @ pairs
    older = pairs.sum(axis=0) - newer
    differences = np.abs(newer[:, 0] / newer[:, 1] - older[:, 0] / older[:, 1])
    as_large = differences >= differences[0] - _EPSILON
    return float(as_large.mean())


@cache
def _orders(sessions: int) -> npt.NDArray[np.float64]:
    """Which sessions fall into the newer half (1.0), order by order; the first is the true one.

    All ways to draw the half where they are few, else _ALL_ORDERS_UP_TO of them, and always the same.
    """
    half = sessions // 2
    true = np.arange(sessions) >= sessions - half
    if comb(sessions, half) <= _ALL_ORDERS_UP_TO:
        chosen = np.array(
            [np.isin(np.arange(sessions), each) for each in combinations(range(sessions), half)]
        )
        others = chosen[(chosen != true).any(axis=1)]
    else:
        ranks = np.random.default_rng(sessions).random((_ALL_ORDERS_UP_TO - 1, sessions)).argsort(axis=1)
        others = ranks < half
    return np.vstack([true, others]).astype(np.float64)
