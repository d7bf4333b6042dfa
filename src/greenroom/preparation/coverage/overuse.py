"""Which story is told too often, or carries too much alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from greenroom.preparation.coverage.coverage import Coverage
from greenroom.preparation.stories.stories import Story

# All of these are judgement: an interviewer who meets one story again and again learns nothing new from it,
# and somebody who practises only one has nothing to go to when it does not fit the question.
LAST_SESSIONS = 10
FEWEST_SESSIONS = 4
"""Of fewer sessions that told any story, more than half says nothing yet."""
IN_A_ROW = 4
TIMES_THE_AVERAGE = 1.25
"""Where all stories are told about equally often, none of them is told too often."""
FEWEST_ALONE = 3
"""Qualities; to be the only strong story for fewer is no burden."""

RULE = (
    f"A story counts as told often where it was told in more than half of the last {LAST_SESSIONS} sessions "
    f"that told any (once there are {FEWEST_SESSIONS}), and clearly more often than your stories on average, "
    f"or where the last {IN_A_ROW} tellings were all of it. It carries much alone where it is the only "
    "strong story for more than half of the qualities. Tellings from an angle that was asked for do not "
    "count. These limits are a judgement."
)


@dataclass(frozen=True, slots=True)
class OverUse:
    """Attributes:
    story: its name.
    told: sessions among the last `of` that told any story in which it was told, where that is too often,
        else 0.
    in_a_row: how many of the last tellings were of it, where that is too many, else 0.
    alone_for: qualities that only it shows strongly, where these are most of them, else ().
    """

    story: str
    told: int = 0
    of: int = 0
    in_a_row: int = 0
    alone_for: tuple[str, ...] = ()

    @property
    def often(self) -> bool:
        """Whether it is told too often, rather than only carrying much alone."""
        return bool(self.told or self.in_a_row)


def over_used(stories: Sequence[Story], coverage: Coverage) -> tuple[OverUse, ...]:
    """The stories to give a rest, or company; the rules are in RULE."""
    tellings = _tellings(stories)
    latest = list(dict.fromkeys(session for session, _ in reversed(tellings)))[:LAST_SESSIONS]
    run = _run([name for _, name in tellings])
    recent = Counter(name for session, name in tellings if session in latest)
    many = TIMES_THE_AVERAGE * recent.total() / len(stories) if stories else 0.0
    found = []
    for story in stories:
        sessions = recent[story.name]
        too_often = len(latest) >= FEWEST_SESSIONS and 2 * sessions > len(latest) and sessions >= many
        in_a_row = run if tellings and tellings[-1][1] == story.name and run >= IN_A_ROW else 0
        alone = _alone_for(story.name, coverage) if len(stories) > 1 else ()
        if too_often or in_a_row or alone:
            found.append(OverUse(story.name, sessions * too_often, len(latest), in_a_row, alone))
    return tuple(found)


def _tellings(stories: Sequence[Story]) -> list[tuple[str, str]]:
    """Session and story of every telling, the earliest first; the same one again in a session is one."""
    all_told = [
        (_moment(told.at), told.turn, told.session, story.name)
        for story in stories
        for told in story.told
        if not told.angle
    ]
    return list(dict.fromkeys((session, name) for _, _, session, name in sorted(all_told)))


def _moment(at: str) -> datetime:
    """What is written in a file by hand may be no moment: then it is long ago."""
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
        return (moment if moment.tzinfo else moment.astimezone()).astimezone(timezone.utc)
    except (ValueError, OverflowError, OSError):
        return datetime.min.replace(tzinfo=timezone.utc)


def _run(names: Sequence[str]) -> int:
    """How many of the last names are the same."""
    others = (count for count, name in enumerate(reversed(names)) if name != names[-1])
    return next(others, len(names))


def _alone_for(name: str, coverage: Coverage) -> tuple[str, ...]:
    alone = tuple(
        quality for quality in coverage.wanted if coverage.stories_with(quality, "strong") == (name,)
    )
    return alone if len(alone) >= FEWEST_ALONE and 2 * len(alone) > len(coverage.wanted) else ()
