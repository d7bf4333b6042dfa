"""The story map as a page: what it says, that it is safe, and how it is read in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from mapped import made_map, told, whole
from playwright.sync_api import Browser
from review.browser import DESKTOP, PHONE, Shown, faults_by_axe, shown

from greenroom.errors import BadInputError
from greenroom.preparation.coverage.map_page import html_of, write_page
from greenroom.preparation.coverage.story_map import StoryMap
from greenroom.preparation.stories.stories import Told
from greenroom.preparation.stories.story_files import StoryFault
from greenroom.question_check import QuestionBank
from greenroom.records import SIGNALS, Question
from greenroom.review.pages import MAP_FILE

HOSTILE = (
    """</script><script>injected()</script><img src=x onerror=injected()> “ " ' & {{ 7*7 }} {% raw %} -->"""
)
LONG = "The very long night on which everything that could be migrated was migrated twice, and back"
WANTED = (*SIGNALS[:9], "calm when everything is on fire and everybody looks at me")


def stories_of(count: int) -> StoryMap:
    stories = [
        whole(
            f"story-{number}",
            LONG if number % 3 == 0 else f"Story {number}",
            result="" if number % 4 == 3 else "It held.",
            told=tuple(told(day) for day in range(number % 5)),
        )
        for number in range(count)
    ]
    shows = {
        story.name: {
            signal: "strong" if (row + column) % 3 else "weak"
            for column, signal in enumerate(SIGNALS[:8])
            if (row * 3 + column) % 4 == 0
        }
        for row, story in enumerate(stories)
    }
    return made_map(stories, shows, WANTED, patterns={"story-1": ["hidden_in_team", "no_outcome"]})


def hostile_map() -> StoryMap:
    stories = [
        whole("a", HOSTILE, told=(Told("../../etc", 1, HOSTILE), Told(HOSTILE, 2, "2026-11-01T20:00:00Z"))),
        whole(HOSTILE, HOSTILE, told=tuple(told(day) for day in range(5))),
    ]
    asked = Question(
        HOSTILE, HOSTILE, kind=HOSTILE, signals=("leadership", HOSTILE), about=HOSTILE, level=HOSTILE
    )
    told_badly = replace(asked, id="other", kind="behavioural", signals=("leadership",))
    bank = QuestionBank(HOSTILE, HOSTILE, HOSTILE, (asked, told_badly), Path(HOSTILE))
    seen = made_map(
        stories,
        {"a": {"ownership": "strong"}},
        ["ownership", "leadership", HOSTILE],
        patterns={"a": [HOSTILE, "no_outcome"]},
        banks=[bank],
        role=HOSTILE,
    )
    return replace(seen, faults=(StoryFault(HOSTILE, 3, HOSTILE, HOSTILE),))


@pytest.fixture(scope="module")
def seen() -> StoryMap:
    return stories_of(10)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, seen: StoryMap) -> Path:
    return write_page(seen, tmp_path_factory.mktemp("data"), Path("recordings"))


@pytest.fixture
def page(browser: Browser, path: Path) -> Iterator[Shown]:
    with shown(browser, path) as its:
        yield its


class TestText:
    def test_it_loads_nothing_and_runs_nothing(self, seen: StoryMap, tmp_path: Path) -> None:
        text = html_of(seen, tmp_path)
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy is not None
        rules = dict(rule.split(" ", 1) for rule in policy.group(1).replace("&#39;", "'").split("; "))
        assert rules["default-src"] == "'none'"
        assert "script-src" not in rules
        assert not re.search(r"<script|\bsrc=|\bstyle=|\bon\w+=|https?:|@import|url\(", text)

    def test_it_is_for_its_owner_only(self, path: Path) -> None:
        assert path.name == MAP_FILE
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o077 == 0

    def test_only_a_page_of_its_own_is_written_over(self, seen: StoryMap, tmp_path: Path) -> None:
        page = write_page(seen, tmp_path, tmp_path)
        assert write_page(seen, tmp_path, tmp_path) == page
        page.write_text("<title>My places</title>")
        with pytest.raises(BadInputError, match="greenroom did not make what is there") as caught:
            write_page(seen, tmp_path, tmp_path)
        assert "greenroom stories map" in (caught.value.hint or "")
        assert page.read_text() == "<title>My places</title>"

    def test_harmful_text_stays_text(self, tmp_path: Path) -> None:
        text = html_of(hostile_map(), tmp_path)
        assert "<script" not in text
        assert "<img" not in text
        assert "&lt;script&gt;injected()" in text
        assert "49" not in text.split("<h1>")[1].split("<section")[0]

    def test_without_a_story_it_says_what_to_do(self, tmp_path: Path) -> None:
        text = html_of(made_map([], {}, ["ownership"]), tmp_path)
        assert "Tell your first story" in text
        assert "<table" not in text
        assert "Questions that no story answers yet" in text

    def test_the_last_telling_leads_to_its_report(self, tmp_path: Path) -> None:
        story = whole("a", told=(told(1), told(2, 3)))
        seen = made_map([story], {}, ["ownership"])
        assert "Told twice, last on 28 Oct 2026" in html_of(seen, tmp_path)
        assert "file:" not in html_of(seen, tmp_path)
        (tmp_path / "day-2").mkdir()
        (tmp_path / "day-2" / "report.html").touch()
        links = re.findall(r'href="(file:[^"]+)"', html_of(seen, tmp_path))
        assert [unquote(link) for link in links] == [
            f"file://{tmp_path.resolve()}/day-2/report.html#answer-3"
        ]

    def test_a_session_that_was_named_by_hand_leads_nowhere_else(self, tmp_path: Path) -> None:
        for folder in ("recordings", "elsewhere"):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "report.html").touch()
        recordings = tmp_path / "recordings"
        for name in ("../elsewhere", str(tmp_path / "elsewhere"), ".", "", "../recordings", "\0", "a" * 5000):
            story = whole("a", told=(told(1, session=name),))
            assert "file:" not in html_of(made_map([story], {}, ["ownership"]), recordings), name

    def test_faults_are_named(self, tmp_path: Path) -> None:
        seen = made_map([], {}, ["ownership"])
        fault = StoryFault("broken.toml", 3, "title", "must be text")
        assert str(fault) in html_of(replace(seen, faults=(fault,)), tmp_path)


@pytest.mark.browser
class TestPage:
    @pytest.mark.parametrize(
        ("look", "count"),
        [("light", 0), ("light", 3), ("light", 10), ("light", 25), ("dark", 10), ("phone", 10)],
    )
    def test_axe_finds_no_serious_fault(
        self, browser: Browser, tmp_path: Path, look: str, count: int
    ) -> None:
        context = {
            "color_scheme": "dark" if look == "dark" else "light",
            "viewport": PHONE if look == "phone" else DESKTOP,
        }
        with shown(browser, write_page(stories_of(count), tmp_path, tmp_path), **context) as page:
            assert faults_by_axe(page) == []

    @pytest.mark.parametrize(
        ("width", "count"),
        [(320, 3), (320, 10), (320, 25), (390, 10), (768, 3), (768, 10), (1280, 10), (1280, 25)],
    )
    def test_nothing_stands_out_of_the_page(
        self, browser: Browser, tmp_path: Path, width: int, count: int
    ) -> None:
        path = write_page(stories_of(count), tmp_path, tmp_path)
        with shown(browser, path, viewport={"width": width, "height": 800}) as page:
            page.page.evaluate(
                "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
            )
            assert page.page.evaluate("document.documentElement.scrollWidth") <= width
            over = page.page.locator(".matrix .scroll").evaluate(
                "each => each.scrollWidth - each.clientWidth"
            )
            assert over <= 0 or count > 10  # ten fit on a phone; of more the table scrolls by itself

    def test_every_cell_is_told_to_a_screen_reader(self, page: Shown, seen: StoryMap) -> None:
        table = page.page.get_by_role("table")
        heads = table.get_by_role("columnheader")
        assert heads.count() == len(seen.stories) + 2
        assert heads.nth(1).inner_text().split("\n")[0].strip() == "1"
        for name in (story.title for story in seen.stories):
            assert table.get_by_role("columnheader", name=name, exact=False).count() >= 1
        for quality, name in (("ownership", "Ownership"), ("clarity", "Clarity"), (WANTED[9], "Calm when")):
            row = table.get_by_role("row", name=name)
            assert row.get_by_role("rowheader").count() == 1
            cells = row.get_by_role("cell").all_inner_texts()
            assert [text.strip() for text in cells[:-1]] == [
                seen.coverage.of(story.name, quality) or "not shown" for story in seen.stories
            ]
        assert page.page.locator(".mark:not([aria-hidden=true])").count() == 0

    def test_strong_weak_and_none_are_told_apart_without_colour(self, page: Shown) -> None:
        """A filled disc, a ring, a dash."""
        looks = {
            kind: page.page.locator(f"td .mark.{kind}").first.evaluate(
                "each => { const s = getComputedStyle(each);"
                " return [s.backgroundColor !== 'rgba(0, 0, 0, 0)', s.borderTopWidth !== '0px',"
                " s.borderTopLeftRadius !== '0px']; }"
            )
            for kind in ("strong", "weak", "none")
        }
        assert looks == {
            "strong": [True, False, True],
            "weak": [False, True, True],
            "none": [False, False, False],
        }

    def test_a_head_leads_to_its_story_by_keyboard(self, page: Shown) -> None:
        page.page.locator("thead a").nth(3).focus()
        page.page.keyboard.press("Enter")
        assert page.page.evaluate("location.hash") == "#story-4"
        assert page.page.locator("#story-4").bounding_box() is not None

    def test_the_questions_are_there_with_an_example(self, page: Shown, seen: StoryMap) -> None:
        gap = page.page.locator(".gap").first
        assert f"{seen.gaps[0].questions} questions" in gap.inner_text()
        assert page.page.locator(".gap").count() == len(seen.gaps)
        gap.locator("summary").click()
        assert gap.locator(".example:visible").count() == len(seen.gaps[0].types)

    def test_it_asks_for_nothing(self, page: Shown, path: Path) -> None:
        assert page.requests == [path.as_uri()]

    def test_colours_follow_the_system(self, browser: Browser, path: Path) -> None:
        grounds = {}
        for scheme in ("light", "dark"):
            with shown(browser, path, color_scheme=scheme) as page:
                grounds[scheme] = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert grounds == {"light": "rgb(252, 251, 248)", "dark": "rgb(20, 22, 21)"}

    def test_in_print_the_table_is_there_and_commands_are_not(self, page: Shown) -> None:
        page.page.emulate_media(media="print")
        assert page.page.get_by_role("table").is_visible()
        assert not page.page.locator(".command").is_visible()
        assert page.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    def test_harmful_text_stays_text(self, browser: Browser, tmp_path: Path) -> None:
        with shown(browser, write_page(hostile_map(), tmp_path, tmp_path)) as page:
            assert page.page.locator("img, script").count() == 0
            assert HOSTILE[:40] in page.page.locator("tbody").inner_text()
            assert page.page.evaluate("typeof window.injected") == "undefined"
            assert HOSTILE[:40] in page.page.locator(".example").first.inner_text()
            hrefs = page.page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
            assert all(re.fullmatch(r"#(matrix|story-\d)", href) for href in hrefs), hrefs
