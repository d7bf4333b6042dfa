"""What exists is counted from files and sessions, and what cannot be read spoils nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_turns import made_turn

from greenroom.cli import cli
from greenroom.errors import BadInputError, UserError
from greenroom.preparation.look_back.look_back_file import LookBack, add_look_back
from greenroom.preparation.places import debriefs_folder, stories_folder
from greenroom.preparation.plan import plan_showing
from greenroom.preparation.plan.goal import Goal, goal_file, load_goal
from greenroom.preparation.plan.standing import measure
from greenroom.preparation.stories.quality_cache import CACHE_FILE, qualities_of
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_files import save_story
from greenroom.preparation.stories.story_quality import StoryQuality
from greenroom.records import Analysis, Delivery, Question, Session, SignalEvidence, Transcript, Turn
from greenroom.session import save_session

STARTED = date(2026, 11, 21)
GOAL = Goal(date(2026, 12, 19), STARTED, "backend engineer", ("teaching others", "ownership"))
THREE = tuple(made_turn(number) for number in (1, 2, 3))


def unread(stories: Sequence[Story], data: Path) -> Mapping[str, StoryQuality]:
    return {story.name: StoryQuality(story.name, None, (), (), ()) for story in stories}


def whole(name: str, **more: object) -> Story:
    return Story(name, name.title(), "It broke.", "I had to.", "I did.", "It held.", **more)  # type: ignore[arg-type]


def hold(recordings: Path, day: int, turns: tuple[Turn, ...] = THREE, **settings: object) -> str:
    began = datetime(2026, 11, 21, 20, tzinfo=timezone.utc) + timedelta(days=day)
    name = f"{began:%Y-%m-%dT%H-%M-%S}-behavioural"
    (recordings / name).mkdir(parents=True)
    save_session(
        recordings / name,
        Session(id=name, started_at=began.isoformat(), settings=settings, turns=turns, finished=True),
    )
    return name


def test_nothing_at_all(tmp_path: Path) -> None:
    nothing = measure(GOAL, tmp_path / "data", tmp_path / "recordings", unread)
    assert [nothing.done(step) for step in ("collect", "map", "angles", "mock")] == [0, 0, 0, 0]
    assert nothing.practised is None
    assert nothing.faults == ()


def test_stories_are_counted_by_what_is_in_them(tmp_path: Path) -> None:
    told = tuple(Told("s", number, "2026-12-01", angle) for number, angle in enumerate(("technical", ""), 1))
    both = (*told, Told("s", 3, "2026-12-02", "business"))
    save_story(tmp_path, whole("a", qualities=("teaching others",), told=both))
    save_story(tmp_path, whole("b", told=told))
    save_story(tmp_path, Story("c", "C", "Only this.", told=both))
    its = measure(GOAL, tmp_path, tmp_path / "recordings", unread)
    assert (its.done("collect"), its.done("map"), its.done("angles")) == (2, 1, 1)
    assert [story.name for story in its.unfinished] == ["c"]


def test_mock_interviews_count_since_the_plan_began_with_a_look_back(tmp_path: Path) -> None:
    recordings = tmp_path / "recordings"
    names = [hold(recordings, day) for day in (-3, 0, 5)]
    hold(recordings, 2, candidate=["demo"])
    hold(recordings, 3, THREE[:2])
    hold(recordings, 6, (*THREE[:2], made_turn(3, follow_up_to=2)))
    (recordings / "2026-11-30T20-00-00-broken").mkdir()
    (recordings / "2026-11-30T20-00-00-broken" / "session.json").write_text("{")
    for name in names[:2]:
        add_look_back(tmp_path, LookBack(name, "2026-11-30T20:00:00+00:00", "Ownership."))
    its = measure(GOAL, tmp_path, recordings, unread)
    assert [(mock.session, mock.looked_back) for mock in its.mocks] == [(names[1], True), (names[2], False)]
    assert its.done("mock") == 1
    assert its.practised == date(2026, 11, 27)


def test_debriefs_have_the_day_of_their_folder(tmp_path: Path) -> None:
    for name in ("2026-12-20T10-00-00-acme", "mine", "2026-12-21T10-00-00-interrupted"):
        (debriefs_folder(tmp_path) / name).mkdir(parents=True)
    for name in ("2026-12-20T10-00-00-acme", "mine"):
        (debriefs_folder(tmp_path) / name / "debrief.toml").write_text("")
    assert measure(GOAL, tmp_path, tmp_path, unread).debriefs == (date(2026, 12, 20),)


def test_faults_of_files_are_named_and_spoil_nothing_else(tmp_path: Path) -> None:
    save_story(tmp_path, whole("a"))
    (stories_folder(tmp_path) / "b.toml").write_text("title = \n")
    (tmp_path / "look-backs.toml").write_text("[[look_back]]\n")
    its = measure(GOAL, tmp_path, tmp_path, unread)
    assert its.done("collect") == 1
    assert any("b.toml" in fault for fault in its.faults)
    assert any("look-backs.toml, line 1: session: is missing" in fault for fault in its.faults)


class CountingAnalyzer:
    """In place of the real one: remembers how often it was loaded, and how many stories it read."""

    loaded = read = 0

    def __init__(self) -> None:
        type(self).loaded += 1

    def analyze(self, transcript: Transcript, question: Question) -> Analysis:
        type(self).read += 1
        return Analysis(Delivery(words=9), form="story", signals=(SignalEvidence("ownership", (), 0.9),))


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> type[CountingAnalyzer]:
    monkeypatch.setattr("greenroom.analysis.Analyzer", CountingAnalyzer)
    CountingAnalyzer.loaded = CountingAnalyzer.read = 0
    return CountingAnalyzer


def test_without_a_word_the_analyzer_is_not_loaded(tmp_path: Path, counting: type[CountingAnalyzer]) -> None:
    assert qualities_of((), tmp_path) == {}
    assert qualities_of((Story("empty", "Empty"),), tmp_path) == {}
    assert counting.loaded == 0
    assert not (tmp_path / CACHE_FILE).exists()


def test_a_story_is_read_once_until_it_changes(tmp_path: Path, counting: type[CountingAnalyzer]) -> None:
    first = qualities_of((whole("a"), whole("b")), tmp_path)
    assert (counting.loaded, counting.read) == (1, 2)
    told = whole("a", told=(Told("s", 1, "2026-12-01", "business"),))
    assert qualities_of((told, whole("b")), tmp_path) == first
    assert (counting.loaded, counting.read) == (1, 2)
    assert (tmp_path / CACHE_FILE).stat().st_mode & 0o777 == 0o600
    qualities_of((told, replace(whole("b"), result="It fell to 3.")), tmp_path)
    assert (counting.loaded, counting.read) == (2, 3)


def test_looking_at_one_story_forgets_none_of_the_others(
    tmp_path: Path, counting: type[CountingAnalyzer]
) -> None:
    told: list[int] = []
    qualities_of((whole("a"), whole("b")), tmp_path, told.append)
    qualities_of((whole("c"),), tmp_path, told.append)
    qualities_of((whole("a"), whole("b"), whole("c")), tmp_path, told.append)
    assert counting.read == 3
    assert told == [2, 1], "whoever waits is told for how many"


@pytest.mark.parametrize("damage", ["", "{", '{"rules": "others", "stories": {}}'])
def test_a_memory_that_cannot_be_believed_is_made_anew(
    tmp_path: Path, counting: type[CountingAnalyzer], damage: str
) -> None:
    before = qualities_of((whole("a"),), tmp_path)
    (tmp_path / CACHE_FILE).write_text(damage)
    assert qualities_of((whole("a"),), tmp_path) == before
    assert counting.read == 2


def run(tmp_path: Path, *arguments: str, today: str = "2026-11-21") -> tuple[str, str]:
    """Standard output and standard error of `greenroom plan`."""
    places = ("--data", str(tmp_path / "data"), "--recordings", str(tmp_path / "recordings"))
    done = CliRunner().invoke(cli, ["plan", "--today", today, *places, *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


def test_the_command_sets_the_goal_and_keeps_it(tmp_path: Path) -> None:
    out, err = run(
        tmp_path, "--interview", "2026-12-19", "--role", "backend engineer", "--quality", "Ownership"
    )
    assert "Saturday 19 December 2026, backend engineer: 28 days left" in out
    assert "Your plan begins today" in err
    goal = Goal(date(2026, 12, 19), STARTED, "backend engineer", ("ownership",))
    assert load_goal(tmp_path / "data") == goal
    out, err = run(tmp_path, today="2026-11-25")
    assert "24 days left" in out
    assert err == ""
    assert load_goal(tmp_path / "data") == goal
    run(tmp_path, "--interview", "2026-12-12", today="2026-11-25")
    assert load_goal(tmp_path / "data") == Goal(
        date(2026, 12, 12), STARTED, "backend engineer", ("ownership",)
    )


def test_another_date_after_the_interview_begins_a_new_plan(tmp_path: Path) -> None:
    run(tmp_path, "--interview", "2026-12-01")
    out, _ = run(tmp_path, today="2026-12-02")
    assert "greenroom debrief" in out
    run(tmp_path, "--interview", "2026-12-30", today="2026-12-02")
    goal = load_goal(tmp_path / "data")
    assert goal is not None
    assert goal.started == date(2026, 12, 2)


def test_without_a_date_it_is_four_weeks(tmp_path: Path) -> None:
    out, _ = run(tmp_path)
    assert "Four weeks, until Saturday 19 December 2026: 28 days left" in out
    assert "greenroom stories tell --data" in out.replace(" \\\n     ", "")  # the place goes with the command


def test_json_has_all_of_it(tmp_path: Path) -> None:
    add_look_back(tmp_path / "data", LookBack("s", "2026-11-20T20:00:00+00:00", "Clarity.", "Stop sooner."))
    out, _ = run(tmp_path, "--interview", "2026-12-19", "--json")
    told = json.loads(out)
    assert told["next"]["command"].startswith("greenroom stories tell")
    assert [step["id"] for step in told["steps"]] == ["collect", "map", "angles", "mock"]
    assert told["last_look_back"]["fix"] == "Stop sooner."
    assert told["focus"] == "clarity"
    assert (told["phase"], told["days_left"]) == ("before", 28)


def test_the_persons_own_words_stand_below_the_plan(tmp_path: Path) -> None:
    add_look_back(
        tmp_path / "data", LookBack("s", "2026-11-20T20:00:00+00:00", "Clarity.", "I will stop sooner.")
    )
    assert "Last time you wanted to stop sooner." in run(tmp_path)[0]


def test_faults_are_said_in_one_line_each(tmp_path: Path) -> None:
    run(tmp_path)
    goal_file(tmp_path / "data").write_text("started = 2026-11-21\nrole = 3\n")
    with pytest.raises(BadInputError, match="line 2: role: must be text"):
        run(tmp_path)
    with pytest.raises(UserError):
        run(
            tmp_path / "other", *(part for number in range(11) for part in ("--quality", f"quality {number}"))
        )


def test_look_back_typed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is at this keyboard, so nothing is said, and nothing is left behind."""
    hold(tmp_path / "recordings", 0)
    out, err = run(tmp_path, "--look-back", "--typed", "--quiet")
    assert out == ""
    assert "No look back was kept." in err
    assert list((tmp_path / "data" / "look-backs").iterdir()) == []
    with pytest.raises(UserError, match="no session"):
        run(tmp_path, "--look-back", "elsewhere", "--typed", "--quiet")


def test_a_hostile_role_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    out, _ = run(tmp_path, "--role", "dev\x1b[31m\nx")
    assert "\x1b" not in out


@pytest.mark.slow
def test_with_the_real_analyzer(tmp_path: Path) -> None:
    save_story(
        tmp_path,
        Story(
            "queue",
            "The queue",
            "At two in the morning our order queue was stuck, and four hundred customers waited for parcels.",
            "I was on call, so it was mine to get it moving before the shops opened.",
            "I read the traces, found that one retry loop held every worker, decided to drain the queue "
            "by hand and to put a limit on the retries.",
            "By six the backlog was gone, and in the year since failures fell from 40 a month to 2.",
        ),
    )
    its = plan_showing.plan_of(
        Goal(None, STARTED, "backend engineer"),
        STARTED,
        plan_showing.Places(tmp_path, tmp_path / "recordings"),
    )
    done = {step.id: step.done for step in its.steps}
    assert done["collect"] == 1
    assert done["map"] >= 1
