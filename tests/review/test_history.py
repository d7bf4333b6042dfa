"""What is known of past sessions, what to fix first, and what is looked at."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from past_sessions import FIRST, GOOD, Said, make_session, past

from greenroom.analysis.bands import load_bands
from greenroom.errors import BadInputError
from greenroom.records import ENOUGH_WORDS, Reanalysis, Reliability
from greenroom.review.history import History, SessionFacts, Tally
from greenroom.review.history_index import read_history
from greenroom.review.overview import as_data, overview
from greenroom.review.recurring import last_sessions
from greenroom.review.trends import DELIVERY, MEASURES, MOST_SESSIONS, newest

POOR = Reliability("poor", "made")


def facts_of_one(tmp_path: Path, *answers: Said, **more: object) -> SessionFacts:
    make_session(tmp_path, 0, answers, **more)  # type: ignore[arg-type]
    (session,) = read_history(tmp_path).sessions
    return session.facts


class TestFacts:
    def test_sums_are_over_all_answers(self, tmp_path: Path) -> None:
        facts = facts_of_one(
            tmp_path,
            Said(
                wpm=120,
                seconds=60,
                fillers=2,
                long_pauses=1,
                patterns=("no_outcome",),
                signals=("ownership",),
            ),
            Said(wpm=180, seconds=120, fillers=10, long_pauses=0, patterns=("no_outcome", "reactive")),
        )
        assert facts.tallies["pace"].amount / facts.tallies["pace"].per == pytest.approx(480 / 3)
        assert facts.tallies["fillers"] == Tally(12, 3, 2)
        assert facts.tallies["long_pauses"] == Tally(1, 3, 2)
        assert facts.tallies["length"] == Tally(180, 2, 2)
        assert facts.patterns == {"no_outcome": 2, "reactive": 1}
        assert facts.signals == {"ownership": 1}
        assert facts.asked_for == {"ownership": 2}
        assert (facts.answers, facts.judged, facts.seconds) == (2, 2, 180.0)

    def test_an_answer_tried_again_does_not_count(self, tmp_path: Path) -> None:
        facts = facts_of_one(tmp_path, Said(), Said(patterns=("reactive",), retry_of=1))
        assert (facts.answers, facts.retakes, facts.patterns) == (1, 1, {})
        assert facts.tallies["pace"].answers == 1

    def test_the_ear_is_how_far_ones_own_rating_lies_from_the_rubrics(self, tmp_path: Path) -> None:
        again = Said(rated=1, score=4, retry_of=1)  # its rubric has been heard before
        facts = facts_of_one(tmp_path, Said(rated=1, score=3), Said(rated=4, score=3), Said(), again)
        assert facts.tallies["ear"] == Tally(3, 2, 2)

    def test_an_answer_that_was_read_again_was_measured_by_what_read_it(self, tmp_path: Path) -> None:
        reading = Reanalysis("2026-12-01T10:00:00+00:00", "0.9.0", "rules", "", "", "earlier/x.json")
        facts = facts_of_one(tmp_path, Said(), reanalyses=(reading,))
        assert facts.measured_by == "greenroom 0.9.0, openai-whisper base"

    def test_a_follow_up_has_no_say_in_the_length(self, tmp_path: Path) -> None:
        facts = facts_of_one(tmp_path, Said(seconds=90), Said(seconds=20, follow_up_to=1))
        assert facts.tallies["length"] == Tally(90, 1, 1)
        assert facts.tallies["pace"].answers == 2

    def test_a_typed_answer_has_patterns_and_no_sound(self, tmp_path: Path) -> None:
        facts = facts_of_one(tmp_path, Said(typed=True, patterns=("no_outcome",)))
        assert (facts.tallies, facts.patterns, facts.judged) == ({}, {"no_outcome": 1}, 1)
        assert facts.measured_by == "greenroom 0.1.0"

    def test_an_answer_of_a_few_words_is_not_judged(self, tmp_path: Path) -> None:
        facts = facts_of_one(tmp_path, Said(words=ENOUGH_WORDS - 1), Said(words=ENOUGH_WORDS))
        assert (facts.answers, facts.judged) == (2, 1)

    @pytest.mark.parametrize(
        ("reliability", "kept"),
        [
            (
                {"speech_rate": GOOD, "filled_pauses": GOOD, "pauses": GOOD},
                {"pace", "fillers", "long_pauses"},
            ),
            ({"speech_rate": GOOD, "filled_pauses": POOR, "pauses": GOOD}, {"pace", "long_pauses"}),
            ({"speech_rate": POOR, "filled_pauses": GOOD, "pauses": POOR}, {"fillers"}),
            ({}, {"pace", "long_pauses"}),  # of an early version: whether it listened for "um" is not known
        ],
    )
    def test_a_number_that_cannot_be_believed_is_left_out(
        self, tmp_path: Path, reliability: dict[str, Reliability], kept: set[str]
    ) -> None:
        facts = facts_of_one(tmp_path, Said(reliability=reliability))
        assert set(facts.tallies) == kept | {"length"}

    @pytest.mark.parametrize("wpm", [0.0, -5.0, 1e-300, 1e12])
    def test_absurd_numbers_do_not_get_in(self, tmp_path: Path, wpm: float) -> None:
        facts = facts_of_one(tmp_path, Said(wpm=wpm, words=100, seconds=1e12))
        assert "fillers" not in facts.tallies
        assert facts.seconds < 1e6

    def test_banks_are_those_that_were_asked_from(self, tmp_path: Path) -> None:
        assert facts_of_one(tmp_path, Said(), bank="leadership", settings={"bank": ["x"]}).banks == (
            "leadership",
        )

    @pytest.mark.parametrize(
        ("settings", "banks"),
        [
            ({"bank": ["behavioural", "/home/me/My own.toml"]}, ("behavioural", "My own")),
            ({"bank": "behavioural"}, ()),
            ({"bank": [3, None]}, ()),
            ({}, ()),
        ],
    )
    def test_where_nothing_was_asked_they_are_those_of_the_settings(
        self, tmp_path: Path, settings: dict[str, object], banks: tuple[str, ...]
    ) -> None:
        assert facts_of_one(tmp_path, bank="", folder="one", settings=settings).banks == banks

    def test_the_demo_candidate_is_not_the_person(self, tmp_path: Path) -> None:
        make_session(tmp_path, 0, settings={"candidate": ["demo"]})
        make_session(tmp_path, 1, settings={"candidate": ["mine.flac"]})
        make_session(tmp_path, 2, [], unanswered=2)
        history = read_history(tmp_path)
        assert [session.counted for session in history.sessions] == [False, True, False]
        assert newest(history.sessions) == (history.sessions[1],)

    def test_what_is_called_usual_are_the_bands_of_the_analysis(self) -> None:
        bands = load_bands().measures
        of_band = {
            "pace": "speech_rate",
            "fillers": "fillers",
            "long_pauses": "long_pauses",
            "length": "length",
        }
        good = {
            "pace": {"good"},
            "fillers": {"very clean", "fine"},
            "long_pauses": {"fine"},
            "length": {"target"},
        }
        for measure in DELIVERY:
            names = [band.name for band in bands[of_band[measure.id]].bands]
            edges = [0.0, *(band.below for band in bands[of_band[measure.id]].bands)]
            inside = [i for i, name in enumerate(names) if name in good[measure.id]]
            assert measure.usual is not None
            low, high = edges[inside[0]], edges[inside[-1] + 1]
            assert (low, high) == pytest.approx(measure.usual, abs=1)


class TestRecurring:
    def test_what_came_back_in_most_sessions_is_fixed_first(self, tmp_path: Path) -> None:
        for day, patterns in enumerate(
            (
                ["reactive"] * 5,
                ["no_outcome", "generality"],
                ["no_outcome"],
                ["no_outcome", "generality", "generality"],
            )
        ):
            make_session(
                tmp_path, day, [Said(patterns=(pattern,), quote=f"day {day}") for pattern in patterns]
            )
        history = read_history(tmp_path)
        last = last_sessions(history.sessions, tmp_path)
        assert last.first is not None
        assert (last.first.pattern, last.first.sessions, last.first.answers) == ("no_outcome", 3, 3)
        assert [each.pattern for each in last.recurring] == [
            "no_outcome",
            "generality",
        ]  # not the fourth last
        assert last.answers == 6
        assert last.example is not None
        assert (last.example.quote, last.example.turn) == ("day 3", 1)
        assert last.example.advice == "advice for no_outcome"

    def test_of_equal_sessions_more_answers_come_first(self, tmp_path: Path) -> None:
        make_session(
            tmp_path, 0, [Said(patterns=("hypothetical", "generality")), Said(patterns=("generality",))]
        )
        last = last_sessions(read_history(tmp_path).sessions, tmp_path)
        assert [(each.pattern, each.answers) for each in last.recurring] == [
            ("generality", 2),
            ("hypothetical", 1),
        ]

    def test_what_was_there_once_did_not_come_back(self, tmp_path: Path) -> None:
        make_session(tmp_path, 0, [Said(patterns=("no_outcome",)), Said()])
        last = last_sessions(read_history(tmp_path).sessions, tmp_path)
        assert (last.first, last.example) == (None, None)

    def test_an_answer_tried_again_lends_no_quote(self, tmp_path: Path) -> None:
        first = Said(patterns=("no_outcome",), quote="the first try")
        again = Said(patterns=("no_outcome",), quote="the second try", retry_of=1)
        make_session(tmp_path, 0, [first, again, first])
        example = last_sessions(read_history(tmp_path).sessions, tmp_path).example
        assert example is not None
        assert example.quote == "the first try"

    def test_a_session_that_went_meanwhile_lends_none(self, tmp_path: Path) -> None:
        folder = make_session(tmp_path, 0, [Said(patterns=("no_outcome",))] * 2)
        sessions = read_history(tmp_path).sessions
        (folder / "session.json").unlink()
        last = last_sessions(sessions, tmp_path)
        assert last.first is not None
        assert last.example is None

    def test_a_long_quote_is_cut_between_words(self, tmp_path: Path) -> None:
        make_session(tmp_path, 0, [Said(patterns=("no_outcome",), quote="word " * 100)] * 2)
        example = last_sessions(read_history(tmp_path).sessions, tmp_path).example
        assert example is not None
        assert example.quote.endswith("word …")
        assert len(example.quote) <= 183


class TestOverview:
    @pytest.fixture
    def history(self, tmp_path: Path) -> History:
        for day in range(24):
            bank = "leadership" if day % 3 == 0 else "behavioural"
            make_session(tmp_path, day, [Said(fillers=9 if day < 12 else 3)] * 2, bank=bank)
        return read_history(tmp_path)

    def test_it_looks_at_the_last_ten(self, history: History) -> None:
        seen = overview(history)
        assert [session.facts.id for session in seen.looked_at] == [
            s.facts.id for s in history.sessions[-10:]
        ]
        assert seen.changes.changed == ()

    def test_it_looks_at_more_where_that_is_wanted(self, history: History) -> None:
        assert [told.head for told in overview(history, last=24).changes.changed] == ["Fewer fillers"]
        assert len(overview(history, last=None).looked_at) == 24

    def test_bank_and_day_choose(self, history: History) -> None:
        seen = overview(history, "leadership", date(2026, 9, 10))
        assert len(seen.sessions) == 5
        assert {session.facts.banks for session in seen.sessions} == {("leadership",)}
        assert seen.span == "the last 5 sessions with leadership"
        assert len(overview(history, since=FIRST.date()).sessions) == 24

    def test_an_archive_is_looked_at_in_its_newest_part(self) -> None:
        looked_at = newest([past(i) for i in range(100)])
        assert (len(looked_at), looked_at[0].folder) == (MOST_SESSIONS, f"{100 - MOST_SESSIONS:05}")

    @pytest.mark.parametrize(
        ("bank", "since", "message", "hint"),
        [
            (
                "nope",
                None,
                "no session has questions of the bank “nope”",
                "one of these: behavioural, leadership",
            ),
            (None, date(2027, 1, 1), "there is no session since 2027-01-01", "the newest is of 2026-09-24"),
            (
                "leadership",
                date(2026, 9, 23),
                "there is no session with leadership since 2026-09-23",
                "the newest is of 2026-09-22",
            ),
        ],
    )
    def test_nothing_to_see_is_said_in_one_line(
        self, history: History, bank: str | None, since: date | None, message: str, hint: str
    ) -> None:
        with pytest.raises(BadInputError) as caught:
            overview(history, bank, since)
        assert caught.value.message == message
        assert hint in (caught.value.hint or "")

    def test_as_data_it_is_complete_and_plain(self, history: History) -> None:
        data = json.loads(json.dumps(as_data(history, overview(history, last=24), None)))
        assert len(data["sessions"]) == 24
        assert data["sessions"][0]["fillers"] == 9.0
        assert data["sessions"][0]["ear"] is None
        assert len(data["trends"]) == len(MEASURES)
        fillers = next(trend for trend in data["trends"] if trend["id"] == "fillers")
        assert fillers["verdict"] == "changed"
        assert fillers["older"] == {"value": 9.0, "answers": 24, "sessions": 12}
        assert data["fix_first"] is None
