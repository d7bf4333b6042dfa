"""Sessions as WebVTT, Markdown and CSV: complete, well-formed, and only text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hostile import HOSTILE, hostile_session
from markdown_it import MarkdownIt
from replayed import (
    SAID,
    SAMPLE,
    TYPED,
    answered_again,
    finding,
    first_turn,
    session_with_everything,
    span,
    spoken_turn,
    timed,
)

from greenroom.cli import cli
from greenroom.errors import UsageError
from greenroom.records import MARKERS, PATTERNS, SIGNALS, Feedback, Session, Transcript, Word
from greenroom.review.export_markdown import plain
from greenroom.review.exports import EXPORTS, as_csv, as_markdown, as_vtt, only
from greenroom.session import load_session

EVERYTHING = session_with_everything()

_TIMING = re.compile(r"(\d\d+):(\d\d):(\d\d\.\d{3}) --> (\d\d+):(\d\d):(\d\d\.\d{3})( line:0)?")
_TIME = re.compile(r"<(\d\d+:\d\d:\d\d\.\d{3})>")


@dataclass(frozen=True)
class Cue:
    id: str
    start: float
    end: float
    text: str
    times: tuple[str, ...]


def seconds(hours: str, minutes: str, rest: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def parse_vtt(text: str) -> tuple[list[Cue], list[str]]:
    """Cues and notes, read as strictly as the W3C's syntax for authors is written."""
    header, *blocks = re.split(r"\n\n+", text.rstrip("\n"))
    assert re.fullmatch(r"WEBVTT( [^\n]*)?", header)
    assert "-->" not in header
    cues, notes = [], []
    for block in blocks:
        if block.startswith("NOTE "):
            assert "-->" not in block
            assert "\n" not in block
            notes.append(block.removeprefix("NOTE "))
            continue
        name, timing, payload = block.split("\n")
        assert "-->" not in name + payload
        times = _TIMING.fullmatch(timing)
        assert times, timing
        start, end = seconds(*times.group(1, 2, 3)), seconds(*times.group(4, 5, 6))
        assert start < end
        inner = tuple(_TIME.findall(payload))
        last = start
        for stamp in inner:
            now = seconds(*stamp.split(":"))
            assert last < now < end
            last = now
        bare = _TIME.sub("", payload).replace("<c.finding>", "").replace("</c>", "")
        assert "<" not in bare
        assert ">" not in bare
        cues.append(Cue(name, start, end, bare, inner))
    assert [cue.start for cue in cues] == sorted(cue.start for cue in cues)
    assert len({cue.id for cue in cues}) == len(cues)
    return cues, notes


def words_and_findings(session: Session) -> tuple[list[Cue], list[Cue]]:
    cues, _ = parse_vtt(as_vtt(session))
    return [cue for cue in cues if ", words " in cue.id], [cue for cue in cues if ", finding " in cue.id]


# WebVTT


def test_all_words_are_cues_with_their_times() -> None:
    words, _ = words_and_findings(only(EVERYTHING, 1))
    assert " ".join(cue.text for cue in words) == SAID
    assert (words[0].start, words[0].end, words[0].text) == (1.0, 3.9, "In May our orders were lost.")
    assert words[0].times[:2] == ("00:00:01.500", "00:00:02.000"), "every word but the first, which begins it"
    assert sum(1 + len(cue.times) for cue in words) == len(SAID.split())


def test_findings_are_cues_at_their_quotes() -> None:
    _, findings = words_and_findings(only(EVERYTHING, 1))
    assert [(cue.start, cue.end, cue.text) for cue in findings] == [
        (1.0, 17.4, "Why it mattered is missing. What to say for no_business."),
        (4.0, 6.4, "Your part stays behind “we”. What to say for hidden_in_team."),
        (13.0, 17.4, "No result that can be counted. What to say for no_outcome."),
    ]


def test_answers_follow_each_other_and_notes_say_where_they_begin() -> None:
    cues, notes = parse_vtt(as_vtt(EVERYTHING))
    assert notes == [
        "Turn 1 of 4: What did you mend, and why? (01-answer.flac begins at 00:00:00.000)",
        f"Turn 2 of 4, follow-up to turn 1: How much better? ({TYPED})",
        "Turn 3 of 4: Whom did you persuade? (Skipped.)",
        "Turn 4 of 4, turn 1 once more: What did you mend, and why? (04-answer.flac begins at 00:00:24.000)",
    ]
    last = [cue for cue in cues if cue.id.startswith("turn 4")]
    assert last[0].start == 24.0 + 1.0
    assert last[0].text == "Forty orders a week were lost."
    assert last[0].times[0] == "00:00:25.500"


def test_the_sample_is_exported_whole() -> None:
    session = load_session(SAMPLE)
    words, findings = words_and_findings(session)
    said = " ".join(word.text for turn in session.turns for word in turn.transcript.words)
    assert " ".join(cue.text for cue in words) == said
    assert len(findings) == sum(len(found.evidence) for turn in session.turns for found in turn.patterns)
    for turn in session.turns:
        (alone, _), note = words_and_findings(only(session, turn.number)), as_vtt(only(session, turn.number))
        assert alone[0].start == pytest.approx(turn.transcript.words[0].start, abs=0.001)
        assert f"{turn.recording} begins at 00:00:00.000" in note


def test_odd_times_make_no_cue_that_a_player_refuses() -> None:
    words = (
        Word("no", None, None),
        Word("back.", 2.0, 1.5),
        Word("same", 3.0, 3.0),
        Word("same", 3.0, 3.4),
        Word("earlier", 2.9, 3.3),
        Word("late", 4000.0, 4000.0001),
    )
    evidence = span(words, 1, 2)
    turn = spoken_turn(
        seconds=None,
        transcript=Transcript("x", words=words),
        patterns=(finding("no_outcome", evidence, replace(evidence, start=None)),),
    )
    cues, _ = parse_vtt(as_vtt(Session(id="x", started_at="", turns=(turn,))))
    assert cues[-1].start == 4000.0


def test_a_session_without_anything_is_still_a_file() -> None:
    empty = Session(id="x", started_at="")
    assert as_vtt(empty) == "WEBVTT x\n"
    assert as_markdown(empty).startswith("# Interview of")
    assert len(as_csv(empty).splitlines()) == 1


# Markdown


def blocks(text: str) -> list[Any]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def contents(text: str) -> str:
    """What a reader sees, and an assertion that nothing but our own markup is in it."""
    told = []
    for token in blocks(text):
        assert token.type not in ("html_block", "code_block", "fence", "hr", "ordered_list_open"), token
        for child in token.children or ():
            assert child.type in (
                "text",
                "strong_open",
                "strong_close",
                "em_open",
                "em_close",
                "text_special",
            ), child
            told.append(child.content)
        told.append(" ")
    return " ".join("".join(told).split())


def test_the_whole_session_as_a_text_to_read() -> None:
    text = as_markdown(EVERYTHING)
    told = contents(text)
    for expected in (
        "Interview of Sunday 22 November 2026, 10:08",
        "demo, leadership · 3 answers · 1 left without one · 2026-11-22T10-08-05-demo",
        "Turn 2 of 4, follow-up to turn 1",
        "Turn 4 of 4, turn 1 once more",
        "What did you mend, and why?",
        SAID,
        "32 words · 0:24 · 118 words a minute · 1 pause of a second or more · 2 um or uh · 01-answer.flac",
        "Told as a story: something that happened · situation 40 % · action 50 % · result 10 %",
        "Ownership: “I wrote a worker that reads it twice.” (0:09).",
        "Your part stays behind “we”: “We looked at the queue,” (0:04). Why hidden_in_team matters.",
        "Why it mattered is missing. Why no_business matters.",
        "Ownership 3 It shows a step of your own.",
        "Feedback You told me “I wrote a worker”. Say how much better it was.",
        "It stays general: “I counted them.” Why generality matters.",
        "9 words · typed",
        "Skipped.",
    ):
        assert expected in told, expected
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Interview of Sunday 22 November 2026, 10:08",
        "## Turn 1 of 4",
        "## Turn 2 of 4, follow-up to turn 1",
        "## Turn 3 of 4",
        "## Turn 4 of 4, turn 1 once more",
    ]


def test_an_older_session_has_its_feedback_and_what_was_asked_next() -> None:
    feedback = Feedback("For the ear.", strength="“Quoted”.", changes=("Say more.",), follow_up="And then?")
    turn = replace(first_turn(), feedback=feedback, form=None, shares={}, markers=())
    told = contents(as_markdown(Session(id="x", started_at="2026-11-22", turns=(turn,))))
    assert "Feedback “Quoted”. Say more." in told
    assert "Asked next And then?" in told
    assert "Told as" not in told
    assert "Turn 1 of" not in told, "alone, it is not one of so many"


@pytest.mark.parametrize(
    "text",
    [
        "*a* _b_ **c** `d` ~~e~~",
        "[a](http://b.c) ![d](e) <http://f.g> [h]: i",
        "# no heading", "- no item", "+ no item", "1. no list", "12) no list", "> no quote", "--- ---", "= =",
        "a | b", "<script>alert(1)</script>", "&lt; &amp; &copy; &#60;", "back\\slash \\* end\\",
        "two  spaces\nand a line", HOSTILE,
    ],
)  # fmt: skip
def test_text_stays_text(text: str) -> None:
    assert contents(plain(text)) == " ".join(text.split())
    assert (
        contents(f"> {plain(text)}\n\n- **{plain('x')}**: {plain(text)}").count(" ".join(text.split())) == 2
    )
    row = blocks(f"| a | b |\n| --- | --- |\n| 1 | {plain(text)} |")
    assert [token.type for token in row].count("td_open") == 2


# CSV


def rows(session: Session) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(session))))


def test_a_row_for_each_turn_with_all_its_numbers() -> None:
    first, second, third, fourth = rows(EVERYTHING)
    assert [row["turn"] for row in (first, second, third, fourth)] == ["1", "2", "3", "4"]
    expected = {
        "session": "2026-11-22T10-08-05-demo",
        "started_at": "2026-11-22T10:08:05+00:00",
        "bank": "demo",
        "question_id": "mend",
        "question": "What did you mend, and why?",
        "kind": "behavioural",
        "follow_up_to": "",
        "ended_by": "silence",
        "seconds": "24.0",
        "words": "32",
        "speech_rate_wpm": "118.4",
        "pauses": "2",
        "long_pauses": "1",
        "longest_pause_seconds": "1.3",
        "filled_pauses": "2",
        "filler_words": "0",
        "filled_pauses_per_minute": "8.6",
        "filled_pauses_reliability": "good",
        "speech_rate_reliability": "",
        "form": "story",
        "situation_share": "0.4",
        "pattern_no_outcome": "0.8",
        "pattern_hypothetical": "0",
        "signal_ownership": "1",
        "signal_clarity": "0",
        "rubric_ownership": "3",
        "rubric_leadership": "",
    }
    assert {name: first[name] for name in expected} == expected
    assert (second["follow_up_to"], fourth["retry_of"]) == ("1", "1")


def test_a_question_without_an_answer_has_its_reason_and_no_numbers() -> None:
    first, _, left, _ = rows(EVERYTHING)
    assert first["unanswered"] == ""
    known = {name: value for name, value in left.items() if value}
    assert known == {
        "session": "2026-11-22T10-08-05-demo",
        "started_at": "2026-11-22T10:08:05+00:00",
        "turn": "3",
        "bank": "leadership",
        "question_id": "other",
        "question": "Whom did you persuade?",
        "kind": "behavioural",
        "level": "any",
        "unanswered": "skipped",
    }


def test_both_ratings_and_a_later_sitting_are_exported() -> None:
    first, _, third = rows(answered_again())
    assert (first["self_rating"], first["heard_rating"]) == ("2", "3.5")
    assert (third["self_rating"], third["heard_rating"]) == ("", "3.5")
    assert third["answered_at"] == "2026-11-29T20:15:00+00:00"
    told = contents(as_markdown(answered_again()))
    assert "Read again on Tuesday 1 December 2026, 10:00, with openai-whisper base." in told
    assert "You gave it a 2; by the rubric it comes to 3.5." in told
    assert "03-answer.flac · Answered again on Sunday 29 November 2026, 20:15" in told


def test_what_was_not_measured_is_empty_and_not_nought() -> None:
    typed = rows(EVERYTHING)[1]
    for name in (
        "seconds",
        "speech_rate_wpm",
        "pauses",
        "long_pauses",
        "filled_pauses",
        "level_dbfs",
        "form",
    ):
        assert typed[name] == "", name
    assert typed["words"] == "9"


def test_the_columns_are_the_same_for_every_session() -> None:
    header = as_csv(Session(id="x", started_at="")).splitlines()[0].split(",")
    assert as_csv(EVERYTHING).splitlines()[0].split(",") == header
    assert len(set(header)) == len(header)
    for prefix, names in (
        ("pattern", PATTERNS),
        ("signal", SIGNALS),
        ("rubric", SIGNALS),
        ("marker", MARKERS),
    ):
        assert {f"{prefix}_{name}" for name in names} <= set(header)


def test_the_numbers_of_the_sample() -> None:
    session = load_session(SAMPLE)
    for row, turn in zip(rows(session), session.turns, strict=True):
        assert float(row["speech_rate_wpm"]) == turn.delivery.speech_rate_wpm
        assert float(row["snr_db"]) == turn.delivery.voice.snr_db
        assert int(row["filled_pauses"]) == len(turn.delivery.fillers)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", 'a "quote", and\na line'])
def test_a_spreadsheet_computes_nothing(text: str) -> None:
    turn = spoken_turn(question=text)
    (row,) = rows(Session(id=text, started_at="", turns=(turn,)))
    for name in ("question", "session"):
        assert not row[name].startswith(("=", "+", "-", "@", "\t"))
        assert " ".join(text.split()) in row[name]


# All of them


@pytest.mark.parametrize("kind", EXPORTS)
def test_what_means_harm_stays_text(kind: str) -> None:
    text = EXPORTS[kind](hostile_session())
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    if kind == "vtt":
        cues, _ = parse_vtt(text)
        assert any("&lt;script&gt;injected()" in cue.text for cue in cues)
    elif kind == "md":
        assert "<script>injected()</script>" in contents(text)
    else:
        assert len(list(csv.reader(io.StringIO(text)))) == 1 + 3


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["report", *arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.exit_code, done.stdout


@pytest.mark.parametrize("kind", EXPORTS)
def test_the_command_prints_it(everything: Path, kind: str) -> None:
    before = set(everything.iterdir())
    assert run(str(everything), "--export", kind)[1] == EXPORTS[kind](EVERYTHING)
    assert run(str(everything), "--export", kind, "--turn", "2")[1] == EXPORTS[kind](only(EVERYTHING, 2))
    assert set(everything.iterdir()) == before, "nothing is written"


def test_a_turn_that_is_not_there(everything: Path) -> None:
    with pytest.raises(UsageError, match="no turn 9") as caught:
        run(str(everything), "--export", "md", "--turn", "9")
    assert "1, 2, 3, 4" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "arguments", [["--turn", "1"], ["--export", "md", "--open"], ["--export", "md", "--embed"]]
)
def test_options_that_do_not_go_together(everything: Path, arguments: Sequence[str]) -> None:
    import click

    with pytest.raises(click.UsageError):
        run(str(everything), *arguments)


def test_exports_of_a_long_answer_are_cut_for_the_eye() -> None:
    text = " ".join(["word"] * 200)
    turn = spoken_turn(transcript=Transcript(text, words=timed(text)), patterns=())
    cues, _ = parse_vtt(as_vtt(Session(id="x", started_at="", turns=(turn,))))
    assert max(cue.end - cue.start for cue in cues) <= 7.0
    assert sum(cue.text.count("word") for cue in cues) == 200
