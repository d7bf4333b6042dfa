"""Several attempts at one question, held against each other, and how the page shows that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from replayed import answered_again, first_turn, save, session_of, typed_turn
from reported import Element, report

from greenroom.records import Reliability, Turn
from greenroom.review.answers import answer_view
from greenroom.review.attempts import Kind, Pair, attempts_of, pairs_of

FIRST, SECOND, THIRD = answered_again().turns


def pairs(*turns: Turn) -> tuple[Pair, ...]:
    views = [answer_view(turn, None, attempt_number=number) for number, turn in enumerate(turns, 1)]
    return pairs_of(turns, views)


def titles(kind: Kind) -> tuple[list[str], list[str], list[str]]:
    gone, stayed, new = ([each.title for each in its] for its in (kind.gone, kind.stayed, kind.new))
    return gone, stayed, new


def test_turns_of_a_question_stand_together_in_the_order_of_the_questions() -> None:
    other = replace(typed_turn(), number=4, follow_up_to=None)
    again = replace(THIRD, number=5, retry_of=3)
    assert attempts_of([FIRST, SECOND, THIRD, other, again]) == [[FIRST, SECOND, THIRD, again], [other]]


def test_the_first_and_the_last_come_first_and_then_each_and_the_next() -> None:
    both = [(pair.before.number, pair.after.number) for pair in pairs(FIRST, SECOND, THIRD)]
    assert both == [(1, 3), (1, 2), (2, 3)]
    assert [pair.label for pair in pairs(FIRST, SECOND)] == ["First attempt and second attempt"]
    assert pairs(FIRST) == ()


def test_what_went_stayed_and_came_with_its_words() -> None:
    pair = pairs(FIRST, SECOND, THIRD)[0]
    told = {kind.title: titles(kind) for kind in pair.kinds}
    assert told == {
        "To change": (
            ["Your part stays behind “we”", "No result that can be counted", "Why it mattered is missing"],
            [],
            ["It stays general"],
        ),
        "Came across": ([], ["Ownership"], ["Execution"]),
        "Parts of the story": (
            [],
            ["Situation\N{NO-BREAK SPACE}40\N{NO-BREAK SPACE}→\N{NO-BREAK SPACE}60\N{NO-BREAK SPACE}%"],
            ["Result"],
        ),
    }
    to_change, came_across, parts = pair.kinds
    assert came_across.wanted and not to_change.wanted
    places = [to_change.gone[0].place, came_across.stayed[0].place, parts.new[0].place]
    found = [(place.turn, place.word, place.start) for place in places if place]
    assert found == [(1, 6, 4.0), (3, 6, 4.0), (3, 10, 6.0)]
    assert to_change.gone[2].place is None, "what the whole answer lacks has no place"


def test_numbers_before_and_after_with_what_is_usual() -> None:
    numbers = {each.title: (each.before, each.after, each.note) for each in pairs(FIRST, SECOND)[0].numbers}
    assert numbers == {
        "Length": ("0:16", "0:05", "about 1:30 suits this question"),
        "Pace": ("118", "132", "usual: 120 to 180"),
        "Fillers": ("8.6", "0.0", "usual: up to 5"),
        "First word": ("1.0", "1.0", ""),
    }


def test_what_is_usual_is_not_held_against_everybody() -> None:
    other = replace(SECOND, delivery=replace(SECOND.delivery, profile="stutter"))
    notes = {each.title: each.note for each in pairs(FIRST, other)[0].numbers}
    assert (notes["Pace"], notes["Fillers"]) == ("", "")


def test_fillers_that_only_whisper_wrote_are_held_against_nothing() -> None:
    poor = {"filled_pauses": Reliability("poor", "made")}
    written = replace(SECOND, delivery=replace(SECOND.delivery, reliability=poor))
    assert "Fillers" not in {each.title for each in pairs(FIRST, written)[0].numbers}


def test_what_was_not_measured_is_a_dash() -> None:
    typed = replace(typed_turn(), number=2, retry_of=1, follow_up_to=None)
    numbers = {each.title: (each.before, each.after) for each in pairs(FIRST, typed)[0].numbers}
    assert numbers["Pace"] == ("118", "–")


def test_scores_before_and_after() -> None:
    scores = [(each.title, each.before, each.after) for each in pairs(FIRST, THIRD)[0].scores]
    assert scores == [("Clarity", 4, 4), ("Ownership", 3, 3), ("Execution", None, 3)]


# ---- on the page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Element:
    return report(save(tmp_path_factory.mktemp("again") / "again", answered_again()))


def test_the_pairs_stand_in_a_tab_of_their_own(page: Element) -> None:
    tab = page.one("button", id="tab-side-1")
    assert (tab.text, tab.attributes["aria-controls"]) == ("Side by side", "side-1")
    side = page.one("section", id="side-1")
    shown = [pair for pair in side.find("div", "pair") if "hidden" not in pair.attributes]
    assert [pair.attributes["aria-label"] for pair in shown] == ["First attempt and third attempt"]
    assert [option.text for option in side.one("select").find("option")] == [
        "First attempt and third attempt",
        "First attempt and second attempt",
        "Second attempt and third attempt",
    ]


def test_a_pair_shows_both_clips_on_one_scale_and_what_changed(page: Element) -> None:
    pair = page.one("section", id="side-1").find("div", "pair")[0]
    first, third = pair.find("section", "clip")
    assert first.one("button", "play").attributes["aria-label"] == "Play answer 1"
    assert [clip.attributes["data-turn"] for clip in (first, third)] == ["1", "3"]
    assert third.one("h3").text == "Third attempt · Answered again on Sunday 29 November 2026, 20:15"
    assert "You gave it a 2; by the rubric it comes to 3.5." in first.text
    assert all("w1000" in clip.one("div", "track").classes for clip in (first, third))
    gone = pair.find("section", "exchange")[0].one("div", "gone")
    assert gone.text.startswith("Gone Your part stays behind “we”")
    assert gone.find("a")[0].attributes["data-t"] == "4.0"
    pace = pair.one("ul", "moved").find("li")[1]
    assert pace.text == "Pace118 → then 132 words a minuteusual: 120 to 180"
    assert [each.text for each in pair.one("ul", "scored").find("li")] == [
        "Clarity4→ then 4",
        "Ownership3→ then 3",
        "Execution–→ then 3",
    ]


def test_two_attempts_need_no_choice_and_one_no_tab(tmp_path: Path) -> None:
    page = report(save(tmp_path / "two", session_of(FIRST, SECOND)))
    assert page.one("section", id="side-1").find("select") == []
    assert report(save(tmp_path / "one", session_of(FIRST))).find("section", "side") == []


def test_an_attempt_without_sound_is_held_against_one_that_has_it(tmp_path: Path) -> None:
    typed = replace(typed_turn(), number=2, retry_of=1, follow_up_to=None)
    page = report(save(tmp_path / "typed", session_of(FIRST, typed)))
    spoken, written = page.one("section", id="side-1").find("section", "clip")
    assert spoken.find("button", "play")
    assert "This answer was typed." in written.text and not written.find("button")


def test_a_later_sitting_the_own_rating_and_another_reading_are_told(page: Element) -> None:
    first, third = page.one("section", id="answer-1"), page.one("section", id="answer-3")
    assert third.one("p", "again").text == "Answered again on Sunday 29 November 2026, 20:15"
    assert first.one("p", "rated").text == "You gave it a 2; by the rubric it comes to 3.5."
    assert third.find("p", "rated") == [] and first.find("p", "again") == []
    header = page.one("header", "top").text
    assert "Read again on Tuesday 1 December 2026, 10:00, with openai-whisper base." in header


def test_words_that_were_kept_are_told_so(tmp_path: Path) -> None:
    session = answered_again()
    kept = replace(session.reanalyses[0], engine="", model="")
    page = report(save(tmp_path / "kept", replace(session, reanalyses=(kept,))))
    assert "10:00, from the words as they were." in page.one("header", "top").text


def test_a_session_that_was_never_read_again_does_not_say_so(tmp_path: Path) -> None:
    assert "Read again" not in report(save(tmp_path / "plain", session_of(first_turn()))).text
