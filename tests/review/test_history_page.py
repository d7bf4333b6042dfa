"""The page of all sessions: what it says, where it leads, and how it is used in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit

import pytest
from browser import DESKTOP, PHONE, Shown, faults_by_axe, shown
from hostile import HOSTILE
from past_sessions import FIRST, Said, make_session
from playwright.sync_api import Browser, Locator

from greenroom.review.history import History
from greenroom.review.history_index import read_history
from greenroom.review.history_page import Asked, html_of, write_page
from greenroom.review.overview import Overview, overview
from greenroom.review.trend_words import sentence

DAYS = 130
TODAY = FIRST.date() + timedelta(days=DAYS)
PANEL = ".panel:not([hidden])"
RESOLVED = "all => all.map((each) => new URL(each.getAttribute('href'), document.baseURI).href)"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Somebody who practised for four months; every other session has a report."""
    recordings = tmp_path_factory.mktemp("history") / "recordings"
    draw = Random(3)
    for number, day in enumerate(range(0, DAYS, 4)):
        later = day > DAYS / 2
        answers = [
            Said(
                wpm=draw.gauss(150, 8),
                fillers=draw.randint(1, 4) if later else draw.randint(7, 11),
                patterns=("no_outcome", "generality") if draw.random() < (0.2 if later else 0.9) else (),
                signals=("ownership",) if draw.random() < 0.5 else (),
                rated=draw.randint(2, 4) if later else draw.choice([1, 4]),
                quote=f"the words of day {day}",
            )
            for _ in range(4)
        ]
        folder = make_session(
            recordings, day, answers, bank=("behavioural", "leadership", "rare")[number % 3]
        )
        if number % 2:
            (folder / "report.html").write_text(f"<!doctype html><title>{folder.name}</title>")
    make_session(recordings, DAYS, bank="demo", settings={"candidate": ["demo"]})
    (recordings / "notes").mkdir()
    return read_history(recordings)


@pytest.fixture(scope="module")
def path(history: History) -> Path:
    return write_page(history, Asked(), TODAY)


def text_of(recordings: Path, asked: Asked | None = None) -> str:
    return html_of(read_history(recordings), asked or Asked(), TODAY)


class TestText:
    def test_it_loads_nothing_and_runs_nothing_but_its_own(self, history: History) -> None:
        text = html_of(history, Asked(), TODAY)
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy is not None
        rules = dict(rule.split(" ", 1) for rule in policy.group(1).replace("&#39;", "'").split("; "))
        assert rules["default-src"] == "'none'"
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", rules["script-src"])
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", rules["style-src"])
        assert not re.search(r"\bsrc=|\bstyle=|\bon\w+=|https?:|@import|url\(", text)
        assert text.count("<script") == text.count("<style") == 1

    def test_every_session_is_there_with_its_day_and_bank(self, history: History) -> None:
        text = html_of(history, Asked(), TODAY)
        assert text.count("<li data-banks=") == len(history.sessions)
        assert ">1 Sep, 20:15</a> <span>behavioural</span>" in text
        assert "<h3>January 2027</h3>" in text

    def test_left_out_folders_are_named(self, history: History) -> None:
        assert "<strong>notes</strong>: there is no session.json in it" in html_of(history, Asked(), TODAY)

    def test_a_link_is_to_the_report_or_else_to_the_folder(self, history: History) -> None:
        links = re.findall(r'href="(\./[^"#]+)', html_of(history, Asked(), TODAY))
        assert len(links) > 500
        for link in set(links):
            target = history.recordings / unquote(link)
            assert target.exists(), link
            assert target.is_file() == (target.parent / "report.html" == target)
        assert any(link.endswith("/report.html") for link in links)
        assert any(link.endswith("/") for link in links)

    def test_the_page_is_for_its_owner_only(self, path: Path) -> None:
        assert path.stat().st_mode & 0o777 == 0o600

    def test_the_demo_alone_makes_a_page_without_trends(self, tmp_path: Path) -> None:
        make_session(tmp_path, 0, settings={"candidate": ["demo"]})
        assert "Trends begin with your next interview." in text_of(tmp_path)

    def test_of_two_sessions_nothing_is_called_a_change(self, tmp_path: Path) -> None:
        make_session(tmp_path, 0, [Said(fillers=20)])
        make_session(tmp_path, 1, [Said(fillers=0)])
        text = text_of(tmp_path)
        assert "It takes 10 sessions to tell a change from chance." in text
        assert 'class="changed"' not in text

    def test_the_band_of_the_usual_is_not_held_against_everybody(self, tmp_path: Path) -> None:
        make_session(tmp_path / "a", 0)
        make_session(tmp_path / "b", 0, [Said(profile="stutter")])
        assert "usual: 120 to 180" in text_of(tmp_path / "a")
        assert "usual: 120 to 180" not in text_of(tmp_path / "b")

    def test_the_own_ear_is_there_where_answers_were_rated(self, tmp_path: Path) -> None:
        make_session(tmp_path / "rated", 0, [Said(rated=1), Said(rated=4)])
        make_session(tmp_path / "not", 0)
        text = text_of(tmp_path / "rated")
        assert "<h2>How you hear yourself</h2>" in text
        assert "how far your own ratings lay from the rubric’s" in text
        assert "1.5 points off (2 answers)" in text
        assert "How you hear yourself" not in text_of(tmp_path / "not")

    def test_what_was_asked_for_is_what_it_opens_with(self, history: History) -> None:
        text = html_of(history, Asked("leadership", date(2026, 10, 3), 7), TODAY)
        assert re.search(r'<option value="\d+" selected>leadership</option>', text)
        first = re.search(r'<select id="time">\s*<option [^>]*>([^<]+)', text)
        assert first is not None
        assert first.group(1) == "Last 7 sessions since 3 Oct 2026"
        (shown_panel,) = re.findall(r'<div class="panel" data-for="([^"]+)">', text)
        assert re.fullmatch(r"\d+:0", shown_panel.split()[0])

    def test_harmful_text_stays_text(self, tmp_path: Path) -> None:
        harm(tmp_path)
        text = text_of(tmp_path)
        assert "injected()>" not in text.replace("&gt;", "")
        assert "<img" not in text
        assert text.count("</script>") == 1
        assert "49" not in text.split("<h1>")[1].split("</h1>")[0]


def harm(recordings: Path) -> None:
    """A session, and a folder that is none, of which every text and name is meant to do harm."""
    said = Said(patterns=("no_outcome",), quote=HOSTILE)
    for day in range(3):
        make_session(
            recordings,
            day,
            [said, said],
            bank=HOSTILE,
            folder=f'"><b onclick=injected()>{day} %20#?&',
            greenroom=f"{HOSTILE}{day}",
        )
    make_session(recordings, 4, folder="javascript:injected()", id=HOSTILE)
    (recordings / '<img src=x onerror="injected()">').mkdir()


@pytest.fixture
def page(browser: Browser, path: Path) -> Iterator[Shown]:
    with shown(browser, path) as its:
        yield its


def visible_rows(page: Shown) -> list[str]:
    return page.page.locator(".month li:not([hidden]) a").evaluate_all(
        "all => all.map((each) => each.getAttribute('href'))"
    )


def choose(page: Shown, bank: str = "All banks", time: str = "All time") -> Locator:
    """The panel that is shown then."""
    page.page.select_option("#bank", label=bank)
    page.page.select_option("#time", label=time)
    return page.page.locator(PANEL)


def changed(seen: Overview) -> list[str]:
    return [sentence(told) for told in seen.changes.changed]


@pytest.mark.browser
class TestFilters:
    @pytest.mark.parametrize("bank", ["All banks", "behavioural", "leadership", "rare"])
    @pytest.mark.parametrize("time", ["Last 10 sessions", "Last 3 months", "All time"])
    def test_every_choice_shows_what_it_says(
        self, page: Shown, history: History, bank: str, time: str
    ) -> None:
        panel = choose(page, bank, time)
        since = TODAY - timedelta(days=91) if time == "Last 3 months" else None
        last = 10 if time == "Last 10 sessions" else None
        seen = overview(history, None if bank == "All banks" else bank, since, last)
        assert panel.count() == 1
        assert f"Looking at {seen.span}: " in panel.inner_text()
        assert panel.locator(".changes li").all_inner_texts() == changed(seen)
        assert panel.locator(".delivery .chart").first.locator("a").count() == len(seen.looked_at)
        listed = seen.looked_at if last else seen.sessions
        folders = [unquote(row).split("/")[1] for row in visible_rows(page)]
        assert folders == [session.folder for session in reversed(listed)]
        assert (
            page.page.locator("#shown").inner_text() == f"{len(listed)} of {len(history.sessions)} sessions"
        )

    def test_a_real_change_is_told_on_the_page(self, page: Shown, history: History) -> None:
        told = choose(page).locator(".changes li").all_inner_texts()
        assert told == changed(overview(history, last=None))
        assert told[0].startswith("Fewer fillers: ")

    def test_the_demo_is_listed_and_not_counted(self, page: Shown) -> None:
        panel = choose(page, "demo")
        assert "None of these sessions has an answer of your own yet" in panel.inner_text()
        assert len(visible_rows(page)) == 1
        choose(page, "demo", "Last 10 sessions")
        assert visible_rows(page) == []

    def test_where_there_is_nothing_that_is_said(self, browser: Browser, tmp_path: Path) -> None:
        make_session(tmp_path, 0, bank="old")
        make_session(tmp_path, DAYS, bank="new")
        with shown(browser, write_page(read_history(tmp_path), Asked(), TODAY)) as page:
            assert choose(page, "old", "Last 3 months").count() == 0
            assert page.page.locator("#nothing").is_visible()
            assert page.page.locator(".month:not([hidden])").count() == 0
            assert choose(page, "new", "Last 3 months").count() == 1
            assert not page.page.locator("#nothing").is_visible()

    def test_it_opens_with_what_was_asked_for(
        self, browser: Browser, history: History, tmp_path: Path
    ) -> None:
        path = tmp_path / "page.html"
        path.write_text(html_of(history, Asked("rare", None, 5), TODAY))
        with shown(browser, path) as page:
            assert "Looking at the last 5 sessions with rare" in page.page.locator(PANEL).inner_text()
            assert len(visible_rows(page)) == 5

    def test_by_keyboard(self, page: Shown) -> None:
        page.page.locator("#bank").focus()
        page.page.keyboard.press("ArrowDown")
        page.page.keyboard.press("Tab")
        page.page.keyboard.press("End")
        assert page.page.locator("#bank").evaluate("each => each.selectedOptions[0].label") == "behavioural"
        assert page.page.locator("#time").evaluate("each => each.selectedOptions[0].label") == "All time"
        assert "with behavioural" in page.page.locator(PANEL).inner_text()

    def test_without_scripts_the_page_still_tells(
        self, browser: Browser, path: Path, history: History
    ) -> None:
        with shown(browser, path, java_script_enabled=False) as page:
            assert not page.page.locator("#filters").is_visible()
            assert page.page.locator(".panel").locator("visible=true").count() > 0
            assert page.page.locator(".month li").count() == len(history.sessions)


@pytest.mark.browser
class TestCharts:
    def test_every_point_leads_to_its_session(self, page: Shown, history: History) -> None:
        panel = choose(page)
        seen = overview(history, last=None)
        there = {trend.measure.id: trend for trend in seen.trends if trend.points and not trend.absent}
        assert panel.locator(".chart").count() == len(there)
        for chart, id in ((0, "pace"), (1, "fillers")):
            links = panel.locator(".delivery .chart").nth(chart).locator("a")
            hrefs = links.evaluate_all("all => all.map((each) => each.getAttribute('href'))")
            folders = [point.session.folder for point in there[id].points]
            assert [unquote(href).split("/")[1] for href in hrefs] == folders

    @pytest.mark.parametrize("kind", ["report", "folder"])
    def test_a_click_opens_it(self, browser: Browser, path: Path, kind: str) -> None:
        room = browser.new_context(viewport=DESKTOP)
        page = room.new_page()
        page.goto(path.as_uri())
        points = page.locator(f"{PANEL} .delivery .chart").first.locator("a")
        reports = points.evaluate_all("all => all.map((each) => each.getAttribute('href').endsWith('.html'))")
        points.nth(reports.index(kind == "report")).locator("circle").click()
        page.wait_for_url(lambda url: not url.endswith("index.html"))
        at = Path(unquote(urlsplit(page.url).path))
        assert at.exists()
        assert at.is_file() == (kind == "report")
        assert "2026" in page.title() or "2027" in page.title()
        room.close()

    def test_pointing_at_a_point_says_what_it_is(self, page: Shown, history: History) -> None:
        figure = choose(page).locator(".delivery figure").nth(1)
        point = overview(history, last=None).trends[1].points[3]
        figure.locator("a").nth(3).hover()
        day = f"{point.session.began.day} Sep 2026"
        assert figure.locator(".readout").inner_text() == (
            f"{day}, {point.session.facts.banks[0]}: {point.value:.1f} a minute, 4 answers"
        )
        page.page.mouse.move(0, 0)
        assert figure.locator(".readout").inner_text() == ""

    def test_by_keyboard_each_chart_is_one_stop_and_arrows_walk_in_it(self, page: Shown) -> None:
        panel = choose(page)
        charts = panel.locator(".chart")
        stops = panel.locator(".chart a:not([tabindex='-1'])")
        assert stops.count() == charts.count()
        first = charts.first.locator("a")
        last = first.count() - 1
        first.nth(last).focus()
        where = "document.activeElement.getAttribute('aria-label')"
        labels = first.evaluate_all("all => all.map((each) => each.getAttribute('aria-label'))")
        for key, at in (("ArrowLeft", last - 1), ("ArrowLeft", last - 2), ("ArrowRight", last - 1),
                        ("Home", 0), ("ArrowLeft", 0), ("End", last), ("ArrowRight", last)):  # fmt: skip
            page.page.keyboard.press(key)
            assert page.page.evaluate(where) == labels[at], key
        assert charts.first.locator("a:not([tabindex='-1'])").count() == 1
        page.page.keyboard.press("ArrowLeft")
        assert panel.locator("figure").first.locator(".readout").inner_text() == labels[last - 1]
        page.page.keyboard.press("Tab")
        assert page.page.evaluate("document.activeElement.closest('figure') === document.querySelectorAll("
                                  "'.panel:not([hidden]) figure')[1]")  # fmt: skip

    def test_enter_opens_the_session(self, browser: Browser, path: Path) -> None:
        room = browser.new_context(viewport=DESKTOP)
        page = room.new_page()
        page.goto(path.as_uri())
        page.locator(f"{PANEL} .chart").first.locator("a:not([tabindex='-1'])").focus()
        target = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: unquote(target)[2:20] in unquote(url))
        room.close()

    def test_what_a_chart_shows_is_in_the_table_behind_it(self, page: Shown, history: History) -> None:
        group = choose(page).locator(".delivery")
        group.locator("summary").click()
        rows = group.locator("tbody tr")
        points = overview(history, last=None).trends[1].points
        assert rows.count() == len(points)
        assert rows.locator("td:nth-of-type(3)").all_inner_texts() == [
            f"{point.value:.1f}" for point in reversed(points)
        ]
        patterns = page.page.locator(f"{PANEL} .pattern")
        patterns.locator("summary").click()
        counts = patterns.locator("tbody td:nth-of-type(2)").all_inner_texts()
        found = [session.facts.patterns for session in reversed(history.sessions) if session.counted]
        name = patterns.locator("thead th:nth-of-type(3)").inner_text()
        id = "no_outcome" if name.startswith("No result") else "generality"
        assert counts == [str(each.get(id, 0)) for each in found]

    def test_points_stand_where_their_values_are(self, page: Shown, history: History) -> None:
        """Higher on the page is more, and later is further right."""
        circles = choose(page).locator(".delivery .chart").nth(1).locator("circle")
        places = circles.evaluate_all("all => all.map(e => [e.cx.baseVal.value, e.cy.baseVal.value])")
        values = [point.value for point in overview(history, last=None).trends[1].points]
        assert [x for x, _ in places] == sorted(x for x, _ in places)
        by_height = sorted(range(len(values)), key=lambda i: (-places[i][1], values[i]))
        assert [values[i] for i in by_height] == sorted(values)


@pytest.mark.browser
class TestPage:
    @pytest.mark.parametrize("look", ["light", "dark", "phone"])
    def test_axe_finds_no_serious_fault(self, browser: Browser, path: Path, look: str) -> None:
        context = {
            "color_scheme": "dark" if look == "dark" else "light",
            "viewport": PHONE if look == "phone" else DESKTOP,
        }
        with shown(browser, path, **context) as page:
            choose(page)
            assert faults_by_axe(page) == []

    @pytest.mark.parametrize("width", [320, 390, 768, 1280])
    def test_nothing_stands_out_of_the_page(self, browser: Browser, path: Path, width: int) -> None:
        with shown(browser, path, viewport={"width": width, "height": 800}) as page:
            choose(page)
            page.page.evaluate(
                "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
            )
            assert page.page.evaluate("document.documentElement.scrollWidth") <= width

    def test_text_in_charts_keeps_its_size_and_points_stay_round(self, browser: Browser, path: Path) -> None:
        for width in (320, 1280):
            with shown(browser, path, viewport={"width": width, "height": 800}) as page:
                chart = page.page.locator(f"{PANEL} .chart").first
                size = "each => getComputedStyle(each).fontSize"
                assert chart.locator("text.at").first.evaluate(size) == "13px"
                box = chart.locator("circle").first.evaluate(
                    "each => { const b = each.getBoundingClientRect(); return [b.width, b.height]; }"
                )
                assert box[0] == pytest.approx(box[1], abs=0.1)

    def test_colours_follow_the_system(self, browser: Browser, path: Path) -> None:
        grounds = {}
        for scheme in ("light", "dark"):
            with shown(browser, path, color_scheme=scheme) as page:
                grounds[scheme] = page.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert grounds == {"light": "rgb(252, 251, 248)", "dark": "rgb(20, 22, 21)"}

    def test_in_print_there_are_no_controls_and_all_months(self, page: Shown) -> None:
        choose(page)
        page.page.emulate_media(media="print")
        assert not page.page.locator("#filters").is_visible()
        assert (
            page.page.locator(".month").last.evaluate("e => getComputedStyle(e).contentVisibility")
            == "visible"
        )
        assert page.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    def test_it_asks_for_nothing(self, page: Shown, path: Path) -> None:
        choose(page)
        page.page.locator(f"{PANEL} .chart a").first.hover()
        assert page.requests == [path.as_uri()]

    def test_harmful_text_stays_text(self, browser: Browser, tmp_path: Path) -> None:
        harm(tmp_path)
        with shown(browser, write_page(read_history(tmp_path), Asked(), TODAY)) as page:
            assert page.page.locator("b, img").count() == 0
            assert f"“{HOSTILE[:60]}" in " ".join(
                page.page.locator(f"{PANEL} blockquote").inner_text().split()
            )
            assert HOSTILE[:40] in page.page.locator("#bank").inner_text()
            hrefs = page.page.locator("a[href]").evaluate_all(RESOLVED)
            assert all(href.startswith("file:") for href in hrefs)
            links = [unquote(urlsplit(href).path) for href in hrefs if "#trends" not in href]
            assert all(Path(link).is_dir() for link in links)

    def test_an_archive_opens_at_once(self, browser: Browser, tmp_path: Path) -> None:
        for day in range(400):
            make_session(tmp_path, day, [Said(patterns=("no_outcome",))] * 2, bank=f"bank {day % 15}")
        with shown(browser, write_page(read_history(tmp_path), Asked(), TODAY)) as page:
            took = page.page.evaluate(
                "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
            )
            assert took < 2000
            assert page.page.locator("#bank option").count() == 16
