"""The tellings of one story from its angles, held beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from greenroom.errors import BadInputError
from greenroom.preparation.angles.angles import AngleJudgement, Reader, judge_angle
from greenroom.preparation.stories.stories import ANGLES, Story, Told
from greenroom.records import Session, Turn, spoken_seconds
from greenroom.session import is_bare_name, load_session


@dataclass(frozen=True, slots=True)
class AngleTelling:
    """The latest telling of a story from one angle.

    Attributes:
        session: name of the session's folder; `turn` is the number of the turn in it.
        at: when (ISO 8601 with the time zone).
        times: how often the story was told from that angle.
        form: one of records.FORMS, or None.
        patterns, signals: their ids.
        shares: each of records.PARTS with its share (0 to 1).
        seconds: from the first word to the last; None where it was typed.
    """

    angle: str
    session: str
    turn: int
    at: str
    times: int
    judgement: AngleJudgement
    form: str | None
    patterns: tuple[str, ...]
    signals: tuple[str, ...]
    shares: Mapping[str, float]
    words: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class AngleComparison:
    """One story from its angles.

    Attributes:
        tellings: at most one for each angle, in the order of stories.ANGLES.
        untold: angles from which it has not been told.
        lost: angles from which it was told in a session that is not there any more.
        strongest: the angle that was told best; None where that cannot be said of less than two.
    """

    name: str
    title: str
    tellings: tuple[AngleTelling, ...]
    untold: tuple[str, ...]
    lost: tuple[str, ...]
    strongest: str | None


def sessions_told(story: Story, roots: Iterable[Path]) -> dict[str, Session]:
    """The sessions in which a story was told, by the names of their folders under `roots`.

    What is not there any more, or cannot be read, is left out.
    """
    found: dict[str, Session] = {}
    for root in roots:
        for told in story.told:
            if told.session not in found and is_bare_name(told.session):
                with suppress(BadInputError):
                    found[told.session] = load_session(root / told.session)
    return found


def compare_angles(story: Story, sessions: Mapping[str, Session], reader: Reader) -> AngleComparison:
    """The latest telling of a story from each of its angles.

    Args:
        sessions: by the names of their folders.
        reader: what reads the answers, such as angles.AngleReader.
    """
    tellings: list[AngleTelling] = []
    lost: list[str] = []
    untold: list[str] = []
    for angle in ANGLES:
        told = sorted((each for each in story.told if each.angle == angle), key=lambda each: each.at)
        there = [(each, turn) for each in told if (turn := _turn(sessions, each)) is not None]
        if there:
            tellings.append(_telling(angle, *there[-1], len(told), reader))
        else:
            (lost if told else untold).append(angle)
    return AngleComparison(
        story.name, story.title, tuple(tellings), tuple(untold), tuple(lost), _strongest(tellings)
    )


def _turn(sessions: Mapping[str, Session], told: Told) -> Turn | None:
    """The turn that was told, or the last one in which its question was answered once more."""
    turns: Sequence[Turn] = sessions[told.session].turns if told.session in sessions else ()
    numbers = {told.turn}
    last = None
    for turn in sorted(turns, key=lambda each: each.number):
        if turn.number == told.turn or turn.retry_of in numbers:
            numbers.add(turn.number)
            last = turn
    return last


def _telling(angle: str, told: Told, turn: Turn, times: int, reader: Reader) -> AngleTelling:
    return AngleTelling(
        angle=angle,
        session=told.session,
        turn=turn.number,
        at=turn.answered_at or told.at,
        times=times,
        judgement=judge_angle(turn, angle, reader),
        form=turn.form,
        patterns=tuple(finding.id for finding in turn.patterns),
        signals=tuple(signal.id for signal in turn.signals),
        shares=turn.shares,
        words=turn.delivery.words,
        seconds=spoken_seconds(turn.delivery),
    )


def _strongest(tellings: Sequence[AngleTelling]) -> str | None:
    """What met its angle comes first, then what is a story, then fewer patterns and more signals."""
    if len(tellings) < 2:
        return None
    ranked = sorted(tellings, key=_strength, reverse=True)
    return ranked[0].angle if _strength(ranked[0]) > _strength(ranked[1]) else None


def _strength(telling: AngleTelling) -> tuple[bool, bool, int, int, int]:
    return (
        telling.judgement.met,
        telling.form == "story",
        -len(telling.patterns),
        len(telling.judgement.shown),
        len(telling.signals),
    )
