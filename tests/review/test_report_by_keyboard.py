"""The report in a real Chromium, by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import Shown, shown
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

NEAR = 0.05  # s within which a click has to move the sound
LEAD = 0.7  # s before a filler or a pause from where it is played


# ---- by keyboard alone


def test_space_plays_and_pauses(report: Shown) -> None:
    report.page.keyboard.press(" ")
    report.until("!document.querySelector('#answer-1 audio').paused")
    assert report.page.evaluate("scrollY") < 900
    report.page.keyboard.press("k")
    assert report.audio(1, "paused") is True


def test_arrows_move_by_three_seconds(report: Shown) -> None:
    report.until_ready(1)
    for key, time in (("ArrowRight", 3), ("ArrowRight", 6), ("ArrowLeft", 3)):
        report.page.keyboard.press(key)
        assert report.audio(1, "currentTime") == pytest.approx(time, abs=NEAR)
    assert report.said == "0:03"


def test_findings_by_key(report: Shown) -> None:
    report.page.keyboard.press("n")
    assert "Finding 1 of 4, answer 1: No result that can be counted" in report.said
    assert report.page.evaluate("document.activeElement.className") == "finding"
    report.page.keyboard.press("n")
    assert "Finding 2 of 4" in report.said
    report.page.keyboard.press("p")
    assert "Finding 1 of 4" in report.said


def test_answers_fillers_speed_and_hiding_by_key(report: Shown) -> None:
    report.until_ready(1)
    report.page.keyboard.press("u")
    assert report.until_sought() == pytest.approx(6.5 - LEAD, abs=NEAR)
    report.page.keyboard.press(".")
    report.page.keyboard.press(".")
    assert report.audio(1, "playbackRate") == 1.5
    report.page.keyboard.press(",")
    assert report.page.locator("[data-do=speed]").input_value() == "1.25"
    report.page.keyboard.press("h")
    assert report.answer(1).locator(".w.filler").is_hidden()
    report.page.keyboard.press(" ")
    report.page.keyboard.press("j")
    assert report.page.locator(".answer-now").inner_text() == "Answer 4"
    report.page.keyboard.press("j")
    report.page.keyboard.press("j")
    assert report.said == "This is the last answer"
    report.page.keyboard.press("i")
    assert report.page.locator(".answer-now").inner_text() == "Answer 4"


def test_a_passage_is_looped_by_key(report: Shown) -> None:
    report.until_ready(1)
    report.page.keyboard.press("ArrowRight")
    report.page.keyboard.press("[")
    report.page.keyboard.press("ArrowRight")
    report.page.keyboard.press("]")
    assert report.said == "Looping 0:03 to 0:06"
    report.page.keyboard.press("l")
    assert report.said == "No longer looping"


def test_words_by_key(report: Shown) -> None:
    first = report.answer(1).locator(".w").first
    first.focus()
    assert first.get_attribute("role") == "link"
    for _ in range(9):
        report.page.keyboard.press("ArrowRight")
    report.page.keyboard.press("Enter")
    assert report.until_sought() == pytest.approx(1.0 + 9 * 0.5, abs=NEAR)
    report.page.keyboard.press("End")
    assert report.page.evaluate("document.activeElement.textContent") == "there."
    report.page.keyboard.press(" ")  # a word is a link: Space still pauses
    assert report.audio(1, "paused") is True


def test_the_position_is_a_slider(report: Shown) -> None:
    report.until_ready(1)
    slider = report.answer(1).locator(".wave")
    slider.focus()
    report.page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "0:03 of 0:24"
    report.page.keyboard.press("End")
    assert report.audio(1, "currentTime") == pytest.approx(23.9, abs=NEAR)
    report.page.keyboard.press("Home")
    assert report.audio(1, "currentTime") == 0


def test_everything_is_reached_by_tab(report: Shown) -> None:
    wanted = [
        ".skip", ".contents a", ".cell", ".scroll", ".head .play", ".wave", ".part a", ".stat", ".clean",
        ".w", ".place", "summary", "[role=tab]", "[data-hear]", "[data-do=previous]", "[data-do=toggle]",
        "[data-do=next]", "[data-do=speed]", "[data-do=loop]", "[data-do=keys]",
    ]  # fmt: skip
    reached: set[str] = set()
    for _ in range(150):
        report.page.keyboard.press("Tab")
        matched = "wanted => wanted.filter((each) => document.activeElement.matches(each))"
        reached.update(report.page.evaluate(matched, wanted))
    assert set(wanted) - reached == set()


def test_the_skip_link_leads_to_the_answers(browser: Browser, path: Path) -> None:
    with shown(browser, path) as report:
        report.page.keyboard.press("Tab")
        assert report.page.evaluate("document.activeElement.textContent") == "Skip to the answers"
        report.page.keyboard.press("Enter")
        assert report.page.evaluate("document.activeElement.id") == "answers"


def test_the_keys_are_listed_and_can_be_turned_off(report: Shown) -> None:
    dialog = report.page.locator("#keys")
    report.page.keyboard.press("?")
    assert dialog.is_visible()
    assert dialog.locator("dt").count() == 10
    report.page.keyboard.press("n")
    assert "Finding" not in report.said, "keys of the page are still while the dialog is open"
    report.page.keyboard.press("Escape")
    assert dialog.is_hidden()
    report.page.locator("[data-do=keys]").click()
    report.page.locator("#keys-on").uncheck()
    report.page.locator("[data-do=close]").click()
    for key in ("n", "?", "h"):
        report.page.keyboard.press(key)
    assert dialog.is_hidden()
    assert "Finding" not in report.said
    assert report.answer(1).locator(".w.filler").is_visible()


def test_keys_of_the_browser_are_left_alone(report: Shown) -> None:
    report.page.keyboard.press("Control+l")
    report.page.keyboard.press("Alt+n")
    assert report.said == ""
    report.page.locator("[data-do=speed]").focus()
    report.page.keyboard.press("ArrowDown")
    assert report.sought() == []
