"""Report and history of sessions in which every text is meant to do harm, in a real Chromium."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import msgspec
import pytest
from browser import Shown, shown
from hostile import HOSTILE, HOSTILE_FOLDER, HOSTILE_NAME, hostile_session, with_every_text_hostile
from past_sessions import Said, make_session
from playwright.sync_api import Browser
from replayed import answered_again, save, session_with_everything

from greenroom.records import Session, Word
from greenroom.review.history_index import read_history
from greenroom.review.history_page import Asked, write_page
from greenroom.review.report import write_report
from greenroom.session import save_session

pytestmark = pytest.mark.browser

SESSIONS = {
    "everything": session_with_everything,
    "answered again": answered_again,
    "hostile": hostile_session,
}


def harmless(page: Shown) -> None:
    """Nothing of it has run, also after all of it was opened; what it complains of is told by `shown`."""
    page.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.page.evaluate("typeof window.injected") == "undefined"
    assert page.page.locator("img, iframe, object, embed, base, form[action]").count() == 0
    handlers = (
        "all => all.flatMap((each) => each.getAttributeNames()).filter((name) => name.startsWith('on'))"
    )
    assert page.page.locator("*").evaluate_all(handlers) == []
    addresses = page.page.locator("[href], [src]").evaluate_all(
        "all => all.map((each) => each.getAttribute('href') ?? each.getAttribute('src'))"
    )
    assert [each for each in addresses if re.match(r"(?i)\s*([a-z]+:|//)", each)] == []


def strict(path: Path) -> None:
    """Its policy comes first, allows nothing by default, and no script but by its hash."""
    text = path.read_text("utf-8")
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
    rules = {
        name: values for name, *values in (rule.split() for rule in policy.replace("&#39;", "'").split(";"))
    }
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    assert all(value.startswith("'sha256-") for value in rules.get("script-src", []))
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    assert text.index("Content-Security-Policy") < min(text.index("<style"), text.index("<title"))


@pytest.mark.parametrize("switches", [False, True])
@pytest.mark.parametrize("made", SESSIONS)
def test_a_report(browser: Browser, tmp_path: Path, made: str, switches: bool) -> None:
    session = with_every_text_hostile(SESSIONS[made](), switches=switches)
    path = write_report(save(tmp_path / HOSTILE_FOLDER, session))
    strict(path)
    with shown(browser, path) as report:
        harmless(report)
        assert " ".join(HOSTILE.split()) in " ".join(report.page.locator("body").inner_text().split())
        for tab in report.page.locator("[role=tab]").all():
            if tab.is_visible():
                tab.click()
        for word in report.page.locator(".w").all()[:3]:
            if word.is_visible():
                word.click()
        harmless(report)


def test_every_text_is_replaced() -> None:
    session = with_every_text_hostile(session_with_everything(), switches=True)
    assert (session.id, session.started_at, session.greenroom) == (HOSTILE,) * 3
    turn = session.turns[0]
    assert {word.text for word in turn.transcript.words} == {HOSTILE}
    assert {turn.asked.kind, turn.asked.level, *turn.asked.signals, *turn.asked.follow_ups.values()} == {
        HOSTILE
    }
    assert turn.recording == turn.question_recording == HOSTILE_NAME


@pytest.mark.parametrize("switches", [False, True])
def test_the_history(browser: Browser, tmp_path: Path, switches: bool) -> None:
    recordings = tmp_path / "recordings"
    for day in range(6):
        path = make_session(
            recordings,
            day,
            [Said(wpm=100.0 + 20 * day, patterns=("no_outcome",), signals=("ownership",), rated=day % 4 + 1)]
            * 3,
            bank=HOSTILE,
            folder=f"2026-11-{10 + day}T10-00-00-<b onclick=injected()> & {day}",
            unanswered=1,
        )
        rewrite(path, switches=switches)
    save(recordings / HOSTILE_FOLDER, replace(hostile_session(), started_at="2026-11-16T10:00:00+00:00"))
    (recordings / "2026-11-17T10-00-00-<script>injected()<").mkdir()
    page = write_page(read_history(recordings), Asked(), date(2026, 12, 1))
    strict(page)
    with shown(browser, page) as its:
        harmless(its)
        for choice in its.page.locator("select").all():
            if choice.is_visible():
                choice.select_option(index=1)
        harmless(its)
        assert HOSTILE[:20] in its.page.locator("body").inner_text()
        links = its.page.locator("a[href]").evaluate_all(
            "all => all.map((each) => each.getAttribute('href'))"
        )
        assert any("<b onclick=injected()>" in unquote(link) for link in links)


def rewrite(folder: Path, *, switches: bool) -> None:
    """Its answers get the words that their findings point to; with `switches` every text is hostile.

    But for the moment, without which the session would only be named as damaged.
    """
    session = msgspec.json.decode((folder / "session.json").read_bytes(), type=Session)
    words = tuple(Word(HOSTILE, 3.0 + at, 3.5 + at, 0.9) for at in range(8))
    told = tuple(replace(turn, transcript=replace(turn.transcript, words=words)) for turn in session.turns)
    session = replace(session, turns=told)
    if switches:
        spoiled = with_every_text_hostile(session, switches=True)
        session = replace(spoiled, id=folder.name, started_at="2026-11-10T10:00:00+00:00")
    save_session(folder, session)
