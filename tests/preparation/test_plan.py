"""The plan of one day, from what exists: the next thing, its command, and what is said of each step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.preparation.coverage.coverage import Cell, Coverage
from greenroom.preparation.plan.goal import Goal
from greenroom.preparation.plan.next_things import BANKS, practice_command
from greenroom.preparation.plan.plan import Plan, make_plan
from greenroom.preparation.plan.plan_lines import plan_lines
from greenroom.preparation.plan.standing import Mock, Standing
from greenroom.preparation.stories.stories import Story, Told
from greenroom.questions import choose, load_banks
from greenroom.records import SIGNALS

STARTED = date(2026, 11, 21)
WANTED = ("ownership", "clarity", "execution", "leadership", "proactivity")
GOAL = Goal(date(2026, 12, 19), STARTED, "backend engineer", WANTED)


def day(number: int) -> date:
    """The so-manieth day of the plan, from 1."""
    return STARTED + timedelta(days=number - 1)


def whole(name: str, *angles: str) -> Story:
    told = tuple(Told(f"s{i}", 1, f"2026-12-0{i + 1}", angle) for i, angle in enumerate(angles))
    return Story(name, name.capitalize(), "It broke.", "I had to.", "I did.", "It held.", told=told)


def standing(
    stories: tuple[Story, ...] | int = (),
    strong: int = 0,
    weak: int = 0,
    mocks: tuple[Mock, ...] = (),
    **more,
) -> Standing:
    """So many whole stories, and qualities with a strong and with a weak one."""
    if isinstance(stories, int):
        stories = tuple(whole(f"story{number}") for number in range(1, stories + 1))
    cells = [Cell(stories[0].name, quality, "strong") for quality in WANTED[:strong]]
    cells += [Cell(stories[0].name, quality, "weak") for quality in WANTED[strong : strong + weak]]
    return Standing(stories, Coverage(WANTED, tuple(cells)), mocks, **more)


def mock(number: int, *, looked_back: bool = True) -> Mock:
    return Mock(f"session{number}", day(number), looked_back)


def plan(number: int, its: Standing, goal: Goal = GOAL, focus: str | None = None) -> Plan:
    return make_plan(goal, day(number), its, focus)


def states(of: Plan) -> list[str]:
    return [step.state for step in of.steps]


def shown(of: Plan) -> str:
    return "\n".join(line.plain for line in plan_lines(of, ("greenroom", *of.next.command)))


FOUR_TOLD = (
    *(whole(name, "technical", "business") for name in ("a", "b", "c", "d")),
    *(whole(name) for name in ("e", "f", "g")),
)
ALL = standing(FOUR_TOLD, strong=5, mocks=tuple(mock(number) for number in (22, 23, 24, 25)))


def test_on_the_first_day_a_story_is_told() -> None:
    first = plan(1, standing())
    assert first.next.command == ("stories", "tell")
    assert (first.days_left, first.phase) == (28, "before")
    assert states(first) == ["now", "later", "later", "later"]
    assert "0 of 7 to 10" in shown(first)
    assert first.behind == ()


def test_a_story_that_was_begun_is_finished_first() -> None:
    begun = replace(whole("outage"), result="", task="")
    its = plan(2, standing((begun,)))
    assert its.next.command == ("stories", "edit", "outage")
    assert "Its task and result are still missing." in its.next.why


def test_what_would_add_most_is_named() -> None:
    assert "A time that shows execution would add most." in plan(2, standing(2, strong=2)).next.why


def test_mapping_follows_at_once_where_the_stories_are_there_before_their_time() -> None:
    early = plan(3, standing(7, strong=1, weak=1))
    assert states(early) == ["done", "now", "later", "later"]
    assert early.next.command == ("stories", "edit", "story1")
    assert "clarity" in early.next.why
    none = plan(3, standing(7, strong=2))
    assert none.next.command == ("stories", "tell")
    assert "shows execution" in none.next.what


def test_a_story_with_one_side_gets_its_other_side_first() -> None:
    stories = (*(whole(f"story{i}") for i in range(6)), whole("outage", "technical"))
    its = plan(15, standing(stories, strong=5))
    assert its.next.command == ("practice", "--story", "outage", "--angle", "business")
    focused = plan(15, standing(stories, strong=5), focus="leadership")
    assert focused.next.command == ("practice", "--story", "outage", "--angle", "leadership")


def test_sides_that_were_not_told_at_all_come_first() -> None:
    stories = (whole("a", "technical", "leadership"), *(whole(name) for name in "bcdefg"))
    its = plan(15, standing(stories, strong=5))
    assert its.next.command == ("practice", "--story", "b", "--angle", "business")


def test_a_mock_interview_asks_for_what_did_not_come_across() -> None:
    its = standing(FOUR_TOLD, strong=5)
    assert plan(22, its).next.command == ("practice", "--mode", "real", "--questions", "5")
    focused = plan(22, its, focus="ownership")
    assert focused.next.command[-2:] == ("--focus", "ownership")
    assert "Its questions ask for ownership." in focused.next.why


def test_a_fresh_mock_interview_is_looked_back_at_before_another() -> None:
    waiting = standing(FOUR_TOLD, strong=5, mocks=(mock(22, looked_back=False),))
    for number in (22, 24):
        assert plan(number, waiting).next.command == ("plan", "--look-back", "session22")
    assert plan(25, waiting).next.command[:1] == ("practice",)
    assert [step.done for step in plan(24, waiting).steps] == [7, 5, 4, 0]


def test_when_all_is_there_one_keeps_warm_and_nothing_is_behind() -> None:
    its = plan(27, ALL)
    assert states(its) == ["done"] * 4
    assert its.next.command[:1] == ("practice",)
    assert its.behind == ()
    assert "There is enough of every step" in its.next.why


def test_missed_days_squeeze_what_is_left_and_it_is_said_kindly() -> None:
    behind = plan(8, standing(4, strong=1))
    assert states(behind) == ["now", "later", "later", "later"]
    assert [step.enough for step in behind.steps] == [6, 5, 4, 4]
    assert "planned until 27 Nov; with 21 days left, 6 will do" in " ".join(shown(behind).split())
    # Catching up takes half of the next step's days; then what there is will do.
    assert states(plan(11, standing(4, strong=1)))[0] == "now"
    gone_on = plan(12, standing(4, strong=1))
    assert states(gone_on) == ["left", "now", "later", "later"]
    assert "“as it is”: what is there will do" in shown(gone_on)
    assert "planned until" not in shown(gone_on)
    # With fewer days left less is enough.
    assert states(plan(11, standing(5, strong=1)))[:2] == ["left", "now"]


def test_without_three_stories_nothing_later_is_begun_while_there_is_time() -> None:
    assert plan(20, standing(2, strong=1)).next.step == "collect"
    assert plan(20, standing(3, strong=1)).next.step == "angles"
    assert plan(27, standing(2, strong=1)).next.step == "mock"


def test_mock_interviews_are_never_held_up_by_what_stays_weak() -> None:
    its = plan(26, standing(7, strong=0, weak=5))
    assert its.next.step == "mock"
    assert states(its) == ["done", "left", "left", "now"]


@pytest.mark.parametrize(
    ("length", "story", "then"),
    [
        (3, 3, ("practice", "--story", "story1", "--angle", "technical")),
        (1, 1, ("practice", "--mode", "real", "--questions", "3")),
    ],
)
def test_squeezed_to_days(length: int, story: int, then: tuple[str, ...]) -> None:
    goal = replace(GOAL, interview=STARTED + timedelta(days=length))
    assert plan(1, standing(story - 1), goal).next.command == ("stories", "tell")
    assert plan(1, standing(story), goal).next.command == then


def test_on_the_day_little_is_asked_and_then_nothing() -> None:
    today = 29
    assert plan(today, standing()).next.command == ("stories", "tell")
    warm_up = plan(today, standing(3, practised=day(28)))
    assert warm_up.next.command == ("practice", "--bank", "introductions", "--questions", "1")
    assert "today" in shown(warm_up)
    assert "Collect" not in shown(warm_up)  # no tally on this morning
    assert plan(today, standing(3, practised=day(today))).next.command == ("debrief",)


def test_after_the_day_it_is_told_and_then_it_rests() -> None:
    after = plan(30, ALL)
    assert (after.phase, after.days_left, after.next.command) == ("after", 0, ("debrief",))
    assert "yesterday" in shown(after)
    told = plan(31, replace(ALL, debriefs=(day(30),)))
    assert told.next.command[0] == "practice"
    assert plan(31, replace(ALL, debriefs=(day(20),))).next.command == ("debrief",)


def test_without_a_date_it_is_four_weeks_and_nothing_presses_after_them() -> None:
    goal = replace(GOAL, interview=None)
    assert plan(1, standing(), goal).days_left == 28
    assert [str(step.last) for step in plan(1, standing(), goal).steps][-1] == "2026-12-18"
    later = plan(60, standing(3, strong=1), goal)
    assert later.phase == "before"
    assert later.next.command == ("practice", "--mode", "real", "--questions", "5")
    assert "no date is set" in shown(later)


@settings(deadline=None)  # a busy computer is no fault
@given(
    number=st.integers(-10, 60),
    length=st.none() | st.integers(-5, 60),
    stories=st.integers(0, 9),
    angled=st.integers(0, 9),
    strong=st.integers(0, 5),
    weak=st.integers(0, 5),
    held=st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=6),
    focus=st.none() | st.sampled_from(SIGNALS),
)
def test_on_every_day_there_is_one_next_thing_and_it_fits_the_terminal(
    number: int,
    length: int | None,
    stories: int,
    angled: int,
    strong: int,
    weak: int,
    held: list[tuple[int, bool]],
    focus: str | None,
) -> None:
    goal = replace(GOAL, interview=None if length is None else STARTED + timedelta(days=length))
    told = tuple(
        whole(f"story{i}", *(("technical", "business") if i < angled else ())) for i in range(stories)
    )
    mocks = tuple(mock(at, looked_back=done) for at, done in sorted(held))
    its = plan(number, standing(told, strong if told else 0, weak if told else 0, mocks), goal, focus)
    assert its.next.command
    assert its.next.minutes > 0
    now = [step.id for step in its.steps if step.state == "now"]
    assert now == ([its.next.step] if its.next.step else [])
    for step in its.steps:
        if step.state == "done":
            assert step.done >= step.planned
        if step.state in ("later", "behind", "now"):
            assert step.done < step.enough
    lines = shown(its).splitlines()
    assert max(map(len, lines)) <= 80
    words = shown(its).lower()
    assert not [
        bad for bad in ("fail", "missed", "should have", "reject", "you will", "lazy") if bad in words
    ]


@pytest.mark.parametrize("focus", SIGNALS)
def test_there_are_questions_enough_for_every_focus(focus: str) -> None:
    banks = load_banks(BANKS.get(focus, ("behavioural",)))
    assert len(choose(banks, count=5, focus=focus)) == 5
    command = practice_command(5, focus)
    assert [command[i + 1] for i, part in enumerate(command) if part == "--bank"] == list(
        BANKS.get(focus, ())
    )
