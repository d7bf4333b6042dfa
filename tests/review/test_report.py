"""The report as it is written: what stands in it, and that nothing in it can do harm."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import stat
import webbrowser
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from click.testing import CliRunner
from hostile import HOSTILE, HOSTILE_NAME, hostile_session
from replayed import finding, first_turn, save, span, spoken_turn, timed, typed_turn
from reported import Element, read, report

from greenroom.analysis.bands import load_bands
from greenroom.audio.clip import save_clip
from greenroom.cli import cli
from greenroom.errors import BadInputError
from greenroom.records import (
    MARKERS,
    PATTERNS,
    PROFILES,
    SIGNALS,
    Clip,
    Disfluency,
    PacePoint,
    Question,
    RubricScore,
    Session,
    SignalEvidence,
    StoryPart,
    Transcript,
    Turn,
    Unanswered,
    Word,
)
from greenroom.review.peaks import PEAKS, peaks_of
from greenroom.review.report import REPORT_FILE, write_report
from greenroom.review.timeline import USUAL_PACE, timeline_of
from greenroom.review.titles import MARKER_TITLES, PATTERN_LABELS, PATTERN_TITLES, REMARKS, SIGNAL_TITLES
from greenroom.review.transcript import paragraphs_of, place_of
from greenroom.review.view import page_of
from greenroom.session import save_session

SAMPLE = Path(__file__).parents[2] / "recordings" / "sample"
TEMPLATES = files("greenroom.review") / "templates"


def session_of(*turns: Turn, **more: object) -> Session:
    known = {"id": "s", "started_at": "2026-11-22T10:08:05+00:00", "turns": turns, "finished": True}
    return Session(**{**known, **more})  # type: ignore[arg-type]


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
    assert told.text == "Told as a story: something that happened situation 40 %, action 50 %, result 10 %"
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
    assert [tab.text for tab in tabs] == ["First attempt", "Second attempt"]
    assert [tab.attributes["aria-selected"] for tab in tabs] == ["false", "true"]
    assert [tab.attributes["aria-controls"] for tab in tabs] == ["answer-1", "answer-4"]
    assert {panel.attributes["id"] for panel in question.find(role="tabpanel")} == {"answer-1", "answer-4"}


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


# ---- words


def test_a_quote_is_found_though_an_um_was_written_into_it_later() -> None:
    turn = spoken_turn()
    assert place_of(turn, "the queue, and it was") == (9, 14)
    assert place_of(turn, "THE QUEUE and it was") == (9, 14)
    assert place_of(turn, "the queue and they were") is None
    assert place_of(turn, "“”") is None


def test_restarts_can_be_told_from_other_words() -> None:
    words = timed("I I went home.")
    delivery = replace(
        first_turn().delivery,
        fillers=(),
        pauses=(),
        disfluencies=(Disfluency("repetition", "I", 1.0, 1.4, 0, 0),),
    )
    turn = replace(
        first_turn(), transcript=Transcript("I I went home.", words=words), delivery=delivery, parts=()
    )
    styles = [piece.style for paragraph in paragraphs_of(turn) for run in paragraph for piece in run.pieces]
    assert styles == ["back", "", "", ""]


def test_a_long_answer_has_paragraphs_that_end_with_sentences() -> None:
    text = "This is a sentence of seven words. " * 60
    turn = spoken_turn(transcript=Transcript(text, words=timed(text)), parts=())
    paragraphs = paragraphs_of(turn)
    assert 3 <= len(paragraphs) <= 6
    assert all(paragraph[-1].pieces[-1].text == "words." for paragraph in paragraphs)


def test_words_without_times_are_still_there() -> None:
    words = (Word("One"), Word("two", 1.0, 1.2), Word("three"))
    turn = spoken_turn(transcript=Transcript("One two three", words=words), parts=())
    texts = [piece.text for run in paragraphs_of(turn)[0] for piece in run.pieces if piece.kind == "word"]
    assert texts == ["One", "two", "three"]


# ---- time


def test_labels_do_not_run_into_each_other() -> None:
    turn = first_turn()
    times = [10.0, 10.2, 10.4, 20.0]
    fillers = tuple(replace(turn.delivery.fillers[0], start=t, end=t + 0.1) for t in times)
    drawn = timeline_of(replace(turn, delivery=replace(turn.delivery, fillers=fillers)), 60.0, 60.0).fillers
    assert [bool(box.label) for box in drawn] == [True, False, False, True]


def test_findings_at_the_same_place_stand_in_rows_of_their_own() -> None:
    words = timed(first_turn().transcript.text)
    found = tuple(finding(id, span(words, 2, 4)) for id in ("reactive", "no_business"))
    timeline = timeline_of(replace(first_turn(), patterns=found), 60.0, 60.0)
    assert [box.row for box in timeline.findings] == [0, 1]
    assert timeline.rows == 2
    # A fifth of the time apart they stand in one row, but on a phone there is no room for both labels.
    found = (finding("reactive", span(words, 0, 1)), finding("no_business", span(words, 24, 25)))
    timeline = timeline_of(replace(first_turn(), patterns=found), 60.0, 60.0)
    assert (timeline.rows, timeline.narrow_rows) == (1, 2)


def test_the_pace_curve_stands_against_its_band() -> None:
    points = (*(PacePoint(7.5 + i, 150.0) for i in range(5)), PacePoint(12.5, 260.0))
    delivery = replace(first_turn().delivery, pace=points)
    pace = timeline_of(replace(first_turn(), delivery=delivery), 20.0, 20.0).pace
    assert pace is not None and pace.band is not None
    top, height = pace.band
    heights = [float(point.split(",")[1]) for point in pace.path[1:].split("L")]
    assert all(top < y < top + height for y in heights[:5])
    assert heights[5] < top
    assert pace.usual == "120 to 180"
    assert [mark.label for mark in pace.marks] == ["260 words a minute", "150"]
    assert "fastest 260 at 0:12" in pace.about


@pytest.mark.parametrize("profile", PROFILES)
def test_the_band_is_the_one_that_the_analysis_judges_by(profile: str) -> None:
    bands = load_bands(profile)
    if "speech_rate" in bands.not_judged:
        assert USUAL_PACE[profile] is None
        return
    edges = [band.below for band in bands.measures["speech_rate"].bands]
    names = [band.name for band in bands.measures["speech_rate"].bands]
    good = names.index("good")
    assert USUAL_PACE[profile] == (edges[good - 1], edges[good])


def test_everything_has_a_title() -> None:
    assert set(REMARKS) == set(load_bands().remarks)
    assert set(PATTERN_TITLES) == set(PATTERN_LABELS) == set(PATTERNS)
    assert set(SIGNAL_TITLES) == set(SIGNALS)
    assert set(MARKER_TITLES) == set(MARKERS)


def test_peaks_are_where_the_sound_is(tmp_path: Path) -> None:
    samples = np.zeros(48_000, dtype=np.float32)
    samples[24_000:24_400] = 0.5
    save_clip(tmp_path / "a.flac", Clip(samples))
    peaks = peaks_of(tmp_path / "a.flac")
    assert peaks is not None
    assert peaks.seconds == 3.0
    loud = [index / len(peaks.values) for index, value in enumerate(peaks.values) if value > 0.9]
    assert min(loud) > 0.49 and max(loud) < 0.52
    assert max(peaks.values) == 1.0
    packed = base64.b64decode(peaks.packed)
    assert len(packed) == len(peaks.values) <= PEAKS
    assert max(packed) == 255


def test_silence_is_not_drawn_as_speech(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).uniform(-0.001, 0.001, 16_000).astype(np.float32)
    save_clip(tmp_path / "a.wav", Clip(noise))
    peaks = peaks_of(tmp_path / "a.wav")
    assert peaks is not None and max(peaks.values) < 0.1


# ---- nothing in it can do harm


def test_text_stays_text(tmp_path: Path) -> None:
    page = report(save(tmp_path / "hostile", hostile_session()))
    assert unquote(page.one("audio", "sound").attributes["src"]) == HOSTILE_NAME
    assert len(page.find("script")) == 2
    assert page.find("img") == []
    assert [each for each in page.all() if any(name.startswith("on") for name in each.attributes)] == []
    shown = " ".join(HOSTILE.split())
    assert page.one("article", id="question-1").one("h2").text == shown
    assert page.find("span", "w")[0].text == shown
    assert page.text.count(shown) > 15
    assert "49" not in page.one("article", id="question-1").one("h2").text


@pytest.mark.parametrize(
    "name",
    [
        "../other/secret.flac",
        "/etc/hostname",
        "..",
        "a/b.flac",
        "https://example.org/a.flac",
        "a\\b.flac",
        "C:x.flac",
        "",
    ],
)
def test_no_recording_is_taken_from_outside_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "session"
    save(folder, session_of(spoken_turn(question_recording=None)))
    (tmp_path / "other").mkdir()
    shutil.copy(folder / "01-answer.flac", tmp_path / "other" / "secret.flac")
    save_session(folder, session_of(spoken_turn(question_recording=None, recording=name)))
    for embed in (False, True):
        assert report(folder, embed=embed).find("audio") == []


def test_any_file_name_can_be_played(tmp_path: Path) -> None:
    name = "a b#c?d%20é'&\".flac"
    page = report(save(tmp_path / "s", session_of(spoken_turn(recording=name))))
    src = page.one("audio", "sound").attributes["src"]
    assert unquote(src) == name
    assert not set(src) & set("#? \"'")


@pytest.mark.parametrize("embed", [False, True])
def test_the_policy_forbids_what_the_page_does_not_use(everything: Path, embed: bool) -> None:
    page = report(everything, embed=embed)
    content = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    policy = {name: values for name, *values in (rule.split() for rule in content.split(";"))}
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["media-src"] == (["data:"] if embed else ["'self'", "file:"])
    assert policy["script-src"] == [hash_of(script.raw) for script in page.find("script")]
    style = page.one("style")
    assert policy["style-src"] == [hash_of(style.raw), f"'nonce-{style.attributes['nonce']}'"]
    assert set(policy) == {"default-src", "script-src", "style-src", "media-src", "base-uri", "form-action"}
    # The policy comes before everything that it is to rule.
    head = [each.tag for each in page.one("head").all()]
    assert head.index("meta") < head.index("style")


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_a_nonce_is_used_once(everything: Path) -> None:
    assert len({report(everything).one("style").attributes["nonce"] for _ in range(3)}) == 3


def test_no_element_has_a_style_or_leads_away(page: Element) -> None:
    for each in page.all():
        assert "style" not in each.attributes
        assert each.tag not in {"link", "iframe", "object", "embed", "form", "base"}
        for name in ("href", "src", "srcset", "action", "data"):
            assert not re.match(r"(?i)\s*([a-z]+:|//)", each.attributes.get(name, "")), each.attributes


def test_every_link_leads_somewhere(page: Element) -> None:
    names = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
    assert len(names) == len(set(names))
    for link in page.find("a"):
        assert link.attributes["href"].removeprefix("#") in names
    for each in page.all():
        for name in ("aria-labelledby", "aria-controls", "data-hear"):
            if name in each.attributes:
                assert each.attributes[name] in names


def test_every_place_has_its_rule(page: Element) -> None:
    used = {name for each in page.all() for name in each.classes if re.fullmatch(r"[xwy]\d+", name)}
    rules = dict(re.findall(r"^\.([xwy]\d+) \{(.*)\}$", page.one("style").raw, re.MULTILINE))
    assert used and used <= set(rules)
    assert rules["w1000"] == "width:100%"
    assert rules["x42"] == "left:4.2%"


def test_the_library_is_the_one_whose_licence_lies_beside_it(page: Element) -> None:
    library = (TEMPLATES / "wavesurfer.min.js").read_bytes()
    licence = (TEMPLATES / "wavesurfer.LICENSE.txt").read_text()
    assert hashlib.sha256(library).hexdigest() in licence
    assert "BSD 3-Clause License" in licence and "--" not in licence
    assert page.find("script")[0].raw.encode() == library


def test_the_tone_is_kept() -> None:
    shown = (TEMPLATES / "report.html.j2").read_text()
    titles = [*REMARKS.values(), *PATTERN_TITLES.values(), *PATTERN_LABELS.values()]
    assert not re.search(r"reject|fail(ed|ure)|nervous", " ".join([shown, *titles]), re.IGNORECASE)
    texts = re.sub(r"<!doctype|<!--|\{#.*?#\}|!=", "", shown)
    assert "!" not in texts


# ---- the command


def test_the_command_prints_where_the_page_is(everything: Path) -> None:
    done = CliRunner().invoke(cli, ["report", str(everything)])
    assert done.exit_code == 0
    assert done.stdout == f"{everything / REPORT_FILE}\n"
    assert (everything / REPORT_FILE).is_file()


def test_the_latest_session_is_the_one_that_is_meant(everything: Path) -> None:
    done = CliRunner().invoke(cli, ["report", "--recordings", str(everything.parent), "--embed"])
    assert done.stdout == f"{everything / REPORT_FILE}\n"
    assert "media-src data:" in (everything / REPORT_FILE).read_text()


def test_it_opens_in_the_browser(everything: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) or True)
    CliRunner().invoke(cli, ["report", str(everything), "--open"])
    assert opened == [(everything / REPORT_FILE).resolve().as_uri()]


def test_without_a_browser_it_says_where_to_look(everything: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    done = CliRunner().invoke(cli, ["report", str(everything), "--open"])
    assert done.exit_code == 0
    assert f"open {everything / REPORT_FILE} in one" in done.stderr
