"""The report in a real Chromium, by pointer: every control does what it says, and the spoken word is lit."""

from __future__ import annotations

from pathlib import Path
from time import monotonic, sleep

import pytest
from browser import DESKTOP, Shown, shown, starts
from playwright.sync_api import Browser
from replayed import save, spoken_turn, timed

from greenroom.records import Session, Transcript
from greenroom.review.report import write_report

pytestmark = pytest.mark.browser

NEAR = 0.05  # s within which a click has to move the sound
LEAD = 0.7  # s before a filler or a pause from where it is played


# ---- by pointer


def test_a_click_on_the_tenth_word_moves_the_sound_there(report: Shown) -> None:
    tenth = report.answer(1).locator(".w").nth(9)
    tenth.click()
    assert report.until_sought() == pytest.approx(starts(tenth)[0], abs=NEAR)
    assert report.audio(1, "paused") is False
    report.until(f"document.querySelector('#answer-1 audio').currentTime > {starts(tenth)[0] + 0.3}")


@pytest.mark.parametrize(("what", "at", "lead"), [
    (".silence", 3.9, LEAD),
    (".transcript .filler:not(.w)", 9.0, LEAD),
    (".part a", 1.0, 0.1),
    (".finding .place >> nth=1", 4.0, 0.3),
    (".keep .place", 9.0, 0.3),
    (".stat >> nth=2", 3.9, LEAD),
    (".marks .pause", 3.9, LEAD),
    (".fillers .tick >> nth=0", 6.5, LEAD),
    (".changes .bracket b >> nth=0", 4.0, 0.3),
    (".pace .point:not(.low)", 15.0, 2.0),
])  # fmt: skip
def test_everything_that_was_found_plays_from_just_before_it(
    report: Shown, what: str, at: float, lead: float
) -> None:
    report.answer(1).locator(what).click()
    assert report.until_sought() == pytest.approx(at - lead, abs=NEAR)
    report.until("!document.querySelector('#answer-1 audio').paused")


def test_a_number_goes_through_what_it_counts(report: Shown) -> None:
    fillers = report.answer(1).locator(".stat[data-kind=fillers]")
    for at in (6.5, 9.0, 6.5):
        fillers.click()
        assert report.until_sought() == pytest.approx(at - LEAD, abs=NEAR)
    assert report.said == "2 um or uh 1 of 2 at 0:06"


@pytest.mark.parametrize("lane", [".wave", ".pace"])
def test_a_click_on_the_time_moves_the_sound_there(report: Shown, lane: str) -> None:
    place = report.answer(1).locator(lane)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    report.page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.9 * box["height"])
    assert report.until_sought() == pytest.approx(0.9 * 24.0, abs=NEAR)


def test_the_glance_leads_into_the_answers(report: Shown) -> None:
    report.page.locator("table a.cell").first.click()
    assert report.until_sought() == pytest.approx(9.0 - 0.3, abs=NEAR)
    report.page.locator(".contents a").last.click()
    assert report.page.evaluate("location.hash") == "#question-5"


def test_a_place_in_an_answer_without_sound_leads_to_its_words(report: Shown) -> None:
    report.page.locator(".first .place").click()
    assert report.page.evaluate("location.hash") == "#a2w0"
    assert report.sought() == []
    assert report.page.locator("#a2w0").is_visible()


def test_play_and_pause(report: Shown) -> None:
    play = report.answer(1).locator(".head .play")
    assert play.get_attribute("aria-label") == "Play answer 1"
    play.click()
    report.until("document.querySelector('#answer-1 audio').currentTime > 0.2")
    assert play.get_attribute("aria-label") == "Pause answer 1"
    assert report.page.locator(".transport .play").get_attribute("aria-label") == "Pause"
    report.page.locator(".transport .play").click()
    assert report.audio(1, "paused") is True
    # The event that changes the label comes after that, and later still on a busy machine.
    report.until(
        "document.querySelector('#answer-1 .head .play').getAttribute('aria-label') === 'Play answer 1'"
    )


def test_only_one_thing_is_heard_at_a_time(report: Shown) -> None:
    report.answer(1).locator(".head .play").click()
    report.answer(5).locator(".head .play").click()
    report.until("document.querySelector('#answer-1 audio').paused")
    assert report.audio(5, "paused") is False
    hear = report.page.locator("[data-hear=hear-1]")
    hear.click()
    report.until("document.querySelector('#answer-5 audio').paused")
    # Its label changes with the event of its own sound, which comes after that of the other's end.
    label = "document.querySelector('[data-hear=hear-1]').innerText"
    report.until(f"{label} === 'Stop'")
    report.until("document.querySelector('#hear-1').ended")
    report.until(f"{label} === 'Hear the question'")


def test_next_and_previous_finding_go_round(report: Shown) -> None:
    titles = report.page.locator(".finding h4").all_inner_texts()
    assert len(titles) == 4
    for index in (0, 1, 2, 3, 0):
        report.page.locator("[data-do=next]").click()
        assert report.page.evaluate("document.activeElement.querySelector('h4').textContent") == titles[index]
        assert f"Finding {index + 1} of 4" in report.said
    report.page.locator("[data-do=previous]").click()
    assert "Finding 4 of 4, answer 2" in report.said


def test_the_next_finding_is_the_one_after_what_is_heard(report: Shown) -> None:
    report.answer(1).locator(".w").nth(2).click()
    report.page.locator("[data-do=next]").click()
    # The first finding's quote lies later, and it stands first.
    assert "Finding 1 of 4" in report.said
    assert report.audio(1, "currentTime") == pytest.approx(13.0 - 0.3, abs=0.5)


def test_speed(report: Shown) -> None:
    report.page.locator("[data-do=speed]").select_option("2")
    report.answer(1).locator(".head .play").click()
    assert report.audio(1, "playbackRate") == 2
    assert report.said == "Speed 2"
    before, began = report.audio(1, "currentTime"), monotonic()
    sleep(1.5)
    assert report.audio(1, "currentTime") - before == pytest.approx(2 * (monotonic() - began), rel=0.3)
    options = report.page.locator("[data-do=speed] option").all_inner_texts()
    assert (options[0], options[-1]) == ("0.75×", "2×")


def test_a_sentence_is_looped(report: Shown) -> None:
    report.answer(1).locator(".w").first.click()  # its sentence lasts from 1.0 to 3.9 s
    report.page.keyboard.press(" ")
    report.page.locator("[data-do=loop]").click()
    assert report.page.locator("[data-do=loop]").get_attribute("aria-pressed") == "true"
    assert report.said == "Looping 0:01 to 0:03"
    assert report.answer(1).locator(".loop").is_visible()
    report.page.locator("[data-do=speed]").select_option("2")
    report.sought()
    report.page.locator(".transport .play").click()
    report.until("window.sought?.length > 1", timeout=15)
    assert report.sought()[:2] == pytest.approx([1.0, 1.0], abs=NEAR)
    report.page.locator("[data-do=loop]").click()
    assert report.said == "No longer looping"
    assert report.answer(1).locator(".loop").is_hidden()


def test_what_is_selected_is_looped(report: Shown) -> None:
    words = report.answer(1).locator(".w")
    words.nth(5).scroll_into_view_if_needed()
    first, last = words.nth(2).bounding_box(), words.nth(4).bounding_box()
    assert first is not None and last is not None
    report.page.mouse.move(first["x"] + 2, first["y"] + 10)
    report.page.mouse.down()
    report.page.mouse.move(last["x"] + last["width"] - 2, last["y"] + 10, steps=5)
    report.page.mouse.up()
    assert report.sought() == [], "marking words is no click on one"
    report.page.keyboard.press("l")
    assert report.said == "Looping 0:02 to 0:03"
    report.until("!document.querySelector('#answer-1 audio').paused")
    assert report.until_sought() == pytest.approx(2.0, abs=NEAR)


def test_fillers_and_restarts_can_be_hidden(report: Shown) -> None:
    clean, filler = report.answer(1).locator(".clean"), report.answer(1).locator(".w.filler")
    assert filler.is_visible()
    clean.click()
    assert filler.is_hidden()
    assert clean.get_attribute("aria-pressed") == "true"
    clean.click()
    assert filler.is_visible()


def test_attempts_are_tabs(browser: Browser, path: Path) -> None:
    with shown(browser, path) as report:
        assert report.answer(4).is_visible() and report.answer(1).is_hidden(), "the last attempt is shown"
        report.page.locator("#tab-4").focus()
        report.page.keyboard.press("ArrowLeft")
        assert report.answer(1).is_visible() and report.answer(4).is_hidden()
        assert report.page.evaluate("document.activeElement.id") == "tab-1"
        report.page.locator("#tab-4").click()
        assert report.page.locator("#tab-4").get_attribute("aria-selected") == "true"
        assert report.answer(4).is_visible()
        report.page.locator("table a.cell").first.click()  # a place in the first attempt
        assert report.answer(1).is_visible()


def test_an_address_leads_into_a_hidden_attempt(browser: Browser, path: Path) -> None:
    with shown(browser, path) as report:
        report.page.goto(f"{path.resolve().as_uri()}#a1w5")
        assert report.answer(1).is_visible()


# ---- the word that is being spoken


def test_the_lit_word_follows_the_sound(report: Shown) -> None:
    report.answer(1).locator(".w").first.click()
    report.until("document.querySelector('.lit')")
    seen = set()
    for _ in range(12):
        sleep(0.25)
        time, start, end, count = report.page.evaluate(
            """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
                 const lit = document.querySelectorAll(".lit");
                 resolve([document.querySelector("#answer-1 audio").currentTime,
                          Number(lit[0]?.dataset.t), Number(lit[0]?.dataset.e), lit.length]);
               })))"""
        )
        assert count == 1
        assert start - NEAR <= time <= end + 0.3 + NEAR
        seen.add(start)
    assert len(seen) >= 4


def test_the_lit_word_is_kept_in_view(browser: Browser, tmp_path: Path) -> None:
    text = "Word after word I say what it was that we did there. " * 30
    turn = spoken_turn(transcript=Transcript(text, words=timed(text, each=0.05)), parts=())
    with shown(
        browser, write_report(save(tmp_path, Session(id="s", started_at="", turns=(turn,))))
    ) as report:
        report.answer(1).locator(".w").first.click()
        report.until("document.querySelectorAll('.w').length > 300")
        sleep(6)
        lit = report.page.locator(".lit").bounding_box()
        assert lit is not None
        assert 0 < lit["y"] < DESKTOP["height"] - 60


def test_the_playhead_stands_where_the_sound_is(report: Shown) -> None:
    report.answer(1).locator(".w").nth(20).click()
    report.page.keyboard.press(" ")
    report.until("document.querySelector('#answer-1 audio').paused")
    wave, head = (
        report.answer(1).locator(".wave").bounding_box(),
        report.answer(1).locator(".playhead").bounding_box(),
    )
    assert wave is not None and head is not None
    assert (head["x"] - wave["x"]) / wave["width"] == pytest.approx(
        report.audio(1, "currentTime") / 24.0, abs=0.01
    )
    slider = report.answer(1).locator(".wave")
    assert int(slider.get_attribute("aria-valuenow") or 0) == round(report.audio(1, "currentTime"))
