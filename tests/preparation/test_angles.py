"""One story from three sides: asked for, judged, and held beside each other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from made_turns import made_turn, spoken

from greenroom.analysis import transcript_of
from greenroom.analysis.asked import asks_for
from greenroom.cli import cli
from greenroom.preparation.angles.angle_comparison import AngleComparison, compare_angles, sessions_told
from greenroom.preparation.angles.angle_lines import WIDTH, plain, side_by_side
from greenroom.preparation.angles.angles import AngleReader, angle_asked, angle_question, judge_angle
from greenroom.preparation.stories.stories import ANGLES, Story, Told
from greenroom.preparation.stories.story_files import save_story
from greenroom.records import KINDS, PATTERNS, SIGNALS, Delivery, Session, Turn
from greenroom.session import save_session

MADE = Path(__file__).parents[1] / "data" / "stories_told" / "angles.jsonl"
STORY = Story("no-to-rewrite", "Saying no to a rewrite.", action="I took out the tax rules.")

TECHNICAL = (
    "The export opened a transaction for every ticket, so Postgres had to sync its log each time. I thought "
    "about a second replica, but that would not have helped, because the time went into the commits. So I "
    "wrote batches through COPY. The downside was that one bad row failed the whole batch."
)
BUSINESS = (
    "The city was our largest customer, and its contract of 420,000 euros was up in June. Each late export "
    "meant that wardens could not collect fines, two thousand euros a day. They renewed for three years."
)
LEADERSHIP = (
    "Marek did not believe in batches. I asked him to write the test that would prove me wrong, and he did, "
    "and I listened to him. After that he told the others himself, and they agreed."
)
TOLD = {"technical": TECHNICAL, "business": BUSINESS, "leadership": LEADERSHIP}


def answer(text: str, number: int = 1, **more: Any) -> Turn:
    return made_turn(number, transcript=transcript_of(text), **{"delivery": spoken(), **more})


@pytest.fixture(scope="module")
def reader() -> AngleReader:
    return AngleReader()


@pytest.mark.parametrize("angle", ANGLES)
def test_a_question_names_the_story_and_asks_for_an_episode(angle: str) -> None:
    question = angle_question(STORY, angle)
    assert "“Saying no to a rewrite”" in question.text
    assert question.id == f"no-to-rewrite:{angle}"
    assert question.bank == "stories"
    assert question.kind in KINDS
    assert set(question.signals) <= set(SIGNALS)
    assert question.signals
    assert set(question.follow_ups) == set(PATTERNS)
    assert question.about.endswith(".")
    assert question.strong.startswith("You ")
    assert 60 <= question.target_seconds <= 150
    for times in range(4):
        told = replace(STORY, told=(Told("one", 1, "2026-11-22"),) * times)
        assert asks_for(angle_question(told, angle)) == "episode"


@pytest.mark.parametrize("angle", ANGLES)
def test_told_once_more_it_is_asked_in_other_words(angle: str) -> None:
    texts = {
        angle_question(replace(STORY, told=(Told("one", 1, "2026-11-22"),) * times), angle).text
        for times in range(4)
    }
    assert len(texts) == 4
    assert angle_question(STORY, angle) == angle_question(STORY, angle)


def test_a_question_and_its_follow_up_know_what_they_asked_for() -> None:
    question = angle_question(STORY, "business")
    assert angle_asked(question) == ("no-to-rewrite", "business")
    follow_up = replace(question, id="no-to-rewrite:business:no_outcome", follows=question.id)
    assert angle_asked(follow_up) == ("no-to-rewrite", "business")
    assert angle_asked(replace(question, bank="behavioural")) is None
    assert angle_asked(replace(question, id="no-to-rewrite:other")) is None


@pytest.mark.slow
@pytest.mark.parametrize("asked", ANGLES)
def test_each_side_is_met_by_the_answer_that_tells_it_and_by_no_other(
    asked: str, reader: AngleReader
) -> None:
    met = {side for side, text in TOLD.items() if judge_angle(answer(text), asked, reader).met}
    assert met == {asked}


@pytest.mark.slow
@pytest.mark.parametrize("angle", ANGLES)
def test_what_is_shown_is_quoted_and_what_is_missing_is_said(angle: str, reader: AngleReader) -> None:
    met = judge_angle(answer(TOLD[angle]), angle, reader)
    for shown in met.shown:
        words = TOLD[angle].split()[shown.quote.first_word : shown.quote.last_word + 1]
        assert " ".join(words) == shown.quote.text
    other = judge_angle(answer("I moved the boxes to another room and I was glad."), angle, reader)
    assert not other.met
    assert not other.shown
    assert len(other.missing) >= 2
    assert any(each in other.sentence for each in other.missing)
    for said in (met.sentence, other.sentence):
        assert said[0].isupper()
        assert said.endswith(".")
        assert said.count(".") == 1


@pytest.mark.slow
def test_a_signal_of_the_analysis_speaks_for_its_facet(reader: AngleReader) -> None:
    text = "I asked her to wait. She refused at first, and she was angry."
    assert not judge_angle(answer(text), "leadership", reader).met
    assert judge_angle(answer(text, signals=("leadership",)), "leadership", reader).met


@pytest.mark.slow
def test_an_empty_answer_meets_nothing(reader: AngleReader) -> None:
    for angle in ANGLES:
        assert not judge_angle(answer(""), angle, reader).met


@pytest.mark.slow
def test_on_the_made_answers_that_chose_no_rule_what_is_met_is_met(reader: AngleReader) -> None:
    rows = [json.loads(line) for line in MADE.read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["half"] == "measure"]
    found = [(row["met"], judge_angle(answer(row["text"]), row["angle"], reader).met) for row in rows]
    said = [label for label, met in found if met]
    assert len(rows) == 24
    assert sum(said) / len(said) >= 0.9
    assert sum(said) / sum(label for label, _ in found) >= 0.8


def held(name: str, *turns: Turn) -> Session:
    return Session(id=name, started_at="2026-11-20T10:00:00+00:00", turns=turns)


def told_story(*angles: tuple[str, str, int, str]) -> Story:
    """Each with its angle, session, turn and day."""
    told = tuple(
        Told(name, turn, f"2026-11-{day}T10:00:00+00:00", angle) for angle, name, turn, day in angles
    )
    return replace(STORY, told=told)


@pytest.fixture(scope="module")
def compared(reader: AngleReader) -> AngleComparison:
    story = told_story(
        ("technical", "one", 1, "18"),
        ("technical", "two", 1, "20"),
        ("business", "one", 2, "18"),
        ("", "one", 3, "18"),
    )
    sessions = {
        "one": held("one", answer(LEADERSHIP), answer(TECHNICAL, 2, patterns=("no_business",))),
        "two": held(
            "two",
            answer(LEADERSHIP),
            answer(
                TECHNICAL, 2, retry_of=1, form="story", signals=("technical_fluency",), parts={"action": 1}
            ),
            answer(LEADERSHIP, 3, follow_up_to=1),
        ),
    }
    return compare_angles(story, sessions, reader)


@pytest.mark.slow
def test_the_latest_telling_of_each_side_is_compared(compared: AngleComparison) -> None:
    technical, business = compared.tellings
    assert (technical.session, technical.turn, technical.times) == ("two", 2, 2), "answered again, it counts"
    assert technical.judgement.met
    assert not business.judgement.met
    assert compared.untold == ("leadership",)
    assert compared.strongest == "technical"
    assert technical.shares == {"action": 1}
    assert business.patterns == ("no_business",)


@pytest.mark.slow
def test_side_by_side_it_fits_a_narrow_terminal_and_says_what_is_next(compared: AngleComparison) -> None:
    lines = list(side_by_side(compared))
    assert max(map(len, lines)) <= WIDTH
    text = "\n".join(lines)
    assert "not yet" in text
    assert "Strongest so far: the technical side." in text
    assert "greenroom practice --story no-to-rewrite --angle leadership" in text


@pytest.mark.slow
def test_read_aloud_every_side_stands_by_itself(compared: AngleComparison) -> None:
    lines = list(plain(compared))
    assert "Technical:" in lines
    assert "  angle: met" in lines
    assert "  angle: not met yet" in lines
    assert not any("  " in line.strip() for line in lines)


def nobody_reads() -> AngleReader:
    class Nobody(AngleReader):
        def read(self, *_: Any) -> Any:
            raise AssertionError("there is nothing to read")

    return Nobody()


def test_a_side_whose_session_is_gone_is_told_so() -> None:
    story = told_story(("business", "gone", 1, "18"))
    compared = compare_angles(story, {}, nobody_reads())
    assert compared.lost == ("business",)
    assert compared.untold == ("technical", "leadership")
    assert compared.strongest is None
    assert "Business: told in a session that is no longer there." in list(plain(compared))


def test_a_story_that_was_never_told_from_a_side_says_what_to_begin_with() -> None:
    compared = compare_angles(STORY, {}, nobody_reads())
    for lines in (list(plain(compared)), list(side_by_side(compared))):
        assert "not told from any side yet" in lines
        assert "Next: greenroom practice --story no-to-rewrite --angle technical" in lines


def test_sessions_are_found_by_name_and_none_leads_out_of_their_folder(tmp_path: Path) -> None:
    root = tmp_path / "recordings"
    for folder in (root / "one", tmp_path / "outside"):
        folder.mkdir(parents=True)
        save_session(folder, held(folder.name, answer(TECHNICAL)))
    (root / "broken").mkdir()
    (root / "broken" / "session.json").write_text("{")
    story = told_story(
        ("technical", "one", 1, "18"),
        ("business", "../outside", 1, "18"),
        ("business", "broken", 1, "18"),
        ("leadership", "never", 1, "18"),
    )
    assert list(sessions_told(story, [root])) == ["one"]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "recordings" / "one"
    folder.mkdir(parents=True)
    save_session(folder, held("one", answer(TECHNICAL, delivery=Delivery(words=60))))
    save_story(tmp_path, told_story(("technical", "one", 1, "18")))
    yield tmp_path


def run(data: Path, *more: str) -> Mapping[str, Any]:
    where = ["--data", str(data), "--recordings", str(data / "recordings")]
    done = CliRunner().invoke(cli, ["stories", "angles", *more, *where])
    return {"status": done.exit_code, "out": done.stdout, "fault": done.exception}


@pytest.mark.slow
def test_the_command_prints_lines_and_json(data: Path) -> None:
    shown = run(data, "no-to-rewrite")
    assert shown["status"] == 0
    assert "Technical:" in shown["out"]
    told = json.loads(run(data, "no-to-rewrite", "--json")["out"])
    assert told["untold"] == ["business", "leadership"]
    assert told["tellings"][0]["judgement"]["met"] is True


def test_a_story_that_is_not_there_is_named_with_the_nearest(data: Path) -> None:
    from greenroom.errors import UsageError

    shown = run(data, "no-to-rewrote")
    assert isinstance(shown["fault"], UsageError)
    assert "no-to-rewrite" in str(shown["fault"])
