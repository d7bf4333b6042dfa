"""A month of somebody who prepares for an interview: every day they do what the plan says next.

    python scripts/simulate_month.py FOLDER [--days 28] [--missed 5 6 13] [--things 2]

Everything is written to FOLDER as greenroom would write it (stories, sessions, look backs, a debrief); only
the answers are made up, and what the analyzer would read in a story: it shows a quality weakly, and strongly
once it has a number. The plan of each day is printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from pathlib import Path

from greenroom.preparation.debrief.debriefs import Debrief, save_debrief
from greenroom.preparation.look_back.look_back_file import LookBack, add_look_back
from greenroom.preparation.look_back.look_back_words import recognised
from greenroom.preparation.places import debriefs_folder
from greenroom.preparation.plan.goal import Goal, save_goal
from greenroom.preparation.plan.mock_interviews import LEAST_QUESTIONS
from greenroom.preparation.plan.plan import Plan
from greenroom.preparation.plan.plan_lines import plan_lines
from greenroom.preparation.plan.plan_showing import Places, plan_of
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_files import (
    find_story,
    load_stories,
    new_name,
    note_told,
    save_story,
)
from greenroom.preparation.stories.story_quality import StoryQuality
from greenroom.records import (
    Delivery,
    Feedback,
    Question,
    Session,
    SignalEvidence,
    Timing,
    Transcript,
    Turn,
)
from greenroom.session import save_session

STARTED = date(2026, 11, 21)
WANTED = ("ownership", "execution", "proactivity", "customer_focus", "leadership", "accountability")
EVENING = time(20, 15, tzinfo=timezone.utc)

STORIES = (
    ("The queue at night", "ownership", "Orders were stuck from midnight to two.", "I was on call alone."),
    ("The labels", "execution", "Four plants printed labels by hand.", "I was to have it done by May."),
    ("Two clocks", "proactivity", "Two servers disagreed by a second.", "Nobody had asked me to look."),
    ("The silent form", "customer_focus", "Half the visitors left at the form.", "I answered for sign-up."),
    ("A team of three", "leadership", "Three people had three plans.", "I was to bring them together."),
    ("The wrong table", "accountability", "I had dropped a table in production.", "It was mine to mend."),
    ("The old printer", "execution", "The printer driver was from 2009.", "I was to replace it."),
    ("The map", "customer_focus", "Drivers did not find the gates.", "I was asked for a map."),
    ("The rota", "leadership", "Nobody wanted the weekend.", "I was to write the rota."),
    ("The audit", "ownership", "An audit was due and no log was kept.", "I took it on."),
)
"""Title, what it shows, situation, task."""

SIGNALS_MISSED = ("My ownership did not come across.", "There was no number in it.", "I was not clear.")
FIXES = ("I will say what I did myself.", "Name the number in the first sentence.", "Stop after the result.")
THINGS = 2  # a day: an evening has room for a story and a short session


@dataclass(frozen=True)
class Day:
    """One day: the plan in the morning, what was done by it, and the plan of the evening."""

    today: date
    morning: Plan
    done: tuple[tuple[str, ...], ...]
    evening: Plan


@dataclass
class Month:
    """Somebody's month in a folder.

    Attributes:
        things: how much they do on a day by the plan.
        missed: on which days they do nothing, from 1.
    """

    folder: Path
    days: int | None = 28
    things: int = THINGS
    missed: Sequence[int] = ()
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.folder / "data", self.folder / "recordings")
        self.places.recordings.mkdir(parents=True, exist_ok=True)
        interview = None if self.days is None else STARTED + timedelta(days=self.days)
        self.goal = Goal(interview, STARTED, "backend engineer", WANTED)
        save_goal(self.places.data, self.goal)
        self._at = datetime.combine(STARTED, EVENING)
        self._mocks = 0

    def plan(self, today: date) -> Plan:
        return plan_of(self.goal, today, self.places, read_as_made)

    def live(self) -> Iterator[Day]:
        """Every day from the first to the second after the interview."""
        for number in range(1, (self.days or 28) + 4):
            today = STARTED + timedelta(days=number - 1)
            self._at = datetime.combine(today, EVENING)
            morning = plan = self.plan(today)
            done: list[tuple[str, ...]] = []
            while number not in self.missed and len(done) < self.things:
                if done and plan.next.command[0] == "debrief" and plan.phase == "day":
                    break  # it is not over yet
                self.do(plan.next.command)
                done.append(plan.next.command)
                plan = self.plan(today)
            yield Day(today, morning, tuple(done), plan)

    def do(self, command: tuple[str, ...]) -> None:
        """What the command would do, without a microphone and without weights."""
        self._at += timedelta(minutes=30)
        options = dict(pairwise(command))
        if command[:2] == ("stories", "tell"):
            self._tell()
        elif command[:2] == ("stories", "edit"):
            self._improve(command[2])
        elif "--story" in options:
            name = self._session(1, options["--story"])
            told = Told(name, 1, self._at.isoformat(), options["--angle"])
            note_told(self.places.data, options["--story"], told)
        elif command[0] == "practice":
            self._practise(int(options["--questions"]))
        elif "--look-back" in options:
            self._look_back(options["--look-back"])
        elif command == ("debrief",):
            self._debrief()
        else:
            raise ValueError(f"nobody knows how to do {command}")

    def _tell(self) -> None:
        """One story more; every third still lacks its result."""
        count = len(load_stories(self.places.data).stories)
        title, quality, situation, task = STORIES[count % len(STORIES)]
        story = Story(
            new_name(self.places.data, title),
            title,
            situation,
            task,
            "I found out why, and changed it.",
            "" if count % 3 == 2 else "It has held since.",
            numbers=() if count % 4 == 1 else ("40 %",),
            qualities=(quality,),
        )
        save_story(self.places.data, story)

    def _improve(self, name: str) -> None:
        story = find_story(self.places.data, name)
        save_story(self.places.data, replace(story, result="It went down by 40 %.", numbers=("40 %",)))

    def _practise(self, questions: int) -> None:
        """A session; after every third mock interview the look back is skipped, and comes later."""
        name = self._session(questions, "behavioural")
        if questions >= LEAST_QUESTIONS:
            self._mocks += 1
            if self._mocks % 3 != 2:
                self._look_back(name)

    def _session(self, answers: int, topic: str) -> str:
        name = f"{self._at:%Y-%m-%dT%H-%M-%S}-{topic}"
        turns = tuple(_turn(number) for number in range(1, answers + 1))
        session = Session(
            id=name,
            started_at=self._at.isoformat(),
            settings={"mode": "real"},
            turns=turns,
            finished=True,
            greenroom="0",
        )
        (self.places.recordings / name).mkdir()
        save_session(self.places.recordings / name, session)
        return name

    def _look_back(self, session: str) -> None:
        place = self._at.toordinal() % len(FIXES)
        signal, fix = SIGNALS_MISSED[place], FIXES[place]
        look_back = LookBack(session, self._at.isoformat(), signal, fix, recognised(signal))
        add_look_back(self.places.data, look_back)

    def _debrief(self) -> None:
        folder = debriefs_folder(self.places.data) / f"{self._at:%Y-%m-%dT%H-%M-%S}-acme"
        folder.mkdir(parents=True)
        save_debrief(Debrief(folder, company="Acme", round="first", felt="It went by quickly."))


def read_as_made(stories: Sequence[Story], data: Path) -> Mapping[str, StoryQuality]:  # noqa: ARG001
    """In place of the analyzer: what a story lists is proved once there is a number in it."""
    return {story.name: StoryQuality(story.name, "story", (), _proved(story), ()) for story in stories}


def _proved(story: Story) -> tuple[SignalEvidence, ...]:
    return tuple(SignalEvidence(id, (), 0.9) for id in story.qualities if story.numbers)


def _turn(number: int) -> Turn:
    """An answer to a question about ownership, which shows execution instead."""
    asked = Question("made", "What did you do?", signals=("ownership", "execution"), bank="behavioural")
    return Turn(
        question=asked.text,
        asked=asked,
        transcript=Transcript("I found out why, and changed it."),
        delivery=Delivery(words=7),
        signals=(SignalEvidence("execution", ()),),
        feedback=Feedback("Well told."),
        number=number,
        recording=None,
        ended_by="typed",
        timing=Timing(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--missed", type=int, nargs="*", default=[])
    parser.add_argument("--things", type=int, default=THINGS)
    given = parser.parse_args()
    for day in Month(given.folder, given.days, given.things, given.missed).live():
        print(f"=== {day.today:%A %d %B} ".ljust(80, "="))
        for line in plan_lines(day.morning, ("greenroom", *day.morning.next.command)):
            print(line.plain)
        for command in day.done:
            print(f"    done: greenroom {' '.join(command)}")


if __name__ == "__main__":
    main()
