"""The report as it is written: what stands in it."""

from __future__ import annotations

import base64
import json
import shutil
import stat
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from replayed import SAMPLE, finding, first_turn, save, session_of, span, spoken_turn, timed, typed_turn
from reported import Element, read, report

from greenroom.audio.clip import save_clip
from greenroom.errors import BadInputError
from greenroom.records import (
    Clip,
    Question,
    RubricScore,
    SignalEvidence,
    StoryPart,
    Transcript,
    Turn,
    Unanswered,
)
from greenroom.review.pages import REPORT_FILE
from greenroom.review.report import write_report
from greenroom.review.timeline import timeline_of
from greenroom.review.view import page_of
from greenroom.screens.names import PATTERN_TITLES

TEMPLATES = files("greenroom.review") / "templates"


@pytest.fixture
def page(everything: Path) -> Element:
    return report(everything)


# ---- the file


def test_it_lies_in_the_folder_for_its_owner_only(everything: Path) -> None:
    path = write_report(everything)
    assert path == everything / REPORT_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in everything.iterdir() if each.name.startswith(".")) == []


def test_it_says_nothing_of_the_place_it_was_written_in(everything: Path) -> None:
    text = write_report(everything).read_text()
    assert str(everything.parent) not in text
    assert everything.name not in text


def test_its_sound_is_found_again_after_the_folder_was_moved(everything: Path, tmp_path: Path) -> None:
    write_report(everything)
    moved = tmp_path / "elsewhere" / "näme with # and ?"
    moved.parent.mkdir()
    shutil.move(everything, moved)
    sounds = [audio.attributes["src"] for audio in read(moved / REPORT_FILE).find("audio")]
    assert len(sounds) == 3
    assert all((moved / unquote(src)).is_file() for src in sounds)


def test_embedded_sound_is_the_recording_itself(everything: Path) -> None:
    page = report(everything, embed=True)
    (answer, *_) = page.find("audio", "sound")
    kind, data = answer.attributes["src"].split(";base64,")
    assert kind == "data:audio/flac"
    assert base64.b64decode(data) == (everything / "01-answer.flac").read_bytes()
    (question, *_) = page.find("audio", "whole")
    assert question.attributes["src"].startswith("data:audio/wav;base64,")
    assert "01-answer.flac" not in {each.attributes.get("src") for each in page.all()}


def test_a_damaged_session_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text("{")
    with pytest.raises(BadInputError, match="damaged"):
        write_report(tmp_path)


# ---- what stands in it


def test_at_a_glance(page: Element) -> None:
    glance = page.one("section", "glance")
    assert page.one("h1").text == "Demo and leadership interview"
    assert "Sunday 22 November 2026, 10:08 · 3 answers · 0:48 recorded" in page.one("header", "top").text
    fix = glance.one("div", "first")
    # The first answer's patterns were gone in the second attempt, so only the typed answer's is left.
    assert fix.one("p", "lead").text == PATTERN_TITLES["generality"]
    assert "What to say for generality." in fix.text
    assert "Found in 1 of 2 answers: answer 2" in fix.text
    assert "You told me “I wrote a worker”." in glance.one("div", "well").text
    asked = [line.text for line in glance.one("ol", "contents").find("li")]
    assert asked == [
        "1 What did you mend, and why? 0:24 · 2 attempts",
        "2 How much better? typed · follow-up",
        "3 Whom did you persuade? no answer",
    ]


def test_what_came_across_is_a_table_of_answers(page: Element) -> None:
    table = page.one("table")
    assert [head.text for head in table.one("thead").find("th")] == [
        "Quality",
        "Answer 1",
        "Answer 2",
        "Answer 4",
    ]
    rows = {row.one("th").text: row.find("td") for row in table.one("tbody").find("tr")}
    assert list(rows) == ["Clarity", "Ownership"]
    first, typed, again = rows["Ownership"]
    assert first.text == "33 of 4, shown, asked for, hear it"
    assert first.one("a").attributes["data-t"] == "9.0"
    assert {"sent", "asked"} <= first.one("a").classes
    assert typed.text == ""
    assert again.text == "–not shown, asked for"
    assert {"lost", "asked"} <= again.one("span", "cell").classes


def test_each_word_carries_its_time(page: Element) -> None:
    words = page.one("section", id="answer-1").one("div", "transcript").find("span", "w")
    expected = timed(first_turn().transcript.text)
    assert [word.text for word in words] == [word.text for word in expected]
    assert [float(word.attributes["data-t"]) for word in words] == [word.start for word in expected]
    assert [word.attributes["id"] for word in words] == [f"a1w{index}" for index in range(len(words))]


def test_words_are_shown_as_they_were_said(page: Element) -> None:
    said = page.one("section", id="answer-1").one("div", "said")
    assert [each.text for each in said.find("span", "filler")] == ["um,", "…"]
    assert [each.text for each in said.find("span", "silence")] == ["1.3 s"]
    assert [each.text for each in said.find("span", "partname")] == ["situation"]
    assert said.one("mark", "shown").text == "I … wrote a worker that reads it twice."
    assert [mark.text for mark in said.find("mark", "change")][:1] == ["We looked at the queue,"]
    assert said.one("button", "clean").attributes["aria-pressed"] == "false"


def test_a_finding_has_its_quote_its_reason_and_what_to_say(page: Element) -> None:
    findings = page.one("section", id="answer-1").find("div", "finding")
    assert [each.one("h4").text for each in findings] == [
        PATTERN_TITLES["no_outcome"], PATTERN_TITLES["hidden_in_team"], PATTERN_TITLES["no_business"],
    ]  # fmt: skip
    quote = findings[1].one("a", "place")
    assert quote.text == "“We looked at the queue,”"
    assert (quote.attributes["href"], quote.attributes["data-t"]) == ("#a1w6", "4.0")
    assert "Why hidden_in_team matters." in findings[1].text
    assert "Instead: What to say for hidden_in_team." in findings[1].text
    assert "80 % sure" in findings[1].text
    assert findings[2].find("a") == []


def test_how_it_is_told_and_where_the_time_went(page: Element) -> None:
    told = page.one("section", id="answer-1").one("span", "told")
    assert told.text == "Told as a story: something that happened situation 40 % · action 50 % · result 10 %"
    assert page.one("section", id="answer-4").find("span", "told") == []


def test_numbers_lead_to_what_they_count(page: Element) -> None:
    stats = page.one("section", id="answer-1").one("ul", "stats").find("li")
    assert [stat.text for stat in stats] == [
        "118 words a minute",
        "2 um or uh 9 a minute",
        "1 pause of a second or more 1.3 s",
        "1.0 s to the first word",
        "0:16 from first word to last about 1:30 suits this question",
    ]
    assert stats[1].one("button").attributes["data-steps"] == "6.5 9.0"
    assert stats[2].one("button").attributes["data-steps"] == "3.9"


def test_the_coach_is_quoted_once(page: Element) -> None:
    heard = page.one("section", id="answer-1").one("div", "heard")
    assert heard.one("section", "keep").text == "Keep You told me “I wrote a worker”."
    assert heard.one("section", "keep").one("a").attributes["data-t"] == "9.0"
    assert heard.one("section", "change").text == "Change Say how much better it was."
    assert page.one("section", id="answer-2").one("div", "heard").text == "Feedback You gave a number."


def test_what_was_said_beyond_keep_and_change_is_kept() -> None:
    turn = first_turn()
    feedback = replace(turn.feedback, written=f"{turn.feedback.written} Well told.")
    page = page_of(session_of(replace(turn, feedback=feedback)), {})
    assert page.questions[0].attempts[0].rest == "Well told."


def test_attempts_are_tabs_on_one_time(page: Element) -> None:
    question = page.one("article", id="question-1")
    tabs = question.one(role="tablist").find("button", role="tab")
    assert [tab.text for tab in tabs] == ["First attempt", "Second attempt", "Side by side"]
    assert [tab.attributes["aria-selected"] for tab in tabs] == ["false", "true", "false"]
    assert [tab.attributes["aria-controls"] for tab in tabs] == ["answer-1", "answer-4", "side-1"]
    panels = {panel.attributes["id"] for panel in question.find(role="tabpanel")}
    assert panels == {"answer-1", "answer-4", "side-1"}


def test_a_shorter_attempt_is_drawn_shorter() -> None:
    timeline = timeline_of(first_turn(), 24.0, 48.0)
    assert timeline.width == 500
    assert (timeline.parts[0].left, timeline.parts[0].width) == (21, 60)


def test_a_follow_up_says_what_it_follows(page: Element) -> None:
    assert "Question 2, a follow-up to answer 1" in page.one("article", id="question-2").text


# ---- what is not there


def test_a_typed_answer_has_words_and_no_sound(page: Element) -> None:
    typed = page.one("section", id="answer-2")
    assert "This answer was typed." in typed.text
    assert typed.one("div", "transcript").text == typed_turn().transcript.text
    assert typed.find("audio") == [] and typed.find("div", "timeline") == []
    assert [each for each in typed.all() if "data-t" in each.attributes] == []
    assert typed.one("ul", "stats").text == "9 words"
    assert "data-seconds" not in typed.attributes


def test_an_unanswered_question_says_why(page: Element) -> None:
    question = page.one("article", id="question-3")
    assert "Whom did you persuade?" in question.text
    assert "Skipped." in question.text
    assert question.find("section") == []


def test_what_was_recorded_of_an_unanswered_question_can_be_heard(tmp_path: Path) -> None:
    asked = Question("q", "Why?", about="Your reasons.")
    left = Unanswered(1, "Why?", asked, "interrupted", "01-answer.flac")
    save(tmp_path, session_of(unanswered=(left,), finished=False))
    save_clip(tmp_path / "01-answer.flac", Clip(np.full(1600, 0.1, dtype=np.float32)))
    page = report(tmp_path)
    assert page.one("audio", id="left-1").attributes["src"] == "01-answer.flac"
    assert "The interview ended before this answer was analysed." in page.text
    assert "ended early" in page.one("header", "top").text
    assert "There was too little to go by" in page.text


@pytest.mark.parametrize("damage", ["missing", "no sound", "empty"])
def test_without_its_recording_an_answer_keeps_its_words(everything: Path, damage: str) -> None:
    recording = everything / "01-answer.flac"
    recording.unlink()
    if damage != "missing":
        recording.write_text("not a sound" if damage == "no sound" else "")
    answer = report(everything).one("section", id="answer-1")
    assert "The recording 01-answer.flac is not in this folder any more, or cannot be read" in answer.text
    assert "In May our orders were lost." in answer.text.replace("situation ", "")
    assert answer.find("audio") == [] and answer.find("button", "stat") == []


def test_an_answer_of_which_nothing_was_understood(tmp_path: Path) -> None:
    turn = spoken_turn(
        transcript=Transcript(""), delivery=replace(first_turn().delivery, fillers=(), words=0)
    )
    page = report(save(tmp_path, session_of(turn)))
    assert "Nothing that could be understood." in page.text


def test_an_old_session_opens(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "old")
    path = tmp_path / "old" / "session.json"
    session = json.loads(path.read_text())
    newer = {"form", "shares", "markers", "rubric", "deeds", "silences", "reopened", "overflowed", "retry_of"}
    for turn in session["turns"]:
        for key in newer & set(turn):
            del turn[key]
        turn["feedback"] = {"spoken": turn["feedback"]["spoken"]}
        kept = ("words", "speech_rate_wpm", "first_word_seconds", "speaking_seconds", "pauses", "fillers")
        turn["delivery"] = {key: turn["delivery"][key] for key in kept}
        turn["delivery"]["pauses"] = [
            {"start": p["start"], "end": p["end"]} for p in turn["delivery"]["pauses"]
        ]
        turn["delivery"]["fillers"] = [
            {k: f[k] for k in ("text", "start", "end")} for f in turn["delivery"]["fillers"]
        ]
    path.write_text(json.dumps(session))
    page = report(tmp_path / "old")
    assert len(page.find("section", "answer")) == 3
    assert "booking system" in page.one("section", id="answer-1").text
    assert page.find("div", "pace") == []


def test_a_session_of_nothing(tmp_path: Path) -> None:
    page = report(save(tmp_path, session_of(started_at="some day", finished=False)))
    assert page.one("h1").text == "Interview"
    assert "some day · 0 answers · ended early" in page.text
    assert page.find("article") == []


def test_what_a_later_version_names_is_shown_by_its_name(tmp_path: Path) -> None:
    words = timed("I did it all by myself.")
    turn = spoken_turn(
        1, "I did it all by myself.",
        patterns=(finding("mumbled_it", span(words, 0, 1)),),
        parts=(StoryPart("moral", 1.0, 2.0, "", 0, 1),),
        form="saga",
        signals=(SignalEvidence("grit", (span(words, 2, 3),)),),
        rubric=(RubricScore("grit", 3, "It shows."),),
        ended_by="sunset",
    )  # fmt: skip
    page = report(save(tmp_path, session_of(turn)))
    assert "Mumbled it" in page.one("div", "finding").text
    assert "Told as Saga" in page.text
    assert "Grit “it all”" in page.one("div", "heard").text


# ---- what to fix first


def fix_of(*turns: Turn) -> tuple[str, str]:
    fix = page_of(session_of(*turns), {}).fix
    assert fix is not None
    return fix.title, fix.note


def test_the_pattern_that_weighs_most_comes_first() -> None:
    words = timed(first_turn().transcript.text)
    once = replace(first_turn(), patterns=(finding("reactive", span(words, 0, 1)),))
    twice = [
        replace(
            first_turn(),
            number=n,
            patterns=(replace(finding("no_business", span(words, 0, 1)), confidence=0.55),),
        )
        for n in (2, 3)
    ]
    assert fix_of(once, *twice) == (PATTERN_TITLES["no_business"], "in 2 of 3 answers")


def test_without_a_pattern_it_is_what_was_heard_most_and_then_what_was_asked_for_in_vain() -> None:
    bare = replace(first_turn(), patterns=(), signals=())
    heard = replace(bare, delivery=replace(bare.delivery, remarkable=("fillers.work on it",)))
    assert fix_of(heard) == ("Fillers", "")
    assert fix_of(bare)[0] == "Ownership"
    assert page_of(session_of(replace(first_turn(), patterns=())), {}).fix is None
