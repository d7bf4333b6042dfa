"""A month of somebody who does what the plan says, written by scripts/simulate_month.py, day by day."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from simulate_month import STARTED, Day, Month  # noqa: E402

from greenroom.cli import cli  # noqa: E402
from greenroom.preparation.look_back.look_back_file import load_look_backs  # noqa: E402
from greenroom.preparation.look_back.look_back_words import as_signals  # noqa: E402
from greenroom.preparation.places import debriefs_folder  # noqa: E402
from greenroom.preparation.plan.plan import Plan  # noqa: E402
from greenroom.preparation.plan.plan_lines import plan_lines, typed  # noqa: E402
from greenroom.preparation.plan.weeks import STEPS  # noqa: E402
from greenroom.preparation.stories.stories import ANGLES  # noqa: E402
from greenroom.preparation.stories.story_files import load_stories  # noqa: E402

ALL_DAYS_MISSED = tuple(range(1, 29))
LIVES = {
    "eager": (28, 2, ()),
    "one thing a day": (28, 1, ()),
    "with missed days": (28, 1, (3, 4, 5, 9, 10, 16, 17, 23)),
    "two weeks away": (28, 2, tuple(range(4, 18))),
    "two weeks": (14, 2, ()),
    "a week": (7, 2, ()),
    "three days": (3, 4, ()),
    "a day": (1, 4, ()),
    "no date": (None, 1, (2, 12)),
    "nothing done": (28, 1, ALL_DAYS_MISSED),
}


Lived = Callable[[str], tuple[Month, list[Day]]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """One of LIVES, lived once."""

    @cache
    def live(name: str) -> tuple[Month, list[Day]]:
        days, things, missed = LIVES[name]
        month = Month(tmp_path_factory.mktemp("month"), days, things, missed)
        return month, list(month.live())

    return live


@pytest.fixture(params=LIVES)
def life(request: pytest.FixtureRequest, lived: Lived) -> tuple[str, Month, list[Day]]:
    return request.param, *lived(request.param)


def plans(days: Sequence[Day]) -> list[Plan]:
    """Those before the interview, in the order they were made."""
    return [plan for day in days for plan in (day.morning, day.evening) if plan.phase == "before"]


def parsed(command: Sequence[str]) -> click.Command:
    """The command that greenroom would run; click.UsageError where its options do not parse."""
    found: click.Command = cli
    rest = list(command)
    while isinstance(found, click.Group) and rest and rest[0] in found.commands:
        found = found.commands[rest.pop(0)]
    assert found is not cli, command
    found.make_context(command[0], rest)
    return found


def test_what_is_shown_can_be_run(life: tuple[str, Month, list[Day]]) -> None:
    _, _, days = life
    commands = {plan.next.command for day in days for plan in (day.morning, day.evening)}
    assert commands
    for command in commands:
        assert isinstance(parsed(command), click.Command)
        assert command[0] in cli.commands
        shown = "\n".join(typed(("greenroom", *command)))
        assert tuple(shlex.split(shown.replace("\\\n", " "))) == ("greenroom", *command)


def test_every_step_is_just_what_exists(life: tuple[str, Month, list[Day]]) -> None:
    _, month, days = life
    last = days[-1].evening
    stories = load_stories(month.places.data).stories
    whole = [story for story in stories if all((story.situation, story.task, story.action, story.result))]
    sides = [{told.angle for told in story.told} & set(ANGLES) for story in whole]
    looked_back, faults = load_look_backs(month.places.data)
    mocks = {each.name for each in month.places.recordings.glob("*-behavioural")}
    assert faults == last.faults == ()
    done = {step.id: step.done for step in last.steps}
    assert done["collect"] == len(whole)
    assert done["map"] == len({quality for story in whole if story.numbers for quality in story.qualities})
    assert done["angles"] == sum(len(each) >= 2 for each in sides)
    assert done["mock"] == len(mocks & {each.session for each in looked_back})


def test_steps_only_advance(life: tuple[str, Month, list[Day]]) -> None:
    _, _, days = life
    before = plans(days)
    for earlier, later in pairwise(before):
        for a, b in zip(earlier.steps, later.steps, strict=True):
            assert b.done >= a.done
            assert b.enough <= a.enough
            assert b.planned == a.planned
            assert (a.first, a.last) == (b.first, b.last)


def test_the_next_thing_follows_what_exists(life: tuple[str, Month, list[Day]]) -> None:
    name, _, days = life
    for day in days:
        if day.morning.phase != "before":
            continue
        for plan in (day.morning, day.evening):
            lacking = [step.id for step in plan.steps if step.done < step.enough]
            if not plan.next.step:
                assert lacking == []
                continue
            assert plan.next.step in lacking
            passed_over = lacking[: lacking.index(plan.next.step)]
            states = {step.id: step.state for step in plan.steps}
            assert {states[id] for id in passed_over} <= {"left"}
        if day.done and day.morning.next.command[:1] != ("practice",):
            # Whoever tells, mends or looks back has something else, or one more of it, next.
            counts = [sum(step.done for step in plan.steps) for plan in (day.morning, day.evening)]
            assert counts[1] > counts[0] or day.evening.next != day.morning.next, name


def test_a_day_without_practice_changes_nothing_but_the_days_left(life: tuple[str, Month, list[Day]]) -> None:
    _, _, days = life
    for day, following in pairwise(days):
        if day.done or following.morning.phase != "before":
            continue
        assert day.morning == day.evening
        assert [step.done for step in following.morning.steps] == [step.done for step in day.morning.steps]
        assert following.morning.days_left <= day.morning.days_left


def mornings(days: Sequence[Day]) -> list[str]:
    """The step of each morning's next thing."""
    return [day.morning.next.step for day in days if day.morning.phase == "before"]


def test_the_first_two_weeks_day_by_day(lived: Lived) -> None:
    _, days = lived("one thing a day")
    told = [(day.morning.next.step, *day.morning.next.command[:3]) for day in days[:14]]
    assert told == [
        ("collect", "stories", "tell"),
        ("collect", "stories", "tell"),
        ("collect", "stories", "tell"),
        ("collect", "stories", "edit", "two-clocks"),  # the third had no result yet
        ("collect", "stories", "tell"),
        ("collect", "stories", "tell"),
        ("collect", "stories", "tell"),
        ("collect", "stories", "edit", "the-wrong-table"),  # a day into the second week, caught up
        ("map", "stories", "edit", "the-labels"),  # six stories will do now, and one quality is still weak
        ("angles", "practice", "--story", "a-team-of-three"),
        ("angles", "practice", "--story", "a-team-of-three"),
        ("angles", "practice", "--story", "the-labels"),
        ("angles", "practice", "--story", "the-labels"),
        ("angles", "practice", "--story", "the-queue-at-night"),
    ]


def test_missed_days_squeeze_what_is_left(lived: Lived) -> None:
    _, days = lived("with missed days")
    enough = [day.morning.steps[0].enough for day in days[:28]]
    assert enough[:7] == [7] * 7
    assert enough[7:] == sorted(enough[7:], reverse=True)
    assert enough[7] == 6
    steps = mornings(days)
    assert set(steps) >= set(STEPS)
    # Each step has its turn, in order; the last days belong to mock interviews whatever was missed.
    order = [STEPS.index(step) for step in steps if step]
    assert order == sorted(order)
    assert steps[21:26] == ["mock"] * 5


def test_after_two_weeks_away_three_stories_are_enough_to_go_on(lived: Lived) -> None:
    _, days = lived("two weeks away")
    assert days[16].morning.steps[0].done >= 3
    assert mornings(days)[17:] == sorted(mornings(days)[17:], key=[*STEPS, ""].index)
    assert "mock" in mornings(days)[20:]


def test_where_nothing_is_done_nothing_is_held_against_anybody(lived: Lived) -> None:
    _, days = lived("nothing done")
    assert {day.morning.next.command for day in days[:28]} == {("stories", "tell")}
    assert [step.done for step in days[27].morning.steps] == [0, 0, 0, 0]
    assert days[27].morning.steps[0].enough == 1
    assert not [day for day in days[:28] if day.done]
    words = " ".join(line.plain for day in days[:28] for line in plan_lines(day.morning, ("greenroom",)))
    assert not [
        bad for bad in ("behind", "missed", "late", "fail", "yet to") if bad in words.replace("later", "")
    ]


@pytest.mark.parametrize("name", ["three days", "a day", "a week", "two weeks", "eager"])
def test_whoever_does_what_it_says_has_all_of_it_before_the_interview(lived: Lived, name: str) -> None:
    _, days = lived(name)
    length = LIVES[name][0]
    assert length is not None
    last = days[length - 1].evening
    assert last.today == STARTED + timedelta(days=length - 1)
    assert [step.id for step in last.steps if step.done < step.enough] == []


def test_the_day_itself_and_the_days_after(lived: Lived) -> None:
    month, days = lived("eager")
    the_day, after, rest = days[28], days[29], days[30]
    assert the_day.done == (("practice", "--bank", "introductions", "--questions", "1"),)
    assert after.morning.next.command == ("debrief",)
    assert len(list(debriefs_folder(month.places.data).glob("*/debrief.toml"))) == 1
    assert rest.morning.next.command[0] == "practice"


def test_mock_interviews_ask_for_what_the_last_look_backs_named(lived: Lived) -> None:
    month, days = lived("one thing a day")
    look_backs, _ = load_look_backs(month.places.data)
    named = {each.session: as_signals(each.signals)[0] for each in look_backs}
    held = [day for day in days if day.morning.phase == "before" and "real" in day.morning.next.command]
    assert len(held) >= 4
    for day in held:
        (command,) = day.done
        assert command[command.index("--focus") + 1] == day.morning.focus
        assert day.morning.focus in {"ownership", *named.values()}  # ownership is what no answer showed
    assert len({day.morning.focus for day in held}) > 1


def test_nothing_can_be_ticked_by_hand(tmp_path: Path) -> None:
    month = Month(tmp_path)
    path = month.places.data / "plan.toml"
    path.write_text(path.read_text() + "# collect: done\n")
    assert [step.done for step in month.plan(STARTED).steps] == [0, 0, 0, 0]
    (plan,) = [cli.commands["plan"]]
    assert not {"done", "tick", "check", "mark"} & {option.name for option in plan.params}


def test_the_script_prints_every_day(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "simulate_month.py"), str(tmp_path), "--days", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.count("=== ") == 6
    assert "done: greenroom stories tell" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110
