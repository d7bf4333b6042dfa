"""The goal in plan.toml: written and read, edited by hand, and every fault of it named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.errors import BadInputError
from greenroom.preparation.plan.goal import Goal, goal_file, load_goal, save_goal
from greenroom.records import SIGNALS

GOAL = Goal(date(2026, 12, 19), date(2026, 11, 21), "backend engineer", ("ownership", "teaching others"))
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).map(
    lambda text: " ".join(text.split())
)


def written(data: Path, text: str) -> Path:
    data.mkdir(exist_ok=True)
    goal_file(data).write_text(text, encoding="utf-8")
    return data


def faults_of(data: Path) -> list[str]:
    with pytest.raises(BadInputError) as caught:
        load_goal(data)
    return [caught.value.message, *caught.value.details]


def test_there_is_none_at_first(tmp_path: Path) -> None:
    assert load_goal(tmp_path / "nothing") is None


def test_what_is_saved_is_read_again_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    save_goal(tmp_path / "data", GOAL)
    assert load_goal(tmp_path / "data") == GOAL
    assert goal_file(tmp_path / "data").stat().st_mode & 0o777 == 0o600


@settings(deadline=None)  # a busy computer is no fault
@given(
    interview=st.none() | st.dates(),
    started=st.dates(),
    role=st.just("") | texts,
    own=st.lists(st.sampled_from(SIGNALS) | st.just("teaching others"), unique=True),
)
def test_any_goal_written_and_read_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, interview: date | None, started: date, role: str, own: list[str]
) -> None:
    data = tmp_path_factory.mktemp("data")
    goal = Goal(interview, started, role, tuple(own))
    save_goal(data, goal)
    assert load_goal(data) == goal


def test_comments_order_and_what_did_not_change_stay_and_there_is_a_copy(tmp_path: Path) -> None:
    before = '# mine\nrole = "SRE"  # not dev\n\n# the mail\ninterview = 2026-12-01\nstarted = 2026-11-21\n'
    written(tmp_path, before)
    save_goal(tmp_path, replace(GOAL, role="SRE", qualities=()))
    assert goal_file(tmp_path).read_text() == before.replace("2026-12-01", "2026-12-19")
    (copy,) = (tmp_path / ".earlier").iterdir()
    assert copy.read_text() == before


def test_a_date_that_is_gone_is_taken_out(tmp_path: Path) -> None:
    save_goal(tmp_path, GOAL)
    save_goal(tmp_path, replace(GOAL, interview=None))
    assert "\ninterview" not in goal_file(tmp_path).read_text()
    assert load_goal(tmp_path) == replace(GOAL, interview=None)


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    save_goal(tmp_path, GOAL)
    save_goal(tmp_path, GOAL)
    assert not (tmp_path / ".earlier").exists()


def test_a_person_may_write_it_in_other_ways(tmp_path: Path) -> None:
    dates = 'interview = "2026-12-19"\nstarted = 2026-11-21T10:00:00Z\n'
    text = f'{dates}qualities = ["Technical fluency", "clarity"]'
    goal = load_goal(written(tmp_path, text))
    assert goal == Goal(date(2026, 12, 19), date(2026, 11, 21), "", ("technical_fluency", "clarity"))


def test_every_fault_is_named_with_its_file_line_and_key(tmp_path: Path) -> None:
    text = '# mine\ninterviw = 2026-12-19\nstarted = "soon"\n\nrole = 3\nqualities = ["ownershp", 4]\n'
    path = goal_file(written(tmp_path, text))
    assert faults_of(tmp_path) == [
        f'{path}, line 2: interviw: unknown key "interviw": did you mean "interview"?',
        f'{path}, line 3: started: "soon" is no day: write it like 2026-12-19',
        f'{path}, line 5: role: must be text in quotes, such as "backend engineer"',
        f'{path}, line 6: qualities: "ownershp" is hardly meant: did you mean "ownership"?',
        f'{path}, line 6: qualities: "4" is no quality: each is text in quotes',
    ]


def test_without_a_first_day_it_says_what_to_write(tmp_path: Path) -> None:
    (fault,) = faults_of(written(tmp_path, "interview = 2026-12-19\n"))
    assert "started: is missing" in fault
    assert "started = 2026-11-21" in fault


def test_what_is_no_toml_is_named_with_its_line_and_not_written_over(tmp_path: Path) -> None:
    written(tmp_path, 'role = "SRE"\ninterview = = 2\n')
    (fault,) = faults_of(tmp_path)
    assert f"{goal_file(tmp_path)}, line 2: not valid TOML" in fault
    with pytest.raises(BadInputError):
        save_goal(tmp_path, GOAL)
    assert goal_file(tmp_path).read_text() == 'role = "SRE"\ninterview = = 2\n'


@settings(deadline=None)  # a busy computer is no fault
@given(content=st.binary(max_size=200) | texts.map(str.encode))
def test_any_bytes_are_a_goal_or_named_faults(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    data = tmp_path_factory.mktemp("data")
    goal_file(data).write_bytes(content)
    try:
        load_goal(data)
    except BadInputError as error:
        assert str(goal_file(data)) in error.message
