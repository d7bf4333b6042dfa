"""What the last three real interviews share."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from greenroom.preparation.debrief.debriefs import Debrief
from greenroom.preparation.debrief.last_three import HOW_MANY, in_common
from greenroom.preparation.debrief.reasons import Reason, reasons_of

WORDS = {
    "not_clear": "I rambled.",
    "no_number": "I had no figures.",
    "budget": "They said the role was frozen.",
    "fit": "They told me I was not the right fit.",
}


def told(day: int, *ids: str) -> tuple[Debrief, tuple[Reason, ...]]:
    folder = Path(f"2026-11-{day:02}T18-00-00-firm{day}")
    debrief = Debrief(folder, f"Firm {day}", felt=" ".join(["It was fine.", *(WORDS[id] for id in ids)]))
    return debrief, reasons_of(debrief, {})


def test_fewer_than_three_have_nothing_in_common_yet() -> None:
    assert in_common([told(1, "budget"), told(2, "budget")]) is None


def test_what_comes_back_is_told_with_where_and_by_what() -> None:
    common = in_common(
        [told(1, "budget"), told(2, "no_number"), told(3, "no_number"), told(4, "budget", "no_number")]
    )
    assert common is not None
    assert [debrief.company for debrief in common.debriefs] == ["Firm 2", "Firm 3", "Firm 4"]
    (shared,) = common.shared
    assert (shared.reason.id, shared.how_many) == ("no_number", 3)
    assert [(name[-5:], evidence.quote) for name, evidence in shared.evidence] == [
        ("firm2", "I had no figures."),
        ("firm3", "I had no figures."),
        ("firm4", "I had no figures."),
    ]


def test_what_can_be_worked_on_goes_before_what_nobody_controls() -> None:
    common = in_common([told(1, "budget", "not_clear"), told(2, "budget"), told(3, "budget", "not_clear")])
    assert common is not None
    assert [(each.reason.id, each.how_many) for each in common.shared] == [("not_clear", 2), ("budget", 3)]
    assert common.first_of_yours is not None
    assert common.first_of_yours.id == "not_clear"


def test_where_only_circumstances_come_back_there_is_nothing_of_yours_in_it() -> None:
    common = in_common([told(1, "budget"), told(2, "budget"), told(3)])
    assert common is not None
    assert common.first_of_yours is None


def test_a_debrief_that_says_nothing_yet_is_passed_over() -> None:
    empty = (Debrief(Path("2026-11-09T18-00-00-begun"), "Begun"), ())
    assert in_common([told(1), told(2), empty]) is None


@given(st.lists(st.sets(st.sampled_from(sorted(WORDS))), max_size=8))
def test_it_counts_the_last_three_and_no_others(reasons: list[set[str]]) -> None:
    common = in_common([told(day, *sorted(ids)) for day, ids in enumerate(reasons, start=1)])
    if len(reasons) < HOW_MANY:
        assert common is None
        return
    last = reasons[-HOW_MANY:]
    counted = {id: sum(id in ids for ids in last) for id in WORDS}
    assert common is not None
    assert {each.reason.id: each.how_many for each in common.shared} == {
        id: count for id, count in counted.items() if count >= 2
    }
