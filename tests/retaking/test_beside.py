"""What is shown of two answers side by side: as a table, and line by line."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from made_turns import UNKNOWN, made_turn, spoken
from rich.console import Console

from greenroom.records import SignalEvidence, Turn
from greenroom.retaking.beside import side_by_side
from greenroom.review.comparison import compare
from greenroom.screens.side_by_side import SideBySide, plain, table

BEGAN = "2026-11-21T20:15:03+01:00"

BEFORE = made_turn(
    2,
    form="pseudo_story",
    patterns=["generality", "no_outcome"],
    signals=["execution"],
    parts={"situation": 0.6, "action": 0.4},
    scores={"clarity": 2, "ownership": 3},
    delivery=spoken(wpm=140, words=140, fillers=6.2, long_pauses=2),
)
AFTER = made_turn(
    5,
    form="story",
    patterns=["generality", "no_business"],
    signals=["execution", "ownership"],
    parts={"situation": 0.3, "action": 0.5, "result": 0.2},
    scores={"clarity": 4, "ownership": 3},
    delivery=spoken(wpm=150, words=125, fillers=2.1, long_pauses=2),
    retry_of=2,
)


def told(before: Turn = BEFORE, after: Turn = AFTER) -> SideBySide:
    return side_by_side(before, after, compare(before, after), BEGAN)


def rows(shown: SideBySide) -> dict[str, tuple[str, str, bool]]:
    return {
        line.name: (line.before, line.after, line.gained) for group in shown.groups for line in group.lines
    }


def test_everything_that_came_went_and_stayed() -> None:
    lines = rows(told())
    assert lines["No result that can be counted"] == ("found", "gone", True)
    assert lines["Why it mattered is missing"] == ("no", "found", False)
    assert lines["It stays general"] == ("found", "found", False)
    assert lines["Ownership"] == ("no", "yes", True)
    assert lines["Execution"] == ("yes", "yes", False)
    assert lines["as"] == ("a habit", "a story", True)
    assert lines["situation"] == ("60 %", "30 %", False)
    assert lines["result"] == ("", "20 %", True)
    assert lines["clarity"] == ("2", "4", True)
    assert lines["ownership"] == ("3", "3", False)
    assert lines["length"] == ("1:00", "0:50", False)
    assert lines["words a minute"] == ("140", "150", False)
    assert lines["fillers a minute"] == ("6.2", "2.1", True)
    assert lines["long pauses a minute"] == ("2.0", "2.4", False)


def test_the_answers_are_called_by_their_number_and_day() -> None:
    assert (told().before, told().after) == ("answer 2, 21 November", "answer 5, now")
    again = replace(BEFORE, answered_at="2026-12-01T09:00:00+01:00")
    assert told(again).before == "answer 2, 1 December"
    assert side_by_side(BEFORE, AFTER, compare(BEFORE, AFTER), "some day").before == "answer 2"


def test_fillers_that_whisper_left_out_pass_for_no_change() -> None:
    unsure = replace(BEFORE, delivery=spoken(fillers=0.0, reliability=UNKNOWN))
    assert "fillers a minute" not in rows(told(unsure))


def test_two_typed_answers_have_no_numbers_to_show() -> None:
    assert "Spoken" not in [group.title for group in told(made_turn(1), made_turn(2)).groups]


def test_what_a_later_version_finds_has_a_name_too() -> None:
    after = replace(AFTER, signals=(SignalEvidence("inner_calm", ()),))
    assert rows(told(after=after))["Inner calm"] == ("no", "yes", True)


def test_plain_lines_say_the_same_without_columns() -> None:
    text = list(plain(told()))
    assert text[0] == "Side by side: answer 2, 21 November, and answer 5, now."
    assert "  It stays general: found, as before" in text
    assert any(line.startswith("  result: none before, 20 % now") for line in text)
    assert "  clarity: 2 before, 4 now, better" in text


@pytest.mark.parametrize("columns", [80, 92])
def test_the_table_fits_and_holds_every_line(columns: int) -> None:
    out = io.StringIO()
    Console(file=out, width=columns - 4, highlight=False).print(table(told()))
    shown = out.getvalue()
    assert max(len(line) for line in shown.splitlines()) <= columns - 4
    assert "…" not in shown
    for group in told().groups:
        for line in group.lines:
            row = next(row for row in shown.splitlines() if f"  {line.name}  " in row)
            assert row.endswith("(better)") == line.gained, "told by a word, not by a colour alone"
            assert row.removesuffix(" (better)").split()[-1] == (line.after or "none").split()[-1]
