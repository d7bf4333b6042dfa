"""Roles in free text, the qualities to begin with, and whose qualities count."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.errors import UsageError
from greenroom.preparation.coverage.roles import (
    FEWEST,
    MOST,
    find_role,
    general_qualities,
    known_roles,
    starter_qualities,
)
from greenroom.preparation.coverage.wanted import (
    quality_in_sentence,
    quality_meant,
    quality_title,
    wanted_qualities,
)
from greenroom.preparation.plan.goal import Goal
from greenroom.records import SIGNALS

GOAL = Goal(date(2026, 12, 19), date(2026, 11, 21), "backend engineer", ("leadership", "teaching others"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Senior Backend Engineer (Payments)", "backend engineer"),
        ("back-end developer", "backend engineer"),
        ("FRONT END ENGINEER", "frontend engineer"),
        ("Full-Stack Developer", "full-stack engineer"),
        ("Front-end / back-end engineer", "full-stack engineer"),
        ("Data Scientist II, Growth", "data scientist"),
        ("Staff Data Engineer", "data engineer"),
        ("Engineer, Machine Learning Platform", "machine learning engineer"),
        ("SRE", "site reliability engineer"),
        ("DevOps Engineer", "site reliability engineer"),
        ("iOS Engineer", "mobile engineer"),
        ("Application Security Engineer", "security engineer"),
        ("Software Engineer in Test", "QA engineer"),
        ("Manager, Software Engineering", "engineering manager"),
        ("Engineering Manager, Data Platform", "engineering manager"),
        ("Tech Lead (Backend)", "tech lead or staff engineer"),
        ("Staff Software Engineer", "tech lead or staff engineer"),
        ("Senior Product Manager", "product manager"),
        ("Product Designer", "designer"),
        ("Solutions Architect", "support or solutions engineer"),
        ("Graduate Software Engineer 2027", "new graduate"),
        ("software engineer", "software engineer"),
    ],
)
def test_a_role_is_recognised_in_free_text(said: str, meant: str) -> None:
    role = find_role(said)
    assert role is not None
    assert role.name == meant


@pytest.mark.parametrize(
    "said", ["", "Nurse", "Chief of Staff", "Civil Engineer", "Maintainer", "Backendish", "🙂"]
)
def test_no_role_is_made_up(said: str) -> None:
    assert find_role(said) is None
    assert starter_qualities(said) == general_qualities()


def test_every_role_has_five_to_ten_qualities_and_knows_its_own_name() -> None:
    assert len(known_roles()) >= 14
    for name in known_roles():
        qualities = starter_qualities(name)
        assert FEWEST <= len(qualities) <= MOST
        assert len(set(qualities)) == len(qualities)
        assert set(qualities) <= set(SIGNALS)
        role = find_role(name)
        assert role is not None
        assert role.name == name
    assert FEWEST <= len(general_qualities()) <= MOST
    assert len({starter_qualities(name) for name in known_roles()}) == len(known_roles())


@given(st.text())
def test_any_text_has_some_qualities(text: str) -> None:
    assert FEWEST <= len(starter_qualities(text)) <= MOST


class TestWanted:
    def test_what_is_named_now_comes_first(self) -> None:
        wanted = wanted_qualities("SRE", ["Customer focus", "teaching  others", "customer-focus"], GOAL)
        assert wanted.qualities == ("customer_focus", "teaching others")
        assert wanted.source == "own"

    def test_then_those_of_the_plan(self) -> None:
        wanted = wanted_qualities(None, (), GOAL)
        assert (wanted.source, wanted.qualities) == ("plan", ("leadership", "teaching others"))
        assert wanted_qualities("Backend  engineer", (), GOAL).source == "plan"

    def test_another_role_than_the_plans_has_its_own(self) -> None:
        wanted = wanted_qualities("Product Designer", (), GOAL)
        assert (wanted.source, wanted.known_as) == ("role", "designer")
        assert wanted.qualities == starter_qualities("designer")

    def test_a_plan_without_qualities_gives_its_role(self) -> None:
        goal = Goal(None, date(2026, 11, 21), "Site Reliability Engineer")
        assert wanted_qualities(None, (), goal).known_as == "site reliability engineer"

    def test_an_unknown_role_is_said_to_be_unknown(self) -> None:
        wanted = wanted_qualities("Lion tamer\x1b[2J", (), None)
        assert (wanted.source, wanted.qualities) == ("general", general_qualities())
        assert wanted.told.startswith("There is no starter set for “Lion tamer [2J”.")
        assert wanted_qualities(None, (), None).told.startswith("No role is named.")

    def test_more_than_ten_are_refused(self) -> None:
        with pytest.raises(UsageError, match="11 qualities are more"):
            wanted_qualities(None, [f"quality {number}" for number in range(11)], None)
        with pytest.raises(UsageError, match="--quality is empty"):
            wanted_qualities(None, ["ownership", " "], None)

    @pytest.mark.parametrize(
        ("said", "meant"),
        [
            ("Handling ambiguity", "ambiguity"),
            ("BUSINESS  impact", "business_impact"),
            ("technical-fluency", "technical_fluency"),
            ("SQL tuning", "SQL tuning"),
            ("calm\nin a crisis", "calm in a crisis"),
        ],
    )
    def test_a_quality_is_meant_by_id_by_title_or_in_own_words(self, said: str, meant: str) -> None:
        assert quality_meant(said) == meant

    def test_titles(self) -> None:
        assert (quality_title("ambiguity"), quality_in_sentence("ambiguity")) == (
            "Handling ambiguity",
            "handling ambiguity",
        )
        assert (quality_title("calm with SQL"), quality_in_sentence("calm with SQL")) == (
            "Calm with SQL",
            "calm with SQL",
        )
