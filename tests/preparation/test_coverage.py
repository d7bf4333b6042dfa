"""Stories against qualities, questions without a story, tired stories, and what to do next."""

from __future__ import annotations

import json
import re
from datetime import date
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from mapped import covered, made_map, question, told, whole
from rich.cells import cell_len

from greenroom.cli import cli
from greenroom.preparation.coverage.coverage import cover
from greenroom.preparation.coverage.coverage_lines import WIDTH, gap_title, kinds_told, map_lines
from greenroom.preparation.coverage.map_showing import show_map
from greenroom.preparation.coverage.overuse import OverUse, over_used
from greenroom.preparation.coverage.question_types import (
    KIND_WORDS,
    QuestionType,
    unanswered,
    without_questions,
)
from greenroom.preparation.coverage.story_map import StoryMap, as_data, use_told
from greenroom.preparation.places import stories_folder
from greenroom.preparation.plan.goal import Goal, save_goal
from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_files import save_story
from greenroom.questions import QuestionBank, load_banks
from greenroom.records import SIGNALS
from greenroom.screens.names import SIGNAL_TITLES

STRENGTHS = st.sampled_from(["strong", "weak"])
SHOWN = st.dictionaries(
    st.sampled_from([f"s{number}" for number in range(6)]),
    st.dictionaries(st.sampled_from(SIGNALS), STRENGTHS, max_size=6),
    max_size=6,
)
WANTED = st.lists(st.sampled_from(SIGNALS), min_size=1, max_size=10)


class TestCoverage:
    def test_the_strongest_story_decides(self) -> None:
        shown = {"a": {"ownership": "weak", "execution": "weak"}, "b": {"ownership": "strong"}}
        _, _, coverage = covered(("execution", "ownership", "leadership"), shown)
        assert coverage.strong == ("ownership",)
        assert coverage.weak == ("execution",)
        assert coverage.uncovered == ("leadership",)
        assert [(c.story, c.quality, c.strength) for c in coverage.cells] == [
            ("a", "execution", "weak"),
            ("a", "ownership", "weak"),
            ("b", "ownership", "strong"),
        ]
        assert coverage.of("b", "execution") is None
        assert coverage.stories_with("ownership", "weak") == ("a",)
        assert coverage.qualities_of("a", "weak") == ("execution", "ownership")

    def test_a_story_that_was_not_read_shows_nothing(self) -> None:
        coverage = cover([whole("a", qualities=("ownership",))], {}, ["ownership", "ownership"])
        assert coverage.wanted == ("ownership",)
        assert coverage.uncovered == ("ownership",)

    @given(SHOWN, WANTED)
    def test_every_quality_is_in_one_of_three(
        self, shown: dict[str, dict[str, str]], wanted: list[str]
    ) -> None:
        _, _, coverage = covered(wanted, shown)
        parts = (*coverage.strong, *coverage.weak, *coverage.uncovered)
        assert sorted(parts) == sorted(set(wanted))
        for name, strengths in shown.items():
            for quality in coverage.wanted:
                assert coverage.of(name, quality) == strengths.get(quality)


BANKS = load_banks()
BANK = QuestionBank(
    "made",
    "Made",
    "",
    (
        question("a", "behavioural", "customer_focus", text="A rather long question about a customer?"),
        question("b", "behavioural", "customer_focus", "ownership", text="A customer?"),
        question("c", "technical", "customer_focus", "leadership"),
        question("d", "technical", "ownership", "execution"),
        question("e", "technical", "ownership"),
        question("f", "intro", "customer_focus"),
        question("g", "execution", "proactivity"),
        question("h", "behavioural", "customer_focus", text="Few?", level="senior"),
    ),
    Path("made.toml"),
)
SHOWN_BY_TWO = {"one": {"ownership": "strong"}, "two": {"execution": "weak"}}


class TestQuestionTypes:
    def test_what_no_story_answers_by_what_is_missing(self) -> None:
        _, _, coverage = covered(("ownership", "customer_focus", "execution"), SHOWN_BY_TWO)
        alone, together = unanswered(coverage, [BANK])
        assert alone.missing == ("customer_focus",)
        assert [(each.kind, [q.id for q in each.questions]) for each in alone.types] == [
            ("behavioural", ["a", "b", "h"]),
            ("technical", ["c"]),
        ]
        assert alone.questions == 4
        assert together.missing == ("ownership", "execution")
        assert [q.id for q in together.types[0].questions] == ["d"]

    def test_the_example_is_short_and_suits_everybody(self) -> None:
        _, _, coverage = covered(("customer_focus",), {})
        assert unanswered(coverage, [BANK])[0].types[0].example.id == "b"

    def test_one_story_that_shows_all_of_it_answers(self) -> None:
        shown = {"one": {"ownership": "weak", "execution": "weak", "customer_focus": "strong"}}
        _, _, coverage = covered(("ownership", "customer_focus", "execution"), shown)
        assert unanswered(coverage, [BANK]) == ()

    def test_of_three_that_are_not_together_only_the_pair_is_named(self) -> None:
        bank = QuestionBank("x", "X", "", (question("x", "technical", *SIGNALS[:3]),), Path("x.toml"))
        shown = {"a": dict.fromkeys(SIGNALS[:2], "strong"), "b": dict.fromkeys(SIGNALS[1:3], "strong")}
        _, _, coverage = covered(SIGNALS[:3], shown)
        assert [gap.missing for gap in unanswered(coverage, [bank])] == [(SIGNALS[0], SIGNALS[2])]

    def test_told_in_plain_words(self) -> None:
        _, _, coverage = covered(("ownership", "customer_focus", "execution"), SHOWN_BY_TWO)
        assert [f"{gap_title(gap)}: {kinds_told(gap)}" for gap in unanswered(coverage, [BANK])] == [
            "Customer focus: 3 “tell me about a time” questions and 1 technical question",
            "Ownership and execution in one story: 1 technical question",
        ]

    def test_of_more_than_two_kinds_the_most_frequent_is_named(self) -> None:
        _, _, coverage = covered(("ambiguity",), {})
        (gap,) = unanswered(coverage, BANKS)
        first, *others = gap.types
        rest = sum(len(each.questions) for each in others)
        assert kinds_told(gap) == f"{len(first.questions)} {KIND_WORDS[first.kind]} and {rest} others"

    def test_own_words_have_no_questions(self) -> None:
        _, _, coverage = covered(("teaching others", "ownership"), {})
        assert without_questions(coverage) == ("teaching others",)
        assert {gap.missing for gap in unanswered(coverage, load_banks())} == {("ownership",)}

    @settings(deadline=None)  # it asks some two hundred questions
    @given(SHOWN, WANTED)
    def test_every_question_is_answered_by_a_story_or_named(
        self, shown: dict[str, dict[str, str]], wanted: list[str]
    ) -> None:
        _, _, coverage = covered(wanted, shown)
        gaps = unanswered(coverage, BANKS)
        named = {question.id for gap in gaps for its in gap.types for question in its.questions}
        for bank in BANKS:
            for each in bank.questions:
                probed = set(each.signals) & set(wanted)
                answered = not probed or any(probed <= set(its) for its in shown.values())
                assert (each.id in named) == (not answered and each.kind in KIND_WORDS), each.id
        for gap in gaps:
            assert not any(set(gap.missing) <= set(its) for its in shown.values())
            assert all(each.questions for each in gap.types)
        counts = [gap.questions for gap in gaps if len(gap.missing) > 1]
        assert counts == sorted(counts, reverse=True)


def tired(*tellings: tuple[str, ...], angle: str = "") -> tuple[OverUse, ...]:
    """Who is over-used where each session told these stories."""
    names = dict.fromkeys(name for session in tellings for name in session)
    stories = [
        whole(name, told=tuple(told(day, angle=angle) for day, its in enumerate(tellings) if name in its))
        for name in names
    ]
    return over_used(stories, cover(stories, {}, ["ownership"]))


class TestOverUse:
    def test_more_than_half_of_the_last_ten_sessions(self) -> None:
        old = [("old",)] * 20
        even = [("a", "b"), ("b",)] * 5
        assert [(use.story, use.told, use.of) for use in tired(*old, *even)] == [("b", 10, 10)]
        assert tired(*[("a",), ("b",)] * 5) == ()
        assert [use.told for use in tired(*[("a",), ("a", "b"), ("c",)] * 4)] == [6]
        assert tired(*[("a", "b"), ("b", "c"), ("c", "a")] * 3) == ()

    def test_where_each_session_tells_all_stories_none_is_tired(self) -> None:
        assert tired(*[("a", "b", "c")] * 10) == ()

    def test_it_takes_four_sessions(self) -> None:
        assert tired(("a",), ("a",), ("a",)) == ()
        assert [use.told for use in tired(("a",), ("b",), ("a",), ("a", "c"))] == [3]

    def test_four_times_in_a_row(self) -> None:
        others = [("b",), ("c",)] * 4
        uses = tired(*others, *[("a",)] * 4)
        assert [(use.story, use.told, use.in_a_row) for use in uses] == [("a", 0, 4)]
        assert tired(*others, *[("a",)] * 3, ("d",), ("a",)) == ()

    def test_a_question_answered_again_is_told_once(self) -> None:
        stories = [whole("a", told=tuple(told(0, turn) for turn in range(1, 6)))]
        assert over_used(stories, cover(stories, {}, ["ownership"])) == ()

    def test_what_was_asked_for_from_an_angle_does_not_count(self) -> None:
        assert tired(*[("a",)] * 8, angle="technical") == ()

    def test_a_story_alone_for_most_qualities(self) -> None:
        wanted = SIGNALS[:5]
        shown = {"a": dict.fromkeys(wanted[:3], "strong"), "b": {wanted[0]: "weak", wanted[4]: "strong"}}
        stories, _, coverage = covered(wanted, shown)
        (use,) = over_used(stories, coverage)
        assert (use.story, use.alone_for, use.often) == ("a", tuple(wanted[:3]), False)
        assert over_used(stories[:1], coverage) == ()  # where there is but one, that is said otherwise

    def test_moments_of_other_zones_and_none_at_all(self) -> None:
        """Ordered by the moment, not by the letters; and a moment that is none was long ago."""
        late = Told("late", 1, "2026-11-01T01:00:00+09:00")  # 16:00 of the day before in Greenwich
        rest = tuple(Told(f"{n}", 1, f"2026-11-0{n}T20:00:00Z") for n in range(2, 6))
        stories = [whole("a", told=rest), whole("b", told=(late,)), whole("c", told=(Told("x", 1, "soon"),))]
        (use,) = over_used(stories, cover(stories, {}, ["ownership"]))
        assert (use.story, use.in_a_row) == ("a", 4)

    def test_told(self) -> None:
        stories = [whole("a", "The “A” one", told=tuple(told(day) for day in range(4))), whole("b")]
        seen = made_map(stories, {}, ["ownership"], banks=[])
        assert [use_told(seen, use) for use in seen.overused] == [
            "“The “A” one” was told in all of the last 4 sessions that told a story and was the only one "
            "told in the last 4 tellings."
        ]


class TestNext:
    def test_nothing_yet(self) -> None:
        assert made_map([], {}, ["ownership"]).next.command == "greenroom stories tell"

    def test_what_no_story_shows_comes_after_what_is_weak(self) -> None:
        stories = [whole("a")]
        seen = made_map(stories, {"a": {"ownership": "weak"}}, ["customer_focus", "ownership"])
        assert seen.next.command == "greenroom stories edit a"
        seen = made_map(stories, {"a": {"ownership": "strong"}}, ["ownership", "customer_focus"])
        assert seen.next.told == "Tell a story that shows customer focus."
        assert seen.next.command == "greenroom stories tell"

    def test_the_weak_one_that_is_nearest(self) -> None:
        stories = [whole("a", result=""), whole("b", "The B")]
        shown = {name: {"ownership": "weak", "execution": "strong"} for name in "ab"}
        seen = made_map(stories, shown, ["execution", "ownership"], patterns={"b": ["hidden_in_team"]})
        assert seen.next.told == "Make “The B” show ownership strongly."
        assert seen.next.why == "What hides it: your part stays behind “we”."
        assert seen.next.command == "greenroom stories edit b"

    def test_what_is_missing_in_it_is_said(self) -> None:
        seen = made_map([whole("a", result="", task="")], {"a": {"ownership": "strong"}}, ["ownership"])
        assert seen.next.told == "Make “A” show ownership strongly."
        assert seen.next.why == "It has no task and result yet."

    def test_a_pattern_that_hides_something_else_is_not_blamed(self) -> None:
        seen = made_map(
            [whole("a")], {"a": {"customer_focus": "weak"}}, ["customer_focus"], patterns={"a": ["reactive"]}
        )
        assert seen.next.why == "So far its words only hint at it."

    def test_then_rest_for_a_tired_one(self) -> None:
        stories = [whole("a", told=tuple(told(day) for day in range(5))), whole("b; rm x")]
        seen = made_map(stories, {name: {"ownership": "strong"} for name in ("a", "b; rm x")}, ["ownership"])
        assert seen.next.told == "Let “A” rest, and practise “B; rm x”."
        assert seen.next.command == "greenroom practice --story 'b; rm x'"

    def test_at_last_another_side(self) -> None:
        stories = [whole("a", told=(told(1, angle="technical"),))]
        seen = made_map(stories, {"a": {"ownership": "strong"}}, ["ownership"])
        assert seen.next.command == "greenroom practice --story a --angle business"


TEN = [whole(f"story-{number}", f"Story {number} with quite a long title " * 3) for number in range(1, 11)]
SHOWN_BY_TEN = {
    story.name: {
        signal: "strong" if (row + column) % 3 else "weak"
        for column, signal in enumerate(SIGNALS)
        if (row * 3 + column) % 4 == 0
    }
    for row, story in enumerate(TEN)
}
OWN_WORDS = "calm when everything is on fire and everybody looks at me at once"


def plain(seen: StoryMap, *, signs: bool) -> list[str]:
    return [line.plain for line in map_lines(seen, signs=signs)]


class TestLines:
    def test_ten_by_ten_fits_eighty_columns(self) -> None:
        lines = plain(made_map(TEN, SHOWN_BY_TEN, [*SIGNALS[:9], OWN_WORDS]), signs=True)
        assert max(map(cell_len, lines)) <= WIDTH
        (heads,) = [line for line in lines if line.split() == [str(number) for number in range(1, 11)]]
        (row,) = [line for line in lines if line.startswith("  Ownership ")]
        for place, story in enumerate(TEN):
            sign = row[heads.index(f" {place + 1}") + (1 if place < 9 else 2)]
            assert sign == {"strong": "●", "weak": "○", None: "·"}[SHOWN_BY_TEN[story.name].get("ownership")]
        assert "  ● strong   ○ weak   · not shown" in lines
        assert any(line.startswith("  Calm when") and line.endswith("none yet") for line in lines)

    def test_thirty_stories_come_in_several_tables(self) -> None:
        stories = [whole(f"s{number}", "漢字" * 60) for number in range(30)]
        lines = plain(
            made_map(stories, {"s29": {"ownership": "strong"}}, ["ownership", "clarity"]), signs=True
        )
        assert max(map(cell_len, lines)) <= WIDTH
        rows = [line for line in lines if line.startswith("  Ownership ")]
        assert [row.count("·") + row.count("●") for row in rows] == [12, 12, 6]
        assert [row.endswith("strong") for row in rows] == [False, False, True]

    def test_sentences_say_all_that_the_signs_say(self) -> None:
        lines = plain(made_map(TEN, SHOWN_BY_TEN, SIGNALS), signs=False)
        for signal in SIGNALS:
            (line,) = [line for line in lines if line.startswith(f"{SIGNAL_TITLES[signal]}: ")]
            told_so = _lists(line.partition(": ")[2])
            for strength in ("strong", "weak"):
                expected = [n for n, s in enumerate(TEN, 1) if SHOWN_BY_TEN[s.name].get(signal) == strength]
                assert [int(number) for number in re.findall(r"\d+", told_so[strength])] == expected
        assert not any(sign in line for line in lines for sign in "●○")

    def test_nothing_yet(self) -> None:
        lines = plain(made_map([], {}, ["ownership"]), signs=True)
        assert lines[0] == "0 stories, 1 quality · 1 none yet"
        assert lines[-2:] == [
            "Next: Tell your first story, aloud and just as it comes.",
            "  greenroom stories tell",
        ]

    def test_what_is_to_mend_stands_by_its_story(self) -> None:
        seen = made_map([whole("a", result="")], {}, ["ownership"], patterns={"a": ["generality"]})
        assert "1 A (no result yet; it stays general)" in plain(seen, signs=False)

    def test_nothing_that_a_terminal_would_obey(self) -> None:
        stories = [whole("a", "\x1b[2Jnasty\ntitle")]
        seen = made_map(stories, {}, ["ownership", "\x1b]0;x\x07words"], role="\x1b[31mred")
        lines = [*plain(seen, signs=True), *plain(seen, signs=False)]
        assert all(line.isprintable() for line in lines)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class TestPrinting:
    @pytest.mark.parametrize(
        ("environment", "terminal", "signs", "colours"),
        [
            ({"TERM": "xterm-256color"}, True, True, True),
            ({"TERM": "xterm-256color", "NO_COLOR": "1"}, True, True, False),
            ({"TERM": "dumb"}, True, False, False),
            ({"TERM": "xterm-256color"}, False, False, False),
        ],
    )
    def test_signs_are_for_terminals_and_colours_for_those_that_want_them(
        self,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        environment: dict[str, str],
        *,
        terminal: bool,
        signs: bool,
        colours: bool,
    ) -> None:
        for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        seen = made_map(TEN, SHOWN_BY_TEN, SIGNALS)
        monkeypatch.setattr("greenroom.preparation.coverage.map_showing.read_map", lambda *_: seen)
        written = Terminal() if terminal else StringIO()
        monkeypatch.setattr("sys.stdout", written)
        assert show_map(tmp_path, tmp_path, None, (), as_json=False, page=False) is None
        text = written.getvalue()
        assert ("●" in text) == signs
        assert ("strong in " in text) != signs
        assert bool(re.search(r"\x1b\[[\d;]*3[0-7]m", text)) == colours
        lines = re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()
        assert not signs or max(map(cell_len, lines)) <= WIDTH


def _lists(told_so: str) -> dict[str, str]:
    """ "strong in 1 and 2, weak in 3": the numbers of each."""
    strong, _, weak = told_so.partition("weak in ")
    return {"strong": strong.removeprefix("strong in "), "weak": weak}


def test_json_is_complete() -> None:
    seen = made_map(TEN[:2], SHOWN_BY_TEN, ["ownership", "teaching others"])
    data = json.loads(json.dumps(as_data(seen)))
    assert [each["id"] for each in data["qualities"]] == ["ownership", "teaching others"]
    assert data["uncovered"][-1] == "teaching others"
    assert data["without_questions"] == ["teaching others"]
    assert {cell["story"] for cell in data["cells"]} <= {"story-1", "story-2"}
    assert [each["name"] for each in data["stories"]] == ["story-1", "story-2"]
    assert set(data["next"]) == {"told", "command", "why"}


def test_types_are_named_in_plain_words() -> None:
    types = [QuestionType(kind, ("ownership",), (question("x", kind),)) for kind in KIND_WORDS]
    assert all(KIND_WORDS[each.kind].rstrip("s") for each in types)
    kinds = {each.kind for bank in load_banks() for each in bank.questions}
    assert kinds - set(KIND_WORDS) == {"intro"}


def run(data: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["stories", "map", "--data", str(data), *options])


class TestCommand:
    def test_without_any_story_it_needs_no_analyzer(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("greenroom.analysis.Analyzer", None)
        done = run(tmp_path, "--role", "SRE")
        assert done.exit_code == 0, done.output
        assert "Next: Tell your first story" in done.output
        assert done.stdout.splitlines()[-1] == str(tmp_path / "map.html")
        assert "the starter set for a role as site reliability engineer" in done.output

    def test_the_plan_says_what_is_wanted(self, tmp_path: Path) -> None:
        save_goal(tmp_path, Goal(None, date(2026, 11, 21), "designer", ("clarity", "teaching others")))
        done = run(tmp_path, "--json", "--no-page")
        data = json.loads(done.stdout)
        assert [each["id"] for each in data["qualities"]] == ["clarity", "teaching others"]
        assert (data["source"], data["page"]) == ("plan", None)
        assert not (tmp_path / "map.html").exists()

    def test_too_many_qualities_are_one_line_and_a_hint(self, tmp_path: Path) -> None:
        wanted = [part for number in range(11) for part in ("--quality", f"q{number}")]
        done = run(tmp_path, *wanted)
        assert done.exit_code != 0
        assert not (tmp_path / "map.html").exists()

    @pytest.mark.slow
    def test_real_stories_by_the_real_analyzer(self, tmp_path: Path) -> None:
        save_story(tmp_path, GOOD)
        save_story(tmp_path, VAGUE)
        (stories_folder(tmp_path) / "broken.toml").write_text("title = \n", encoding="utf-8")
        done = run(tmp_path, "--json", "--quality", "ownership", "--quality", "business_impact")
        assert done.exit_code == 0, done.output
        data = json.loads(done.stdout)
        cells = {(cell["story"], cell["quality"]): cell["strength"] for cell in data["cells"]}
        assert cells["double-charge", "ownership"] == "strong"
        assert cells.get(("two-teams", "ownership")) != "strong"
        assert "hidden_in_team" in data["stories"][1]["patterns"]
        assert "broken.toml" in done.stderr
        assert len(data["faults"]) == 1


GOOD = Story(
    name="double-charge",
    title="The double charge",
    situation="On the first of March our payment service charged 214 customers twice, and every hour "
    "cost us about 3,000 euros in refunds.",
    task="I was on call, and it was mine to stop it and to find out why.",
    action="I decided to switch off the retry job at once. Then I read the traces, found that a "
    "timeout made the client send the same request again, and wrote an idempotency key into "
    "the client.",
    result="By two in the afternoon the last customer had the money back, and refunds fell from "
    "41,000 euros a quarter to under 2,000.",
)
VAGUE = Story(
    name="two-teams",
    title="Two teams",
    situation="Orders and payments shared one schema.",
    task="We needed a border between them.",
    action="We talked about it and the team agreed. We moved the tables and things were improved "
    "step by step.",
    result="It was much better for everybody.",
)


def test_a_table_keeps_the_order_of_what_is_wanted() -> None:
    lines = plain(made_map(TEN, SHOWN_BY_TEN, ["ownership", "clarity", "execution"]), signs=True)
    places = [
        next(n for n, line in enumerate(lines) if line.startswith(f"  {name} "))
        for name in ("Ownership", "Clarity", "Execution")
    ]
    assert all(after == before + 1 for before, after in pairwise(places))
