"""Sessions of somebody who practised for ten weeks, for the pictures of their history.

The numbers are made up, always the same; the words, the finding and its advice are those of the sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

from greenroom.records import Delivery, Filler, Finding, Pause, Session, SignalEvidence, Turn
from greenroom.self_rating import heard_rating
from greenroom.session import load_session, save_session

SAMPLE = Path(__file__).parents[1] / "recordings" / "sample"
LAST_DAY = datetime(2026, 11, 21, 20, 15, tzinfo=timezone.utc)
SESSIONS = 16
DAYS_BETWEEN = 4
ANSWERS = 5
BANKS = ("behavioural", "leadership", "technical")

# How often in the first session, and in the last.
PATTERNS = {"no_outcome": (0.75, 0.55), "hidden_in_team": (0.5, 0.1), "generality": (0.35, 0.3)}
SIGNALS = {
    "ownership": (0.4, 0.95),
    "execution": (0.6, 0.7),
    "proactivity": (0.4, 0.45),
    "business_impact": (0.15, 0.3),
}
FILLERS_A_MINUTE, LONG_PAUSES, SECONDS, OFF_BY = (9.0, 3.5), (3.0, 2.0), (105.0, 85.0), (1.7, 0.2)


def practise(recordings: Path) -> None:
    """Write them into `recordings`."""
    draw = Random(21)
    sample = load_session(SAMPLE)
    for number in range(SESSIONS):
        began = LAST_DAY - timedelta(days=DAYS_BETWEEN * (SESSIONS - 1 - number))
        bank = BANKS[number % len(BANKS)]
        folder = recordings / f"{began:%Y-%m-%dT%H-%M-%S}-{bank}"
        folder.mkdir(parents=True)
        turns = tuple(_turns(sample, bank, number / (SESSIONS - 1), draw))
        session = replace(sample, id=folder.name, started_at=began.isoformat(), settings={}, turns=turns)
        save_session(folder, session)


def _turns(sample: Session, bank: str, later: float, draw: Random) -> Iterator[Turn]:
    (lost,) = (finding for turn in sample.turns for finding in turn.patterns)
    spoken = [turn for turn in sample.turns if turn.follow_up_to is None]
    for number in range(1, ANSWERS + 1):
        turn = spoken[number % len(spoken)]
        yield replace(
            turn,
            number=number,
            asked=replace(turn.asked, bank=bank),
            delivery=_delivery(turn.delivery, later, draw),
            patterns=tuple(_found(lost, later, draw)),
            signals=tuple(
                SignalEvidence(id, ()) for id, chance in SIGNALS.items() if draw.random() < _at(chance, later)
            ),
            self_rating=_rated(heard_rating(turn) or 0.0, later, draw),
        )


def _rated(heard: float, later: float, draw: Random) -> int:
    off = draw.choice((-1, 1)) * draw.gauss(_at(OFF_BY, later), 0.3)
    return min(4, max(1, round(heard + off)))


def _delivery(delivery: Delivery, later: float, draw: Random) -> Delivery:
    seconds, rate = draw.gauss(_at(SECONDS, later), 12.0), draw.gauss(148.0, 7.0)
    speaking = 0.8 * seconds
    fillers = round(max(0.5, draw.gauss(_at(FILLERS_A_MINUTE, later), 0.8)) * speaking / 60)
    pauses = round(max(0.0, draw.gauss(_at(LONG_PAUSES, later), 1.0)) * seconds / 60)
    return replace(
        delivery,
        words=round(rate * seconds / 60),
        speech_rate_wpm=rate,
        speaking_seconds=speaking,
        fillers=tuple(Filler("um", float(i), i + 0.3) for i in range(fillers)),
        pauses=tuple(Pause(5.0 * i, 5.0 * i + 1.2) for i in range(pauses)),
    )


def _found(lost: Finding, later: float, draw: Random) -> Iterator[Finding]:
    for id, chance in PATTERNS.items():
        if draw.random() < _at(chance, later):
            yield replace(lost, id=id)


def _at(first_and_last: tuple[float, float], later: float) -> float:
    first, last = first_and_last
    return first + (last - first) * later
