"""Two attempts side by side in a real Chromium: both are heard there, compared, and reached by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, Shown, faults_by_axe, shown
from playwright.sync_api import Browser, Locator
from replayed import answered_again, save

from greenroom.review.report import write_report

pytestmark = pytest.mark.browser

NEAR = 0.05  # s
SHOWN = "#side-1 .pair:not([hidden])"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(save(tmp_path_factory.mktemp("again") / "again", answered_again()))


@pytest.fixture
def report(browser: Browser, path: Path) -> Iterator[Shown]:
    with shown(browser, path) as its:
        its.page.locator("#tab-side-1").click()
        its.page.evaluate("document.activeElement.blur()")
        yield its


def clip(report: Shown, number: int) -> Locator:
    return report.page.locator(f"{SHOWN} .clip[data-turn='{number}']")


def until_heard(report: Shown, number: int) -> None:
    report.until(f"document.querySelector('#answer-{number} audio').currentTime > 0.1")


def heard(report: Shown) -> list[int]:
    return [number for number in (1, 2, 3) if report.audio(number, "paused") is False]


def test_the_last_attempt_is_shown_first_and_the_pairs_at_their_tab(browser: Browser, path: Path) -> None:
    with shown(browser, path) as report:
        assert report.answer(3).is_visible() and report.page.locator("#side-1").is_hidden()
        report.page.locator("#tab-3").focus()
        report.page.keyboard.press("ArrowRight")
        assert report.page.evaluate("document.activeElement.id") == "tab-side-1"
        assert report.page.locator("#side-1").is_visible() and report.answer(3).is_hidden()


def test_each_clip_is_heard_where_it_stands_and_one_at_a_time(report: Shown) -> None:
    play = clip(report, 1).locator(".play")
    play.click()
    until_heard(report, 1)
    assert play.get_attribute("aria-label") == "Pause answer 1"
    assert clip(report, 1).locator(".playhead").is_visible()
    clip(report, 3).locator(".play").click()
    report.until("document.querySelector('#answer-1 audio').paused")
    until_heard(report, 3)
    assert heard(report) == [3]
    assert play.get_attribute("aria-label") == "Play answer 1"
    assert report.page.locator("#side-1").is_visible(), "it stays side by side"


def test_a_click_in_a_clip_moves_its_sound_there(report: Shown) -> None:
    track = clip(report, 1).locator(".track")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    assert box is not None
    report.page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    assert report.until_sought() == pytest.approx(12.0, abs=NEAR)
    report.until("!document.querySelector('#answer-1 audio').paused")
    report.page.keyboard.press(" ")
    report.until("document.querySelector('#answer-1 audio').paused")
    head = clip(report, 1).locator(".playhead").bounding_box()
    assert head is not None
    share = (head["x"] - box["x"]) / box["width"]
    assert share == pytest.approx(report.audio(1, "currentTime") / 24.0, abs=0.01)


@pytest.mark.parametrize(
    ("what", "number", "at"),
    [
        (".gone a >> nth=0", 1, 4.0 - 0.3),
        (".new a >> nth=0", 3, 1.0 - 0.3),
        (".clip[data-turn='3'] .part a >> nth=-1", 3, 6.0 - 0.1),
    ],
)
def test_what_went_and_came_is_heard_in_its_attempt(report: Shown, what: str, number: int, at: float) -> None:
    report.page.locator(f"{SHOWN} {what}").click()
    assert report.until_sought() == pytest.approx(at, abs=NEAR)
    report.until(f"!document.querySelector('#answer-{number} audio').paused")
    assert report.page.locator("#side-1").is_visible()


def test_another_pair_can_be_chosen(report: Shown) -> None:
    clip(report, 1).locator(".play").click()
    until_heard(report, 1)
    report.page.locator("#side-1 select").select_option(label="Second attempt and third attempt")
    assert clip(report, 1).count() == 0
    assert clip(report, 2).is_visible() and clip(report, 3).is_visible()
    assert heard(report) == [], "what is no longer shown is silent"
    report.page.evaluate("document.activeElement.blur()")
    report.page.keyboard.press(" ")
    until_heard(report, 3)


def test_by_keyboard_the_later_attempt_is_played_and_moved(report: Shown) -> None:
    report.page.keyboard.press(" ")
    until_heard(report, 3)
    report.page.keyboard.press(" ")
    report.until("document.querySelector('#answer-3 audio').paused")
    before = report.audio(3, "currentTime")
    report.page.keyboard.press("ArrowRight")
    assert report.audio(3, "currentTime") == pytest.approx(before + 3, abs=NEAR)
    assert report.page.locator("#side-1").is_visible()
    clip(report, 1).locator(".play").focus()
    report.page.keyboard.press("Enter")
    until_heard(report, 1)


def test_what_is_asked_for_in_words_is_shown_in_its_own_attempt(report: Shown) -> None:
    report.page.keyboard.press("n")
    assert "Finding 5 of 5, answer 3" in report.said, "the later attempt is where one is"
    assert report.page.locator("#side-1").is_hidden()
    report.page.locator("#tab-side-1").click()
    report.page.locator("table a.cell").first.click()
    assert report.page.locator("#side-1").is_hidden()


def test_an_address_leads_to_the_pairs(browser: Browser, path: Path) -> None:
    with shown(browser, path) as report:
        report.page.goto(f"{path.resolve().as_uri()}#side-1")
        report.page.reload()
        assert report.page.locator("#side-1").is_visible()
        report.page.keyboard.press(" ")
        report.until("[...document.querySelectorAll('audio')].some((each) => !each.paused)")
        assert report.page.locator("#side-1").is_visible()


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_no_serious_fault(browser: Browser, path: Path, look: str) -> None:
    viewport = PHONE if look == "phone" else DESKTOP
    scheme = "dark" if look == "dark" else "light"
    with shown(browser, path, viewport=viewport, color_scheme=scheme) as report:
        report.page.locator("#tab-side-1").click()
        assert faults_by_axe(report) == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_stands_out_of_a_narrow_page(browser: Browser, path: Path, width: int) -> None:
    with shown(browser, path, viewport={"width": width, "height": 800}) as report:
        report.page.locator("#tab-side-1").click()
        assert report.page.evaluate("document.documentElement.scrollWidth") <= width


def test_clips_stand_beside_each_other_or_below_on_a_phone(browser: Browser, path: Path) -> None:
    for viewport, beside in ((DESKTOP, True), (PHONE, False)):
        with shown(browser, path, viewport=viewport) as report:
            report.page.locator("#tab-side-1").click()
            first, last = clip(report, 1).bounding_box(), clip(report, 3).bounding_box()
            assert first is not None and last is not None
            assert (abs(first["y"] - last["y"]) < 5) == beside


def test_on_paper_one_pair_stands_without_anything_to_press(browser: Browser, path: Path) -> None:
    with shown(browser, path) as report:
        report.page.emulate_media(media="print")
        side = report.page.locator("#side-1")
        assert side.is_visible() and side.locator(".pair:visible").count() == 1
        assert side.locator("button:visible, select:visible").count() == 0
        assert side.locator(".clip .still:visible").count() == 2


def test_without_scripts_it_can_be_read(browser: Browser, path: Path) -> None:
    room = browser.new_context(java_script_enabled=False)
    page = room.new_page()
    page.goto(path.resolve().as_uri())
    assert page.locator("#side-1 .pair:visible").count() == 1
    dead = ".play:visible, .plainly:visible, [role=tab]:visible, select:visible"
    assert page.locator(dead).count() == 0
    room.close()
