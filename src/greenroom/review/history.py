"""What is known of each past session: when it was, of which banks, and sums from which trends are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePath

import msgspec

from greenroom.records import ENOUGH_WORDS, Session, Turn, long_pauses, spoken_seconds
from greenroom.self_rating import gap

from .dates import moment
from .wording import banks_of, printable

_LONGEST_SECONDS = 24 * 3600.0  # of one answer; what claims to be longer was not measured
_LONGEST_NAME = 60  # characters
_DEMO = "demo"


class Tally(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A measure over the answers of one session: `amount` by `per`, from so many `answers`."""

    amount: float
    per: float
    answers: int


class SessionFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One session in numbers; nothing of what was said.

    Attributes:
        id, started_at: as in its session.json.
        banks: those that its questions came from, in the order they were asked.
        demo: whether the demo candidate answered, and not the person.
        profile: whose bands its answers were held against.
        measured_by: version of greenroom that read it last, engine and model, in words; numbers of two of
            them compare badly.
        answers: first answers to a question, typed ones included.
        retakes: answers to a question that had been answered, and commented on, before.
        unanswered: questions without an answer.
        seconds: of speech, from the first word to the last, over first answers.
        judged: first answers of ENOUGH_WORDS and more.
        tallies: "pace" (words by minute), "fillers" and "long_pauses" (by minute), "length" (seconds by
            answer), "ear" (how far the person's own rating lay from the rubric's, by answer); only what could
            be measured.
        patterns, signals: in how many of the judged answers each was found.
        asked_for: how many of the judged answers were to a question that probes the signal.
    """

    id: str
    started_at: str
    banks: tuple[str, ...]
    demo: bool
    profile: str
    measured_by: str
    answers: int
    retakes: int
    unanswered: int
    seconds: float
    judged: int
    tallies: dict[str, Tally]
    patterns: dict[str, int]
    signals: dict[str, int]
    asked_for: dict[str, int]


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session's folder, by its name under the recordings, and what is known of it."""

    folder: str
    facts: SessionFacts
    began: datetime

    @property
    def name(self) -> str:
        return printable(self.folder)

    @property
    def counted(self) -> bool:
        """Whether trends are made of it: the person answered something."""
        return self.facts.answers > 0 and not self.facts.demo


@dataclass(frozen=True, slots=True)
class Skipped:
    """A folder under the recordings that is no session which can be read, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything under one recordings folder; sessions from the oldest to the newest."""

    recordings: Path
    sessions: tuple[PastSession, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def banks(self) -> tuple[str, ...]:
        """All banks, those of the most sessions first."""
        count = Counter(bank for session in self.sessions for bank in session.facts.banks)
        return tuple(sorted(count, key=lambda bank: (-count[bank], bank)))

    def chosen(self, bank: str | None = None, since: date | None = None) -> tuple[PastSession, ...]:
        """The sessions with questions of `bank`, begun on the day `since` or later."""
        of_bank = self.sessions
        if bank is not None:
            of_bank = tuple(session for session in of_bank if bank in session.facts.banks)
        return begun(of_bank, since)


def begun(sessions: tuple[PastSession, ...], since: date | None) -> tuple[PastSession, ...]:
    """Those begun on the day `since` or later; all of them where it is None."""
    if since is None:
        return sessions
    return tuple(session for session in sessions if session.began.date() >= since)


def facts_of(session: Session) -> SessionFacts:
    """What history keeps of a session. BadInputError where it does not say when it was."""
    moment(session.started_at)
    turns = session.turns
    first = [turn for turn in turns if turn.retry_of is None]
    judged = [turn for turn in turns if is_judged(turn)]
    spans = [seconds for turn in first if (seconds := _span(turn)) is not None]
    return SessionFacts(
        id=session.id,
        started_at=session.started_at,
        banks=_banks(session),
        demo=session.settings.get("candidate") in (_DEMO, [_DEMO]),
        profile=turns[-1].delivery.profile if turns else "usual",
        measured_by=_measured_by(session),
        answers=len(first),
        retakes=len(turns) - len(first),
        unanswered=len(session.unanswered),
        seconds=round(sum(spans), 1),
        judged=len(judged),
        tallies=_tallies(first),
        patterns=_count({finding.id for finding in turn.patterns} for turn in judged),
        signals=_count({signal.id for signal in turn.signals} for turn in judged),
        asked_for=_count(set(turn.asked.signals) for turn in judged),
    )


def is_judged(turn: Turn) -> bool:
    """Whether its patterns and signals count: a first answer with enough words."""
    return turn.retry_of is None and turn.delivery.words >= ENOUGH_WORDS


def _banks(session: Session) -> tuple[str, ...]:
    """Of the questions that were asked; where nothing was asked yet, of the settings."""
    named = session.settings.get("bank")
    meant = (
        [PurePath(name).stem for name in named if isinstance(name, str)] if isinstance(named, list) else []
    )
    return tuple(dict.fromkeys(printable(bank)[:_LONGEST_NAME] for bank in banks_of(session) or meant))


def _measured_by(session: Session) -> str:
    heard = [turn.transcript for turn in session.turns if turn.transcript.engine]
    models = dict.fromkeys(f"{each.engine} {each.model}" for each in heard)
    version = session.reanalyses[-1].greenroom if session.reanalyses else session.greenroom
    return printable(", ".join([f"greenroom {version or 'of before 0.1'}", *models]))


def _tallies(turns: Sequence[Turn]) -> dict[str, Tally]:
    """Each measure over the answers that have it, and whose reliability does not speak against it."""
    questions = [turn for turn in turns if turn.follow_up_to is None]  # an answer to a follow-up is short
    tallies = {
        "pace": _tally(turns, "speech_rate", lambda turn: turn.delivery.words, _minutes),
        "fillers": _tally(
            # Without a second pass "um" is mostly missing; an answer that does not tell is left out.
            [turn for turn in turns if "filled_pauses" in turn.delivery.reliability],
            "filled_pauses",
            lambda turn: len(turn.delivery.fillers),
            _speaking_minutes,
        ),
        "long_pauses": _tally(
            # Only a recording has this measure, and only there no pause means that there was none.
            [turn for turn in turns if turn.delivery.silence_share is not None],
            "pauses",
            lambda turn: len(long_pauses(turn.delivery)),
            _minutes,
        ),
        "length": _tally(questions, "", lambda turn: _span(turn) or 0.0, lambda turn: _span(turn) and 1.0),
        # Of a further try somebody has heard already what the rubric makes of the first: no test of the ear.
        "ear": _tally(
            turns, "", lambda turn: abs(gap(turn) or 0.0), lambda turn: None if gap(turn) is None else 1.0
        ),
    }
    return {measure: tally for measure, tally in tallies.items() if tally.answers}


def _tally(
    turns: Iterable[Turn],
    rests_on: str,
    amount: Callable[[Turn], float],
    per: Callable[[Turn], float | None],
) -> Tally:
    """`rests_on` names the reliability that must not be poor."""
    pairs = []
    for turn in turns:
        its = turn.delivery.reliability.get(rests_on)
        by = per(turn)
        if by and by > 0 and (its is None or its.level != "poor"):
            pairs.append((amount(turn), by))
    return Tally(round(sum(a for a, _ in pairs), 3), round(sum(b for _, b in pairs), 4), len(pairs))


def _span(turn: Turn) -> float | None:
    """Seconds from the first word to the last, None for a text, or where that cannot be."""
    seconds = spoken_seconds(turn.delivery)
    return seconds if seconds and 0 < seconds <= _LONGEST_SECONDS else None


def _minutes(turn: Turn) -> float | None:
    span = _span(turn)
    return span / 60 if span else None


def _speaking_minutes(turn: Turn) -> float | None:
    seconds = turn.delivery.speaking_seconds
    return seconds / 60 if seconds and seconds <= _LONGEST_SECONDS else None


def _count(ids: Iterable[Collection[str]]) -> dict[str, int]:
    return dict(Counter(id for each in ids for id in each))
